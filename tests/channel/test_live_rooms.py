"""A live session: a host opens a room, learners join by its code and answer, live."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from aiohttp import ClientTimeout
from sqlalchemy import Connection, select

from bot.rooms.pruning import RoomPruning
from bot.rooms.snapshot import FRESH_S
from bot.store import facts
from bot.store.database import open_store
from bot.store.facts import StoredFact
from bot.store.tables import attendance
from content.loader import load
from dialogs.values.facts import ModelMeasured
from tests.channel.conftest import Client, Clock, Connector, Start, Talk, card_of, texts
from tests.waiting import LONGEST_S

TOKEN = "0123456789abcdef"
HOST = {"Authorization": f"Bearer {TOKEN}"}


class Stage:
    """A host at a room, and what their page is told."""

    def __init__(self, client: Client, code: str) -> None:
        self.client, self.code = client, code

    async def do(self, what: str, value: str = "", **more: str) -> int:
        """Do what a button of the host's page does."""
        form = {"do": what, "value": value, **more}
        path = f"/host/{self.code}"
        async with self.client.post(path, data=form, headers=HOST, allow_redirects=False) as answer:
            return answer.status

    async def page(self) -> str:
        """The host's page, a moment later: its parts are looked at so often."""
        await asyncio.sleep(FRESH_S)
        async with self.client.get(f"/host/{self.code}", headers=HOST) as answer:
            assert answer.status == 200
            return await answer.text()

    async def screen(self) -> str:
        """The big screen, a moment later."""
        await asyncio.sleep(FRESH_S)
        async with self.client.get(f"/screen/{self.code}") as answer:
            assert answer.status == 200
            return await answer.text()


async def open_room(client: Client, locale: str = "en") -> Stage:
    """Open a room as the host's form does."""
    form = {"session": "fine-tuning", "locale": locale}
    async with client.post("/host", data=form, headers=HOST, allow_redirects=False) as answer:
        assert answer.status == 303, await answer.text()
        return Stage(client, answer.headers["Location"].rpartition("/")[2])


async def joined(start: Start, connector: Connector, *names: str) -> tuple[Stage, list[Talk]]:
    """A room that was just opened, and learners who are in it."""
    client = await start(HOST_TOKEN=TOKEN)
    stage = await open_room(client)
    talks = [Talk(client, connector, name) for name in names]
    for talk in talks:
        await talk.say(stage.code)
    return stage, talks


@asynccontextmanager
async def watching(client: Client, path: str, **headers: str) -> AsyncIterator[Callable[..., Any]]:
    """Follow a page's stream; the function given waits for a part that fits."""
    timeout = ClientTimeout(total=None, sock_read=LONGEST_S)
    async with client.get(path, headers=headers, timeout=timeout) as answer:
        assert answer.status == 200
        assert answer.content_type == "text/event-stream"

        async def until(fits: Callable[[str], bool]) -> str:
            async with asyncio.timeout(LONGEST_S):
                async for line in answer.content:
                    if line.startswith(b"data: "):
                        for part in json.loads(line[6:]).values():
                            if fits(part):
                                return str(part)
            raise AssertionError("the stream has ended")

        yield until


def counts(page: str) -> list[int]:
    """The counts of a chart, in the order of its bars."""
    return [int(n) for n in re.findall(r'<span class="count">(\d+)</span>', page)]


def said(activities: list[dict[str, Any]]) -> str:
    return " ".join(map(texts, activities))


