"""What a lesson is: phases of steps, each step of one kind."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from content.cached import cached_by_identity
from content.frozen import Frozen

Id = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
Words = Annotated[str, Field(min_length=1, max_length=4000)]


class Image(Frozen):
    """A picture: `source` is a file beside the lesson's YAML, `alt` says what it shows."""

    source: Words
    alt: Words


class BaseStep(Frozen):
    """What all kinds of step share.

    `tutorial` marks explanations that "skip tutorial" passes over; `optional` marks
    work that nothing requires; `terms` are glossary ids explained where the step stands.
    """

    id: Id
    title: Words
    help: Words
    optional: bool = False
    tutorial: bool = False
    terms: tuple[Id, ...] = ()


class StartStep(BaseStep):
    """The start screen."""

    kind: Literal["start"]
    subtitle: Words
    icon: Image
    objective: Words
    scenario: Words
    challenge: Words
    requirements: tuple[Words, ...]
    details_title: Words
    details: tuple[Words, ...]
    button: Words


class InformationStep(BaseStep):
    """Paragraphs to read; `goals` lists the phase's learning goals below them."""

    kind: Literal["information"]
    body: tuple[Words, ...] = Field(min_length=1)
    goals: bool = False
    tips: tuple[Words, ...] = ()


class Frame(Frozen):
    """One still of a demonstration; `mono` is for code."""

    caption: Words
    text: Words
    mono: bool = False


class ExplanationStep(BaseStep):
    """A demonstration that the learner steps through, from before to after."""

    kind: Literal["explanation"]
    body: tuple[Words, ...] = ()
    frames: tuple[Frame, ...] = Field(min_length=2)
    closing: tuple[Words, ...] = ()


class ChecklistItem(Frozen):
    """`feedback` says why it is relevant, or why not."""

    id: Id
    text: Words
    relevant: bool
    feedback: Words


class ChecklistStep(BaseStep):
    """All relevant items, and no other, are to be chosen."""

    kind: Literal["checklist"]
    prompt: Words
    items: tuple[ChecklistItem, ...] = Field(min_length=3)
    hints: tuple[Words, ...] = ()
    praise: Words


class Target(Frozen):
    """A number that the learner sets; `metric` names a figure of the dashboard.

    Below `lowest` or above `highest` is answered with `too_low` / `too_high`. `scale` turns
    the learner's number into the figure's own unit (0.01 for percent of a share).
    """

    id: Id
    metric: Words
    label: Words
    lowest: float
    highest: float
    suggested: float
    scale: float = Field(default=1.0, gt=0)
    unit: str = ""
    too_low: Words
    too_high: Words


class TargetsStep(BaseStep):
    """Numeric goals, set before anything is trained."""

    kind: Literal["targets"]
    prompt: Words
    targets: tuple[Target, ...] = Field(min_length=1)
    praise: Words


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

    kind: Literal["chat"]
    persona: Literal["base", "tuned"]
    prompt: Words
    samples: tuple[Sample, ...] = Field(min_length=1)
    faults: dict[Id, Words] = {}
    tone_fault: Id | None = None
    minimum: int = Field(default=3, ge=1)
    praise: Words


class Option(Frozen):
    """An answer to choose, with feedback of its own."""

    id: Id
    text: Words
    right: bool = False
    feedback: Words


class ChoiceStep(BaseStep):
    """A multiple-choice question after a `situation`; `many` lets several options be right."""

    kind: Literal["choice"]
    situation: str = ""
    prompt: Words
    options: tuple[Option, ...] = Field(min_length=2)
    many: bool = False
    hints: tuple[Words, ...] = ()
    praise: str = ""


class Criterion(Frozen):
    """An aspect of a good text: found by any of `patterns` (regular expressions, case ignored).

    A `needed` one must be met, whatever else is.
    """

    id: Id
    patterns: tuple[Words, ...] = Field(min_length=1)
    covered: Words
    missing: Words
    needed: bool = False


class Claim(Frozen):
    """A metric of which a justification may speak, by `patterns`: held against the figures."""

    metric: Id
    patterns: tuple[Words, ...] = Field(min_length=1)


class TextStep(BaseStep):
    """A free text, read for topic and effort: passed with `minimum` criteria met.

    With `figures` it is answered with the learner's figures, and asked anew for another model.
    """

    kind: Literal["text"]
    situation: str = ""
    prompt: Words
    criteria: tuple[Criterion, ...] = Field(min_length=1)
    minimum: int = Field(default=1, ge=1)
    praise: Words
    example: str = ""
    figures: bool = False


class Conversation(Frozen):
    """A customer's message and a reply that could become training examples.

    `character` is one of the persona world's (good, curt, rude …); `variants` is how
    many lines its archive brings, the shown one included. `why` explains the verdict.
    """

    id: Id
    title: Words
    customer: Words
    response: Words
    intent: Words
    character: Words
    good: bool
    why: Words
    variants: int = Field(default=6, ge=1)


