"""A stored document that can't be read never locks its learner out."""

import inspect
import json
import logging
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from pydantic import JsonValue
from sqlalchemy import Connection, Engine, create_engine, insert, select, update

from bot.activity.links import Signer
from bot.channels import parse
from bot.store import facts, tables
from bot.store.computations import StoredResult
from bot.store.database import open_store
from bot.store.facts import StoredFact
from bot.turns.transaction import Turns
from content.stored import UnreadableError
from dialogs.simulations import registry
from dialogs.simulations.computation import Recipe, Result, recipe_key
from dialogs.simulations.persona import EvaluationRecipe, Example, TrainingRecipe
from dialogs.steps.registry import ROWS, Kind
from dialogs.values import versions
from dialogs.values.events import Due
from dialogs.values.facts import LessonStarted
from dialogs.values.kept import Kept
from tests.channel.conftest import Connector, Start, Talk, actions, card_of, texts
from tests.conversation.test_forms import MAIN, documents
from tests.lessons import tutor
from tests.waiting import until

OTHER = "plain-words"
WHO = "finished"
NOW = datetime(2026, 11, 29, 9, 0, tzinfo=UTC)
SECRET = "my own words that no log shall hold"
LINES = tuple(
    Example(message=f"Where is my order {n}?", reply=f"{SECRET}: it is on its way.")
    for n in range(12)
)
TRAINING = TrainingRecipe(lesson=MAIN, locale="en", examples=LINES)
EVALUATION = EvaluationRecipe(lesson=MAIN, locale="en", training_key=recipe_key(TRAINING))
KEYS = (recipe_key(TRAINING), recipe_key(EVALUATION))


@cache
def results() -> tuple[Result, Result]:
    """What the two recipes give."""
    company = tutor().simulations[MAIN, "en"]
    training = registry.compute(company, TRAINING, {})
    return training, registry.compute(company, EVALUATION, {KEYS[0]: training})


def just_begun(name: str) -> dict[str, Any]:
    """Progress of somebody who stands at a lesson's second step."""
    lesson = tutor().library.lessons[name]
    return {
        "lesson": name,
        "version": lesson.version,
        "seed": 3,
        "frontier": lesson.phases[0].id,
        "cursor": lesson.steps[1].id,
        "started": True,
    }


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """A database with a learner who has a model, and has begun another lesson."""
    url = f"sqlite:///{tmp_path}/tutor.db"
    open_store(url).close()
    made = create_engine(url)
    learner, progress = documents(versions.PROGRESS.form, WHO)
    progress["model"] |= {"training": KEYS[0], "evaluation": KEYS[1]}
    progress |= {"version": tutor().library.lessons[MAIN].version, "cursor": "compare-own"}
    progress["cursor"] = step_that_needs_a_model()
    begun = just_begun(OTHER)
    with made.begin() as db:
        row = {"id": WHO, "version": 5, "doc": json.dumps(learner), "form": versions.LEARNER.form}
        db.execute(insert(tables.learner).values(row))
        for lesson, doc in ((MAIN, progress), (OTHER, begun)):
            kept = {"lesson": lesson, "doc": json.dumps(doc), "form": versions.PROGRESS.form}
            db.execute(insert(tables.progress).values(learner=WHO, **kept))
        who = {"channel": "emulator", "tenant": "", "external": "user1", "learner": WHO}
        db.execute(insert(tables.identity).values(who))
        recipes: tuple[Recipe, ...] = (TRAINING, EVALUATION)
        for key, recipe, result in zip(KEYS, recipes, results(), strict=True):
            stored = StoredResult.of(key, result)
            db.execute(
                insert(tables.result).values(
                    key=key,
                    kind=stored.kind,
                    doc=stored.doc,
                    form=stored.form,
                    recipe=recipe.model_dump_json(),
                    recipe_form=1,
                )
            )
            db.execute(insert(tables.computed_for).values(learner=WHO, key=key))
    return made


def step_that_needs_a_model() -> str:
    """A step at which the learner looks at what their model says."""
    return next(s.id for s in tutor().library.lessons[MAIN].steps if s.kind == "comparison")


