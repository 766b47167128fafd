"""The kind of step that experiments: settings, a trial that is really computed, what it shows."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from content.conditions import Condition, condition
from content.frozen import Frozen
from content.lesson.base import BaseStep, Complaint, Id, Loc, Surroundings, Words
from content.lesson.effort import REASONS_OPENED, RUN_S, SHARE_MET, TALK_S
from content.nearest import did_you_mean
from content.simulation import BenchContent, Choices, Declared, Span

PREDICTED = "predicted"  # the input that holds the prediction


def _readable(text: str) -> str:
    condition(text)
    return text


# The name of a figure of an experiment.
Figure = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*([-_][a-z0-9]+)*$", max_length=40)]
When = Annotated[str, Field(min_length=1), AfterValidator(_readable)]


class SettingOption(Frozen):
    """What a setting can be: its id, which the simulation knows, and what it is called.

    `about` says more of it, for who asks.
    """

    id: Id
    text: Words
    about: str = ""


class Setting(Frozen):
    """What is set before a trial: options to choose from, or a number.

    A number goes from `low` to `high` and begins with `value`; `unit` stands beside it. Of
    `options` several may hold with `many`, `usual` are those that hold at first.
    """

    id: Id
    label: Words
    options: tuple[SettingOption, ...] = ()
    many: bool = False
    usual: tuple[Id, ...] = ()
    low: float | None = None
    high: float | None = None
    value: float | None = None
    unit: str = ""

    @property
    def is_number(self) -> bool:
        """Whether a number is set, and nothing is chosen."""
        return not self.options


class Shown(Frozen):
    """A figure of a trial as it is shown.

    `format` writes it: a number with `decimals`, a share as percent, a number in words of money
    ("$" `before` it, or a `unit` behind). One with a `highest` is drawn as a bar beside the others
    of the same kind, under the words of `bars`; one that isn't a `column` of the table is said in
    remarks alone.
    """

    figure: Figure
    label: Words
    format: Literal["number", "percent"] = "number"
    decimals: int = Field(default=0, ge=0, le=6)
    before: str = ""
    unit: str = ""
    highest: float | None = None
    bars: str = ""
    column: bool = True


class Curves(Frozen):
    """How the lines of a trial are drawn, where it has some."""

    title: Words
    x: Words
    y: Words


class Foreseen(Frozen):
    """A way in which it may go: it went so when `when` holds of the first trial that can tell."""

    id: Id
    text: Words
    when: When


class Prediction(Frozen):
    """What is asked before the first trial; exactly one of the options should come true."""

    prompt: Words
    options: tuple[Foreseen, ...] = Field(min_length=2)


class Goal(Frozen):
    """What is to be reached: met by a trial of which `when` holds."""

    id: Id
    text: Words
    when: When


class Remark(Frozen):
    """What is said of every trial of which `when` holds; braces name figures and settings."""

    when: When
    text: Words


class Region(Frozen):
    """A part of a map: options of the setting by which trials are placed."""

    label: Words
    options: tuple[Id, ...] = Field(min_length=1)


class Plan(Frozen):
    """A map that fills in as one decides: each trial that meets a goal is put into its place.

    The option that holds of `setting` is the place, that of `names` what is put there; `empty` is
    the place where no option holds. `columns` are those of the place, its region, what is there.
    Steps of a lesson with the same `title` fill one map.
    """

    title: Words
    columns: tuple[Words, Words, Words]
    setting: Id
    names: Id
    regions: tuple[Region, ...] = Field(min_length=2)
    empty: Id | None = None


class ExperimentStep(BaseStep):
    """Set, try, look: passed when each goal was met, after `minimum` different trials at least.

    With `together` one trial has to meet all goals. `way` are settings that meet them, for tests
    and simulated learners: no learner sees them.
    """

    assessed = True
    missable = True
    stays_open = True
    live = True
    later = frozenset({"remarks", "shows", "curves", "about"})
    unread = frozenset({"when", "figure", "way", "format", "before", "usual", "plan"})

    kind: Literal["experiment"]
    experiment: Id
    prompt: Words
    settings: tuple[Setting, ...] = Field(min_length=1)
    shows: tuple[Shown, ...] = Field(min_length=1)
    curves: Curves | None = None
    predict: Prediction | None = None
    goals: tuple[Goal, ...] = Field(min_length=1)
    together: bool = False
    remarks: tuple[Remark, ...] = ()
    plan: Plan | None = None
    minimum: int = Field(default=1, ge=1)
    hints: tuple[Words, ...] = ()
    praise: Words
    way: tuple[Mapping[Id, tuple[str, ...]], ...] = ()

    @property
    def answers(self) -> int:
        """How many trials that time is for."""
        return max(self.minimum, 1 if self.together else min(len(self.goals), 4))

    @property
    def effort_s(self) -> float:
        """Seconds beyond reading."""
        return RUN_S * self.answers

    def share_read(self, loc: Loc) -> float:
        """How much of a text is read."""
        if loc[-1] == "about":
            return REASONS_OPENED
        return SHARE_MET if loc[0] == "remarks" else 1.0

    def complaints(self, around: Surroundings) -> Iterator[Complaint]:
        """What is wrong with the step."""
        if around.simulation is None:
            return  # which is told of the lesson, or of what is faulty in its simulation
        if not isinstance(around.simulation, BenchContent):
            yield ("experiment",), "the lesson's simulation has no experiments"
            return
        known = around.simulation.experiments
        declared = known.get(self.experiment)
        if declared is None:
            near = did_you_mean(self.experiment, known)
            yield ("experiment",), f'the simulation has no experiment "{self.experiment}"{near}'
            return
        yield from self._unlike(declared)
        yield from self._misnamed(declared)
        yield from self._unsaid(declared)
        yield from self._misplaced()

    def _misplaced(self) -> Iterator[Complaint]:
        """A map of settings that aren't there, or of places that aren't all options."""
        if self.plan is None:
            return
        options = {one.id: [o.id for o in one.options] for one in self.settings}
        for key, name in (("setting", self.plan.setting), ("names", self.plan.names)):
            if not options.get(name):
                near = did_you_mean(name, options)
                yield ("plan", key), f'no setting with options is called "{name}"{near}'
        places = sorted(name for region in self.plan.regions for name in region.options)
        if places != sorted(options.get(self.plan.setting, ())):
            yield ("plan", "regions"), f'each option of "{self.plan.setting}" needs one place'

    def _unlike(self, declared: Declared) -> Iterator[Complaint]:
        """Settings that the simulation doesn't know, or lacks, or that hold something else."""
        for at, setting in enumerate(self.settings):
            place = ("settings", at)
            what = declared.settings.get(setting.id)
            if what is None or setting.id == PREDICTED:
                near = did_you_mean(setting.id, declared.settings)
                yield (*place, "id"), f'"{self.experiment}" has no setting "{setting.id}"{near}'
            elif isinstance(what, Span):
                yield from _beyond(setting, what, place)
            else:
                yield from _not_chosen(setting, what, place)
        for name in declared.settings:
            if name not in {setting.id for setting in self.settings}:
                yield ("settings",), f'the setting "{name}" is missing'
        for at, shown in enumerate(self.shows):
            if shown.figure not in declared.figures:
                near = did_you_mean(shown.figure, declared.figures)
                message = f'"{self.experiment}" gives no figure "{shown.figure}"{near}'
                yield ("shows", at, "figure"), message

    def _misnamed(self, declared: Declared) -> Iterator[Complaint]:
        """Conditions on what isn't there."""
        figures = dict.fromkeys(declared.figures)
        settings = {
            s.id: None if s.is_number else tuple(o.id for o in s.options) for s in self.settings
        }
        for loc, text in self._conditions():
            yield from ((loc, fault) for fault in condition(text).faults(figures, settings))

    def _conditions(self) -> Iterator[tuple[Loc, str]]:
        if self.predict:
            for at, option in enumerate(self.predict.options):
                yield ("predict", "options", at, "when"), option.when
        for at, goal in enumerate(self.goals):
            yield ("goals", at, "when"), goal.when
        for at, remark in enumerate(self.remarks):
            yield ("remarks", at, "when"), remark.when

    def _unsaid(self, declared: Declared) -> Iterator[Complaint]:
        """Remarks that name what a trial doesn't have, and trials of the `way` that can't be."""
        shown = {one.figure for one in self.shows}
        settings = {one.id: one for one in self.settings}
        for at, remark in enumerate(self.remarks):
            for name in named(remark.text):
                bare = name.removeprefix("previous.")
                place = ("remarks", at, "text")
                if bare not in {*shown, *settings}:
                    said = "is shown nowhere" if bare in declared.figures else "is nothing here"
                    yield place, f"{{{name}}} {said}{did_you_mean(bare, {*shown, *settings})}"
                elif name != bare and not condition(remark.when).looks_back:
                    yield place, f'{{{name}}} needs a "when" that speaks of the trial before'
        for at, trial in enumerate(self.way):
            for name, values in trial.items():
                here = settings.get(name)
                if here is None:
                    near = did_you_mean(name, settings)
                    yield ("way", at, name), f'no setting is called "{name}"{near}'
                elif here.options and not {o.id for o in here.options}.issuperset(values):
                    yield ("way", at, name), f'"{name}" has no such option'


