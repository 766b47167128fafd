"""What the learner decided on the portal's screens, for whatever follows from it."""

from collections.abc import Mapping
from typing import Literal, Self

from pydantic import JsonValue

from content.frozen import Frozen
from content.lesson import DecisionOption, Lesson, ScreenStep
from dialogs.values.progress import Progress
from dialogs.work.plan import in_lesson

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


def decided(lesson: Lesson, progress: Progress) -> Mapping[Matter, DecisionOption]:
    """The options accepted last, by matter; what is still open is missing."""
    found: dict[Matter, DecisionOption] = {}
    for step in in_lesson(lesson, ScreenStep):
        state = progress.record(step.id).state
        if state is None:
            continue
        held = Decided.of(state).decisions
        for decision in step.decisions:
            option = next((o for o in decision.options if o.id == held.get(decision.id)), None)
            if option:
                found[decision.sets] = option
    return found
