"""An upgrade in the middle of a lesson: schema, documents and the lesson itself."""

import asyncio
import json
import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, Row, create_engine, text
from sqlalchemy.engine import make_url

from bot.store import facts, migrations
from content.loader import load
from dialogs.tutor import Tutor
from dialogs.values import versions
from dialogs.values.events import Due
from tests.channel.conftest import Connector, Start, Talk, card_of, data, texts
from tests.channel.journey import Journey
from tests.conversation.test_forms import MAIN, documents


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/tutor.db"
    return str(request.getfixturevalue("database"))


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    """The test's own way into the database."""
    address = make_url(url)
    if address.drivername == "postgresql":
        address = address.set(drivername="postgresql+psycopg")
    made = create_engine(address)
    yield made
    made.dispose()


# As the first version stored them: what the sender shall do with them was among what is sent.
ACTIVITIES = (
    {"type": "message", "id": "1", "channelData": {"tutor": {"slot": "job", "replaces": "m1"}}},
    {"type": "message", "id": "2", "text": 'says "channelData":{"tutor":{'},
)


def first_schema(engine: Engine) -> None:
    """What the first version of the tutor left behind: its tables, and a learner halfway."""
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    learner, progress = documents(1, "halfway")
    rows = {
        "who": "halfway",
        "which": MAIN,
        "one": json.dumps(learner),
        "two": json.dumps(progress),
    }
    with engine.begin() as db:
        config.attributes["connection"] = db
        command.upgrade(config, "0001")
        db.execute(text("INSERT INTO learner (id, version, doc) VALUES (:who, 5, :one)"), rows)
        db.execute(text("INSERT INTO progress VALUES (:who, :which, :two)"), rows)
        db.execute(text("INSERT INTO identity VALUES ('emulator', '', 'user1', :who)"), rows)
        fact = {"lesson": MAIN, "run": 1, "at": "2026-11-24T09:00:00Z", "kind": "step-answered"}
        fact |= {"step": "goals", "attempt": 1, "score": 0.5, "passed": False}
        query = "INSERT INTO fact VALUES ('halfway', 4, :place, 'step-answered', :doc)"
        for place, doc in enumerate((json.dumps(fact), "{half of it")):
            db.execute(text(query), {"place": place, "doc": doc})
        query = "INSERT INTO activity VALUES ('msteams|a', :n, :waits, :doc)"
        for n, said in enumerate(ACTIVITIES, 1):
            doc = json.dumps(said, separators=(",", ":"))
            db.execute(text(query), {"n": n, "doc": doc, "waits": n == 1})


def stored(engine: Engine) -> tuple[int, dict[str, Any]]:
    """The learner's progress and its form."""
    with engine.connect() as db:
        row = db.execute(text("SELECT form, doc FROM progress WHERE learner = 'halfway'")).one()
        return int(row.form), json.loads(row.doc)


async def test_a_learner_of_the_first_schema_goes_on_where_they_were(
    start: Start, connector: Connector, url: str, engine: Engine
) -> None:
    first_schema(engine)
    _, before = documents(1, "halfway")
    talk = Talk(await start(DATABASE_URL=url), connector)
    card = card_of(await talk.say("hello"))
    assert data(card, "Back")["tutor"]["step"] == before["cursor"] == "job"
    assert await talk.say("back")
    form, after = stored(engine)
    assert form == versions.PROGRESS.form
    assert after["cursor"] != "job"
    assert after["records"] == before["records"]


