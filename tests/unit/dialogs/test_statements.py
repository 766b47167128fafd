"""Facts as statements: one kind of verb for each, and the same whenever they are made."""

from datetime import UTC, datetime, timedelta, timezone
from typing import get_args
from uuid import UUID

import pytest

from dialogs.records.statements import VERBS, Statement, Told, statement
from dialogs.values.facts import (
    Fact,
    FollowUpAnswered,
    HintShown,
    LessonCompleted,
    LessonStarted,
    ModelMeasured,
    ModelTrained,
    PhaseCompleted,
    Picked,
    QuestionAsked,
    SessionJoined,
    StepAnswered,
    SurveyAnswered,
)
from tests.lessons import library

LESSON = library().lessons["polite-chatbot"]
QUIZ = next(step.id for step in LESSON.steps if step.kind == "quiz")
AT = datetime(2026, 7, 3, 19, 30, 0, 5000, timezone(timedelta(hours=-7)))
WHEN = {"lesson": LESSON.id, "run": 1, "at": AT}
HOME = "https://tutor.example"


def told(fact: Fact) -> Statement:
    """The statement of a fact of one learner."""
    return statement(fact, Told("ada-3-0", "somebody", HOME, LESSON, "msteams", "build", "v1"))


def answered(**parts: object) -> StepAnswered:
    """An attempt at some step."""
    given = {"step": "anything", "attempt": 2, "score": 0.5, "passed": False, **WHEN, **parts}
    return StepAnswered.model_validate(given)


LATER = FollowUpAnswered(
    question="f-canteen", days=7, case=False, shown=("b", "a"), chosen="a", right=False, **WHEN
)
EACH: list[tuple[Fact, str]] = [
    (LessonStarted(version="v1", **WHEN), "initialized"),
    (answered(), "answered"),
    (answered(step=QUIZ, passed=True, score=0.9), "passed"),
    (answered(step=QUIZ), "failed"),
    (SurveyAnswered(step="s", option=3, **WHEN), "answered"),
    (LATER, "answered"),
    (QuestionAsked(question="costs", **WHEN), "asked"),
    (HintShown(step="s", level=1, **WHEN), "experienced"),
    (PhaseCompleted(phase="prepare", **WHEN), "completed"),
    (ModelTrained(key="k", **WHEN), "create"),
    (ModelMeasured(step="s", key="k", figures={"precision": 0.94}, **WHEN), "scored"),
    (SessionJoined(room="KTR-482", **WHEN), "attended"),
    (LessonCompleted(version="v1", score=0.8, **WHEN), "completed"),
]


@pytest.mark.parametrize(("fact", "verb"), EACH)
def test_each_fact_has_its_verb_its_instant_and_its_activity(fact: Fact, verb: str) -> None:
    made = told(fact)
    assert made["verb"]["id"].rsplit("/", 1)[-1] == verb
    assert made["timestamp"] == "2026-07-04T02:30:00.005Z"
    assert made["object"]["id"].startswith(f"{HOME}/lessons/polite-chatbot")
    assert UUID(made["id"])
    assert made == told(fact)


def test_no_kind_of_fact_is_left_out() -> None:
    kinds = {type(fact) for fact, _ in EACH}
    assert kinds >= set(get_args(get_args(Fact)[0]))


def test_an_answer_says_how_good_it_was_how_long_it_took_and_what_it_was() -> None:
    picks = (Picked(input="answer", shown=("b", "a", "c"), chosen=("a", "c")),)
    made = told(answered(seconds=12.34, picks=picks, hints=1))
    assert made["result"] == {
        "score": {"scaled": 0.5},
        "success": False,
        "duration": "PT12.3S",
        "response": "a[,]c",
    }
    asked = made["object"]["definition"]
    assert asked["interactionType"] == "choice"
    assert [one["id"] for one in asked["choices"]] == ["b", "a", "c"]


def test_a_clock_that_stepped_back_gives_no_negative_duration() -> None:
    assert told(answered(seconds=-3.0))["result"]["duration"] == "PT0.0S"


def test_two_facts_two_runs_and_two_learners_are_told_apart() -> None:
    other = statement(EACH[0][0], Told("ada-4-0", "somebody", HOME, LESSON))
    assert other["id"] != told(EACH[0][0])["id"]
    again = statement(
        LessonStarted(lesson=LESSON.id, run=2, at=AT.astimezone(UTC), version="v1"),
        Told("ada-5-0", "somebody", HOME, LESSON),
    )
    registrations = {one["context"]["registration"] for one in (other, again)}
    assert len(registrations) == 2


def test_a_lesson_that_is_gone_is_named_all_the_same() -> None:
    made = statement(answered(), Told("ada-3-0", "somebody", HOME, None))
    assert made["verb"]["id"] == f"{VERBS}answered"
    assert "name" not in made["object"]["definition"]


def test_what_is_answered_some_days_later_is_an_interaction_of_its_own() -> None:
    made = told(LATER)
    assert made["object"]["id"] == f"{HOME}/lessons/polite-chatbot/follow-ups/f-canteen"
    definition = made["object"]["definition"]
    assert definition["interactionType"] == "choice"
    assert [one["id"] for one in definition["choices"]] == ["b", "a"]
    assert made["result"] == {"success": False, "score": {"scaled": 0.0}, "response": "a"}
