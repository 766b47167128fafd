"""Two learners who turn out to be one: what of each is kept."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from content.lesson import Lesson
from dialogs.journey import COMPLETE
from dialogs.values.progress import Learner, Progress


@dataclass(frozen=True)
class Kept:
    """What is gone on with in a lesson, and what is dropped for it; None where nothing was begun.

    `is_here`: what is kept was done where the learner is now.
    """

    lesson: str
    progress: Progress
    dropped: Progress | None
    is_here: bool


def kept(here: Learner, there: Learner, lessons: Mapping[str, Lesson]) -> tuple[Kept, ...]:
    """The furthest progress of two learners in each lesson; where both are as far, here's."""
    found = []
    for name in dict.fromkeys((*here.progress, *there.progress)):
        mine, other = here.progress.get(name), there.progress.get(name)
        is_here = _reach(mine, lessons) >= _reach(other, lessons)
        first, second = (mine, other) if is_here else (other, mine)
        if first is not None:
            found.append(Kept(name, first, second, is_here))
    return tuple(found)


def joined(here: Learner, there: Learner, remaining: str, lessons: Mapping[str, Lesson]) -> Learner:
    """One learner of both, with the id that remains. Language and event are here's.

    Buttons of what is dropped must not act on what is kept, so its ticket lies above theirs.
    """
    survivor, gone = (here, there) if remaining == here.id else (there, here)
    chosen = kept(here, there, lessons)
    progress = {one.lesson: _above(one.progress, one.dropped) for one in chosen}
    # Of what is dropped nothing comes later, either.
    whose = {one.lesson: here if one.is_here else there for one in chosen}
    follow_ups = {
        name: who.follow_ups[name] for name, who in whose.items() if name in who.follow_ups
    }
    currents = [name for name in (here.lesson, there.lesson) if name is not None]
    furthest = max(currents, key=lambda name: _reach(progress.get(name), lessons), default=None)
    return replace(
        survivor,
        lesson=furthest,
        locale=here.locale or there.locale,
        greeted=here.greeted or there.greeted,
        choosing=False,
        event=here.event or there.event,
        confirming=None,
        naming=None,
        quizzed=None,
        follow_ups=follow_ups,
        codes_tried=(),
        formerly=(*survivor.formerly, *gone.formerly, gone.id),
        progress=progress,
    )


def is_begun(progress: Progress | None) -> bool:
    """Whether a learner did anything in a lesson, or had."""
    return progress is not None and (progress.started or bool(progress.records) or progress.run > 1)


def _above(progress: Progress, dropped: Progress | None) -> Progress:
    if dropped is None or dropped.ticket < progress.ticket:
        return progress
    return replace(progress, ticket=dropped.ticket + 1)


def _reach(progress: Progress | None, lessons: Mapping[str, Lesson]) -> tuple[int, ...]:
    """How far somebody is: finished, the phase, steps that are passed, begun at all, the step."""
    if progress is None:
        return (-1,)
    lesson = lessons.get(progress.lesson)
    phases = [phase.id for phase in lesson.phases] if lesson else []
    frontier = progress.frontier
    phase = phases.index(frontier) if frontier in phases else 0
    passed = sum(record.status == "passed" for record in progress.records.values())
    finished = frontier == COMPLETE or progress.completed_at is not None
    steps = [step.id for step in lesson.steps] if lesson else []
    place = steps.index(progress.cursor) if progress.cursor in steps else 0
    return (finished, phase, passed, is_begun(progress), place)