async def test_a_room_from_its_opening_to_its_end(start: Start, connector: Connector) -> None:
    client = await start(HOST_TOKEN=TOKEN)
    stage = await open_room(client)
    ann, ben = Talk(client, connector, "ann"), Talk(client, connector, "ben")
    await ann.say("begin")
    shown = said(await ann.say(stage.code.lower().replace("-", " ")))
    assert "You are in the session" in shown
    assert "Nothing is open just now" in shown
    assert await stage.do("open", "try-first") == 303
    # The activity comes to who is in the room, and to who comes late.
    await connector.until(1)
    card = connector.cards[-1]
    assert "in the wrong tone" in texts(card)
    late = await ben.say(f"join {stage.code}")
    assert "in the wrong tone" in said(late)
    async with watching(client, f"/screen/{stage.code}/stream") as until:
        answer = said(await ann.press(card, "Fine-tuning"))
        assert "Your answer counts: Fine-tuning" in answer
        await until(lambda part: counts(part) == [0, 0, 1, 0])
        # One vote each, the last one counts; by a press or by typing.
        await ben.say("3")
        await until(lambda part: counts(part) == [0, 0, 2, 0])
        await ann.press(card, "A better prompt")
        part = await until(lambda part: counts(part) == [1, 0, 1, 0])
        assert "2 of 2 answered" in part
        assert "Right" not in part
        assert await stage.do("close", "try-first") == 303
        part = await until(lambda part: "Right" in part)
        assert counts(part) == [1, 0, 1, 0]
    await connector.until(3)  # what was right is told to both
    told = {one["conversation"]["id"]: texts(one) for one in connector.sent[1:3]}
    assert "And that was yours" in told["talk-ann"]
    assert "And that was yours" not in told["talk-ben"]
    assert "The answer: A better prompt." in told["talk-ben"]
    # Who answers after the close is told so, and it doesn't count.
    after = said(await ben.press(card_of(late), "A better prompt"))
    assert "is closed" in after
    assert counts(await stage.screen()) == [1, 0, 1, 0]
    assert await stage.do("move", "wrap-up") == 303
    await connector.until(5)
    assert "Prompt first" in texts(connector.sent[-1])
    assert await stage.do("end") == 303
    assert "is over" in said(await Talk(client, connector, "eve").say(stage.code))
    async with client.get(f"/join/{stage.code}") as old:
        assert old.status == 410


async def test_a_typed_answer_is_changed_by_typing_until_the_lesson_goes_on(
    start: Start, connector: Connector
) -> None:
    stage, [ann] = await joined(start, connector, "ann")
    await stage.do("open", "try-first")
    await connector.until(1)
    assert "Your answer counts: Fine-tuning" in said(await ann.say("3"))
    assert "Your answer counts: A better prompt" in said(await ann.say("1"))
    assert counts(await stage.screen()) == [1, 0, 0, 0]
    await ann.say("begin")
    assert "Your answer" not in said(await ann.say("2"))  # it is the step's, which was shown last
    assert counts(await stage.screen()) == [1, 0, 0, 0]
    await ann.say("room")
    assert "Your answer counts: Fine-tuning" in said(await ann.say("3"))
    assert counts(await stage.screen()) == [0, 0, 1, 0]


async def test_only_hosts_lead(start: Start) -> None:
    client = await start(HOST_TOKEN=TOKEN, INSIGHTS_TOKEN="another-token-of-ours")
    stage = await open_room(client)
    paths = [("GET", "/host"), ("GET", f"/host/{stage.code}/stream"), ("POST", "/host")]
    paths += [("POST", f"/host/{stage.code}{more}") for more in ("", "/runs", "/ask")]
    paths += [("GET", f"/host/{stage.code}/report{more}") for more in ("", ".json", ".csv")]
    for method, path in paths:
        for headers in ({}, {"Authorization": "Bearer another-token-of-ours"}):
            async with client.request(method, path, headers=headers) as answer:
                assert answer.status == 401, path
    await client.close()
    client = await start()
    async with client.get("/host", headers=HOST) as answer:
        assert answer.status == 404


async def test_who_guesses_codes_has_to_wait(start: Start, connector: Connector) -> None:
    client = await start(HOST_TOKEN=TOKEN)
    stage = await open_room(client)
    ann = Talk(client, connector, "ann")
    await ann.say("begin")
    for guess in ("XXX-222", "join KTR-48", "room 1234", "xxx 333", "xxx444"):
        assert "no session with this code" in said(await ann.say(guess)), guess
    assert "You have tried many codes" in said(await ann.say(stage.code))
    statuses = []
    for place in range(12):
        async with client.get(f"/join/XXX-2{place % 7 + 2}{place % 8 + 2}") as answer:
            statuses.append(answer.status)
    assert statuses[0] == 404
    assert statuses[-1] == 429
    for path in (f"/screen/{stage.code}", "/screen/XXX-222"):
        async with client.get(path) as answer:
            assert answer.status == 429, path


