"""What is certified follows from facts alone, and stays what it was."""

from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from content.lesson import QuizStep
from dialogs.records import badge
from dialogs.records.claims import SERIES, claim, series
from dialogs.records.wording import dated, scored
from dialogs.values.certificate import Certificate, Claim
from dialogs.values.facts import Fact, LessonCompleted, LessonStarted, StepAnswered
from tests.lessons import library

LESSON = library().lessons["polite-chatbot"]
QUIZ = LESSON.steps_of(QuizStep)[-1].id
DONE = datetime(2026, 7, 4, 2, 30, tzinfo=UTC)
WORDS = library().strings.certificate


def answered(attempt: int, score: float, at: datetime, run: int = 1) -> StepAnswered:
    return StepAnswered(
        lesson=LESSON.id,
        run=run,
        at=at,
        step=QUIZ,
        attempt=attempt,
        score=score,
        passed=score > 0.8,
    )


def completed(at: datetime, run: int = 1, score: float | None = 0.7) -> LessonCompleted:
    return LessonCompleted(lesson=LESSON.id, run=run, at=at, version="v", score=score)


FIRST: tuple[Fact, ...] = (
    LessonStarted(lesson=LESSON.id, run=1, at=DONE - timedelta(hours=1), version="v"),
    answered(1, 0.5, DONE - timedelta(minutes=9)),
    answered(2, 0.92, DONE),
    completed(DONE),
)
LATER = DONE + timedelta(days=7)


def test_it_says_the_lesson_its_requirements_the_score_and_the_attempt() -> None:
    found = claim(LESSON, FIRST)
    assert found
    assert (found.title, found.completed_at) == (LESSON.title, DONE)
    assert (found.score, found.attempt) == (0.92, 2)
    points = [point for one in found.demonstrated for point in one.points]
    assert points == [one.text for phase in LESSON.phases for one in phase.requirements]


def test_nothing_is_certified_before_the_end() -> None:
    assert claim(LESSON, ()) is None
    assert claim(LESSON, FIRST[:-1]) is None
    elsewhere = LessonCompleted(lesson="plain-words", run=1, at=DONE, version="v")
    assert claim(LESSON, (*FIRST[:-1], elsewhere)) is None


@pytest.mark.parametrize(
    "more",
    [
        (answered(3, 1.0, LATER),),  # the same run, opened again
        (answered(1, 1.0, LATER, run=2), completed(LATER, run=2)),  # begun anew
        # Of a place that was joined with this one, whose runs are counted below.
        (answered(1, 1.0, LATER, run=0), completed(LATER, run=0)),
        (completed(LATER),),
    ],
)
def test_what_is_done_later_changes_nothing(more: tuple[Fact, ...]) -> None:
    wanted, facts = claim(LESSON, FIRST), [*FIRST, *more]
    for seed in range(5):
        Random(seed).shuffle(facts)
        assert claim(LESSON, facts) == wanted


def test_a_score_that_nobody_noted_isnt_made_up() -> None:
    found = claim(LESSON, (completed(DONE, score=None),))
    assert found
    assert (found.score, found.attempt) == (None, None)
    told = Certificate("id", "Ann", found, "Ada & Co", DONE)
    assert scored(WORDS, told) == ""
    subject = badge.credential(told, "https://tutor.example.org")["credentialSubject"]
    assert isinstance(subject, dict)
    assert "result" not in subject


@pytest.mark.parametrize(
    ("zone", "day", "told"),
    [
        ("America/Los_Angeles", date(2026, 7, 3), "3 July 2026"),
        ("Asia/Tokyo", date(2026, 7, 4), "4 July 2026"),
        (None, date(2026, 7, 4), "4 July 2026 (UTC)"),
        ("Mars/Olympus", date(2026, 7, 4), "4 July 2026 (UTC)"),
        ("../../etc/passwd", date(2026, 7, 4), "4 July 2026 (UTC)"),
    ],
)
def test_the_day_is_one_everywhere(zone: str | None, day: date, told: str) -> None:
    what = Claim(LESSON.id, LESSON.title, "en", (), DONE, 1.0, 1)
    issued = Certificate("id", "Ann", what, "Ada & Co", LATER, zone)
    assert issued.day == day
    assert dated(WORDS, issued) == told
    assert f"issueYear=2026&issueMonth={day.month}&" in badge.on_linkedin(
        issued, "https://a.example"
    )
    assert badge.credential(issued, "https://a.example")["validFrom"] == "2026-07-04T02:30:00Z"


def of_all(at: datetime) -> tuple[Fact, ...]:
    """Every lesson completed, one a day."""
    return tuple(
        LessonCompleted(
            lesson=name, run=1, at=at + timedelta(days=n), version="v", score=0.5 + n / 100
        )
        for n, name in enumerate(sorted(library().lessons))
    )


def test_the_series_is_certified_when_every_lesson_was_completed() -> None:
    lessons = [library().lessons[name] for name in sorted(library().lessons)]
    facts = of_all(DONE)
    found = series("All of it", "en", lessons, facts)
    assert found
    assert (found.lesson, found.title) == (SERIES, "All of it")
    assert found.completed_at == DONE + timedelta(days=len(lessons) - 1)
    assert [one.phase for one in found.demonstrated] == [lesson.title for lesson in lessons]
    mean = sum(0.5 + n / 100 for n in range(len(lessons))) / len(lessons)
    assert found.score == pytest.approx(mean)
    for left in range(len(facts)):
        assert series("All of it", "en", lessons, facts[:left] + facts[left + 1 :]) is None
