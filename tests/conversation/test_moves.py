"""A lesson that changes while a learner is in it."""

from dataclasses import replace

from content.lesson import ChoiceStep, Lesson
from dialogs.tutor import Tutor
from dialogs.values.replies import Message, Notice, Select, Write
from tests.conversation.classroom import Classroom, pressed
from tests.conversation.test_lessons import play_until

MAIN = "polite-chatbot"


def with_first_phase(tutor: Tutor, lesson: Lesson, steps: tuple[object, ...]) -> Tutor:
    """The tutor with another version of the lesson's first phase."""
    phase = lesson.phases[0].model_copy(update={"steps": steps})
    changed = lesson.model_copy(
        update={"phases": (phase, *lesson.phases[1:]), "version": "another"}
    )
    library = tutor.library
    return Tutor(replace(library, lessons={**library.lessons, MAIN: changed}))


def notices(room: Classroom) -> list[str]:
    last = room.transcript[-1]
    assert isinstance(last, Message)
    return [b.text for b in last.blocks if isinstance(b, Notice)]


def test_a_slip_costs_nobody_what_was_filled_in(tutor: Tutor) -> None:
    room = Classroom(tutor, MAIN)
    play_until(room, "decision")
    room.press("answer", {"picked": "parameters", "why": "because"})
    asked = room.transcript[-1]
    assert isinstance(asked, Message)
    (choice,) = (b for b in asked.blocks if isinstance(b, Select))
    (reason,) = (b for b in asked.blocks if isinstance(b, Write))
    assert (choice.value, reason.value) == (("parameters",), "because")
    assert room.progress.record("decision").attempts == 0


def test_a_removed_step_leads_to_the_next_unfinished_one(tutor: Tutor) -> None:
    room = Classroom(tutor, MAIN)
    play_until(room, "issues")
    earned = {k for k, r in room.progress.records.items() if r.status == "passed"}
    lesson = tutor.library.lessons[MAIN]
    steps = tuple(s for s in lesson.phases[0].steps if s.id != "issues")
    room.tutor = with_first_phase(tutor, lesson, steps)
    room.type("hello")
    assert room.progress.cursor == "targets"
    assert tutor.library.strings.tutor.moved in notices(room)
    assert {k for k, r in room.progress.records.items() if r.status == "passed"} == earned


def test_a_changed_question_is_asked_anew_without_an_attempt(tutor: Tutor) -> None:
    room = Classroom(tutor, MAIN)
    play_until(room, "issues")
    assert room.stamped
    assert room.stamped.stamp
    old, button = room.stamped.stamp, room.stamped.buttons[0]
    lesson = tutor.library.lessons[MAIN]
    steps = tuple(
        s.model_copy(update={"prompt": "What is off here?"}) if isinstance(s, ChoiceStep) else s
        for s in lesson.phases[0].steps
    )
    room.tutor = with_first_phase(tutor, lesson, steps)
    room.send(pressed(old, button, {"picked": "impersonal,missed,inconsistent"}))
    assert room.progress.cursor == "issues"
    assert room.progress.record("issues").attempts == 0
    assert notices(room)
