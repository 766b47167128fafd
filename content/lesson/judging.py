"""The kinds of step in which models are talked to, compared, measured and decided about."""

from collections.abc import Iterable, Iterator
from typing import Literal

from pydantic import Field

from content.frozen import Frozen
from content.lesson.base import (
    MODEL,
    BaseStep,
    Complaint,
    Id,
    Loc,
    Material,
    Name,
    Surroundings,
    Words,
)
from content.lesson.effort import CHOOSE_S, EXPLORE_S, JUDGE_S, PROMPT_S, TALK_S, WRITE_S
from content.lesson.questions import Claim, Criterion, Wordings
from content.lesson.rules import not_shown
from content.nearest import did_you_mean

# The segment of all customers, which no world needs to define.
EVERYBODY = "all"


class Sample(Frozen):
    """A query to try; `note` points at the `fault` that the reply shows, one of the step's."""

    query: Words
    fault: Id | None = None
    note: str = ""


class ChatStep(BaseStep):
    """A talk with a persona, passed after `minimum` messages, with each of `faults` seen.

    A fault shows when the rubric's fault of that name (or the sample's own) is observed;
    `tone_fault` shows when both queries of one of the world's pairs were asked.
    """

    assessed = True
    later = frozenset({"note"})
    stays_open = True
    written = True
    converses = True
    simulation = "persona"
    unread = frozenset({"persona"})

    kind: Literal["chat"]
    persona: Literal["base", "tuned"]
    prompt: Words
    samples: tuple[Sample, ...] = Field(min_length=1)
    faults: dict[Id, Words] = {}
    tone_fault: Id | None = None
    minimum: int = Field(default=3, ge=1)
    praise: Words

    @property
    def effort_s(self) -> float:
        """Seconds beyond reading."""
        return TALK_S * self.minimum

    @property
    def answers(self) -> int:
        """How many answers that time is for."""
        return self.minimum

    @property
    def needs(self) -> frozenset[Material]:
        """What earlier steps must have made."""
        return MODEL if self.persona == "tuned" else frozenset()

    def complaints(self, around: Surroundings) -> Iterator[Complaint]:
        """What is wrong with the step."""
        shown = {self.tone_fault}
        for at, sample in enumerate(self.samples):
            shown.add(sample.fault)
            yield from self._unnamed(sample.fault, ("samples", at, "fault"))
        yield from self._unnamed(self.tone_fault, ("tone_fault",))
        if self.tone_fault is not None and around.world is not None and not around.world.pairs:
            yield ("tone_fault",), "the world has no pairs of queries to compare in tone"
        for name in self.faults:
            if name not in shown and around.rubric is not None and name not in around.rubric.faults:
                yield ("faults", name), f'neither a sample nor the rubric shows the fault "{name}"'

    def _unnamed(self, fault: str | None, loc: Loc) -> Iterator[Complaint]:
        if fault is not None and fault not in self.faults:
            yield loc, f'this step names no fault "{fault}"{did_you_mean(fault, self.faults)}'


class PromptingStep(BaseStep):
    """What tuning has to beat is put together: a system prompt, and examples shown with it.

    Both are chosen of what the world gives. `queries` are answered on trying. Passed when kept.
    """

    assessed = True
    stays_open = True
    simulation = "persona"

    kind: Literal["prompting"]
    prompt: Words
    queries: tuple[Words, ...] = Field(min_length=1, max_length=3)
    praise: Words

    @property
    def effort_s(self) -> float:
        """Seconds beyond reading."""
        return PROMPT_S


class SwapPair(Frozen):
    """The same message by two customers, who differ in name or dialect alone."""

    first: Words
    second: Words


class SwapStep(BaseStep):
    """Equal courtesy, measured on the model that the learner trained in another `lesson`.

    `metric` is the scale by which replies are scored. `equal` is said where the two groups differ
    by less than `within` of its points, else `unequal`, and `absent` where there is no such model.
    """

    assessed = False
    later = frozenset({"unequal", "absent"})
    unread = frozenset({"lesson", "metric", "first"})  # the first of a pair says the same

    kind: Literal["swap"]
    lesson: Id
    metric: Name
    prompt: Words
    columns: tuple[Words, Words, Words]
    pairs: tuple[SwapPair, ...] = Field(min_length=2)
    within: float = Field(gt=0, le=4)
    equal: Words
    unequal: Words
    absent: Words

    @property
    def effort_s(self) -> float:
        """Seconds beyond reading."""
        return JUDGE_S

    def share_read(self, loc: Loc) -> float:
        """How much of a text is read: one of three verdicts."""
        return 1 / 3 if loc[0] in {"equal", "unequal", "absent"} else 1.0


