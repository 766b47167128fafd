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
from content.lesson.effort import CHOOSE_S, LAB_RUNS, LOOK_S, REASONS_OPENED, RUN_S, SHARE_MET
from content.lesson.rules import unordered
from content.nearest import did_you_mean

Setting = Literal["learning_rate_multiplier", "batch_size", "n_epochs"]
Entry = Literal["learning_rate_multiplier", "batch_size", "n_epochs", "suffix"]
DecidedMatter = Literal[
    "model", "method", "training_type", "validation", "checkpoint", "deployment", "other"
]


class ScreenField(Frozen):
    """A part of the screen, as the portal shows it; words may name figures, as `{n_epochs}`.

    `decides` is the id of the decision that is made there; `enters` is what the learner sets
    there, for the job that follows. `shows` is what stands below the label: the learner's own
    training file, which they upload there, or their job's loss curves. `rows` are a table, its
    header first. Fields of the same `tab` follow each other.
    """

    label: Words
    value: Words | None = None
    tab: Words | None = None
    decides: Id | None = None
    enters: Entry | None = None
    shows: Literal["file", "curves"] | None = None
    rows: tuple[tuple[Words, ...], ...] = ()


class Annotation(Frozen):
    """What a numbered mark on the screen explains; `target` is the label of its field."""

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
    sets: DecidedMatter
    options: tuple[DecisionOption, ...] = Field(min_length=2)


class ScreenStep(BaseStep):
    """A simulated screen of the portal: read the annotations, make the decisions in it.

    `path` is where the portal has it, its parts split by " > ", and `places` what its navigation
    offers. `source` is the id of the page among the lesson's sources after which it is drawn.
    `image` is a real screenshot, shown in place of a drawn one. `submit` is what the screen's own
    button is called. `notes` is how many annotations must be read before it counts.
    """

    assessed = True
    unread = frozenset({"sets", "decides", "enters", "shows", "tab", "places", "rows"})
    missable = True
    later = frozenset({"annotations", "tips"})
    one_by_one = frozenset({"decisions"})

    kind: Literal["screen"]
    path: Words
    places: tuple[Words, ...] = ()
    source: Id | None = None
    prompt: Words
    image: Image | None = None
    fields: tuple[ScreenField, ...] = Field(min_length=1)
    submit: Words | None = None
    notes: int = Field(default=0, ge=0)
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
        return REASONS_OPENED if loc[0] in {"annotations", "tips"} else 1.0

    def complaints(self, around: Surroundings) -> Iterator[Complaint]:
        """What is wrong with the step."""
        yield from self._misplaced(around)
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

    def _misplaced(self, around: Surroundings) -> Iterator[Complaint]:
        """What names a part of the screen that isn't there."""
        labels = [field.label for field in self.fields]
        known = {decision.id for decision in self.decisions}
        used: set[str] = set()
        targets = [note.target for note in self.annotations]
        for at, note in enumerate(self.annotations):
            if note.target in targets[:at]:
                yield ("annotations", at, "target"), f'"{note.target}" has a note already'
            if note.target not in labels:
                near = did_you_mean(note.target, labels)
                yield ("annotations", at, "target"), f'no field is called "{note.target}"{near}'
        if self.notes > len(self.annotations):
            yield ("notes",), f"{self.notes} notes are to be read, and there are fewer"
        for at, field in enumerate(self.fields):
            place = ("fields", at)
            if field.decides is not None:
                if field.decides not in known:
                    near = did_you_mean(field.decides, known)
                    yield (*place, "decides"), f'no decision has the id "{field.decides}"{near}'
                elif field.decides in used:
                    yield (*place, "decides"), f'"{field.decides}" is decided in a field before'
                used.add(field.decides)
            if field.decides and field.enters:
                yield place, f'field "{field.label}" can decide or enter, not both'
            if not (field.value or field.decides or field.enters or field.shows or field.rows):
                yield place, f'field "{field.label}" shows nothing'
            if len({len(row) for row in field.rows}) > 1:
                yield (*place, "rows"), "the rows of a table need equally many cells"
            if field.enters not in {None, "suffix"} and not _jobs_with(field.enters, around):
                message = f'no step of kind job has the parameter "{field.enters}"'
                yield (*place, "enters"), message
        for at, decision in enumerate(self.decisions):
            if decision.id not in used:
                message = f'no field decides "{decision.id}", so nobody could'
                yield ("decisions", at, "id"), message


def _jobs_with(entry: str | None, around: Surroundings) -> bool:
    jobs = [step for step in around.steps if isinstance(step, JobStep)]
    return any(parameter.id == entry for job in jobs for parameter in job.parameters)


class Parameter(Frozen):
    """A hyperparameter of the lab: its range, the service's usual value and what it does."""

    id: Setting
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
    missable = True
    later = frozenset({"explain", "advice"})
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

    def share_read(self, loc: Loc) -> float:
        """How much of a text is read."""
        return SHARE_MET if loc[0] == "outcomes" and loc[-1] != "text" else 1.0

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


class RunOption(Frozen):
    """How a run can have gone: `shows` says what the curves show of it, `advice` what to do."""

    id: Literal["underfit", "good", "overfit", "diverged", "unlike-validation"]
    text: Words
    shows: Words
    advice: Words


class CurvesStep(BaseStep):
    """Read the curves of small trainings, one for each option, and say how each went."""

    assessed = True

    kind: Literal["curves"]
    prompt: Words
    options: tuple[RunOption, ...] = Field(min_length=2, max_length=5)
    praise: Words

    @property
    def effort_s(self) -> float:
        """Seconds beyond reading."""
        return (LOOK_S + CHOOSE_S) * len(self.options)

    @property
    def answers(self) -> int:
        """How many answers that time is for."""
        return len(self.options)


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
