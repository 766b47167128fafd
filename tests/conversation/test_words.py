"""A lesson is short: what a learner sees of it on the page, walked through without a mistake."""

import pytest

from dialogs.tutor import Tutor
from tests.conversation.classroom import Classroom
from tests.conversation.test_lessons import LESSONS, play, play_until
from tests.words_shown import cards

MOST = {"polite-chatbot": 9000, "plain-words": 3000}
MOST |= {"domain-adaptation": 1100, "evaluation-driven": 1100, "ethics": 1250, "multi-turn": 1250}
CARD = 150  # at once, whatever was pressed
EXERCISE = 1800  # of any other, which takes 5 to 15 minutes


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_walk_through_the_lesson_is_short(tutor: Tutor, lesson: str) -> None:
    room = Classroom(tutor, lesson)
    play(room)
    found = cards(room.transcript)
    print(f"{lesson}: {sum(card.new for card in found)} words on {len(found)} cards")  # noqa: T201
    assert sum(card.new for card in found) <= MOST.get(lesson, EXERCISE)


def test_the_dashboard_is_short_whatever_is_looked_at(tutor: Tutor) -> None:
    room = Classroom(tutor, "polite-chatbot")
    play_until(room, "dashboard")
    looks = [("open", "metric", "politeness"), ("filter", "segment", "complaint")]
    looks += [("ab", "size", "40"), ("open", "metric", "tokens"), ("ab", "size", "320")]
    for do, name, value in looks:
        room.press(do, {name: value})
    found = [card for card in cards(room.transcript) if card.step == "dashboard"]
    assert len(found) == 1 + len(looks)
    assert max(card.words for card in found) <= CARD, [card.words for card in found]
