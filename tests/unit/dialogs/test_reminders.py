"""A reminder belongs to no lesson: it is said, and moves nobody."""

from datetime import UTC, datetime

import pytest
from pydantic import TypeAdapter

from dialogs import framing, reminders
from dialogs.tutor import Tutor
from dialogs.values.actions import Goto
from dialogs.values.events import Due, Reminder, Timed
from dialogs.values.progress import Learner
from dialogs.values.replies import Button, Message, Text
from dialogs.values.scene import Scene
from dialogs.values.turn import LearnerTurn

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
MET = Learner(id="learner-1", seed=7, greeted=True, locale="en", lesson="plain-words")


def come_back(learner: Learner, scene: Scene) -> LearnerTurn:
    step = scene.lesson.step(scene.progress.cursor) or scene.lesson.start
    button = Button("Go on", Goto(step.id), "go on")
    said = Message((Text("A week has gone by."),), (button,), stamp=framing.stamp(scene, step))
    return LearnerTurn(learner, (said,))


def test_a_reminder_is_said_and_changes_nothing(
    tutor: Tutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(reminders.BY_NAME, "come-back", come_back)
    turn = tutor.converse(MET, Reminder(name="come-back"), NOW, {})
    (said,) = turn.replies
    assert isinstance(said, Message)
    assert said.blocks == (Text("A week has gone by."),)
    assert said.stamp
    assert said.stamp.lesson == "plain-words"
    assert turn.learner is MET


def test_a_reminder_that_nobody_knows_any_more_says_nothing(tutor: Tutor) -> None:
    assert tutor.converse(MET, Reminder(name="gone"), NOW, {}) == LearnerTurn(MET, ())


def test_a_time_is_read_as_it_is_stored_and_as_it_was_stored_before() -> None:
    read: TypeAdapter[Timed] = TypeAdapter(Timed)
    old = '{"kind":"due","lesson":"l","run":1,"step":"s","name":"1:done"}'
    assert read.validate_json(old) == Due(lesson="l", run=1, step="s", name="1:done")
    told = Reminder(name="come-back")
    assert read.validate_json(told.model_dump_json()) == told
