"""An operator shows, exports and deletes one learner's data."""

import asyncio
import json
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, func, insert, select

import app
from bot import admin
from bot.store import own_data, tables
from bot.store.database import open_store
from bot.store.facts import StoredFact
from dialogs.values.facts import LessonStarted
from tests.channel.conftest import Connector, Start, Talk

OWNERS = {"learner", "conversation", "result", "nobody"}


@pytest.fixture
def address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    url = f"sqlite:///{tmp_path}/tutor.db"
    monkeypatch.setenv("DATABASE_URL", url)
    return url


def rows(url: str) -> dict[str, int]:
    """How many rows each table has."""
    with create_engine(url).connect() as db:
        every = tables.metadata.tables.values()
        return {
            t.name: int(db.execute(select(func.count()).select_from(t)).scalar_one())
            for t in every
            if t.info["of"] != "nobody"
        }


async def test_one_learners_data_is_shown_exported_and_deleted(
    start: Start, connector: Connector, address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    client = await start()
    for user in ("ann", "bob"):
        talk = Talk(client, connector, user)
        await talk.say("hi")
        await talk.say("begin")
        await talk.say("my own words")
    before = rows(address)
    assert admin.main(["show", "emulator:ann"]) == 0
    shown = capsys.readouterr().out
    assert "known to emulator as ann" in shown
    assert "polite-chatbot: at step" in shown

    assert admin.main(["export", "emulator:ann"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert "Learning goals" in json.dumps(told["activity"])
    assert {row["external"] for row in told["identity"]} == {"ann"}
    assert told["fact"]

    gone = await asyncio.to_thread(admin.main, ["delete", "emulator:ann", "--yes"])
    assert gone == 0
    capsys.readouterr()
    after = rows(address)
    assert {name: after[name] * 2 for name in after} == before, "the other learner keeps all"
    assert admin.main(["show", "emulator:ann"]) == 2
    assert "no learner" in capsys.readouterr().err
    # Who was deleted can begin anew.
    assert "Begin Exercise" in json.dumps(await Talk(client, connector, "ann").say("hi"))


def test_every_table_says_whose_its_rows_are() -> None:
    owners = {name: table.info.get("of") for name, table in tables.metadata.tables.items()}
    assert {name for name, of in owners.items() if of not in OWNERS} == set()
    # What names a learner or a conversation of theirs is somebody's.
    named = {
        name
        for name, table in tables.metadata.tables.items()
        if {"learner", "conversation"} & set(table.columns.keys())
    }
    assert {name for name in named if owners[name] == "nobody"} == set()


def test_what_was_computed_of_a_learners_words_goes_and_what_others_have_too_stays(
    address: str,
) -> None:
    open_store(address).close()
    engine = create_engine(address)
    with engine.begin() as db:
        for who in ("ann", "bob"):
            db.execute(insert(tables.learner).values(id=who, version=0, doc="{}"))
        for key, owners in {"mine": ["ann"], "both": ["ann", "bob"], "theirs": ["bob"]}.items():
            row = {"key": key, "kind": "training", "doc": '{"phrases": ["my own words"]}'}
            db.execute(insert(tables.result).values(row))
            for who in owners:
                db.execute(insert(tables.computed_for).values(learner=who, key=key))
        row = {"learner": "ann", "name": "progress", "key": "x", "doc": "my wor"}
        db.execute(insert(tables.set_aside).values(at=1.0, **row))
        told = own_data.export(db, "ann")
        assert {row["key"] for row in told["result"]} == {"mine", "both"}
        assert told["set_aside"][0]["doc"] == "my wor"
        own_data.erase(db, "ann")
        left = db.execute(select(tables.result.c.key)).scalars().all()
        assert set(left) == {"both", "theirs"}
        assert db.execute(select(tables.set_aside)).all() == []
        own_data.erase(db, "bob")
        assert db.execute(select(tables.result)).all() == []


@pytest.mark.usefixtures("address")
async def test_what_happened_is_counted_by_day_and_lesson(
    start: Start, connector: Connector, capsys: pytest.CaptureFixture[str]
) -> None:
    client = await start()
    for user in ("ann", "bob"):
        talk = Talk(client, connector, user)
        await talk.say("hi")
        await talk.say("begin")
        await talk.say("begin")
    assert admin.main(["counters"]) == 0
    told = capsys.readouterr().out
    assert re.search(r"^\d{4}-\d\d-\d\d  polite-chatbot +lessons started +2$", told, re.MULTILINE)
    with pytest.raises(SystemExit):
        admin.main(["counters", "emulator:ann"])
    with pytest.raises(SystemExit):
        admin.main(["show"])


async def test_one_more_reader_of_facts_is_one_more_function(
    start: Start, connector: Connector, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[StoredFact] = []
    fails = [RuntimeError("the reader is broken")]

    def read(_: Connection, facts: Sequence[StoredFact]) -> None:
        if fails:
            raise fails.pop()
        seen.extend(facts)

    monkeypatch.setattr(app, "READERS", (*app.READERS, read))
    talk = Talk(await start(), connector)
    await talk.say("hi")
    body = talk.activity(text="begin", deliveryMode="expectReplies")
    assert (await talk.send(body))[0] == 500, "what a reader can't take didn't happen"
    assert (await talk.send(body))[0] == 200
    (fact,) = seen
    assert isinstance(fact.fact, LessonStarted)
    assert (fact.channel, fact.locale, fact.place) == ("emulator", "en", 0)
    assert fact.id == f"{fact.learner}-{fact.version}-0"
    assert fact.lesson_version


async def test_deleting_asks_first(
    start: Start,
    connector: Connector,
    address: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await Talk(await start(), connector, "ann").say("hi")
    before = rows(address)
    monkeypatch.setattr("builtins.input", lambda _: "no")
    assert admin.main(["delete", "emulator:ann"]) == 0
    assert rows(address) == before


def test_an_unreadable_database_is_told_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/nowhere/tutor.db")
    assert admin.main(["show", "x"]) == 2
    assert "can't be read" in capsys.readouterr().err
