"""What a learner's choices lead to, over many turns."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from content.lesson import JobStep, Lesson, SelectionStep
from dialogs.simulations.persona import Company
from dialogs.tutor import Tutor
from dialogs.values.actions import Goto
from dialogs.values.events import Pressed
from dialogs.values.facts import ModelTrained
from dialogs.values.replies import Button, Message, PickInto
from dialogs.work.persona_company import company_of
from dialogs.work.requirements import open_requirements
from dialogs.work.training_set import collected
from dialogs.work.weighing import diagnosis
from tests.conversation.classroom import LEARNER, Classroom, pressed
from tests.conversation.test_lessons import play, play_until

MAIN = "polite-chatbot"
DATA = {"learning_rate_multiplier": "1", "batch_size": "1", "n_epochs": "3"}
FLAWED = "rude-refund,empty-bill,promise-parcel"


def test_a_slip_that_is_made_again_is_answered_again_and_a_double_click_is_not(
    tutor: Tutor,
) -> None:
    room = Classroom(tutor, MAIN)
    play_until(room, "requirements")
    first = room.stamped
    assert first
    assert first.stamp
    slip = next(b for b in first.buttons if str(b.do) == "answer")
    assert room.press("answer", {"picked": ""})
    assert room.send(pressed(first.stamp, slip, {"picked": ""})) == ()
    assert room.press("answer", {"picked": ""})
    assert room.progress.record("requirements").attempts == 0


def lesson_of(room: Classroom) -> Lesson:
    return room.tutor.library.lessons[MAIN]


def company(room: Classroom) -> Company:
    return company_of(room.tutor.scene(room.learner, lesson_of(room), room.now, room.results))


def train_with(room: Classroom, **settings: str) -> None:
    """Let the job run with other settings than the lab's."""
    play_until(room, "job")
    room.press("answer", {**DATA, **settings})
    room.wait(seconds=60)


def verdict(room: Classroom) -> str:
    """What the learner's own figures call for."""
    found = diagnosis(room.tutor.scene(room.learner, lesson_of(room), room.now, room.results))
    assert found
    return found.next_step


def go_on_with(room: Classroom, picked: str) -> None:
    """Choose a flawed set and use it, knowingly."""
    play_until(room, "select")
    room.press("answer", {"picked": picked})
    room.press("experiment", {"picked": picked})


@pytest.mark.parametrize(
    ("settings", "wanted"),
    [
        ({}, "deploy"),
        ({"learning_rate_multiplier": "0.1", "n_epochs": "1"}, "parameters"),
        ({"learning_rate_multiplier": "10"}, "parameters"),
    ],
)
def test_the_figures_of_the_settings_decide(
    tutor: Tutor, settings: dict[str, str], wanted: str
) -> None:
    room = Classroom(tutor, MAIN)
    train_with(room, **settings)
    assert verdict(room) == wanted


def test_flawed_data_shows_in_the_figures_and_keeps_its_phase_open(tutor: Tutor) -> None:
    room = Classroom(tutor, MAIN)
    go_on_with(room, FLAWED)
    room.type("next")
    train_with(room)
    assert verdict(room) == "more-data"
    assert room.progress.frontier == "prepare"
    prepare = next(p for p in lesson_of(room).phases if p.id == "prepare")
    missing = [r.id for r in open_requirements(prepare, room.progress)]
    assert missing == ["quality-passed", "examples-selected"]


def test_a_new_model_reopens_what_depended_on_the_old_one_and_nothing_else(tutor: Tutor) -> None:
    room = Classroom(tutor, MAIN)
    go_on_with(room, FLAWED)
    room.type("next")
    play_until(room, "decision")
    room.press("answer", {"picked": "deploy", "why": "Politeness is what matters to me here."})
    assert room.progress.record("decision").status == "tried"
    room.press("answer", {"picked": "more-data", "why": "Accuracy fell, the lines are too few."})
    assert room.progress.record("decision").status == "passed"
    (selection,) = lesson_of(room).steps_of(SelectionStep)
    room.send(pressed_goto(room, selection.id))
    room.press("answer", {"picked": ",".join(c.id for c in selection.conversations if c.good)})
    # The checklist was answered about the flawed set; now it is about the mended one.
    assert room.progress.record("quality").status == "tried"
    play_until(room, "train-intro")
    assert room.progress.record("quality").status == "passed"
    (job,) = lesson_of(room).steps_of(JobStep)
    room.send(pressed_goto(room, job.id))
    room.press("answer", DATA)
    room.wait(seconds=60)
    records = room.progress.records
    hangs = {
        "screen-monitor",
        "side-by-side",
        "dashboard",
        "where-better",
        "where-adequate",
        "what-improve",
        "decision",
    }
    assert {name for name, record in records.items() if record.status == "tried"} == hangs
    assert {records[s].status for s in ("select", "quality", "lab", "run-order")} == {"passed"}
    assert {h.step for h in room.progress.history} == hangs
    assert [type(f) for f in room.facts].count(ModelTrained) == 2
    assert verdict(room) == "deploy"
    play(room)
    assert room.progress.completed_at is not None


