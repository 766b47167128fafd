"""What may be certified: facts in, a claim out; the same facts give the same one for ever."""

from collections.abc import Sequence

from content.lesson import Lesson, QuizStep
from dialogs.values.certificate import Claim, Demonstrated
from dialogs.values.facts import Fact, LessonCompleted, StepAnswered

SERIES = "series"  # what a claim on all lessons has in place of a lesson's id


def claim(lesson: Lesson, facts: Sequence[Fact]) -> Claim | None:
    """What the learner of these facts has shown in a lesson; None before its completion.

    The first completion counts: what is done again later, or begun anew, changes nothing.
    """
    completions = [
        fact for fact in facts if isinstance(fact, LessonCompleted) and fact.lesson == lesson.id
    ]
    if not completions:
        return None
    first = min(completions, key=lambda fact: fact.at)
    best = _best(lesson, facts, first)
    return Claim(
        lesson=lesson.id,
        title=lesson.title,
        locale=lesson.locale,
        demonstrated=tuple(
            Demonstrated(phase.title, tuple(one.text for one in phase.requirements))
            for phase in lesson.phases
        ),
        completed_at=first.at,
        score=best.score if best else first.score,
        attempt=best.attempt if best else None,
    )


def series(
    title: str, locale: str, lessons: Sequence[Lesson], facts: Sequence[Fact]
) -> Claim | None:
    """What the learner of these facts has shown in all lessons; None before the last completion.

    Its score is the mean of the lessons' scores, of those that have one.
    """
    found = [claim(lesson, facts) for lesson in lessons]
    claims = [one for one in found if one is not None]
    if not claims or len(claims) < len(found):
        return None
    scores = [one.score for one in claims if one.score is not None]
    return Claim(
        lesson=SERIES,
        title=title,
        locale=locale,
        demonstrated=tuple(
            Demonstrated(lesson.title, (lesson.start.objective,)) for lesson in lessons
        ),
        completed_at=max(one.completed_at for one in claims),
        score=sum(scores) / len(scores) if scores else None,
    )


def _best(lesson: Lesson, facts: Sequence[Fact], done: LessonCompleted) -> StepAnswered | None:
    """The best attempt at the final quiz on the way to a completion; of equals the first."""
    quizzes = lesson.steps_of(QuizStep)
    if not quizzes:
        return None
    attempts = [
        fact
        for fact in facts
        if isinstance(fact, StepAnswered)
        and (fact.lesson, fact.step, fact.run) == (lesson.id, quizzes[-1].id, done.run)
        and fact.at <= done.at
    ]
    return max(attempts, key=lambda fact: (fact.score, -fact.attempt), default=None)