class ConversationStep(BaseStep):
    """A talk with the model of the learner's last trial; `experiment` is the step of that trial.

    `told` are the settings of the trial that stand there: those that made the model.

    Passed when, in one conversation, `minimum` replies after each other kept its thread. When one
    loses it, the first of `remarks` is said whose condition holds of the trial.
    """

    assessed = True
    stays_open = True
    written = True
    converses = True
    later = frozenset({"remarks"})
    unread = frozenset({"when", "experiment", "told"})

    kind: Literal["conversation"]
    experiment: Id
    told: tuple[Id, ...] = Field(min_length=1)
    prompt: Words
    samples: tuple[Words, ...] = Field(min_length=1)
    remarks: tuple[Remark, ...] = ()
    minimum: int = Field(default=3, ge=1)
    praise: Words

    @property
    def effort_s(self) -> float:
        """Seconds beyond reading."""
        return TALK_S * self.answers

    @property
    def answers(self) -> int:
        """How many messages that time is for: one names the thread, the others follow it."""
        return self.minimum + 1

    def share_read(self, loc: Loc) -> float:
        """How much of a text is read."""
        return SHARE_MET if loc[0] == "remarks" else 1.0

    def complaints(self, around: Surroundings) -> Iterator[Complaint]:
        """What is wrong with the step."""
        found = next((s for s in around.steps if s.id == self.experiment), None)
        if not isinstance(found, ExperimentStep):
            yield ("experiment",), f'"{self.experiment}" is no step with an experiment'
        elif not isinstance(around.simulation, BenchContent):
            return  # which is told of the lesson
        elif not around.simulation.talks:
            yield ("experiment",), "the simulation's models don't talk"
        else:
            declared = around.simulation.experiments.get(found.experiment)
            figures = dict.fromkeys(declared.figures if declared else ())
            settings = {
                s.id: None if s.is_number else tuple(o.id for o in s.options)
                for s in found.settings
            }
            for at, name in enumerate(self.told):
                if name not in settings:
                    near = did_you_mean(name, settings)
                    yield ("told", at), f'no setting is called "{name}"{near}'
            for at, remark in enumerate(self.remarks):
                for fault in condition(remark.when).faults(figures, settings):
                    yield ("remarks", at, "when"), fault