class SelectionStep(BaseStep):
    """Good conversations are chosen for the training set.

    Passed with no unfit one and at least `minimum` good ones.
    """

    kind: Literal["selection"]
    prompt: Words
    source: Words
    target: Words
    conversations: tuple[Conversation, ...] = Field(min_length=4)
    minimum: int = Field(ge=1)
    hints: tuple[Words, ...] = ()
    praise: Words
    experiment: Words


class JsonlStep(BaseStep):
    """One conversation is written as one line of JSONL."""

    kind: Literal["jsonl"]
    prompt: Words
    system: Words
    customer: Words
    response: Words
    intent: Words
    hints: tuple[Words, ...] = ()
    praise: Words


class QualityCheck(Frozen):
    """A point of the checklist, asked about the learner's own set."""

    id: Id
    about: Literal["tone", "topics", "pairs", "format", "quantity"]
    text: Words
    question: Words
    right: Words
    wrong: Words


class QualityStep(BaseStep):
    """The data quality checklist; every point is answered before it is ticked."""

    kind: Literal["quality"]
    prompt: Words
    checks: tuple[QualityCheck, ...] = Field(min_length=1)
    praise: Words


class OrderingItem(Frozen):
    """One of the things to order; `why` says what it needs before it."""

    id: Id
    text: Words
    why: Words


class OrderingStep(BaseStep):
    """Shuffled items are put into their true order, the order of `items`."""

    kind: Literal["ordering"]
    prompt: Words
    source: Words
    target: Words
    items: tuple[OrderingItem, ...] = Field(min_length=3)
    hints: tuple[Words, ...] = Field(min_length=1)
    praise: Words


class ScreenField(Frozen):
    """A field as the portal shows it; `value` may name figures in braces, as `{n_epochs}`."""

    label: Words
    value: Words


class Annotation(Frozen):
    """What a numbered mark on the screen explains."""

    target: Words
    text: Words


class DecisionOption(Frozen):
    """A choice on a screen. `refused` options are answered and asked again."""

    id: Id
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
    """A simulated screen of the portal: read the annotations, make the decisions."""

    kind: Literal["screen"]
    path: Words
    prompt: Words
    image: Image | None = None
    fields: tuple[ScreenField, ...] = Field(min_length=1)
    annotations: tuple[Annotation, ...] = Field(min_length=3)
    tips: tuple[Words, ...] = Field(min_length=1)
    decisions: tuple[Decision, ...] = Field(min_length=1)
    praise: Words


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

    id: Literal["underfit", "good", "overfit", "diverged"]
    text: Words
    explain: Words
    advice: Words


class LabStep(BaseStep):
    """Predict, run, compare; passed with a good run, one of too little and one of too much."""

    kind: Literal["lab"]
    prompt: Words
    parameters: tuple[Parameter, ...] = Field(min_length=3, max_length=3)
    outcomes: tuple[LabOutcome, ...] = Field(min_length=4, max_length=4)
    praise: Words


class JobStep(BaseStep):
    """The training job that makes the learner's own model, watched live."""

    kind: Literal["job"]
    prompt: Words
    parameters: tuple[Parameter, ...] = Field(min_length=3, max_length=3)
    seconds: float = Field(default=20.0, gt=0)
    timeline: Words
    praise: Words


class ComparisonStep(BaseStep):
    """The same queries to the base, the prompted and the tuned model, side by side, scored."""

    kind: Literal["comparison"]
    prompt: Words
    queries: tuple[Words, ...] = Field(min_length=1)
    base_label: Words
    prompted_label: Words
    tuned_label: Words
    notes: tuple[Words, ...] = ()
    praise: Words


class Metric(Frozen):
    """A figure of the dashboard, explained."""

    id: Words
    label: Words
    explain: Words
    unit: str = ""


class DashboardStep(BaseStep):
    """Figures of both models on held-out customers: filter, open, change the sample size."""

    kind: Literal["dashboard"]
    prompt: Words
    metrics: tuple[Metric, ...] = Field(min_length=1)
    segments: dict[str, Words]
    sizes: tuple[int, ...] = Field(min_length=2)
    notes: tuple[Words, ...] = ()
    praise: Words


class DecisionChoice(Frozen):
    """A next step; the figures tell whether it is right. `otherwise` answers it when it isn't."""

    id: Literal["deploy", "more-data", "parameters", "base"]
    text: Words
    right: Words
    otherwise: Words


class DecisionStep(BaseStep):
    """The next step is decided by the learner's own figures, and justified with them."""

    kind: Literal["decision"]
    prompt: Words
    options: tuple[DecisionChoice, ...] = Field(min_length=4, max_length=4)
    justify: Words
    evidence: tuple[Criterion, ...] = Field(min_length=1)
    claims: tuple[Claim, ...] = ()
    praise: Words