async def test_a_learner_is_in_one_room_at_a_time_and_old_cards_are_told_so(
    start: Start, connector: Connector
) -> None:
    client = await start(HOST_TOKEN=TOKEN)
    first, second = await open_room(client), await open_room(client)
    ann = Talk(client, connector, "ann")
    await first.do("open", "try-first")
    await second.do("open", "expect")
    card = card_of(await ann.say(first.code))
    assert "what would you like" in said(await ann.say(second.code))
    assert "1 here" in await second.page()
    assert "0 here" in await first.page()
    # What is typed is meant for the room where they are.
    await ann.say("2")
    assert '<li class="size-5">2' in await second.screen()
    # Who presses what the first one asked is back there.
    assert "Your answer counts" in said(await ann.press(card, "Fine-tuning"))
    assert "1 here" in await first.page()


async def test_long_and_marked_up_answers_hurt_nobody(start: Start, connector: Connector) -> None:
    stage, (ann, ben) = await joined(start, connector, "ann", "ben")
    await stage.do("open", "expect")
    await connector.until(2)
    assert "longer than 200 characters" in said(await ann.say("cheaper " * 625))
    await ann.say("<script>alert(1)</script> **bold** [x](javascript:1)")
    await ben.say("kill yourself")
    shown = await stage.screen()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert "<script>alert" not in shown
    assert "kill yourself" not in shown
    # The host is told how many there are, and reads them only by unfolding.
    page = await stage.page()
    folded = re.search(r'<details id="hidden-answers".*?</details>', page, re.DOTALL)
    assert folded
    assert "1 answers are not shown" in folded[0]
    assert "<details open" not in folded[0]
    assert page.count("kill yourself") == folded[0].count("kill yourself") == 1
    # The last answer counts.
    await ben.say("help")  # a command stays one
    card = card_of(await ben.say("room"))
    await ben.press(card, "Send", **{"room-answer": "lower cost"})
    assert "lower cost" in await stage.screen()


async def test_questions_wait_for_afterwards_with_votes(start: Start, connector: Connector) -> None:
    stage, (ann, ben) = await joined(start, connector, "ann", "ben")
    assert "kept for after the talk" in said(await ann.say("ask How much does it cost?"))
    await ann.say("ask How much does it cost?")  # asked twice it is there once
    await ann.say("ask =HYPERLINK(1) is what?")
    card = card_of(await ben.say("questions"))
    assert "How much does it cost?" in texts(card)
    await ben.press(card, "I want to know it, too (1)")
    await ben.press(card, "I want to know it, too (1)")
    page = await stage.page()
    assert page.index("How much does it cost?") < page.index("=HYPERLINK(1) is what?")
    assert "1 votes" in page
    async with stage.client.get(f"/host/{stage.code}/report.csv", headers=HOST) as answer:
        table = await answer.text()
    assert "question,,How much does it cost?,2" in table
    assert ",'=HYPERLINK(1) is what?,1" in table


async def test_a_restart_and_another_device_lose_nothing(
    start: Start, connector: Connector
) -> None:
    client = await start(HOST_TOKEN=TOKEN)
    stage = await open_room(client)
    await Talk(client, connector, "ann").say(stage.code)
    await stage.do("open", "try-first")
    await connector.until(1)
    await Talk(client, connector, "ben").say(stage.code)
    # The host's page is gone; the tutor starts anew; answers count meanwhile.
    client = await start(HOST_TOKEN=TOKEN)
    ann = Talk(client, connector, "ann")
    ann.count = 50  # no id comes twice
    await ann.say("2")
    taken_over = Stage(client, stage.code)
    assert counts(await taken_over.screen()) == [0, 1, 0, 0]
    # Several polls one after the other count each for itself.
    ben = Talk(client, connector, "ben")
    ben.count = 50
    for name in ("adds", "epoch", "distil"):
        assert await taken_over.do("open", name) == 303
        for talk in (ann, ben):
            await talk.say("room")
            await talk.say("1")
        assert "2 of 2 answered" in await taken_over.screen()
        await taken_over.do("close", name)


