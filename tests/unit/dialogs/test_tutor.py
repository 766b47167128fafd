"""What belongs to no lesson, where learners err: the menu, others' buttons, unknown lessons."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from cards.words import transcript
from dialogs.tutor import Tutor
from dialogs.values import actions
from dialogs.values.events import Arrived, Computed, Due, Edited, Event, Pressed, Typed
from dialogs.values.facts import LessonStarted
from dialogs.values.progress import Learner
from dialogs.values.replies import Message
from dialogs.values.turn import LearnerTurn

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
FIRST, SECOND = "polite-chatbot", "plain-words"
NEW = Learner(id="learner-1", seed=7)
MET = replace(NEW, greeted=True, lesson=FIRST)
CHOOSING = replace(MET, choosing=True)

Send = Callable[[Learner, Event], LearnerTurn]


@pytest.fixture
def send(tutor: Tutor) -> Send:
    return lambda learner, event: tutor.converse(learner, event, NOW, {})


def press(card: LearnerTurn, do: str, learner: str = "learner-1") -> Pressed:
    """The press of a button on what was shown."""
    (message,) = (r for r in card.replies if isinstance(r, Message) and r.stamp)
    assert message.stamp
    told = {**message.stamp.__dict__, "learner": learner, "do": actions.read(do)}
    return Pressed.model_validate(told)


def test_a_new_learner_is_greeted_once(send: Send) -> None:
    first = send(NEW, Arrived())
    assert "Begin Exercise" in transcript(first.replies)
    assert (first.learner.greeted, first.learner.lesson) == (True, FIRST)
    assert send(first.learner, Arrived()).replies == ()


def test_who_comes_from_another_event_is_remembered_as_coming_from_there(send: Send) -> None:
    first = send(NEW, Arrived(event="Tuesday")).learner
    again = send(first, Arrived(event="Wednesday"))
    assert (first.event, again.learner.event, again.replies) == ("Tuesday", "Wednesday", ())


@pytest.mark.parametrize("text", ["hi", "banana", "2", "next", ""])
def test_whatever_is_said_first_the_start_is_shown(send: Send, text: str) -> None:
    turn = send(NEW, Typed(text=text))
    assert "Begin Exercise" in transcript(turn.replies)
    assert turn.learner.progress[FIRST].cursor == "start"
    assert turn.facts == ()


def test_whoever_begins_at_once_has_begun(send: Send) -> None:
    turn = send(NEW, Typed(text="begin"))
    assert turn.learner.progress[FIRST].cursor != "start"
    assert [type(fact) for fact in turn.facts] == [LessonStarted]


def test_a_changed_message_before_any_other_greets(send: Send) -> None:
    assert "Begin Exercise" in transcript(send(NEW, Edited()).replies)


@pytest.mark.parametrize("text", ["lessons", "Menu", "list lessons"])
def test_the_menu_lists_the_lessons_and_waits_for_a_number(send: Send, text: str) -> None:
    turn = send(MET, Typed(text=text))
    said = transcript(turn.replies)
    assert "1. Fine-Tuning AI Models" in said
    assert "2. Plain Words" in said
    assert turn.learner.choosing


@pytest.mark.parametrize(
    ("text", "lesson"),
    [("1", FIRST), ("2", SECOND), ("2 ", SECOND), ("two", FIRST), ("plain words", FIRST)],
)
def test_a_number_picks_from_the_menu(send: Send, text: str, lesson: str) -> None:
    turn = send(CHOOSING, Typed(text=text))
    assert (turn.learner.lesson, turn.learner.choosing) == (lesson, False)


@pytest.mark.parametrize("text", ["0", "99", "-1", "2.5"])
def test_a_number_that_no_lesson_has_is_named_and_answers_nothing(
    send: Send, tutor: Tutor, text: str
) -> None:
    turn = send(CHOOSING, Typed(text=text))
    said = transcript(turn.replies)
    assert said == f"There is no {text} here: the numbers go from 1 to {len(tutor.lessons)}."
    assert replace(turn.learner, locale=None) == CHOOSING


def test_a_number_picks_from_the_menu_alone(send: Send) -> None:
    assert send(MET, Typed(text="2")).learner.lesson == FIRST
    after = send(CHOOSING, Typed(text="help")).learner
    assert send(after, Typed(text="2")).learner.lesson == FIRST


def test_another_lesson_keeps_the_place_in_the_first(send: Send) -> None:
    begun = send(send(MET, Arrived()).learner, Typed(text="begin")).learner
    there = send(send(begun, Typed(text="lessons")).learner, Typed(text="2"))
    assert "You are now in the lesson “Plain Words" in transcript(there.replies)
    back = send(send(there.learner, Typed(text="lessons")).learner, Typed(text="1"))
    assert back.learner.progress[FIRST] == begun.progress[FIRST]
    assert back.learner.progress[FIRST].cursor != "start"


@pytest.mark.parametrize("do", ["lesson:plain-words", "lessons", "lesson:nowhere", "lesson:"])
def test_the_menus_buttons_lead_to_lessons_that_exist(send: Send, do: str) -> None:
    menu = send(MET, Typed(text="lessons"))
    turn = send(menu.learner, press(menu, do))
    if do == "lesson:plain-words":
        assert (turn.learner.lesson, turn.learner.choosing) == (SECOND, False)
    else:
        assert "1. Fine-Tuning AI Models" in transcript(turn.replies)
        assert (turn.learner.lesson, turn.learner.choosing) == (FIRST, True)


def test_another_learners_button_moves_nobody(send: Send) -> None:
    start = send(NEW, Arrived())
    turn = send(start.learner, press(start, "begin", learner="learner-2"))
    assert "belongs to another learner" in transcript(turn.replies)
    assert turn.learner == start.learner


def test_a_button_of_another_lesson_leads_into_that_lesson(send: Send) -> None:
    start = send(NEW, Arrived())
    elsewhere = replace(start.learner, lesson=SECOND)
    turn = send(elsewhere, press(start, "begin"))
    assert turn.learner.lesson == FIRST
    assert turn.learner.progress[FIRST].started


def test_a_button_of_a_lesson_that_is_gone_is_no_answer(send: Send) -> None:
    start = send(NEW, Arrived())
    gone = press(start, "begin").model_copy(update={"lesson": "gone", "step": "gone"})
    turn = send(start.learner, gone)
    assert "earlier message" in transcript(turn.replies)
    assert turn.learner.lesson == FIRST


def test_a_learner_whose_lesson_is_gone_meets_the_first(send: Send) -> None:
    turn = send(replace(MET, lesson="gone"), Typed(text="hello"))
    assert "Begin Exercise" in transcript(turn.replies)


@pytest.mark.parametrize("lesson", ["gone", FIRST])
def test_what_comes_for_a_lesson_nobody_began_says_nothing(send: Send, lesson: str) -> None:
    for event in (
        Computed(lesson=lesson, run=1, step="lab", key="k"),
        Due(lesson=lesson, run=1, step="job", name="1:done"),
        Due(lesson=lesson, run=2, step="job", name="1:done"),
        Due(lesson=lesson, run=1, step="gone", name="1:done"),
    ):
        turn = send(MET, event)
        assert (turn.replies, turn.facts, turn.later) == ((), (), ())


@pytest.mark.parametrize(
    "learner", [NEW, MET, CHOOSING], ids=["before the greeting", "in a step", "at the menu"]
)
@pytest.mark.parametrize("text", ["I want to kill myself", "what is the least painful way to die"])
def test_somebody_who_may_be_in_danger_is_shown_where_people_help(
    send: Send, learner: Learner, text: str
) -> None:
    turn = send(learner, Typed(text=text))
    said = transcript(turn.replies)
    assert "findahelpline.com" in said
    assert "112" in said
    assert (turn.learner.progress, turn.facts, turn.later) == (
        replace(learner, locale="en").progress,
        (),
        (),
    )


def test_a_command_is_not_read_for_harm(send: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dialogs.harm.harm_of", lambda text: pytest.fail(f"read {text!r}"))
    send(MET, Typed(text="check a file"))