def pressed_goto(room: Classroom, step: str) -> Pressed:
    """A press of a button that leads to a step."""
    room.type("help")
    assert room.stamped
    assert room.stamped.stamp
    return pressed(room.stamped.stamp, Button("", Goto(step), ""), {})


def test_a_later_wrong_attempt_takes_no_pass_away(tutor: Tutor) -> None:
    room = Classroom(tutor, MAIN)
    play_until(room, "issues")
    room.press("answer", {"picked": "impersonal,missed,inconsistent"})
    room.press("again")
    room.press("answer", {"picked": "slow"})
    assert room.progress.record("issues").status == "passed"
    room.type("next")
    assert room.progress.cursor == "targets"


def test_a_job_can_be_cancelled_and_started_again(tutor: Tutor) -> None:
    room = Classroom(tutor, MAIN)
    play_until(room, "job")
    room.press("answer", DATA)
    room.type("cancel")
    room.wait(seconds=60)
    assert room.progress.model is None
    room.press("answer", DATA)
    room.wait(seconds=60)
    assert room.progress.model is not None


def test_skip_tutorial_passes_explanations_and_no_assessed_step(tutor: Tutor) -> None:
    room = Classroom(tutor, MAIN)
    play_until(room, "to-jsonl")
    room.type("skip tutorial")
    assert room.progress.cursor == "format-login"
    room.type("skip tutorial")
    assert room.progress.cursor == "format-login"


def test_a_retaken_quiz_repeats_no_question_before_the_bank_is_used_up(tutor: Tutor) -> None:
    room = Classroom(tutor, MAIN)
    play_until(room, "assessment")
    seen: list[str] = []
    for _ in range(5):
        room.press("begin-quiz")
        state: Any = room.progress.record("assessment").state
        seen += state["drawn"]
        for _ in state["drawn"]:
            room.press("answer", {"picked": "d"})
        room.wait(minutes=5)
    assert len(set(seen)) == len(seen)


WORDS = st.sampled_from(
    [
        "next",
        "back",
        "help",
        "progress",
        "skip",
        "restart",
        "yes",
        "no",
        "again",
        "1",
        "1, 3",
        "4 95",
        "begin",
        "lessons",
        "2",
        "review 1",
        "status",
        "cancel",
        "show me",
        "{",
        "",
        "zzz",
        "what is an epoch",
        "😀",
        "start the job",
        "show the next query",
        "open 1",
        "ab 40",
    ]
)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(WORDS | st.text(max_size=30), max_size=25), st.integers(0, 60))
def test_no_event_raises_and_progress_stays_valid(
    tutor: Tutor, said: list[str], seconds: int
) -> None:
    room = Classroom(tutor, MAIN)
    for text in said:
        room.type(text)
        room.wait(seconds=seconds)
        lesson = tutor.library.lessons[room.learner.lesson or MAIN]
        assert lesson.step(room.progress.cursor)
        assert all(0 <= r.score <= 1 for r in room.progress.records.values())
    LEARNER.validate_json(LEARNER.dump_json(room.learner))
    assert any(isinstance(m, Message) for m in room.transcript)


def test_who_collects_more_data_finds_conversations_on_further_topics(tutor: Tutor) -> None:
    room = Classroom(tutor, MAIN)
    play(room)
    (selecting,) = lesson_of(room).steps_of(SelectionStep)

    def opened(step: str) -> Message:
        there = [s.id for phase in lesson_of(room).phases for s in phase.steps]
        (card,) = room.type(f"review {there.index(step) + 1}")
        assert isinstance(card, Message)
        return card

    def is_passed(step: str) -> bool:
        return room.progress.record(step).status == "passed"

    def offered() -> set[str]:
        (field,) = (b for b in opened("select").blocks if isinstance(b, PickInto))
        return {item.id for item in field.items}

    further = {c.id for c in selecting.further}
    assert not further & offered()
    opened("decision")
    room.type("try again")
    room.type("2 because accuracy fell and topics are missing in the data")
    assert further < offered()
    fit = [c.id for c in selecting.archive if c.good]
    lines = len(collected(lesson_of(room), room.progress, company(room)).lines)
    room.press("answer", {"picked": ",".join(fit)})
    assert len(collected(lesson_of(room), room.progress, company(room)).lines) > lines
    assert is_passed("select")
