"""Simulated learners know every shipped lesson by its cards alone."""

from random import Random

import pytest

from bot.activity.links import Signer
from bot.simulate import card as cards
from bot.simulate.answers import Memory, filled, spoiled, typed
from bot.simulate.card import Card
from cards import Surface, press
from content.lesson import Step
from dialogs.values.events import Event, Typed
from tests.conversation.classroom import Classroom
from tests.lessons import tutor
from tests.rendering import rendered

TUTOR = tutor()
LINKS = Signer("http://127.0.0.1:3978", b"key").links("learner-1")
MOST_TURNS = 400


class Sight:
    """A learner who sees the cards, and nothing else, of what the tutor says."""

    def __init__(self, lesson: str, seed: int) -> None:
        self.room = Classroom(TUTOR, lesson, seed)
        self.lesson = TUTOR.library.lessons[lesson]
        self.memory = Memory(Random(seed), TUTOR.library.strings)
        self.card = self.read(None)

    def read(self, before: Card | None) -> Card:
        assert self.room.stamped
        found = [cards.read(a, before) for a in rendered([self.room.stamped], Surface(), LINKS)]
        assert found[-1]
        return found[-1]

    def do(self) -> None:
        """The next right thing, by a press where there is one."""
        primary = self.card.button("next") or self.card.primary
        if primary is None:
            self.send(Typed(text=self.card.suggestions[0]))
            return
        values = {}
        if primary.do in ("answer", "open"):
            values = self.memory.values(self.step, self.card)
        pressed = press.parse({**primary.data, **filled(values, self.card)})
        assert pressed
        self.send(pressed)

    def send(self, event: Event) -> None:
        self.room.send(event)
        self.room.wait(minutes=2)
        self.card = self.read(self.card)

    @property
    def step(self) -> Step:
        return self.lesson.step(self.card.step) or self.lesson.start


@pytest.mark.parametrize("lesson", sorted(TUTOR.library.lessons))
def test_a_learner_who_sees_the_cards_alone_finishes_the_lesson(lesson: str) -> None:
    sight = Sight(lesson, 3)
    for _ in range(MOST_TURNS):
        if sight.card.step == sight.lesson.complete.id:
            break
        sight.do()
    assert sight.room.progress.completed_at


@pytest.mark.parametrize("lesson", sorted(TUTOR.library.lessons))
def test_what_is_typed_means_what_is_pressed(lesson: str) -> None:
    sight = Sight(lesson, 4)
    told = 0
    for _ in range(MOST_TURNS):
        if sight.card.step == sight.lesson.complete.id:
            break
        primary = sight.card.button("next") or sight.card.primary
        text = None
        if primary and primary.do == "answer":
            text = typed(sight.memory.values(sight.step, sight.card), sight.card)
        if text:
            told += 1
            sight.send(Typed(text=text))
        else:
            sight.do()
    assert sight.room.progress.completed_at
    asked = sum(step.assessed for step in sight.lesson.steps)
    assert told > min(5, asked / 2)


def test_a_spoiled_answer_is_another_answer_that_the_card_can_send() -> None:
    sight, dice, spoilt = Sight("plain-words", 5), Random(5), 0
    for _ in range(MOST_TURNS):
        if sight.card.step == sight.lesson.complete.id:
            break
        primary = sight.card.button("next") or sight.card.primary
        if primary and primary.do == "answer":
            values = sight.memory.values(sight.step, sight.card)
            wrong = spoiled(values, sight.card, dice)
            assert wrong != values or not values
            assert set(filled(wrong, sight.card)) == {f.id for f in sight.card.fields}
            spoilt += 1
        sight.do()
    assert spoilt > 5
