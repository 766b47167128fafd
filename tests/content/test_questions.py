"""Questions ask for knowledge: neither length nor place nor wording gives the answer away."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from random import Random

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


BANKS = [(lesson, step) for lesson in LESSONS.values() for step in lesson.steps_of(QuizStep)]
OVERLAP = 0.35  # share in which the option that repeats most of the question's words is right


def test_the_main_lessons_bank_is_large_and_covers_all_phases() -> None:
    questions = list(banks(MAIN))
    assert len({q.prompt for q in questions}) == len(questions) >= 80
    phases = Counter(q.phase for q in questions)
    assert set(phases) == {p.id for p in MAIN.phases}
    assert min(phases.values()) >= 15
    topics = Counter(q.topic for q in questions)
    assert min(topics["scenario"], topics["best-practice"]) >= 15
    objectives = Counter(q.objective for q in questions)
    assert objectives["when-to-tune"] >= len(questions) / 4


@pytest.mark.parametrize(("lesson", "step"), BANKS, ids=[lesson.id for lesson, _ in BANKS])
def test_attempt_after_attempt_draws_other_questions_with_a_share_of_every_objective(
    lesson: Lesson, step: QuizStep
) -> None:
    for seed in range(40):
        used: list[str] = []
        for attempt in range(len(step.bank) // step.draw - 1):
            drawn = quiz.draw(step, used, Random(seed + attempt))
            assert len(set(drawn)) == step.draw
            assert not set(drawn) & set(used), (seed, attempt)
            used += drawn
            mine = [q for q in step.bank if q.id in drawn]
            phases = Counter(q.phase for q in mine)
            assert min(phases[p.id] for p in lesson.phases) >= step.each
            objectives = Counter(q.objective for q in mine)
            assert all(objectives[o] >= least for o, least in step.objectives.items())


@pytest.mark.parametrize("lesson", LESSONS.values(), ids=LESSONS)
def test_the_right_option_is_not_known_by_being_short_or_by_its_words(lesson: Lesson) -> None:
    questions = list(banks(lesson))
    shortest = sum(
        len(o.text) == min(len(other.text) for other in q.options)
        for q in questions
        for o in q.options
        if o.right
    )
    assert shortest <= MOST * len(questions)
    repeats = sum(_guessed_by_words(q) for q in questions)
    assert repeats <= OVERLAP * len(questions)


def _guessed_by_words(question: Question) -> float:
    """How likely the right option is picked by who looks for the question's own words."""
    asked = set(re.findall(r"\w{4,}", question.prompt.lower()))
    alike = [len(asked & set(re.findall(r"\w{4,}", o.text.lower()))) for o in question.options]
    best = [o.right for o, n in zip(question.options, alike, strict=True) if n == max(alike)]
    return sum(best) / len(best)


def test_no_question_repeats_a_case_of_the_lesson() -> None:
    told = [_content_words(f"{s.situation} {s.prompt}") for s in MAIN.steps_of(ChoiceStep)]
    for question in banks(MAIN):
        asked = _content_words(question.prompt)
        for case in told:
            assert len(asked & case) < max(5, 0.6 * len(asked)), question.id


def _content_words(text: str) -> set[str]:
    return set(re.findall(r"[a-z]{5,}", text.lower()))


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
