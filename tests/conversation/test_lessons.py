"""A learner who always answers right finishes every lesson."""

from copy import deepcopy
from dataclasses import replace
from random import Random

import pytest

from dialogs.tutor import Tutor
from dialogs.values.facts import LessonCompleted, LessonStarted, PhaseCompleted
from dialogs.values.replies import Message, Notice
from tests import oracle
from tests.conversation.classroom import Classroom
from tests.lessons import library

LESSONS = sorted(library().lessons)
MOST_TURNS = 400


def play(room: Classroom) -> None:
    """Answer right, and go on, to the end."""
    lesson = room.tutor.library.lessons[room.progress.lesson]
    play_until(room, lesson.complete.id)


def play_until(room: Classroom, step_id: str) -> None:
    """Answer right, and go on, until a step is put."""
    for _ in range(MOST_TURNS):
        lesson = room.tutor.edition(room.learner, room.progress.lesson)
        assert lesson
        scene = room.tutor.scene(room.learner, lesson, room.now, room.results)
        step = lesson.step(scene.progress.cursor)
        assert step
        if step.id == step_id:
            return
        match oracle.right(step, scene):
            case None:
                room.type("next")
            case str(text):
                room.type(text)
            case (do, values):
                room.press(do, values)
                room.wait(seconds=60)
    pytest.fail(f"still at {room.progress.cursor} after {MOST_TURNS} turns")


@pytest.mark.parametrize("lesson", LESSONS)
@pytest.mark.parametrize("seed", [1, 2])
def test_an_always_right_learner_finishes(tutor: Tutor, lesson: str, seed: int) -> None:
    room = Classroom(tutor, lesson, seed)
    play(room)
    assert room.progress.completed_at is not None
    assert [type(f) for f in room.facts].count(LessonStarted) == 1
    assert [type(f) for f in room.facts].count(LessonCompleted) == 1
    phases = [f.phase for f in room.facts if isinstance(f, PhaseCompleted)]
    assert phases == [p.id for p in tutor.library.lessons[lesson].phases]


@pytest.mark.parametrize("lesson", LESSONS)
def test_each_phase_says_that_it_is_complete(tutor: Tutor, lesson: str) -> None:
    room = Classroom(tutor, lesson)
    play(room)
    notices = [
        f"{b.title} {b.text}".strip()
        for m in room.transcript
        if isinstance(m, Message)
        for b in m.blocks
        if isinstance(b, Notice)
    ]
    for phase in tutor.library.lessons[lesson].phases:
        assert f"{phase.complete.title} {phase.complete.text}".strip() in notices


@pytest.fixture(scope="module")
def before_job(tutor: Tutor) -> Classroom:
    """A learner whose answers were right so far, before the training job."""
    room = Classroom(tutor, "polite-chatbot")
    play_until(room, "job")
    return room


# With the first accuracy falls, of which a justification may not say the opposite.
@pytest.mark.slow
@pytest.mark.parametrize("seed", [650257021, *(Random(26).randrange(2**31) for _ in range(9))])
def test_an_always_right_learner_justifies_whatever_the_archive_gave(
    before_job: Classroom, seed: int
) -> None:
    room = Classroom(before_job.tutor, "polite-chatbot")
    room.learner = deepcopy(before_job.learner)
    progress = replace(before_job.progress, seed=seed)
    room.learner = replace(room.learner, progress={progress.lesson: progress})
    room.type("repeat")
    play_until(room, "case-tone")
    assert room.progress.record("decision").status == "passed"
