"""The conversation step: a talk with the model that a learner tuned, as their lines made it."""

from dataclasses import replace

import pytest

from cards.words import transcript
from content.lesson import ConversationStep
from dialogs.steps.conversation import LONGEST, MOST, State
from dialogs.values.facts import StepAnswered
from dialogs.values.replies import Message
from tests.conversation.classroom import Classroom
from tests.lessons import library, tutor

LESSON, STEP = "multi-turn", "talk"
KEPT = {"lines": "multi,rough", "weights": "marked", "history": "all", "messages": ""}
NAMED, *FURTHER = (
    "Hello, I look for a lawn mower",
    "How long is the warranty?",
    "And what does it run on?",
    "Where is it again?",
)


def room(**trial: str) -> Classroom:
    """A learner who made one trial, and now stands before the talk."""
    made = Classroom(tutor(), LESSON)
    made.type("begin")
    tune(made, **trial)
    return made


def stand(learner: Classroom, step: str) -> None:
    """Put the learner before a step."""
    progress = {**learner.learner.progress, LESSON: learner.progress.at(step)}
    learner.learner = replace(learner.learner, progress=progress)
    learner.type("hello")


def tune(learner: Classroom, **trial: str) -> None:
    """Make a trial, and come before the talk."""
    stand(learner, "tune")
    learner.press("answer", {**KEPT, **trial})
    stand(learner, STEP)


def state(learner: Classroom) -> State:
    return State.of(learner.progress.record(STEP).state)


def kept(learner: Classroom) -> list[bool | None]:
    return [one.kept for one in state(learner).said]


def test_three_replies_that_keep_the_thread_pass() -> None:
    learner = room()
    learner.type(NAMED)
    assert "garden hall" in state(learner).said[0].reply
    for text in FURTHER[:2]:
        assert "The thread holds" in transcript(learner.type(text))
    assert learner.progress.record(STEP).status != "passed"
    said = transcript(learner.type(FURTHER[2]))
    assert kept(learner) == [None, True, True, True]
    assert learner.progress.record(STEP).status == "passed"
    step = library().lessons[LESSON].step(STEP)
    assert isinstance(step, ConversationStep)
    assert step.praise in said
    assert [f.step for f in learner.facts if isinstance(f, StepAnswered)][-1:] == [STEP]


def test_the_card_stays_where_it_stands_and_the_reply_comes_alone() -> None:
    learner = room()
    first, *_, last = (one for one in learner.type(NAMED) if isinstance(one, Message))
    assert not first.blocks
    assert first.instead, "the card is renewed in its place"
    said = transcript([last])
    assert "garden hall" in said
    assert NAMED not in said, "the learner's own words stand above it"


@pytest.mark.parametrize(
    ("trial", "why"),
    [
        ({"history": "last"}, "sends the last message alone"),
        ({"lines": "single"}, "No line has shown it"),
    ],
)
def test_a_model_loses_the_thread_as_its_lines_and_its_use_have_it(
    trial: dict[str, str], why: str
) -> None:
    learner = room(**trial)
    learner.type(NAMED)
    said = transcript(learner.type(FURTHER[0]))
    assert "The thread is lost" in said
    assert why in said
    assert kept(learner) == [None, False]
    assert learner.progress.record(STEP).status != "passed"


def test_the_right_thing_by_chance_is_no_kept_thread() -> None:
    learner = room(lines="single,multi", history="last")  # which says "jigsaw" to whatever is asked
    learner.type("Hello, I look for a jigsaw")
    for text in FURTHER:
        said = transcript(learner.type(text))
        assert "jigsaw" in state(learner).said[-1].reply
        assert "The right thing, but by chance" in said
        assert "sends the last message alone" in said
    assert kept(learner) == [None] * 4
    assert [one.chance for one in state(learner).said] == [False, True, True, True]
    assert learner.progress.record(STEP).status != "passed"


def test_another_fact_of_the_right_thing_is_no_kept_thread() -> None:
    learner = room(lines="multi")
    learner.type("cordless drill please")
    learner.type("how long is the warranty on that")
    said = transcript(learner.type("is it electric?"))  # a word that stands in none of its lines
    assert "The cordless drill is in aisle four" in state(learner).said[-1].reply
    assert "something else of it than you asked for" in said
    assert "The thread holds" not in said
    assert kept(learner) == [None, True, False]
    assert state(learner).said[-1].unasked
    assert "The thread holds" in transcript(learner.type("What does it run on?"))
    assert "green battery" in state(learner).said[-1].reply
    assert kept(learner) == [None, True, False, True]


def test_a_fact_that_nobody_asked_for_counts_for_nothing() -> None:
    learner = room(lines="multi")
    learner.type("The cordless drill, please")
    learner.type("My neighbour has painted his fence")
    assert "cordless drill" in state(learner).said[-1].reply
    assert kept(learner) == [None, None]


def test_other_words_and_another_thing_are_free() -> None:
    learner = room()
    assert "aisle six" in transcript(learner.type("I look for the jigsaw, please"))
    learner.type("and the warranty?")
    assert kept(learner) == [None, True]
    assert "five years" in state(learner).said[1].reply


def test_a_new_conversation_knows_nothing_of_the_last_one() -> None:
    learner = room()
    learner.type(NAMED)
    assert "nothing of the last one" in transcript(learner.type("a new conversation"))
    learner.type(FURTHER[0])
    assert kept(learner) == [None]
    learner.press("answer", {})
    assert not state(learner).said


def test_another_trial_is_another_model() -> None:
    learner = room()
    learner.type(NAMED)
    tune(learner, lines="single")
    assert learner.stamped
    assert f"You: {NAMED}" not in transcript([learner.stamped])
    learner.type(FURTHER[0])
    assert [one.message for one in state(learner).said] == [FURTHER[0]]


def test_messages_have_an_end() -> None:
    learner = room()
    assert f"{LONGEST} characters" in transcript(learner.type("mower " * 80))
    for _ in range(MOST):
        learner.type(FURTHER[0])
    assert "enough for one conversation" in transcript(learner.type(FURTHER[1]))
    assert len(state(learner).said) == MOST


def test_without_a_trial_there_is_no_model() -> None:
    learner = Classroom(tutor(), LESSON)
    learner.type("begin")
    stand(learner, STEP)
    assert "Go back and make a trial first" in transcript(learner.type(NAMED))


def test_it_is_held_in_german() -> None:
    learner = room()
    learner.learner = replace(learner.learner, locale="de")
    step = library().edition(LESSON, "de").lessons[LESSON].step(STEP)
    assert isinstance(step, ConversationStep)
    for text in step.samples[:4]:
        said = transcript(learner.type(text))
    assert kept(learner) == [None, True, True, True]
    assert step.praise in said
