"""A lesson is short: what a learner sees of it on the page, walked through without a mistake."""

import pytest

from dialogs.tutor import Tutor
from tests.conversation.classroom import Classroom
from tests.conversation.test_lessons import LESSONS, play
from tests.words_shown import cards

MOST = {"polite-chatbot": 9000, "plain-words": 3000}
MOST |= {"domain-adaptation": 1100, "evaluation-driven": 1100, "ethics": 1250, "multi-turn": 1250}
EXERCISE = 1800  # of any other, which takes 5 to 15 minutes


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_walk_through_the_lesson_is_short(tutor: Tutor, lesson: str) -> None:
    room = Classroom(tutor, lesson)
    play(room)
    found = cards(room.transcript)
    print(f"{lesson}: {sum(card.new for card in found)} words on {len(found)} cards")  # noqa: T201
    assert sum(card.new for card in found) <= MOST.get(lesson, EXERCISE)
