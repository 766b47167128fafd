"""Who presses Check twice has tried once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dialogs.tutor import Tutor
from dialogs.values.facts import HintShown, StepAnswered
from dialogs.values.replies import Message
from tests.conversation.classroom import Classroom
from tests.conversation.test_lessons import play_until

MAIN = "polite-chatbot"
AT_ONCE = timedelta(seconds=0.7)  # earlier than the classroom's next second


@pytest.mark.parametrize(
    ("step", "values"),
    [
        ("requirements", {"picked": "agree,human"}),
        ("issues", {"picked": "wrong"}),
        ("run-order", {"order": "deploy,model,upload,validate,configure,create,monitor,evaluate"}),
    ],
)
def test_the_same_wrong_answer_sent_again_is_one_attempt(
    tutor: Tutor, step: str, values: dict[str, str]
) -> None:
    room = Classroom(tutor, MAIN, seed=3)
    play_until(room, step)
    first = room.press("answer", values)
    after = room.progress.record(step)
    assert (after.attempts, after.misses) == (1, 1)
    told = len(room.facts)
    room.now -= AT_ONCE
    second = room.press("answer", values)
    assert room.progress.record(step) == after
    assert not any(isinstance(f, HintShown | StepAnswered) for f in room.facts[told:])
    shown, again = first[-1], second[-1]
    assert isinstance(shown, Message)
    assert isinstance(again, Message)
    assert again.stamp != shown.stamp, "it is another card"
    assert replace(again, stamp=None, instead=None) == replace(shown, stamp=None, instead=None)


def test_another_wrong_answer_is_another_attempt(tutor: Tutor) -> None:
    room = Classroom(tutor, MAIN, seed=3)
    play_until(room, "requirements")
    room.press("answer", {"picked": "agree"})
    room.now -= AT_ONCE
    room.press("answer", {"picked": "agree,human"})
    assert room.progress.record("requirements").misses == 2


def test_who_sends_the_same_later_has_tried_again(tutor: Tutor) -> None:
    room = Classroom(tutor, MAIN, seed=3)
    play_until(room, "requirements")
    room.press("answer", {"picked": "agree"})
    room.press("answer", {"picked": "agree"})
    assert room.progress.record("requirements").misses == 2