class AnalysisStep(BaseStep):
    """A question on the kinds of customer, answered against the learner's figures.

    `rule` "improved": where the tuned model was significantly better; "adequate": where
    the base was good enough.
    """

    kind: Literal["analysis"]
    prompt: Words
    rule: Literal["improved", "adequate"]
    segments: dict[str, Words]
    explain: Words
    praise: Words


class Question(Frozen):
    """A question of the final assessment; `phase` is the id of the phase that it is about."""

    id: Id
    phase: Id
    topic: Literal["recall", "scenario", "best-practice", "when-to-fine-tune"]
    prompt: Words
    options: tuple[Option, ...] = Field(min_length=2)
    many: bool = False


class QuizStep(BaseStep):
    """`draw` questions, at least `each` of every phase; passed from `share`, 0.0 to 1.0."""

    kind: Literal["quiz"]
    prompt: Words
    draw: int = Field(ge=1)
    each: int = Field(ge=0)
    share: float = Field(gt=0, le=1)
    bank: tuple[Question, ...] = Field(min_length=1)
    praise: Words
    retake: Words


class SurveyStep(BaseStep):
    """A question without a right answer."""

    kind: Literal["survey"]
    prompt: Words
    options: tuple[Words, ...] = Field(min_length=2)
    thanks: Words


class Link(Frozen):
    """A page elsewhere."""

    group: Words
    text: Words
    url: Annotated[str, Field(pattern=r"^https://")]


class CompleteStep(BaseStep):
    """The end: what was achieved, and where to go from here."""

    kind: Literal["complete"]
    body: tuple[Words, ...]
    unfinished: Words
    links: tuple[Link, ...]
    download: Words
    practice: Words


Step = Annotated[
    StartStep
    | InformationStep
    | ExplanationStep
    | ChecklistStep
    | TargetsStep
    | ChatStep
    | ChoiceStep
    | TextStep
    | SelectionStep
    | JsonlStep
    | QualityStep
    | OrderingStep
    | ScreenStep
    | LabStep
    | JobStep
    | ComparisonStep
    | DashboardStep
    | DecisionStep
    | AnalysisStep
    | QuizStep
    | SurveyStep
    | CompleteStep,
    Field(discriminator="kind"),
]


class Requirement(Frozen):
    """What a phase asks for: met when all its steps are passed."""

    id: Id
    text: Words
    steps: tuple[Id, ...] = Field(min_length=1)


class Phase(Frozen):
    """A numbered stretch of a lesson."""

    id: Id
    title: Words
    goals: tuple[Words, ...] = Field(min_length=1)
    complete: Words
    requirements: tuple[Requirement, ...] = Field(min_length=1)
    steps: tuple[Step, ...] = Field(min_length=1)


class GlossaryEntry(Frozen):
    """A technical term in one sentence; `also` are other ways to write it."""

    id: Id
    term: Words
    meaning: Words
    also: tuple[Words, ...] = ()


class Lesson(Frozen):
    """One edition of a lesson: its words for one locale.

    `start` and `complete` stand outside the phases. `place` orders the menu: the lesson
    with the lowest is what a new learner meets. `version` is the digest of the
    lesson's files; the loader fills it in.
    """

    id: Id
    locale: str = "en"
    title: Words
    summary: Words
    portal: Words
    place: int = 100
    start: StartStep
    phases: tuple[Phase, ...] = Field(min_length=1)
    complete: CompleteStep
    glossary: tuple[GlossaryEntry, ...] = ()
    version: str = ""

    @property
    def steps(self) -> tuple[Step, ...]:
        """All steps in order, from the start screen to the end."""
        return _plan(self).steps

    def step(self, step_id: str) -> Step | None:
        """The step of this id, or None when there is none."""
        place = _plan(self).places.get(step_id)
        return None if place is None else self.steps[place]

    def neighbour(self, step_id: str, by: int) -> Step | None:
        """The step that stands `by` places after this one; None where there is none."""
        place = _plan(self).places[step_id] + by
        return self.steps[place] if 0 <= place < len(self.steps) else None

    def phase_of(self, step_id: str) -> Phase | None:
        """The phase that the step belongs to; None for the start and the end."""
        return _plan(self).phases.get(step_id)


@dataclass(frozen=True)
class _Plan:
    """A lesson's steps in order, and where each one stands."""

    steps: tuple[Step, ...]
    places: dict[str, int]
    phases: dict[str, Phase]


@cached_by_identity(64)
def _plan(lesson: Lesson) -> _Plan:
    steps = (lesson.start, *(s for p in lesson.phases for s in p.steps), lesson.complete)
    # Of steps that share an id, which the checker refuses, the first counts.
    places = {s.id: n for n, s in reversed(list(enumerate(steps)))}
    return _Plan(steps, places, {s.id: p for p in reversed(lesson.phases) for s in p.steps})
