"""The catalogue: every lesson as a row with its picture, what it teaches, how long it takes."""

from collections.abc import Sequence

from content.cached import cached_by_identity
from content.lesson import Lesson
from content.reading_time import minutes
from content.strings import CatalogueStrings
from dialogs.journey import COMPLETE
from dialogs.values.actions import Choose
from dialogs.values.progress import Learner, Progress
from dialogs.values.replies import Block, Button, Offer, Picture
from dialogs.work import requirements


def offers(
    learner: Learner, lessons: Sequence[Lesson], words: CatalogueStrings
) -> tuple[Block, ...]:
    """A row for each lesson, with the number that is typed for it."""
    return tuple(
        offer(learner, lesson, number, lessons, words) for number, lesson in enumerate(lessons, 1)
    )


def offer(
    learner: Learner,
    lesson: Lesson,
    number: int,
    lessons: Sequence[Lesson],
    words: CatalogueStrings,
) -> Offer:
    """One of the rows."""
    note = " · ".join(
        part
        for part in (
            words.minutes.format(minutes=takes(lesson)),
            standing(learner.progress.get(lesson.id), lesson, words),
            _before(learner, lesson, lessons, words),
        )
        if part
    )
    icon = lesson.start.icon
    return Offer(
        title=words.titled.format(number=number, title=lesson.title),
        text=lesson.summary,
        note=note,
        picture=Picture(lesson.id, icon.source, icon.alt, small=True),
        opens=Button(lesson.title, Choose(lesson.id), str(number)),
    )


@cached_by_identity(200)
def takes(lesson: Lesson) -> int:
    """The minutes that the lesson takes a careful beginner, optional steps left out."""
    return max(1, round(minutes(lesson, *(step for step in lesson.steps if not step.optional))))


def is_done(progress: Progress | None) -> bool:
    """Whether the lesson was finished, in this run or an earlier version of it."""
    return progress is not None and (
        progress.frontier == COMPLETE or progress.completed_at is not None
    )


def share_done(progress: Progress | None, lesson: Lesson) -> float:
    """How many of its steps that are there to be passed were passed, 0.0 to 1.0."""
    if progress is None:
        return 0.0
    asked = [s for s in lesson.steps if requirements.is_assessed(s) and not s.optional]
    passed = sum(progress.record(step.id).status == "passed" for step in asked)
    return passed / len(asked) if asked else 0.0


def standing(progress: Progress | None, lesson: Lesson, words: CatalogueStrings) -> str:
    """Whether the lesson is done, how far it is, or that it is new; in words."""
    if is_done(progress):
        return words.done
    if progress is not None and progress.started:
        return words.begun.format(percent=f"{100 * share_done(progress, lesson):.0f}")
    return words.new


def _before(
    learner: Learner, lesson: Lesson, lessons: Sequence[Lesson], words: CatalogueStrings
) -> str:
    """What is best done before it, as long as it isn't; empty where there is nothing."""
    before = next((one for one in lessons if one.id == lesson.after), None)
    progress = learner.progress
    if before is None or is_done(progress.get(before.id)) or is_done(progress.get(lesson.id)):
        return ""
    return words.after.format(title=before.title)


def next_for(learner: Learner, lessons: Sequence[Lesson]) -> Lesson | None:
    """What to do next: what was begun, else the first that isn't done; None when all are.

    One whose recommended lesson before it is done, or that has none, goes first.
    """
    left = [one for one in lessons if not is_done(learner.progress.get(one.id))]
    begun = [one for one in left if (found := learner.progress.get(one.id)) and found.started]
    done = {one.id for one in lessons if is_done(learner.progress.get(one.id))}
    known = {one.id for one in lessons}
    ready = [
        one for one in left if one.after is None or one.after in done or one.after not in known
    ]
    return next(iter((*begun, *ready, *left)), None)
