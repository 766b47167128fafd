"""What is said beside an answer is answered in a sentence or two, and costs nothing."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from content.lesson import ChatStep, ChecklistStep, ComparisonStep, Step
from content.reading import TalkName
from dialogs import talk
from dialogs.advance import COURTESIES
from dialogs.reading.talk import talk_in
from dialogs.tutor import Tutor
from dialogs.values.facts import HintShown
from dialogs.values.replies import Message, Text
from dialogs.work import requirements
from tests.conversation.classroom import Classroom
from tests.conversation.test_lessons import play_until

MAIN = "polite-chatbot"
SAID: dict[TalkName, list[str]] = yaml.safe_load(
    (Path(__file__).parent / "talk.yaml").read_text("utf-8")
)
SENTENCES = [(name, text) for name, texts in SAID.items() for text in texts]


def words(room: Classroom, text: str) -> str:
    """What the tutor says to a text, where it is a word and no card."""
    said = room.type(text)
    assert len(said) == 1
    assert isinstance(said[0], Message)
    assert said[0].stamp is None, "no other card takes the place of the one that is open"
    (only,) = said[0].blocks
    assert isinstance(only, Text)
    return only.text


def test_sentences_that_nobody_learnt_from_are_understood() -> None:
    heard = [(name, text, talk_in(text)) for name, text in SENTENCES]
    right = sum(name == got for name, _, got in heard)
    wrong = [(text, got) for name, text, got in heard if got not in (name, None)]
    assert right >= 0.85 * len(SENTENCES), [one for one in heard if one[0] != one[2]]
    assert len(wrong) <= 0.03 * len(SENTENCES), wrong


def at_step(tutor: Tutor, step_id: str) -> Classroom:
    room = Classroom(tutor, MAIN, seed=3)
    play_until(room, step_id)
    return room


@pytest.mark.parametrize(
    ("said", "part"),
    [
        ("how long does this take?", "minutes are left"),
        ("how many steps are left", "step 3 of 8 in phase 1 of 4"),
        ("can I skip this?", "Not this one"),
        ("what happens if I answer wrong", "another try"),
        ("do i get a certificate", "progress"),
        ("are you a bot?", "program"),
        ("is this real azure?", "simulated"),
        ("I don't understand overfitting", "memorises"),
        ("what does token mean", "pieces"),
        ("what is a neural network", "isn't among the words"),
        ("thanks", "welcome"),
        ("ok", "waits for you"),
        ("too much text", "In short"),
    ],
)
def test_a_question_is_answered_where_it_is_asked(tutor: Tutor, said: str, part: str) -> None:
    room = at_step(tutor, "requirements")
    assert part in words(room, said)


def test_a_side_question_leaves_the_card_as_it_is(tutor: Tutor) -> None:
    room = at_step(tutor, "requirements")
    before, card = room.progress, room.stamped
    words(room, "how long does this take?")
    words(room, "why?")
    assert room.progress.ticket == before.ticket
    assert room.progress.records == before.records
    assert room.stamped is card
    room.press("answer", {"picked": "politeness"})
    assert room.progress.record("requirements").attempts == 1


def test_a_yes_goes_on_where_nothing_is_asked(tutor: Tutor) -> None:
    room = at_step(tutor, "way-of-working")
    room.type("ok, got it")
    assert room.progress.cursor == "requirements"


def test_hints_are_given_and_the_answer_after_a_fair_try(tutor: Tutor) -> None:
    room = at_step(tutor, "requirements")
    step = tutor.library.lessons[MAIN].step("requirements")
    assert isinstance(step, ChecklistStep)
    hints = step.hints
    assert words(room, "give me a hint") == hints[0]
    assert hints[0] in words(room, "show me the answer")
    for _ in range(talk.FAIR):
        room.press("answer", {"picked": step.items[0].id})
    told = words(room, "show me the answer")
    for item in step.items:
        assert (item.text in told) == item.relevant
    shown = [fact for fact in room.facts if isinstance(fact, HintShown)]
    assert shown[-1].level == len(hints) + 1, "that the answer was shown is kept"


def talks_with_a_model(step: Step) -> bool:
    return isinstance(step, ChatStep | ComparisonStep)


def kinds(tutor: Tutor) -> Iterator[Step]:
    """The first step of each kind, in the lesson's order, but for the quiz's end."""
    seen: set[str] = set()
    for phase in tutor.library.lessons[MAIN].phases:
        for step in phase.steps:
            if step.kind not in seen:
                seen.add(step.kind)
                yield step


def test_at_steps_of_every_kind_hardly_anything_that_is_said_costs_an_attempt(
    tutor: Tutor,
) -> None:
    room = Classroom(tutor, MAIN, seed=3)
    told = asked = cost = 0
    for step in kinds(tutor):
        play_until(room, step.id)
        learner, now, card = room.learner, room.now, room.stamped
        record = room.progress.record(step.id)
        for name, text in SENTENCES:
            room.learner, room.now = learner, now
            scene = tutor.scene(learner, tutor.library.lessons[MAIN], now, room.results)
            replies = room.type(text)
            if room.progress.record(step.id).attempts != record.attempts:
                cost += 1
                assert step.written, (step.id, text)
            goes_on = name == "fine" and requirements.may_leave(step, scene.progress)
            to_model = talks_with_a_model(step) and name in COURTESIES
            if name == "repeat" or goes_on or to_model:
                continue
            asked += 1
            wanted = talk.answered(replace(scene, now=room.now), step, name).text
            told += any(
                isinstance(block, Text) and block.text == wanted
                for reply in replies
                if isinstance(reply, Message)
                for block in reply.blocks
            )
        room.learner, room.now, room.stamped = learner, now, card
    assert told >= 0.85 * asked, f"{told} of {asked}"
    assert cost <= 0.01 * asked, f"{cost} of {asked}"
