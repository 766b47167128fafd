"""What came of a run of a lesson, summed over its facts one after the other."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from content.lesson import Lesson, SurveyStep
from dialogs.values.facts import (
    Fact,
    FollowUpAnswered,
    LessonCompleted,
    PhaseCompleted,
    QuestionAsked,
    StepAnswered,
    SurveyAnswered,
)

LONGEST_S = 15 * 60.0  # on one step at a time; whoever takes longer was elsewhere meanwhile


@dataclass(frozen=True)
class Journey:
    """A run of a lesson: where it came from, and how far it came.

    `first` and `last` are its first and latest fact in Unix seconds; `score` 0.0 to 1.0; `active`
    the seconds on judged steps; `quiz` whether the first attempt at the quiz passed; `optional`
    how many optional steps were answered; confidence and satisfaction 1 to 5. `recalls` counts the
    questions answered some days later, `recalled` those rightly; `applied`: whether the last case
    among them was.
    """

    first: float
    last: float
    channel: str | None = None
    event: str | None = None
    locale: str | None = None
    completed: float | None = None
    score: float | None = None
    quiz: int | None = None
    optional: int = 0
    active: float = 0.0
    before: int | None = None
    after: int | None = None
    satisfaction: int | None = None
    recalls: int = 0
    recalled: int = 0
    applied: int | None = None


@dataclass(frozen=True)
class Reached:
    """A step that was answered, a phase that was completed, or a question that was asked."""

    attempts: int = 0
    passed_on: int | None = None
    hints: int = 0
    seconds: float = 0.0


def begun(at: float, channel: str | None, event: str | None, locale: str | None) -> Journey:
    """A run with its first fact."""
    return Journey(first=at, last=at, channel=channel, event=event, locale=locale)


def gone_on(journey: Journey, fact: Fact, lesson: Lesson | None) -> Journey:
    """The run after one more fact, which may come late."""
    at = fact.at.timestamp()
    journey = replace(journey, first=min(journey.first, at), last=max(journey.last, at))
    step = lesson.step(getattr(fact, "step", "")) if lesson else None
    match fact:
        case StepAnswered(attempt=attempt, passed=passed):
            journey = replace(journey, active=journey.active + _spent(fact))
            if step is not None and step.kind == "quiz" and attempt == 1:
                journey = replace(journey, quiz=int(passed))
        case SurveyAnswered(option=option) if isinstance(step, SurveyStep) and step.measures:
            match step.measures:
                case "confidence-before":
                    journey = replace(journey, before=option)
                case "confidence-after":
                    journey = replace(journey, after=option)
                case "satisfaction":
                    journey = replace(journey, satisfaction=option)
        case FollowUpAnswered(case=True, right=right):
            journey = replace(journey, applied=int(right))
        case FollowUpAnswered(right=right):
            recalled = journey.recalled + right
            journey = replace(journey, recalls=journey.recalls + 1, recalled=recalled)
        case LessonCompleted(score=score) if journey.completed is None:
            journey = replace(journey, completed=at, score=score)
        case _:
            pass
    is_new = isinstance(fact, StepAnswered) and fact.attempt == 1
    if step is not None and step.optional and is_new:
        journey = replace(journey, optional=journey.optional + 1)
    return journey


def reached(before: Reached | None, fact: Fact) -> tuple[str, Reached] | None:
    """What a fact reaches, by name, after what was there before; None where it reaches nothing."""
    had = before or Reached()
    match fact:
        case StepAnswered(step=step, attempt=attempt, passed=passed):
            first = attempt if passed and had.passed_on is None else had.passed_on
            return step, Reached(
                attempts=max(had.attempts, attempt),
                passed_on=first,
                hints=max(had.hints, fact.hints or 0),
                seconds=had.seconds + _spent(fact),
            )
        case QuestionAsked(question=question):
            return question_name(question), replace(had, attempts=had.attempts + 1)
        case PhaseCompleted(phase=phase):
            return phase_name(phase), replace(had, attempts=1, passed_on=1)
        case _:
            return None


def name_of(fact: Fact) -> str | None:
    """The name of what a fact reaches."""
    found = reached(None, fact)
    return found[0] if found else None


def phase_name(phase: str) -> str:
    """The name of a phase among what is reached; no step's id has a slash."""
    return f"phase/{phase}"


def question_name(question: str) -> str:
    """The name of a question that was asked, among what is reached."""
    return f"question/{question}"


def misses(fact: Fact) -> Iterator[tuple[str, str, str]]:
    """Step, input and option of each pick at a first attempt that missed."""
    if isinstance(fact, StepAnswered) and fact.attempt == 1 and not fact.passed:
        for one in fact.picks:
            for option in one.chosen:
                yield fact.step, one.input, option


def _spent(fact: StepAnswered) -> float:
    return min(max(fact.seconds or 0.0, 0.0), LONGEST_S)
