"""A reminder comes through the store to a learner, in no lesson's name."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from dialogs import reminders
from dialogs.values.events import Reminder
from dialogs.values.progress import Learner
from dialogs.values.replies import Message, Text
from dialogs.values.scene import Scene
from dialogs.values.turn import At, LearnerTurn
from tests.channel.conftest import Connector, Start, Talk, texts


def come_back(learner: Learner, scene: Scene) -> LearnerTurn:
    """Say something, and ask to be back once more."""
    again = At("again", scene.now, Reminder(name="again"))
    said = Message((Text("A week has gone by."),))
    return LearnerTurn(learner, (said,), later=(again,))


def again(learner: Learner, _: Scene) -> LearnerTurn:
    return LearnerTurn(learner, (Message((Text("And another one."),)),))


async def test_a_reminder_asks_for_another_and_both_are_said(
    start: Start, connector: Connector, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(reminders.BY_NAME, "come-back", come_back)
    monkeypatch.setitem(reminders.BY_NAME, "again", again)
    database = f"sqlite:///{tmp_path}/tutor.db"
    talk = Talk(await start(DATABASE_URL=database), connector)
    await talk.say("begin")
    before = len(connector.sent)
    engine = create_engine(database)

    def ask() -> None:
        told = {"event": Reminder(name="come-back").model_dump_json()}
        gone = {"event": Reminder(name="gone").model_dump_json()}
        with engine.begin() as db:
            into = "INSERT INTO later (learner, name, conversation, due, event)"
            query = "SELECT learner, :name, 'emulator|talk-user1', 0, :event FROM identity"
            db.execute(text(f"{into} {query}"), {"name": "come-back", **told})
            db.execute(text(f"{into} {query}"), {"name": "gone", **gone})

    await asyncio.to_thread(ask)
    said = await connector.until(before + 2)
    heard = [texts(one).strip() for one in said[before:]]
    assert heard == ["A week has gone by.", "And another one."]
    with engine.connect() as db:
        assert db.execute(text("SELECT count(*) FROM later")).scalar() == 0
    engine.dispose()


async def test_a_hall_is_reminded_though_one_reminder_fails(
    start: Start, connector: Connector, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall = 40

    def greet(learner: Learner, _: Scene) -> LearnerTurn:
        return LearnerTurn(learner, (Message((Text("The poll is open."),)),))

    monkeypatch.setitem(reminders.BY_NAME, "greet", greet)
    database = f"sqlite:///{tmp_path}/tutor.db"
    client = await start(DATABASE_URL=database)
    talks = [Talk(client, connector, f"user{n}") for n in range(hall)]
    for talk in talks:
        await talk.say("hi")
    before = len(connector.sent)
    engine = create_engine(database)

    def ask() -> None:
        event = Reminder(name="greet").model_dump_json()
        with engine.begin() as db:
            into = "INSERT INTO later (learner, name, conversation, due, event)"
            query = "SELECT learner, 'greet', id, 0, :event FROM conversation"
            db.execute(text(f"{into} {query}"), {"event": event})
            # Of one learner nothing can be read: only a newer tutor could.
            newer = "UPDATE learner SET form = 999 WHERE id = (SELECT min(id) FROM learner)"
            db.execute(text(newer))
            # They aren't known by heart any more.
            db.execute(text("UPDATE learner SET version = version + 1"))

    await asyncio.to_thread(ask)
    said = await connector.until(before + hall - 1)
    assert [texts(one).strip() for one in said[before:]] == ["The poll is open."] * (hall - 1)
    assert "The poll" not in str(await talks[-1].say("help"))  # and it goes on answering
    with engine.connect() as db:
        assert db.execute(text("SELECT count(*) FROM later")).scalar() == 1
    engine.dispose()
