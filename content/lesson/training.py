"""The kinds of step in which a model is trained: the portal's screens, the lab, the job."""

from collections.abc import Iterator, Sequence
from typing import Literal

from pydantic import Field

from content.figures import FIGURE_NAMES
from content.frozen import Frozen
from content.lesson.base import (
    EXAMPLES,
    MODEL,
    BaseStep,
    Complaint,
    Id,
    Image,
    Loc,
    Material,
    Surroundings,
    Words,
)
from content.lesson.effort import CHOOSE_S, LAB_RUNS, LOOK_S, REASONS_OPENED, RUN_S
from content.lesson.rules import unordered


class ScreenField(Frozen):
    """A field as the portal shows it; `value` may name figures in braces, as `{n_epochs}`."""

    label: Words
    value: Words


class Annotation(Frozen):
    """What a numbered mark on the screen explains."""

    target: Words
    text: Words


class DecisionOption(Frozen):
    """A choice on a screen. `refused` options are answered and asked again.

    `name` is what forms and figures call the option, once it is decided on.
    """

    id: Id
    name: Words | None = None
    text: Words
    feedback: Words
    refused: bool = False


class Decision(Frozen):
    """A decision point; `sets` names what it changes in the run that follows."""

    id: Id
    prompt: Words
    sets: Literal[
        "model", "method", "training_type", "validation", "checkpoint", "deployment", "other"
    ]
    options: tuple[DecisionOption, ...] = Field(min_length=2)


class ScreenStep(BaseStep):
    """A simulated screen of the portal: read the annotations, make the decisions.

    `source` is the id of the page among the lesson's sources after which it is drawn.
    """

    assessed = True
    unread = frozenset({"sets"})

    kind: Literal["screen"]
    path: Words
    source: Id | None = None
    prompt: Words
    image: Image | None = None
    fields: tuple[ScreenField, ...] = Field(min_length=1)
    annotations: tuple[Annotation, ...] = Field(min_length=3)
    tips: tuple[Words, ...] = Field(min_length=1)
    decisions: tuple[Decision, ...] = Field(min_length=1)
    praise: Words

    @property
    def effort_s(self) -> float:
        """Seconds beyond reading."""
        return LOOK_S * len(self.annotations) + CHOOSE_S * len(self.decisions)

    @property
    def answers(self) -> int:
        """How many answers that time is for."""
        return len(self.decisions)

    def share_read(self, loc: Loc) -> float:
        """How much of a text is read."""
        return REASONS_OPENED if loc[0] == "tips" else 1.0

    def complaints(self, around: Surroundings) -> Iterator[Complaint]:
        """What is wrong with the step."""
        for at, decision in enumerate(self.decisions):
            if all(option.refused for option in decision.options):
                yield ("decisions", at), "every option of this decision is refused"
            if decision.sets in FIGURE_NAMES:
                for n, option in enumerate(decision.options):
                    if not option.refused and option.name is None:
                        message = (
                            f'option "{option.id}" has no name to be put for {{{decision.sets}}}'
                        )
                        yield ("decisions", at, "options", n), message


class Parameter(Frozen):
    """A hyperparameter of the lab: its range, the service's usual value and what it does."""

    id: Literal["learning_rate_multiplier", "batch_size", "n_epochs"]
    label: Words
    explain: Words
    lowest: float
    highest: float
    usual: float


class LabOutcome(Frozen):
    """How a run can end, as the learner predicts it and as the tutor explains it."""

    id: Literal["underfit", "good", "overfit", "diverged", "unlike-validation"]
    text: Words
    explain: Words
    advice: Words


class LabStep(BaseStep):
    """Predict, run, compare; passed with a good run, one of too little and one of too much."""

    assessed = True
    stays_open = True
    live = True
    simulation = "persona"

    kind: Literal["lab"]
    prompt: Words
    parameters: tuple[Parameter, ...] = Field(min_length=3, max_length=3)
    outcomes: tuple[LabOutcome, ...] = Field(min_length=5, max_length=5)
    praise: Words

    @property
    def effort_s(self) -> float:
        """Seconds beyond reading."""
        return RUN_S * LAB_RUNS

    @property
    def answers(self) -> int:
        """How many answers that time is for."""
        return LAB_RUNS

    @property
    def needs(self) -> frozenset[Material]:
        """What earlier steps must have made."""
        return EXAMPLES

    def complaints(self, around: Surroundings) -> Iterator[Complaint]:
        """What is wrong with the step."""
        yield from _out_of_range(self.parameters)


class JobStep(BaseStep):
    """The training job that makes the learner's own model, watched live."""

    assessed = True
    reopens = True
    live = True
    simulation = "persona"
    gives = MODEL

    kind: Literal["job"]
    prompt: Words
    parameters: tuple[Parameter, ...] = Field(min_length=3, max_length=3)
    seconds: float = Field(default=20.0, gt=0)
    timeline: Words
    praise: Words

    @property
    def effort_s(self) -> float:
        """Seconds beyond reading."""
        return self.seconds + CHOOSE_S  # the settings of the lab are filled in

    @property
    def needs(self) -> frozenset[Material]:
        """What earlier steps must have made."""
        return EXAMPLES

    def complaints(self, around: Surroundings) -> Iterator[Complaint]:
        """What is wrong with the step."""
        yield from _out_of_range(self.parameters)


def _out_of_range(parameters: Sequence[Parameter]) -> Iterator[Complaint]:
    for at, parameter in enumerate(parameters):
        place = ("parameters", at)
        yield from unordered(parameter.lowest, parameter.usual, parameter.highest, place)
