"""Old history is forgotten, a little at a time; what a learner did and sees stays."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, create_engine, delete, func, insert, select, text, update
from sqlalchemy.engine import make_url

from bot import admin
from bot.operations import history_pruning
from bot.operations.history_pruning import HistoryPruning
from bot.store import computations, pruning, tables
from bot.store.computations import StoredResult
from bot.store.database import Store, open_store
from dialogs.simulations.computation import recipe_key
from dialogs.simulations.persona import Example, TrainingRecipe
from dialogs.values.turn import Compute
from tests.channel.conftest import Clock, Connector, Start, Talk, actions, card_of, texts
from tests.channel.test_page import activities, say, session
from tests.waiting import until

NOW = datetime(2026, 11, 29, 9, 0, tzinfo=UTC)
OLD = (NOW - timedelta(days=91)).timestamp()
NEW = (NOW - timedelta(days=89)).timestamp()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/tutor.db"
    return str(request.getfixturevalue("database"))


@contextmanager
def opened(url: str) -> Iterator[tuple[Store, Engine]]:
    """A store, and the test's own way into its database."""
    address = make_url(url)
    if address.drivername == "postgresql":
        address = address.set(drivername="postgresql+psycopg")
    store, engine = open_store(url), create_engine(address)
    try:
        yield store, engine
    finally:
        store.close()
        engine.dispose()


def converse(db: Connection, name: str, at: float, count: int, *, waiting: int = 0) -> None:
    """A conversation of so many activities, the last ones still to be delivered."""
    row = {"channel": "emulator", "learner": "ann", "reference": "{}", "surface": "{}"}
    more = {"seq": count, "is_open": True, "slots": "{}", "bytes": 20 * count}
    db.execute(insert(tables.conversation).values(id=name, **row, **more))
    doc = json.dumps({"id": "x", "type": "y"})[:20]
    said = [
        {"conversation": name, "seq": n, "waiting": n > count - waiting, "doc": doc, "at": at}
        for n in range(1, count + 1)
    ]
    db.execute(insert(tables.activity), said)
    taken = [
        {"conversation": name, "activity": f"in-{n}", "first": n - 1, "last": n}
        for n in range(1, count + 1)
    ]
    db.execute(insert(tables.claim), taken)


def left(db: Connection, name: str) -> tuple[int, int, int, int]:
    """Of a conversation: its first number, how many there are, claims, bytes."""
    activity, claim = tables.activity.c, tables.claim.c
    count = select(func.min(activity.seq), func.count()).where(activity.conversation == name)
    first, rows = db.execute(count).one()
    claims = db.execute(select(func.count()).where(claim.conversation == name)).scalar_one()
    size = select(tables.conversation.c.bytes).where(tables.conversation.c.id == name)
    return int(first), int(rows), int(claims), int(db.execute(size).scalar_one())


async def test_what_is_too_old_goes_and_what_a_page_shows_stays(url: str) -> None:
    with opened(url) as (store, engine):
        with engine.begin() as db:
            converse(db, "a-old", OLD, 350)
            converse(db, "b-new", NEW, 100)
            converse(db, "c-short", OLD, 20)
            converse(db, "d-owed", OLD, 100, waiting=90)
            for n in range(70):  # more than are looked at together
                converse(db, f"e-{n:02}", OLD, 32)
        work = HistoryPruning(store, 90, lambda: NOW)
        if url.startswith("postgresql"):
            with engine.begin() as other:
                other.execute(pruning.ALONE)
                assert await work.prune() == 0  # another instance is at it
        assert await work.prune() == 320 + 10 + 70 * 2
        assert await work.prune() == 0
        with engine.begin() as db:
            assert left(db, "a-old") == (321, 30, 30, 600)
            assert left(db, "b-new") == (1, 100, 100, 2000)
            assert left(db, "c-short") == (1, 20, 20, 400)
            assert left(db, "d-owed") == (11, 90, 90, 1800)
            assert left(db, "e-69") == (3, 30, 30, 600)


async def test_no_transaction_deletes_much(tmp_path: Path) -> None:
    with opened(f"sqlite:///{tmp_path}/tutor.db") as (_, engine):
        with engine.begin() as db:
            for n in range(12):
                converse(db, f"c{n}", OLD, 300)
        after: str | None = ""
        seen: list[int] = []
        while after is not None:
            with engine.begin() as db:
                pruned = pruning.step(db, pruning.history, NEW, after)
            assert pruned is not None
            seen.append(pruned.rows)
            after = pruned.after
        assert sum(seen) == 12 * 270
        assert max(seen) < 2 * pruning.TOGETHER


async def test_a_conversation_holds_so_many_bytes_however_new_they_are(tmp_path: Path) -> None:
    with opened(f"sqlite:///{tmp_path}/tutor.db") as (store, engine):
        with engine.begin() as db:
            converse(db, "full", NEW, 400)
            full = {"bytes": pruning.MOST_BYTES + 2000}
            db.execute(update(tables.conversation).values(full))
        assert await HistoryPruning(store, 90, lambda: NOW).prune() == 100
        with engine.begin() as db:
            assert left(db, "full") == (101, 300, 300, pruning.MOST_BYTES)


