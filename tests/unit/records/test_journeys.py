"""What came of a run, fact by fact: how far, how fast, how well, and what was missed."""

from datetime import UTC, datetime, timedelta
from functools import reduce

import pytest

from content.lesson import QuizStep, SurveyStep
from dialogs.records.journeys import (
    LONGEST_S,
    Journey,
    Reached,
    begun,
    gone_on,
    misses,
    name_of,
    phase_name,
    question_name,
    reached,
)
from dialogs.values.facts import (
    Fact,
    FollowUpAnswered,
    HintShown,
    LessonCompleted,
    LessonStarted,
    PhaseCompleted,
    Picked,
    QuestionAsked,
    StepAnswered,
    SurveyAnswered,
)
from tests.lessons import library

LESSON = library().lessons["polite-chatbot"]
QUIZ = LESSON.steps_of(QuizStep)[-1].id
SURVEYS = {one.measures: one.id for one in LESSON.steps_of(SurveyStep) if one.measures}
OPTIONAL = next(one.id for one in LESSON.steps if one.optional)
NOON = datetime(2026, 7, 4, 12, 0, tzinfo=UTC)
FROM = begun(NOON.timestamp(), "page", "Tuesday", "de")


def of(minutes: float = 0) -> dict[str, object]:
    """Which run, and when."""
    return {"lesson": LESSON.id, "run": 1, "at": NOON + timedelta(minutes=minutes)}


def answered(step: str = "goals", minutes: float = 0, **parts: object) -> StepAnswered:
    given = {"step": step, "attempt": 1, "score": 1.0, "passed": True, **of(minutes), **parts}
    return StepAnswered.model_validate(given)


def later(*, right: bool, case: bool = False) -> FollowUpAnswered:
    return FollowUpAnswered.model_validate(
        {
            "question": "q",
            "days": 7,
            "case": case,
            "shown": ("a", "b"),
            "chosen": "a",
            "right": right,
            **of(9 * 24 * 60),
        }
    )


def after(*facts: Fact) -> Journey:
    """The run after these."""
    return reduce(lambda journey, fact: gone_on(journey, fact, LESSON), facts, FROM)


def test_a_run_keeps_where_it_came_from_and_lasts_from_its_first_fact_to_its_last() -> None:
    early = LessonStarted.model_validate({"version": "v", **of(-2)})
    run = after(answered(minutes=9), early)
    assert (run.channel, run.event, run.locale) == ("page", "Tuesday", "de")
    assert run.last - run.first == 11 * 60, "a fact may come late"


def test_who_was_elsewhere_meanwhile_isnt_counted_as_learning() -> None:
    run = after(
        answered(seconds=30), answered(seconds=LONGEST_S * 9), answered(seconds=-5), answered()
    )
    assert run.active == LONGEST_S + 30


@pytest.mark.parametrize(("passed", "quiz"), [(True, 1), (False, 0)])
def test_the_first_attempt_at_the_quiz_counts(passed: bool, quiz: int) -> None:  # noqa: FBT001
    run = after(answered(QUIZ, passed=passed), answered(QUIZ, attempt=2, passed=True))
    assert run.quiz == quiz
    assert after(answered("goals", passed=False)).quiz is None


def test_what_was_said_of_oneself_is_kept_by_what_it_measures() -> None:
    said = (
        (SURVEYS["confidence-before"], 2),
        (SURVEYS["confidence-after"], 4),
        (SURVEYS["satisfaction"], 5),
    )
    run = after(
        *(
            SurveyAnswered.model_validate({"step": step, "option": option, **of()})
            for step, option in said
        )
    )
    assert (run.before, run.after, run.satisfaction) == (2, 4, 5)
    elsewhere = SurveyAnswered.model_validate({"step": "gone", "option": 1, **of()})
    assert after(elsewhere).satisfaction is None


def test_the_first_completion_counts() -> None:
    first, second = (
        LessonCompleted.model_validate({"version": "v", "score": score, **of(minutes)})
        for score, minutes in ((0.7, 20), (0.9, 60))
    )
    run = after(first, second)
    assert (run.completed, run.score) == (first.at.timestamp(), 0.7)


def test_what_was_known_some_days_later_and_applied() -> None:
    run = after(later(right=True), later(right=False), later(right=False, case=True))
    assert (run.recalls, run.recalled, run.applied) == (2, 1, 0)
    assert after(later(right=True, case=True)).applied == 1


def test_an_optional_step_counts_once() -> None:
    assert after(answered(OPTIONAL), answered(OPTIONAL, attempt=2)).optional == 1
    assert after(answered()).optional == 0


def test_of_a_lesson_that_is_gone_only_the_times_are_known() -> None:
    run = gone_on(FROM, answered(QUIZ, seconds=30, minutes=1), None)
    assert (run.active, run.quiz, run.last - run.first) == (30, None, 60)


def test_a_step_is_reached_by_attempts_and_passed_once() -> None:
    facts = [
        answered(passed=False, seconds=10, hints=0),
        answered(attempt=2, passed=True, seconds=20, hints=2),
        answered(attempt=3, passed=True, seconds=1, hints=1),
    ]
    so_far = None
    for fact in facts:
        found = reached(so_far, fact)
        assert found is not None
        name, so_far = found
        assert name == name_of(fact) == "goals"
    assert so_far == Reached(attempts=3, passed_on=2, hints=2, seconds=31)


def test_a_phase_is_reached_by_its_completion_and_a_hint_reaches_nothing() -> None:
    phase = PhaseCompleted.model_validate({"phase": "prepare", **of()})
    assert reached(None, phase) == (phase_name("prepare"), Reached(attempts=1, passed_on=1))
    hint = HintShown.model_validate({"step": "goals", "level": 1, **of()})
    assert reached(None, hint) is None
    assert name_of(hint) is None


def test_a_question_is_reached_as_often_as_it_is_asked() -> None:
    asked = QuestionAsked.model_validate({"question": "costs", **of()})
    once = reached(None, asked)
    assert once == (question_name("costs"), Reached(attempts=1))
    assert reached(once[1], asked) == (question_name("costs"), Reached(attempts=2))
    assert after(asked).active == 0


def test_what_was_picked_counts_as_missed_at_a_first_attempt_alone() -> None:
    picks = (Picked(input="answer", shown=("a", "b", "c"), chosen=("a", "c")),)
    assert list(misses(answered(passed=False, picks=picks))) == [
        ("goals", "answer", "a"),
        ("goals", "answer", "c"),
    ]
    assert not list(misses(answered(passed=True, picks=picks)))
    assert not list(misses(answered(passed=False, attempt=2, picks=picks)))
    assert not list(misses(PhaseCompleted.model_validate({"phase": "prepare", **of()})))