class ComparisonStep(BaseStep):
    """The same queries to the base, its rivals and the tuned model, side by side, scored.

    `few_shot_label` names the rival with examples where there is one.
    """

    assessed = True
    one_by_one = frozenset({"queries"})
    stays_open = True
    written = True
    converses = True
    simulation = "persona"

    kind: Literal["comparison"]
    prompt: Words
    queries: tuple[Words, ...] = Field(min_length=1)
    base_label: Words
    prompted_label: Words
    few_shot_label: str = ""
    tuned_label: Words
    notes: tuple[Words, ...] = ()
    praise: Words

    @property
    def effort_s(self) -> float:
        """Seconds beyond reading."""
        return JUDGE_S * len(self.queries)

    @property
    def answers(self) -> int:
        """How many answers that time is for."""
        return len(self.queries)

    @property
    def needs(self) -> frozenset[Material]:
        """What earlier steps must have made."""
        return MODEL


class Metric(Frozen):
    """A figure of the dashboard, explained; shown with so many `decimals`."""

    id: Name
    label: Words
    explain: Words
    unit: str = ""
    decimals: int = Field(default=2, ge=0, le=2)


class DashboardStep(BaseStep):
    """Figures of both models on held-out customers: filter, open, change the sample size."""

    assessed = True
    later = frozenset({"explain"})
    stays_open = True
    simulation = "persona"

    kind: Literal["dashboard"]
    prompt: Words
    metrics: tuple[Metric, ...] = Field(min_length=1)
    segments: dict[str, Words]
    sizes: tuple[int, ...] = Field(min_length=2)
    notes: tuple[Words, ...] = ()
    praise: Words

    @property
    def effort_s(self) -> float:
        """Seconds beyond reading."""
        return EXPLORE_S

    @property
    def needs(self) -> frozenset[Material]:
        """What earlier steps must have made."""
        return MODEL

    def share_read(self, loc: Loc) -> float:
        """How much of a text is read."""
        return 1 / len(self.metrics) if loc[-1] == "explain" else 1.0

    def complaints(self, around: Surroundings) -> Iterator[Complaint]:
        """What is wrong with the step."""
        yield from _no_segments(self.segments, around)


class DecisionChoice(Frozen):
    """A next step; the figures tell whether it is right. `otherwise` answers it when it isn't."""

    id: Literal["deploy", "more-data", "parameters", "base"]
    text: Words
    right: Words
    otherwise: Words


class DecisionStep(BaseStep):
    """The next step is decided by the learner's own figures, and justified with them."""

    assessed = True
    missable = True
    later = frozenset({"right", "otherwise", "evidence", "claims"})
    written = True
    simulation = "persona"
    unread = frozenset({"wordings", "choice", "claims", "missing", "otherwise"})

    kind: Literal["decision"]
    prompt: Words
    options: tuple[DecisionChoice, ...] = Field(min_length=4, max_length=4)
    justify: Words
    evidence: tuple[Criterion, ...] = Field(min_length=1)
    wordings: Wordings
    claims: tuple[Claim, ...] = ()
    praise: Words

    @property
    def effort_s(self) -> float:
        """Seconds beyond reading."""
        return CHOOSE_S + WRITE_S

    @property
    def needs(self) -> frozenset[Material]:
        """What earlier steps must have made."""
        return MODEL

    def share_read(self, loc: Loc) -> float:
        """How much of a text is read."""
        return 1 / len(self.options) if loc[-1] == "right" else 1.0

    def complaints(self, around: Surroundings) -> Iterator[Complaint]:
        """What is wrong with the step."""
        for at, claim in enumerate(self.claims):
            yield from not_shown(claim.metric, ("claims", at, "metric"), around)
        yield from self.wordings.complaints([c.id for c in self.evidence], ())


class AnalysisStep(BaseStep):
    """A question on the kinds of customer, answered against the learner's figures.

    `rule` "improved": where the tuned model was significantly better; "adequate": where
    the base was good enough. `goal` says before the answer what counts, `explain` after a miss how
    the figures are read.
    """

    assessed = True
    missable = True
    later = frozenset({"explain"})
    simulation = "persona"
    unread = frozenset({"rule"})

    kind: Literal["analysis"]
    prompt: Words
    rule: Literal["improved", "adequate"]
    segments: dict[str, Words]
    goal: str = ""
    explain: Words
    praise: Words

    @property
    def effort_s(self) -> float:
        """Seconds beyond reading."""
        return JUDGE_S

    @property
    def needs(self) -> frozenset[Material]:
        """What earlier steps must have made."""
        return MODEL

    def complaints(self, around: Surroundings) -> Iterator[Complaint]:
        """What is wrong with the step."""
        yield from _no_segments(self.segments, around)


def _no_segments(segments: Iterable[str], around: Surroundings) -> Iterator[Complaint]:
    if around.world is None:
        return
    for name in segments:
        if name not in {*around.world.segments, EVERYBODY}:
            near = did_you_mean(name, around.world.segments)
            yield ("segments", name), f'the world has no segment "{name}"{near}'
