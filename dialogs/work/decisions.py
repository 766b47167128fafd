"""What the learner decided on the portal's screens, for whatever follows from it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from content.lesson import DecidedMatter, DecisionOption, Lesson, ScreenStep
from dialogs.values.kept import Kept
from dialogs.values.progress import Progress


@dataclass(frozen=True)
class Decided(Kept):
    """A screen step's state: the accepted options by decision id, what was entered by its name.

    `noted` is how many notes were read.
    """

    decisions: dict[str, str] = field(default_factory=dict)
    noted: int = 0
    entered: dict[str, str] = field(default_factory=dict)


def decided(lesson: Lesson, progress: Progress) -> Mapping[DecidedMatter, DecisionOption]:
    """The options accepted last, by matter; what is still open is missing."""
    found: dict[DecidedMatter, DecisionOption] = {}
    for step in lesson.steps_of(ScreenStep):
        held = Decided.of(progress.record(step.id).state).decisions
        for decision in step.decisions:
            option = next((o for o in decision.options if o.id == held.get(decision.id)), None)
            if option:
                found[decision.sets] = option
    return found


def entered(lesson: Lesson, progress: Progress) -> Mapping[str, str]:
    """What the learner set on the screens for the job to come, by its name."""
    found: dict[str, str] = {}
    for step in lesson.steps_of(ScreenStep):
        found |= Decided.of(progress.record(step.id).state).entered
    return found