def named(text: str) -> Iterable[str]:
    """The names in a text's braces."""
    return (part.split("}", 1)[0] for part in text.split("{")[1:])


def _beyond(setting: Setting, span: Span, place: Loc) -> Iterator[Complaint]:
    if setting.options:
        yield (*place, "options"), f'"{setting.id}" is a number: say low, high and value'
        return
    low, value, high = setting.low, setting.value, setting.high
    if low is None or value is None or high is None:
        yield place, f'"{setting.id}" is a number, so it needs low, high and value'
    elif not span.lowest <= low <= value <= high <= span.highest:
        least, most = f"{span.lowest:g}", f"{span.highest:g}"
        yield place, f'"{setting.id}" must have low ≤ value ≤ high between {least} and {most}'


def _not_chosen(setting: Setting, choices: Choices, place: Loc) -> Iterator[Complaint]:
    if not setting.options:
        known = ", ".join(choices.options)
        yield place, f'"{setting.id}" needs options: {known}'
    for at, option in enumerate(setting.options):
        if option.id not in choices.options:
            near = did_you_mean(option.id, choices.options)
            yield (*place, "options", at, "id"), f'"{setting.id}" can\'t be "{option.id}"{near}'
    if setting.many and not choices.many:
        yield (*place, "many"), f'of "{setting.id}" just one option can hold'
    for name in setting.usual:
        if name not in {o.id for o in setting.options}:
            yield (*place, "usual"), f'"{setting.id}" has no option "{name}"'


def conditions_of(step: ExperimentStep) -> Iterable[Condition]:
    """The conditions of the step's goals, in order."""
    return (condition(goal.when) for goal in step.goals)