async def test_a_host_who_is_lost_is_missed_until_another_device_takes_over(
    start: Start, connector: Connector, clock: Clock
) -> None:
    stage, (ann,) = await joined(start, connector, "ann")
    await stage.do("open", "try-first")
    await connector.until(1)
    path = f"/host/{stage.code}/stream"
    async with watching(stage.client, path, **HOST) as until:
        await until(lambda part: "in the wrong tone" in part)
        assert "The host is coming back" not in await stage.screen()
    clock.ahead = timedelta(seconds=60)  # the page's connection is gone for a minute
    assert "The host is coming back" in await stage.screen()
    assert "has lost its connection" in said(await ann.say("room"))
    assert "Your answer counts" in said(await ann.say("2"))
    assert counts(await stage.screen()) == [0, 1, 0, 0]
    async with watching(stage.client, path, **HOST) as until:
        part = await until(lambda part: 'class="count"' in part)
        assert counts(part) == [0, 1, 0, 0]
        assert "The host is coming back" not in await stage.screen()
    assert await stage.do("close", "try-first") == 303


async def test_a_clock_that_jumps_stops_nothing(
    start: Start, connector: Connector, clock: Clock
) -> None:
    stage, (ann,) = await joined(start, connector, "ann")
    await stage.do("start")
    clock.ahead = timedelta(hours=2)
    page = await stage.page()
    assert "Late by 119 minutes" in page
    assert "leave out (demos stay)" in page or "No slides are left" in page
    clock.ahead = timedelta(hours=-2)
    page = await stage.page()
    assert "On time" in page
    await stage.do("open", "try-first")
    clock.ahead = timedelta()
    await connector.until(1)
    assert "Your answer counts" in said(await ann.say("1"))


async def test_what_a_learner_said_goes_with_them_and_the_room_after_its_days(
    start: Start, connector: Connector, clock: Clock, tmp_path: Path
) -> None:
    client = await start(HOST_TOKEN=TOKEN)
    stage = await open_room(client)
    await stage.do("open", "expect")
    ann, ben = Talk(client, connector, "ann"), Talk(client, connector, "ben")
    for talk, words in ((ann, "lower cost"), (ben, "be polite")):
        await talk.say(stage.code)
        await talk.say(words)
        await talk.say("ask Why is that?")
    await ann.say("delete my data")
    await ann.say("yes")
    shown = await stage.screen()
    assert "lower cost" not in shown
    assert "1 of 1 answered" in shown
    await client.close()
    store = open_store(f"sqlite:///{tmp_path}/tutor.db")
    pruning = RoomPruning(store, 90, clock.now)
    assert await pruning.prune() == 0
    clock.ahead = timedelta(days=91)
    assert await pruning.prune() == 4  # the room, ben in it, his answer and his question
    store.close()


