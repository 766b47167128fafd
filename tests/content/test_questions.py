"""Questions ask for knowledge: neither length nor place nor wording gives the answer away."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest

from content.lesson import ChoiceStep, Lesson, Option, Question, QuizStep
from dialogs.steps import quiz
from dialogs.tutor import Tutor
from dialogs.values.replies import Select
from tests.conversation.classroom import Classroom
from tests.lessons import library

LESSONS = library().lessons
MAIN = LESSONS["polite-chatbot"]
MOST = 0.4  # share of questions whose right option may be the longest; chance is a quarter


def banks(lesson: Lesson) -> Iterator[Question]:
    """All questions of a lesson's quizzes."""
    return (q for step in lesson.steps_of(QuizStep) for q in step.bank)


def single(lesson: Lesson) -> Iterator[tuple[str, Sequence[Option]]]:
    """The options of every question with one right answer, in quizzes and in steps."""
    yield from ((q.id, q.options) for q in banks(lesson) if not q.many)
    yield from ((s.id, s.options) for s in lesson.steps_of(ChoiceStep) if not s.many)


@pytest.mark.parametrize("lesson", LESSONS.values(), ids=LESSONS)
def test_the_right_option_is_seldom_the_longest(lesson: Lesson) -> None:
    longest = [
        len(right.text) == max(len(o.text) for o in options)
        for _, options in single(lesson)
        for right in options
        if right.right
    ]
    assert sum(longest) <= MOST * len(longest)


@pytest.mark.parametrize("lesson", LESSONS.values(), ids=LESSONS)
def test_every_option_has_feedback_of_its_own(lesson: Lesson) -> None:
    for name, options in single(lesson):
        told = [o.feedback for o in options]
        assert len(set(told)) == len(told), name
        assert all(len(f) >= 10 for f in told), name  # more than a bare verdict


@pytest.mark.parametrize("lesson", LESSONS.values(), ids=LESSONS)
def test_no_option_speaks_of_the_others(lesson: Lesson) -> None:
    for name, options in single(lesson):
        for option in options:
            assert not re.search(r"\b(all|both|none) of the above\b", option.text.lower()), name


def test_the_main_lessons_bank_is_large_and_covers_all_phases() -> None:
    questions = list(banks(MAIN))
    assert len({q.prompt for q in questions}) == len(questions) >= 36
    phases = Counter(q.phase for q in questions)
    assert set(phases) == {p.id for p in MAIN.phases}
    assert min(phases.values()) >= 6
    topics = Counter(q.topic for q in questions)
    assert topics["when-to-fine-tune"] >= 3
    assert min(topics["scenario"], topics["best-practice"]) >= 6


@pytest.mark.parametrize("seed", range(4))
def test_the_right_option_stands_in_no_fixed_place(tutor: Tutor, seed: int) -> None:
    (step,) = MAIN.steps_of(QuizStep)
    room = Classroom(tutor, MAIN.id, seed)
    progress = replace(room.progress, cursor=step.id)
    learner = replace(room.learner, progress={MAIN.id: progress})
    room.learner = learner
    room.type("start the assessment")
    places = []
    for _ in range(step.draw):
        scene = room.tutor.scene(room.learner, MAIN, room.now, room.results)
        state = quiz.State.of(scene.record.state)
        question = next(q for q in step.bank if q.id == state.drawn[len(state.right)])
        right = next(o.id for o in question.options if o.right)
        ask = quiz.present(step, scene)
        (options,) = (b.options for b in ask.blocks if isinstance(b, Select))
        places.append([o.id for o in options].index(right))
        room.type(str(places[-1] + 1))
    assert max(Counter(places).values()) <= step.draw * 2 / 3
