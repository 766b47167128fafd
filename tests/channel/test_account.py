"""What is answered everywhere, over HTTP: joining places, one's own data, deleting, signing out."""

import html
import json
import re
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, NullPool, create_engine, insert, select
from sqlalchemy.engine import make_url

from bot.activity.links import Signer
from bot.store import tables
from bot.store.database import open_store
from bot.turns import recovery
from bot.turns.transaction import Turns
from bot.turns.workers import Workers
from tests.channel.conftest import Client, Clock, Connector, Start, Talk, card_of, serve, texts
from tests.channel.test_page import activities, session, stranger
from tests.channel.test_page import say as say_on_page
from tests.channel.test_teams import TeamsTalk, begun
from tests.lessons import tutor
from tests.waiting import LONGEST_S, until

CODE = re.compile(r"link ([2-9B-Z]{4}-[2-9B-Z]{4})")


def engine(url: str) -> Engine:
    address = make_url(url)
    if address.drivername == "postgresql":
        address = address.set(drivername="postgresql+psycopg")
    return create_engine(address, poolclass=NullPool)


async def readable(client: Client, path: str) -> str:
    """A page of a learner's data, with what is escaped in it."""
    async with client.get(path) as answer:
        assert answer.status == 200
        assert answer.content_type == "text/html"
        assert answer.headers["Cache-Control"] == "no-store"
        return html.unescape(await answer.text())


def rows(url: str) -> dict[str, list[dict[str, Any]]]:
    """All that is in the database."""
    with engine(url).connect() as db:
        every = tables.metadata.sorted_tables
        return {t.name: [dict(r) for r in db.execute(select(t)).mappings()] for t in every}


def code_in(said: object) -> str:
    found = CODE.search(json.dumps(said))
    assert found, said
    return found[1]


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/tutor.db"
    return str(request.getfixturevalue("database"))


on_sqlite = pytest.mark.parametrize("url", ["sqlite"], indirect=True)


async def page_says(client: Client, held: dict[str, Any], *said: str) -> list[Any]:
    """Write on the page; what came since."""
    _, mark = await activities(client, held)
    for text in said:
        assert await say_on_page(client, held, text=text) == 200
    told, _ = await activities(client, held, mark)
    return told


async def talk_says(talk: Talk, *said: str) -> list[Any]:
    """Write in a chat; all that is answered."""
    return [reply for text in said for reply in await talk.say(text)]


async def test_a_chat_and_the_page_become_one_and_the_furthest_wins(
    start: Start, connector: Connector, url: str
) -> None:
    client = await start(DATABASE_URL=url)
    held = await session(client)
    await page_says(client, held, "begin", "next")
    chat = Talk(client, connector, "ann")
    for text in ("hi", "begin"):
        await chat.say(text)
    old_card = card_of(await chat.say("progress"))
    # The page's code, typed in the chat in small letters, asks and says what it will do.
    code = code_in(await page_says(client, held, "link"))
    asked = await chat.say(f"Link {code.lower()}")
    assert "Make one of both?" in texts(asked)
    assert "Fine-Tuning AI Models" in texts(asked)
    assert len(rows(url)["learner"]) == 2, "nothing is joined before a yes"
    joined = await chat.say("yes")
    assert "Done. From now on you are the same here and there." in texts(joined)
    after = rows(url)
    (learner,) = after["learner"]
    assert f"page-{learner['id']}" == held["conversationId"], "the open page goes on"
    for name, table in tables.metadata.tables.items():
        if table.info["of"] == "learner" and name != "learner":
            assert {row["learner"] for row in after[name]} <= {learner["id"]}, name
    assert {row["external"] for row in after["identity"]} == {"ann"}
    names = [(row["version"], row["place"]) for row in after["fact"]]
    assert len(names) == len(set(names)) == 2, "the facts of both stay, each with a name of its own"
    runs = [row["run"] for row in after["fact"]]
    assert sorted(runs) == [0, 1], "what happens once in a run still does"
    # Both places go on with the same progress: also by the card that stood in the chat before.
    here = json.loads(after["progress"][0]["doc"])["cursor"]
    pressed = texts(await chat.press(old_card, "Continue"))
    assert "belongs to another learner" not in pressed
    await page_says(client, held, "next")
    assert json.loads(rows(url)["progress"][0]["doc"])["cursor"] != here
    # The code is spent.
    again = await Talk(client, connector, "bob").say(f"link {code}")
    assert "That code doesn't work" in texts(again)