# --- what may have become of a document ----------------------------------------------


def renamed(doc: str, kind: str, form: int) -> tuple[str, str, int]:
    """A field has another name than the tutor knows."""
    read = json.loads(doc)
    first = next(iter(read))
    return json.dumps({f"{first}_of_old": read.pop(first), **read}), kind, form


def broken(doc: str, kind: str, form: int) -> tuple[str, str, int]:
    """Half of it is gone."""
    return doc[: len(doc) // 2], kind, form


def unknown(doc: str, _: str, form: int) -> tuple[str, str, int]:
    """Its kind is none."""
    read = json.loads(doc)
    return json.dumps({**read, "kind": "guess"} if "kind" in read else read), "guess", form


def newer(doc: str, kind: str, form: int) -> tuple[str, str, int]:
    """A newer tutor wrote it."""
    return doc, kind, form + 1


Damage = Callable[[str, str, int], tuple[str, str, int]]
UNREADABLE: tuple[Damage, ...] = (renamed, broken)
SAID = ("hello", "help", "restart", "lessons")


def damage(engine: Engine, table: str, how: Damage, **where: str) -> None:
    """Change the stored documents of a table."""
    known = tables.metadata.tables[table]
    column = {"later": "event", "compute": "recipe"}.get(table, "doc")
    here = [known.c[name] == value for name, value in where.items()]
    with engine.begin() as db:
        for row in db.execute(select(known).where(*here)).mappings().all():
            doc, kind, form = how(row[column], row.get("kind", ""), row["form"])
            values: dict[str, Any] = {column: doc, "form": form}
            if "kind" in row:
                values["kind"] = kind
            key = [column == row[column.name] for column in known.primary_key]
            db.execute(update(known).where(*key).values(values))


def set_aside(engine: Engine) -> list[tuple[str, str]]:
    with engine.connect() as db:
        rows = db.execute(select(tables.set_aside.c.name, tables.set_aside.c.key))
        return [(row.name, row.key) for row in rows]


async def go_on(talk: Talk) -> str:
    """Say what every learner can say, and press; all that was answered."""
    seen = []
    for words in SAID:
        told = await talk.say(words)
        assert told, words
        seen.append(texts(told))
    # In the menu, the second lesson, and back.
    seen += [texts(await talk.say(number)) for number in ("1", "lessons", "2")]
    card = card_of(await talk.say("hello"))
    for title in ("Next", "Back", "Begin Exercise"):
        if f'"title": "{title}"' in json.dumps(card):
            told = await talk.press(card, title)
            assert told
            seen.append(texts(told))
            break
    else:
        pytest.fail(f"nothing to press: {texts(card)}")
    fault = tutor().library.strings.tutor.fault
    assert fault not in "\n".join(seen)
    return "\n".join(seen)


# --- results -------------------------------------------------------------------------


@pytest.mark.parametrize("how", [renamed, broken, unknown, newer])
async def test_a_result_that_can_not_be_read_is_computed_again(
    start: Start,
    connector: Connector,
    engine: Engine,
    how: Damage,
    caplog: pytest.LogCaptureFixture,
) -> None:
    words = tutor().library.strings.tutor
    damage(engine, "result", how)
    talk = Talk(await start(), connector)
    with caplog.at_level(logging.INFO):
        told = texts(await talk.say("hello"))
        assert words.model_again in told
        assert words.fault not in told
        while True:
            told = texts(await talk.say("hello"))
            assert words.fault not in told
            if words.model_again not in told:
                break
    assert SECRET not in caplog.text
    assert "computed again" in caplog.text
    with engine.connect() as db:
        stored = {
            row.key: StoredResult(row.key, row.kind, row.doc, row.form).read()
            for row in db.execute(select(tables.result))
        }
    assert stored == dict(zip(KEYS, results(), strict=True)), "the same as before"
    await go_on(talk)
    assert set_aside(engine) == []


async def test_a_result_without_a_recipe_is_dropped_and_the_learner_goes_on(
    start: Start, connector: Connector, engine: Engine
) -> None:
    damage(engine, "result", renamed)
    with engine.begin() as db:
        db.execute(update(tables.result).values(recipe=None))
    await go_on(Talk(await start(), connector))
    with engine.connect() as db:
        assert db.execute(select(tables.result)).all() == []


# --- progress and learner ------------------------------------------------------------


@pytest.mark.parametrize(("how", "lesson"), [(renamed, MAIN), (broken, MAIN), (renamed, OTHER)])
async def test_a_lessons_progress_that_can_not_be_read_leaves_the_others(  # noqa: PLR0913, PLR0917
    start: Start,
    connector: Connector,
    engine: Engine,
    how: Damage,
    lesson: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    damage(engine, "progress", how, lesson=lesson)
    talk = Talk(await start(), connector)
    with caplog.at_level(logging.INFO):
        first = texts(await talk.say("hello"))
        title = tutor().library.lessons[lesson].title
        assert tutor().library.strings.tutor.progress_lost.format(lesson=title) in first
        assert "can not be read" not in await go_on(talk), "it is said once"
    assert "set aside" in caplog.text
    assert "Where is my order" not in caplog.text
    assert set_aside(engine) == [("progress", lesson)]
    with engine.connect() as db:
        docs = db.execute(select(tables.progress.c.doc, tables.progress.c.form)).all()
    assert len([versions.PROGRESS.read(*doc) for doc in docs]) == 2


@pytest.mark.parametrize("how", UNREADABLE)
async def test_a_learner_who_can_not_be_read_keeps_their_progress(
    start: Start, connector: Connector, engine: Engine, how: Damage
) -> None:
    damage(engine, "learner", how)
    talk = Talk(await start(), connector)
    await go_on(talk)
    assert set_aside(engine) == [("learner", "")]
    with engine.connect() as db:
        rows = db.execute(select(tables.progress.c.lesson)).scalars().all()
    assert set(rows) == {MAIN, OTHER}


async def test_progress_of_a_newer_tutor_waits_for_it_and_leaves_the_other_lessons(
    start: Start, connector: Connector, engine: Engine
) -> None:
    damage(engine, "progress", newer, lesson=OTHER)
    with engine.connect() as db:
        mine = select(tables.progress).where(tables.progress.c.lesson == OTHER)
        before = db.execute(mine).one()
    talk = Talk(await start(), connector)
    place = [one.id for one in tutor().lessons].index(OTHER) + 1
    for words in ("hello", "help", "lessons"):
        assert await talk.say(words)
    status, _ = await talk.send(talk.activity(text=str(place)))
    assert status == 503, "the channel brings it again, to the newer one"
    status, _ = await talk.send(talk.activity(text="lessons"))
    assert status == 202
    with engine.connect() as db:
        assert db.execute(mine).one() == before
    assert set_aside(engine) == []


# --- what each step kept ----------------------------------------------------------------

KEEPING = [row for row in ROWS if row.state is not None]
TYPED = ("hello", "help", "next", "hello", "back", "hello", "progress", "1", "lessons", "hello")
LESSONS = (MAIN, OTHER, *(name for name in tutor().library.lessons if name not in (MAIN, OTHER)))
PLACES = [(lesson, step) for lesson in LESSONS for step in tutor().library.lessons[lesson].steps]


def unreadable_states(kept: type[Kept]) -> Iterator[JsonValue]:
    """States that the kind can't read: other shapes, other names, fields of other types."""
    fresh = kept().as_json()
    assert isinstance(fresh, dict)
    yield [SECRET]
    yield SECRET
    yield {**fresh, "of_old": SECRET}
    for name in fresh:
        yield {**fresh, name: {"of_old": {"secret": SECRET}}}


def odd_states(kept: type[Kept]) -> Iterator[JsonValue]:
    """States that the kind can read, of nothing that is there."""
    fresh = kept().as_json()
    assert isinstance(fresh, dict)
    odd: tuple[JsonValue, ...] = (
        10**6,
        -1,
        0.5,
        "",
        SECRET,
        [SECRET] * 99,
        [True] * 99,
        {SECRET: SECRET},
        {SECRET: 1},
    )
    for name, value in product(fresh, odd):
        state: JsonValue = {**fresh, name: value}
        with suppress(UnreadableError):
            kept.of(state)
            yield state


ALL = 10**6  # replies: the channel took every one


class Room:
    """A learner on a store's thread: turns without a channel, undone with the transaction."""

    def __init__(self, db: Connection) -> None:
        self.db, self.count = db, 0
        self.turns = Turns(tutor(), Signer("http://tutor", b"key"))

    def send(self, **parts: object) -> str:
        """Send an activity: all that was answered."""
        self.count += 1
        body = {
            "type": "message",
            "id": f"a{self.count}",
            "channelId": "emulator",
            "serviceUrl": "http://localhost",
            "from": {"id": "user1", "role": "user"},
            "recipient": {"id": "bot1", "role": "bot"},
            "conversation": {"id": "talk"},
            **parts,
        }
        arrived = replace(parse.inbound(body), arrived=ALL)
        turn = self.turns.on_activity(self.db, arrived, NOW)
        self.shown = turn.activities
        return json.dumps(turn.activities, ensure_ascii=False)

    def put(self, lesson: str, step: str, state: JsonValue) -> None:
        """Have the learner stand at a step that keeps this state."""
        mine = (tables.progress.c.learner == WHO, tables.progress.c.lesson == lesson)
        held = self.db.execute(select(tables.progress.c.doc).where(*mine)).scalar()
        if held is None:
            row = {"learner": WHO, "lesson": lesson, "doc": "", "form": versions.PROGRESS.form}
            self.db.execute(insert(tables.progress).values(row))
        doc = just_begun(lesson) if held is None else json.loads(held)
        record = {"status": "tried", **doc.get("records", {}).get(step, {}), "state": state}
        doc |= {"cursor": step, "records": {**doc.get("records", {}), step: record}}
        self.db.execute(update(tables.progress).where(*mine).values(doc=json.dumps(doc)))
        known = select(tables.learner.c.doc).where(tables.learner.c.id == WHO)
        learner = json.loads(self.db.execute(known).scalar_one()) | {"lesson": lesson}
        self.db.execute(update(tables.learner).values(doc=json.dumps(learner)))

    def go_on(self) -> str:
        """Say what moves about and press what the step's card offers: all that was answered."""
        seen = []
        for words in TYPED:
            seen.append(self.send(text=words))
            assert len(self.shown) > 0, words
        for action in actions(self.shown):
            self.send(text="hello")
            fresh = {a.get("title"): a["data"] for a in actions(self.shown)}
            if action.get("title") in fresh:
                seen.append(self.send(value=fresh[action["title"]]))
        told = "\n".join(seen)
        assert tutor().library.strings.tutor.fault not in told
        return told


@pytest.mark.parametrize("row", KEEPING, ids=lambda row: row.model.__name__)
def test_what_a_step_kept_that_can_not_be_read_stops_nobody(
    engine: Engine, row: Kind[Any], caplog: pytest.LogCaptureFixture
) -> None:
    places = [(lesson, step) for lesson, step in PLACES if isinstance(step, row.model)][:1]
    assert places
    assert row.state is not None
    for lesson, step in places:
        lost = tutor().library.strings.tutor.states_lost.format(steps=step.title)
        for state in unreadable_states(row.state):
            caplog.clear()
            with engine.connect() as db, caplog.at_level(logging.INFO):
                room = Room(db)
                room.put(lesson, step.id, state)
                first = json.loads(room.send(text="hello"))
                assert lost in [one.get("text") for one in first]
                assert lost not in room.go_on(), "it is said once"
                kept = db.execute(select(tables.set_aside)).one()
                assert (kept.name, kept.key) == ("progress", f"{lesson} {step.id}")
                assert json.loads(kept.doc) == state
                db.rollback()
            assert "it is set aside" in caplog.text
            assert SECRET not in caplog.text
        for state in odd_states(row.state):
            with engine.connect() as db:
                room = Room(db)
                room.put(lesson, step.id, state)
                room.go_on()
                assert db.execute(select(tables.set_aside)).all() == []
                db.rollback()


@pytest.mark.parametrize("row", [row for row in ROWS if row.state is None])
def test_who_keeps_something_says_so_in_its_row(row: Kind[Any]) -> None:
    module = Path(inspect.getfile(row.present)).read_text("utf-8")
    assert "scene.record.state" not in module


def test_progress_that_was_lost_begins_another_run(engine: Engine) -> None:
    damage(engine, "progress", renamed, lesson=MAIN)
    with engine.connect() as db:
        happened = LessonStarted(lesson=MAIN, run=4, at=NOW, version="1")
        facts.append(db, [StoredFact(happened, WHO, 1, 0, None, None, None, None)])
        room = Room(db)
        room.send(text="hello")
        room.send(text="begin")
        rows = db.execute(select(tables.fact.c.kind, tables.fact.c.run)).all()
    assert [tuple(row) for row in rows] == [("lesson-started", 4), ("lesson-started", 5)]


# --- what comes later -----------------------------------------------------------------


@pytest.mark.parametrize("how", [renamed, broken, unknown])
async def test_a_later_event_that_can_not_be_read_is_set_aside(
    start: Start, connector: Connector, engine: Engine, how: Damage
) -> None:
    due = Due(lesson=MAIN, run=1, step="job", name="1:done")
    with engine.begin() as db:
        row = {"learner": WHO, "name": "x", "conversation": "emulator|talk-user1", "due": 1.0}
        db.execute(insert(tables.later).values(**row, event=versions.TIMED.write(due)))
    damage(engine, "later", how)
    talk = Talk(await start(), connector)
    await go_on(talk)
    assert await until(lambda: set_aside(engine)) == [("later", "x")]
    assert await talk.say("help")


async def test_a_later_event_of_a_newer_tutor_waits_for_it(
    start: Start, connector: Connector, engine: Engine
) -> None:
    due = Due(lesson=MAIN, run=1, step="job", name="1:done")
    with engine.begin() as db:
        row = {"learner": WHO, "name": "x", "conversation": "emulator|talk-user1", "due": 1.0}
        form = versions.TIMED.form + 1
        db.execute(insert(tables.later).values(**row, event=versions.TIMED.write(due), form=form))
    await go_on(Talk(await start(), connector))
    with engine.connect() as db:
        assert len(db.execute(select(tables.later)).all()) == 1


@pytest.mark.parametrize("how", [renamed, broken, newer])
async def test_a_recipe_that_can_not_be_read_fails_and_is_set_aside(
    start: Start, connector: Connector, engine: Engine, how: Damage
) -> None:
    other = TRAINING.model_copy(update={"seed": 7})
    with engine.begin() as db:
        db.execute(
            insert(tables.computation).values(
                learner=WHO,
                key=recipe_key(other),
                step="lab",
                conversation="emulator|talk-user1",
                lesson=MAIN,
                run=1,
                kind="training",
                recipe=other.model_dump_json(),
            )
        )
    damage(engine, "compute", how)
    await go_on(Talk(await start(), connector))
    assert set_aside(engine) == [("compute", f"{recipe_key(other)} lab")]
    with engine.connect() as db:
        assert db.execute(select(tables.computation)).all() == []


@pytest.mark.parametrize("how", [renamed, broken])
async def test_a_reply_that_can_not_be_read_is_set_aside_and_the_next_are_delivered(
    start: Start, connector: Connector, engine: Engine, how: Damage
) -> None:
    talk = Talk(await start(), connector)
    connector.statuses, connector.retry_after = [503] * 99, "60"
    await talk.send(talk.activity(text="hello"))
    await talk.client.close()
    damage(engine, "activity", how)
    connector.statuses = []
    talk.client = await start()
    assert (await talk.send(talk.activity(text="help")))[0] == 202
    assert "Help" in texts(await connector.until(1))
    assert [name for name, _ in set_aside(engine)] == ["activity"]
