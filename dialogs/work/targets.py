"""The goals that the learner set before anything was trained."""

from dataclasses import dataclass, field

from content.lesson import Lesson, TargetsStep
from dialogs.values.kept import Kept
from dialogs.values.progress import Progress


@dataclass(frozen=True)
class Targets(Kept):
    """A targets step's state: the numbers set, by target id."""

    numbers: dict[str, float] = field(default_factory=dict)


def targets(lesson: Lesson, progress: Progress) -> dict[str, float]:
    """What the learner set: metric -> the least that will do, in the metric's unit."""
    found: dict[str, float] = {}
    for step in lesson.steps_of(TargetsStep):
        held = Targets.of(progress.record(step.id).state).numbers
        found |= {t.metric: held[t.id] * t.scale for t in step.targets if t.id in held}
    return found