async def test_a_result_goes_when_nobodys_progress_needs_it(url: str) -> None:
    lines = tuple(Example(message=f"Where is order {n}?", reply="Here.") for n in range(3))
    recipe = TrainingRecipe(lesson="polite-chatbot", locale="en", examples=lines)
    wanted = Compute(recipe_key(recipe), recipe, "polite-chatbot", 0, "lab")
    made = StoredResult(wanted.key, "training", "{}", 1)
    now = NOW.timestamp()

    def is_there(db: Connection) -> bool:
        return db.execute(select(tables.result.c.key)).first() is not None

    with opened(url) as (store, engine):
        with engine.begin() as db:
            for who in ("ann", "bob"):
                computations.place(db, who, "page", wanted)
                computations.take(db, who, wanted.key, "lab")
            doc = {"key": made.key, "kind": made.kind, "doc": made.doc, "form": made.form}
            db.execute(insert(tables.result).values(doc))
            computations.release(db, "ann", [], now)
            computations.release(db, "bob", [wanted.key], now)

        async def prune(days: int) -> int:
            return await HistoryPruning(store, 90, lambda: NOW + timedelta(days=days)).prune()

        assert await prune(0) == 0  # a day long somebody else may order the same
        assert await prune(2) == 1
        with engine.begin() as db:
            assert is_there(db)  # bob's model
            computations.release(db, "bob", [], now)
            computations.place(db, "bob", "page", wanted)  # ordered again: needed again
        assert await prune(2) == 0
        with engine.begin() as db:
            computations.release(db, "bob", [], now)  # it is under way
        assert await prune(2) == 0
        with engine.begin() as db:
            computations.take(db, "bob", wanted.key, "lab")
            computations.release(db, "bob", [], now)
            # Whatever let go of it: a model that progress names is somebody's.
            doc = {"learner": "bob", "lesson": "polite-chatbot", "doc": f'{{"m":"{wanted.key}"}}'}
            db.execute(insert(tables.progress).values(doc))
        assert await prune(2) == 0
        with engine.begin() as db:
            assert is_there(db)
            db.execute(delete(tables.progress))
            computations.release(db, "bob", [], now)
        assert await prune(2) == 1
        with engine.begin() as db:
            assert not is_there(db)


async def test_who_comes_back_after_all_was_pruned_goes_on_at_their_card(
    start: Start,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    client = await start()
    held = await session(client)
    for words in ("begin", "next", *["help"] * 20, "next"):
        assert await say(client, held, text=words) == 200
    before, _ = await activities(client, held)
    with create_engine(f"sqlite:///{tmp_path}/tutor.db").begin() as db:
        db.execute(text("UPDATE activity SET at = 1"))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/tutor.db")
    assert await asyncio.to_thread(admin.main, ["prune"]) == 0
    assert "rows were deleted" in capsys.readouterr().out
    assert await asyncio.to_thread(admin.main, ["prune"]) == 0
    assert capsys.readouterr().out == "0 rows were deleted.\n"
    # The page shows what it showed; what it has from before the gap ends there, too.
    held = await session(client)
    assert (await activities(client, held))[0] == before
    again = (await activities(client, held, "0"))[0]
    assert again == before
    card = card_of(before)
    go_on = actions(card)[0]["data"]
    assert await say(client, held, value=go_on) == 200
    told, _ = await activities(client, held)
    assert texts(card_of(told)) != texts(card)
    assert (await session(client))["userId"] == held["userId"]


async def test_a_running_tutor_prunes_by_itself(
    start: Start, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = await start()
    held = await session(client)
    for _ in range(20):
        assert await say(client, held, text="help") == 200
    clock.ahead = timedelta(days=8)
    monkeypatch.setattr(history_pruning, "FIRST_S", 0.0)
    await start(HISTORY_DAYS="7")
    engine = create_engine(f"sqlite:///{tmp_path}/tutor.db")

    def is_pruned() -> bool:
        with engine.begin() as db:
            rows = db.execute(select(func.count()).select_from(tables.activity)).scalar_one()
        return int(rows) == pruning.KEPT

    await until(is_pruned)
    engine.dispose()


async def test_who_hasnt_come_for_long_is_forgotten_and_nobody_else(
    start: Start, connector: Connector, clock: Clock, url: str
) -> None:
    client = await start(DATABASE_URL=url)
    for user, days in (("gone", 366), ("stays", 300)):
        await Talk(client, connector, user).say("hi")
        with opened(url) as (_, engine), engine.begin() as db:
            theirs = tables.activity.c.conversation == f"emulator|talk-{user}"
            earlier = {"at": tables.activity.c.at - days * pruning.DAY_S}
            assert db.execute(update(tables.activity).where(theirs).values(earlier)).rowcount
    with opened(url) as (store, engine):
        await HistoryPruning(store, 90, clock.now).prune()
        assert known_to_channels(engine) == {"gone", "stays"}  # nobody, unless it was set
        work = HistoryPruning(store, 90, clock.now, 365)
        assert await work.prune() >= 4  # learner, identity, conversation, activity
        assert await work.prune() == 0
        assert known_to_channels(engine) == {"stays"}
        with engine.begin() as db:
            there = set(db.execute(select(tables.learner.c.id)).scalars())
            assert len(there) == 1
            for table in tables.metadata.sorted_tables:
                if table.info["of"] == "learner" and table is not tables.learner:
                    ids = set(db.execute(select(table.c.learner)).scalars())
                    assert ids <= there, table.name
    again = Talk(client, connector, "gone")
    again.count = 90
    assert "Begin Exercise" in texts(await again.say("hi"))


def known_to_channels(engine: Engine) -> set[str]:
    """The channel's names of all who are known."""
    with engine.begin() as db:
        return set(db.execute(select(tables.identity.c.external)).scalars())