def test_all_rows_of_the_first_schema_are_there_and_say_more(engine: Engine) -> None:
    first_schema(engine)
    migrations.upgrade(engine)
    with engine.begin() as db:
        rows = db.execute(text("SELECT * FROM fact ORDER BY seq")).all()
        assert [(row.seq, row.learner, row.version, row.place) for row in rows] == [
            (1, "halfway", 4, 0),
            (2, "halfway", 4, 1),
        ]
        first, second = rows
        assert (first.lesson, first.run, first.step) == (MAIN, 1, "goals")
        assert datetime.fromtimestamp(first.at, UTC) == datetime(2026, 11, 24, 9, tzinfo=UTC)
        assert (second.at, second.doc, first.channel) == (0.0, "{half of it", None)
        ((seq, fact),) = facts.after(db, 0)
        assert (seq, fact.id, fact.fact.kind) == (1, "halfway-4-0", "step-answered")
        assert facts.after(db, seq) == []
        one, two = db.execute(text("SELECT * FROM activity ORDER BY seq")).all()
        assert (json.loads(one.doc), one.slot, one.replaces) == (
            {"type": "message", "id": "1"},
            "job",
            "m1",
        )
        assert (json.loads(two.doc), two.slot) == (ACTIVITIES[1], None)
        keys = db.execute(text("SELECT learner, key FROM computed_for")).all()
        assert keys == []


async def test_what_a_newer_tutor_wrote_is_left_alone_and_others_go_on(
    start: Start, connector: Connector, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    client = await start()
    talk, other = Talk(client, connector), Talk(client, connector, "user2")
    for one in (talk, other):
        await one.say("hi")
        await one.say("begin")
    engine = create_engine(f"sqlite:///{tmp_path}/tutor.db")

    def write_as_a_newer_tutor() -> Sequence[Row[Any]]:
        with engine.begin() as db:
            db.execute(
                text(
                    "UPDATE progress SET form = form + 1 WHERE learner = "
                    "(SELECT learner FROM identity WHERE external = 'user1')"
                )
            )
            db.execute(text("UPDATE learner SET version = version + 1"))
            # Something is due for both, first for them.
            for n, user in enumerate(("user1", "user2")):
                due = Due(lesson=MAIN, run=1, step="job", name="1:end").model_dump_json()
                values = {"user": user, "n": n, "due": due}
                query = "SELECT learner, 'x', 'emulator|talk-' || :user, :n, :due FROM identity"
                into = "INSERT INTO later (learner, name, conversation, due, event)"
                db.execute(text(f"{into} {query} WHERE external = :user"), values)
            return db.execute(text("SELECT * FROM progress ORDER BY learner")).all()

    before = await asyncio.to_thread(write_as_a_newer_tutor)
    with caplog.at_level(logging.WARNING):
        body = talk.activity(text="next", deliveryMode="expectReplies")
        async with client.post("/api/messages", json=body) as answer:
            assert answer.status == 503, "the channel brings it again"
            assert answer.headers["Retry-After"]
            assert "one moment" in (await answer.json())["error"]["message"]
    assert "a newer version of the tutor wrote this learner's progress" in caplog.text
    assert "How the work goes" in texts(await other.say("next"))
    await asyncio.sleep(1)
    with engine.connect() as db:
        query = "SELECT progress.* FROM progress JOIN identity USING (learner) WHERE external = "
        kept = db.execute(text(f"{query} 'user1'")).one()
        assert kept in before
        assert db.execute(text("SELECT learner FROM later")).scalars().all() == [kept.learner]
    engine.dispose()


async def test_a_lesson_that_changed_meanwhile_tells_the_learner_and_keeps_what_they_passed(
    start: Start, connector: Connector, tmp_path: Path
) -> None:
    talk = Talk(await start(), connector)
    learner = Journey(talk, f"sqlite:///{tmp_path}/tutor.db")
    await learner.until("issues")
    before = learner.scene().progress
    old = learner.right()

    library = load()
    lesson = library.lessons[MAIN]
    first = lesson.phases[0]
    steps = tuple(step for step in first.steps if step.id != "issues")
    phases = (first.model_copy(update={"steps": steps}), *lesson.phases[1:])
    changed = lesson.model_copy(update={"phases": phases, "version": "another"})
    lessons = {**library.lessons, MAIN: changed}
    talk.client = await start(taught=Tutor(replace(library, lessons=lessons)))

    # The answer to a question that is gone costs nothing.
    told = (await talk.send(talk.activity(deliveryMode="expectReplies", **old)))[1]
    assert library.strings.tutor.moved in texts(told)
    after = learner.scene().progress
    assert after.version == "another"
    assert after.records == before.records
    assert after.cursor in [step.id for step in steps]
    # It is told once.
    assert library.strings.tutor.moved not in texts(await talk.say("hello"))
