"""What a phase still asks for. Everything that counts as complete is decided here."""

from content.lesson import Lesson, Phase, Requirement, Step
from dialogs.values.progress import Progress


def open_requirements(phase: Phase, progress: Progress) -> tuple[Requirement, ...]:
    """The phase's requirements with a step that isn't passed, in the lesson's order."""
    return tuple(
        r for r in phase.requirements if any(progress.record(s).status != "passed" for s in r.steps)
    )


def is_complete(phase: Phase, progress: Progress) -> bool:
    """Whether nothing that the phase requires is open."""
    return not open_requirements(phase, progress)


def is_assessed(step: Step) -> bool:
    """Whether the step is there to be passed, and not just to be read."""
    return step.assessed and not step.optional


def may_leave(step: Step, progress: Progress) -> bool:
    """Whether Next passes this step: read, optional, passed, or waived as an experiment."""
    record = progress.record(step.id)
    return not is_assessed(step) or record.status == "passed" or record.waived


def barrier(lesson: Lesson, progress: Progress) -> Step | None:
    """The step that bars the way on; None where the way is open to the end."""
    return next((step for step in lesson.steps if not may_leave(step, progress)), None)


def is_reachable(lesson: Lesson, progress: Progress, step_id: str) -> bool:
    """Whether nothing before the step bars the way to it."""
    steps, bar = lesson.steps, barrier(lesson, progress)
    there = lesson.step(step_id)
    if there is None:
        return False
    return bar is None or steps.index(there) <= steps.index(bar)


def reopens(step: Step) -> bool:
    """Whether a return to the passed step finds it open, not closed for review."""
    return step.stays_open or step.reopens
