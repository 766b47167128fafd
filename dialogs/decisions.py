"""What the learner decided on the portal's screens, for whatever follows from it."""

from typing import Literal, Self

from pydantic import JsonValue

from content.frozen import Frozen
from content.lesson import DecisionOption, Lesson, ScreenStep
from dialogs.progress import Progress

Matter = Literal[
    "model", "method", "training_type", "validation", "checkpoint", "deployment", "other"
]


class Decided(Frozen):
    """A screen step's state: the accepted options by decision id, the notes shown so far."""

    decisions: dict[str, str] = {}
    noted: int = 0

    @classmethod
    def of(cls, state: JsonValue) -> Self:
        """Read a record's state; a fresh one when there is none."""
        return cls.model_validate(state or {})


def decided(lesson: Lesson, progress: Progress, matter: Matter) -> DecisionOption | None:
    """The option accepted last on this matter; None while it is open."""
    found: DecisionOption | None = None
    for step in lesson.steps:
        if not isinstance(step, ScreenStep):
            continue
        held = Decided.of(progress.record(step.id).state).decisions
        for decision in step.decisions:
            if decision.sets == matter and decision.id in held:
                found = next((o for o in decision.options if o.id == held[decision.id]), found)
    return found