async def test_an_instance_that_knew_one_of_two_learners_knows_the_joined_one(
    start: Start, connector: Connector, database: str, workers: Workers, clock: Clock
) -> None:
    client = await start(DATABASE_URL=database)
    second = await serve(workers, clock, DATABASE_URL=database)
    elsewhere = Talk(second, connector, "ann")
    await talk_says(elsewhere, "hi", "begin")
    held = await session(client)
    await page_says(client, held, "begin", "next", "next")
    code = code_in(await page_says(client, held, "link"))
    here = Talk(client, connector, "ann")
    here.count = 100  # no id comes twice
    joined = texts(await talk_says(here, f"link {code}", "yes"))
    known = texts(await elsewhere.say("hello"))
    await second.close()
    assert "Done." in joined
    assert "step 3 of 9" in known


async def test_what_comes_later_for_somebody_deleted_is_for_nobody(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/tutor.db")
    turns, now = Turns(tutor(), Signer("", b"")), datetime.now(UTC)
    due = partial(turns.on_due, learner_id="gone", name="x", now=now)
    assert await store.run(due) is None
    computed = partial(
        turns.on_computed, learner_id="gone", key="k", step="lab", fault=None, now=now
    )
    assert await store.run(computed) is None
    store.close()


@on_sqlite
async def test_a_chats_code_works_on_the_page_and_another_or_an_old_one_does_not(
    start: Start, connector: Connector, url: str, clock: Clock
) -> None:
    client = await start(DATABASE_URL=url)
    held = await session(client)
    chat = Talk(client, connector, "ann")
    made = await chat.say("other device")
    assert "/?resume=" in json.dumps(made)
    code = code_in(made)
    assert "place where you are" in texts(await chat.say(f"link {code}"))
    clock.ahead = timedelta(minutes=16)
    assert "That code doesn't work" in texts(await page_says(client, held, f"link {code}"))
    code = code_in(await chat.say("continue on the web"))
    assert "Make one of both?" in texts(await page_says(client, held, code))
    assert "Nothing was changed" in texts(await page_says(client, held, "no"))
    assert len(rows(url)["learner"]) == 2
    assert "Make one of both?" in texts(await page_says(client, held, f"link {code}"))
    assert "Done." in texts(await page_says(client, held, "yes"))
    (learner,) = rows(url)["learner"]
    assert f"page-{learner['id']}" == held["conversationId"]
    # Codes are not tried for ever.
    for n in range(5):
        assert "doesn't work" in texts(await chat.say(f"link 234{n + 2}-BCDF"))
    good = code_in(await Talk(client, connector, "bob").say("link"))
    assert "Those were many codes" in texts(await chat.say(f"link {good}"))


async def test_in_a_group_nothing_of_the_learners_own_is_shown(
    start: Start, connector: Connector
) -> None:
    client = await start()
    code = code_in(await Talk(client, connector, "bob").say("link"))
    group = {"conversation": {"id": "19:g", "isGroup": True, "conversationType": "groupChat"}}
    talk = Talk(client, connector, "ann")
    for text in ("link", "export my data", f"link {code}"):
        said = await talk.say(text, **group)
        assert "personal chat" in texts(said)
        assert not CODE.search(json.dumps(said))
        assert "/my-data/" not in json.dumps(said)
    assert "doesn't work" in texts(await talk.say(f"link {code}")), "everybody there has read it"


WORDS = "Please write to Zoe Quux at 12 Elm Street."


def computed(url: str, learner: str) -> None:
    """Put in what a worker would have made of the learner's own sentence."""
    with engine(url).begin() as db:
        doc = json.dumps({"phrases": [WORDS]})
        db.execute(insert(tables.result).values(key="mine", kind="training", doc=doc))
        db.execute(insert(tables.computed_for).values(learner=learner, key="mine"))


async def test_a_learner_gets_all_that_is_kept_and_deletes_it(
    start: Start, connector: Connector, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recovery, "LOOK_S", 0.2)
    client = await start(DATABASE_URL=url)
    talk, other = Talk(client, connector, "ann"), Talk(client, connector, "bob")
    for text in ("hi", "begin", WORDS):
        await talk.say(text)
    for text in ("hi", "begin"):
        await other.say(text)
    before = rows(url)
    (mine,) = (row["learner"] for row in before["identity"] if row["external"] == "ann")
    computed(url, mine)
    said = json.dumps(await talk.say("export my data"))
    found = re.search(r"\((http://[^)]*(/my-data/[\w-]+))\)", said)
    assert found
    async with client.get(f"{found[2]}/my-data.json") as answer:
        assert answer.status == 200
        assert "attachment" in answer.headers["Content-Disposition"]
        told = await answer.json()
    page = await readable(client, found[2])
    for words in ("Known on emulator as ann", "Learning goals", "lesson begun"):
        assert words in page, words
    assert "bob" not in page
    assert told["learner"][0]["id"] in page
    kept = await readable(client, f"{found[2]}/my-data.html")
    assert "my-data.json" not in kept  # nothing leads on from what is kept
    assert "Learning goals" in kept
    assert [row["external"] for row in told["identity"]] == ["ann"]
    assert "Learning goals" in json.dumps(told["activity"])
    assert WORDS in json.dumps(told["result"])
    assert "hash" not in json.dumps(told)

    asked = await talk.say("delete my data")
    assert "can't be undone" in texts(asked)
    assert len(rows(url)["learner"]) == 2
    gone = await talk.press(card_of(asked), "Yes, delete everything")
    assert "is deleted" in texts(gone)
    after = rows(url)
    (left,) = after["learner"]
    assert left["id"] != mine
    kept = json.dumps(
        {n: r for n, r in after.items() if n not in ("activity", "claim")}, default=str
    )
    assert mine not in kept
    assert WORDS not in json.dumps(after, default=str)
    assert '"external": "ann"' not in kept
    assert [row for row in after["fact"] if row["learner"] == mine] == []
    async with client.get(found[2]) as answer:
        assert answer.status == 404
        assert "export my data" in await answer.text()
    # The last word's address goes, too.
    await until(lambda: all(row["learner"] for row in rows(url)["conversation"]))
    after = rows(url)
    for name in ("conversation", "activity", "claim"):
        assert "talk-ann" not in json.dumps(after[name]), name
    # The next message begins anew; bob has lost nothing.
    assert "Begin Exercise" in texts(await talk.say("next"))
    assert len([r for r in after["fact"] if r["learner"] == left["id"]]) > 0


@on_sqlite
async def test_the_page_of_a_deleted_learner_begins_anew(start: Start, url: str) -> None:
    client = await start(DATABASE_URL=url)
    held = await session(client)
    await page_says(client, held, "begin", WORDS, "delete my data")
    path = f"/directline/conversations/{held['conversationId']}/stream?t={held['token']}"
    async with client.ws_connect(path) as socket:
        await socket.receive_json(timeout=LONGEST_S)
        assert await say_on_page(client, held, text="yes") == 200
        while not socket.closed:
            await socket.receive(timeout=LONGEST_S)
    left = {
        name: found
        for name, found in rows(url).items()
        if tables.metadata.tables[name].info["of"] != "nobody"
    }
    assert [name for name, found in left.items() if found] == []
    async with client.post("/api/session", json={"locale": "en"}) as answer:
        again = await answer.json()
    assert again["anew"]
    assert again["userId"] != held["userId"]


@on_sqlite
async def test_signing_out_asks_and_ends_what_it_says(
    start: Start, connector: Connector, url: str
) -> None:
    client = await start(DATABASE_URL=url)
    here, there = await session(client), stranger(client)
    link = await (await client.post("/api/session/link", json={})).json()
    code = link["link"].partition("?resume=")[2]
    other = await (await there.post("/api/session", json={"resume": code})).json()
    assert other["userId"] == here["userId"]
    assert "forgets your place" in texts(await page_says(client, here, "forget this device"))
    assert await say_on_page(client, here, text="yes") == 200
    assert await say_on_page(client, here, text="hi") == 403
    assert "Forget this device" not in texts(await page_says(there, other, "no"))
    talk = Talk(client, connector, "ann")
    joined = code_in(await page_says(there, other, "link"))
    said = texts(await talk_says(talk, f"link {joined}", "yes", "log out", "yes"))
    assert "not the device" in said
    assert await say_on_page(there, other, text="hi") == 200
    kept = re.search(r"/my-data/[\w-]+", json.dumps(await talk.say("export my data")))
    assert kept
    assert (await client.get(kept[0])).status == 200
    assert "at once" in texts(await talk.say("sign out everywhere"))
    assert "No browser" in texts(await talk.say("yes"))
    assert await say_on_page(there, other, text="hi") == 403
    assert rows(url)["credential"] == rows(url)["code"] == []
    assert (await client.get(kept[0])).status == 404
    assert "no learner" not in texts(await talk.say("hello"))
    await there.session.close()


@on_sqlite
async def test_in_teams_the_last_word_stands_in_the_questions_place(
    start: Start, connector: Connector, url: str
) -> None:
    talk = TeamsTalk(await start(DATABASE_URL=url), connector, "ann")
    await begun(talk, connector)
    await talk.send(talk.activity(text="delete my data"))
    asked = card_of(await connector.until(2))
    answer = await talk.hit(asked, "Yes, delete everything", "m2")
    assert "Everything is deleted" in texts(answer["value"])
    assert rows(url)["learner"] == rows(url)["identity"] == []
    await talk.send(talk.activity(text="hi"))
    assert "Begin Exercise" in texts(await connector.until(3))


@on_sqlite
async def test_an_old_question_is_no_yes_to_another_one(
    start: Start, connector: Connector, url: str
) -> None:
    client = await start(DATABASE_URL=url)
    talk = Talk(client, connector, "ann")
    for text in ("hi", "begin"):
        await talk.say(text)
    asked = card_of(await talk.say("delete my data"))
    await talk.say("help")
    assert "is deleted" not in texts(await talk.say("yes"))
    assert "is deleted" not in texts(await talk.press(asked, "Yes, delete everything"))
    restart = card_of(await talk.say("restart"))
    await talk.say("sign out everywhere")
    await talk.press(restart, "Yes, start over")
    assert len(rows(url)["learner"]) == 1
    told = json.loads(rows(url)["learner"][0]["doc"])
    assert told["confirming"] is None


async def test_privacy_and_contact_name_who_runs_it(start: Start, connector: Connector) -> None:
    client = await start(OPERATOR="Ada & Co", CONTACT="help@ada.example")
    talk = Talk(client, connector, "ann")
    said = json.dumps(await talk.say("privacy"))
    for told in ("Ada & Co", "mailto:help@ada.example", "/privacy", "/terms"):
        assert told in said
    assert "help@ada.example" in texts(await talk.say("contact"))
    for path in ("/privacy", "/terms"):
        async with client.get(path) as answer:
            page = await answer.text()
        assert "Ada &amp; Co" in page
        assert '<a href="mailto:help@ada.example">help@ada.example</a>' in page
    client = await start(HISTORY_DAYS="30")
    async with client.get("/privacy", headers={"Accept-Language": "de"}) as answer:
        page = await answer.text()
    assert "keinen Namen" in page
    assert "nach 30 Tagen gelöscht" in page
    assert "localStorage" in page