async def test_everybody_trains_and_the_best_stand_without_names_or_with_those_given(
    start: Start, connector: Connector, clock: Clock, tmp_path: Path
) -> None:
    stage, (ann, ben, cleo) = await joined(start, connector, "ann", "ben", "cleo")
    await stage.do("open", "best-model")
    await connector.until(3)
    assert "trained in the room so far: 0" in await stage.screen()
    assert "as that of Ann" in said(await ann.say("name Ann"))
    assert "as that of" in said(await ben.say("name <b>Ben</b>"))
    assert "hurts nobody" in said(await cleo.say("name kill yourself"))
    # What the exercise's trials gave is known by their facts, of which each learner's best counts.
    store = open_store(f"sqlite:///{tmp_path}/tutor.db")
    figures = {"talk-ann": (0.52, 0.94), "talk-ben": (0.71,), "talk-cleo": (0.98,)}
    await store.run(partial(train, at=clock.now(), figures=figures))
    shown = await stage.screen()
    assert "trained in the room so far: 3" in shown
    assert counts(shown) == [1, 0, 2]
    best = re.findall(r"<li>(\d+) % (.*?)</li>", shown)
    assert best == [
        ("98", ""),
        ("94", "<strong>Ann</strong>"),
        ("71", "<strong>&lt;b&gt;Ben&lt;/b&gt;</strong>"),
    ]
    assert "no name" in said(await ann.say("no name"))
    assert "Ann" not in await stage.screen()
    async with stage.client.get(f"/host/{stage.code}/report.json", headers=HOST) as answer:
        report = await answer.json()
    (one,) = report["activities"]
    assert (one["id"], one["total"]) == ("best-model", 3)
    assert report["funnel"]["answered"] == 0  # a name is no answer
    store.close()


def train(db: Connection, at: datetime, figures: dict[str, tuple[float, ...]]) -> None:
    """Let those in these conversations have trained models with these figures."""
    known = select(attendance.c.learner, attendance.c.conversation)
    learners = {row.conversation: row.learner for row in db.execute(known)}
    for talk, reached in figures.items():
        (learner,) = (one for name, one in learners.items() if talk in name)
        measured = [
            ModelMeasured(
                lesson="raft", run=1, at=at, step="mix", key=f"k{n}", figures={"right": figure}
            )
            for n, figure in enumerate(reached)
        ]
        facts.append(
            db,
            [
                StoredFact(
                    place=n,
                    fact=one,
                    learner=learner,
                    version=1000,
                    channel=None,
                    event=None,
                    locale=None,
                    lesson_version=None,
                )
                for n, one in enumerate(measured)
            ],
        )


async def test_who_joins_is_known_by_the_session_in_figures_and_offered_questions_for_later(
    start: Start, connector: Connector, tmp_path: Path
) -> None:
    stage, (ann,) = await joined(start, connector, "ann")
    await ann.say(stage.code)  # twice is once
    await ann.say("begin")
    store = open_store(f"sqlite:///{tmp_path}/tutor.db")
    found = [one for _, one in await store.run(partial(facts.after, seq=0))]
    assert [one.fact.kind for one in found] == ["session-joined", "lesson-started"]
    assert {one.event for one in found} == {stage.code}
    store.close()
    await stage.do("move", "wrap-up")
    await connector.until(1)
    card = connector.cards[-1]
    assert "questions, so that it stays" in texts(card)
    assert "some days after you have finished" in said(await ann.press(card, "Ask me later"))


async def test_what_a_host_is_given_has_a_page_of_its_own(start: Start) -> None:
    client = await start(HOST_TOKEN=TOKEN)
    async with client.get("/host/resources") as answer:
        assert answer.status == 401
    async with client.get("/host/resources", headers=HOST) as answer:
        page = await answer.text()
    for one in load().sessions["fine-tuning"].resources:
        assert one.title in page
    assert page.count("not yet provided)") == 4
    headers = {**HOST, "Accept-Language": "de"}
    async with client.get("/host/resources", headers=headers) as answer:
        assert "noch nicht da" in await answer.text()


async def test_a_group_is_no_place_to_join_from(start: Start, connector: Connector) -> None:
    client = await start(HOST_TOKEN=TOKEN)
    stage = await open_room(client)
    group = {"conversation": {"id": "g1", "isGroup": True}}
    assert "You are in the session" not in said(
        await Talk(client, connector, "ann").say(stage.code, **group)
    )
    assert "0 here" in await stage.page()


async def test_a_room_speaks_german_and_each_learner_their_own_language(
    start: Start, connector: Connector
) -> None:
    client = await start(HOST_TOKEN=TOKEN)
    stage = await open_room(client, "de")
    assert "Mach mit" in await stage.screen()
    ann, udo = Talk(client, connector, "ann"), Talk(client, connector, "udo")
    await udo.say("hallo", locale="de-DE")
    assert "Du bist in der Veranstaltung" in said(await udo.say(f"beitreten {stage.code}"))
    assert "You are in the session" in said(await ann.say(stage.code))
    await stage.do("open", "try-first")
    await connector.until(2)
    await ann.say("fine-tuning")
    assert "Fine-Tuning" in await stage.screen()
    assert counts(await stage.screen()) == [0, 0, 1, 0]
    async with client.get("/sessions/fine-tuning/de/recap.png") as answer:
        assert answer.content_type == "image/png"


ENTRA = "11111111-2222-3333-4444-555555555555"


async def test_listed_people_host_by_a_link_that_is_good_once(
    start: Start, connector: Connector
) -> None:
    client = await start(HOST_IDS=f"{ENTRA.upper()}, 99999999-2222-3333-4444-555555555555")
    listed = {"channelId": "msteams", "from": {"id": "29:ann", "aadObjectId": ENTRA}}
    ann, ben = Talk(client, connector, "ann"), Talk(client, connector, "ben")
    other = {"channelId": "msteams", "from": {"id": "29:ben", "aadObjectId": "of-nobody"}}
    assert "by whoever has the host's token" in said(await ben.say("host", **other))
    # On another channel an id is what anybody may write there.
    claimed = {**listed, "channelId": "emulator"}
    assert "by-link" not in json.dumps(await ben.say("host", **claimed))
    shown = json.dumps(await ann.say("host", **listed))
    (path,) = set(re.findall(r"/host/by-link/[\w-]+", shown))
    async with client.get(path) as answer:  # as a chat does that looks at links
        assert answer.status == 200
    async with client.get("/host") as answer:
        assert answer.status == 401
    elsewhere = {"Origin": "https://elsewhere.example"}
    async with client.post(path, headers=elsewhere) as answer:
        assert answer.status == 403
    async with client.post(path, allow_redirects=False) as answer:
        assert (answer.status, answer.headers["Location"]) == (303, "/host")
    async with client.get("/host") as answer:
        assert answer.status == 200
    client.session.cookie_jar.clear()
    async with client.post(path) as answer:
        assert answer.status == 410
    async with client.get("/host") as answer:
        assert answer.status == 401
    for headers in ({"Authorization": "Bearer "}, {"Authorization": f"Bearer {TOKEN}"}):
        async with client.get("/host", headers=headers) as answer:
            assert answer.status == 401


async def test_host_is_answered_where_nobody_can_host(start: Start, connector: Connector) -> None:
    client = await start()
    assert "Nobody can host" in said(await Talk(client, connector, "ann").say("host"))
    async with client.get("/host/by-link/x") as answer:
        assert answer.status == 404


async def test_a_poll_that_closes_while_answers_arrive_counts_those_that_were_told_so(
    start: Start, connector: Connector
) -> None:
    client = await start(HOST_TOKEN=TOKEN)
    stage = await open_room(client)
    talks = [Talk(client, connector, f"l{n}") for n in range(6)]
    await stage.do("open", "try-first")
    for talk in talks:
        await talk.say(stage.code)
    # Two hosts close it at once, while everybody answers.
    answering = asyncio.gather(*(talk.say("2") for talk in talks))
    closing = (stage.do("close", "try-first"), stage.do("close", "try-first"))
    first, second = await asyncio.gather(*closing)
    assert (first, second) == (303, 303)
    told = await answering
    counted = sum("Your answer counts" in said(one) for one in told)
    refused = sum("closed" in said(one) for one in told)
    assert counted + refused == len(talks)
    assert counts(await stage.screen()) == [0, counted, 0, 0]
    # A host whose page is late closes nothing but what it showed as open.
    await stage.do("open", "adds")
    await stage.do("close", "try-first")
    await talks[0].say("room")
    assert "Your answer counts" in said(await talks[0].say("1"))
