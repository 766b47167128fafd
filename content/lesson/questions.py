"""The kinds of step that ask: about what was read, what is wanted, what the learner thinks."""

from collections.abc import Iterable, Iterator
from typing import Annotated, Literal

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
from content.lesson.effort import (
    CHOOSE_S,
    MOVE_S,
    PRESS_S,
    SET_S,
    SHARE_MET,
    WEIGH_S,
    WRITE_S,
)
from content.lesson.rules import not_shown, unanswerable, unordered
from content.nearest import did_you_mean


class ChecklistItem(Frozen):
    """`feedback` says why it is relevant, or why not."""

    id: Id
    text: Words
    relevant: bool
    feedback: Words


class ChecklistStep(BaseStep):
    """All relevant items, and no other, are to be chosen."""

    assessed = True
    missable = True

    kind: Literal["checklist"]
    prompt: Words
    items: tuple[ChecklistItem, ...] = Field(min_length=3)
    hints: tuple[Words, ...] = ()
    praise: Words

    @property
    def effort_s(self) -> float:
        """Seconds beyond reading."""
        return WEIGH_S * len(self.items)

    def share_read(self, loc: Loc) -> float:
        """How much of a text is read."""
        if loc[-1] == "feedback" and isinstance(loc[1], int):
            return float(self.items[loc[1]].relevant)
        return 1.0

    def complaints(self, around: Surroundings) -> Iterator[Complaint]:
        """What is wrong with the step."""
        relevant = sum(item.relevant for item in self.items)
        if relevant == 0:
            yield ("items",), "no item is relevant"
        elif relevant == len(self.items):
            yield ("items",), "every item is relevant: choosing all of them teaches nothing"


class Target(Frozen):
    """A number that the learner sets; `metric` names a figure of the dashboard.

    Below `lowest` or above `highest` is answered with `too_low` / `too_high`. `scale` turns
    the learner's number into the figure's own unit (0.01 for percent of a share).
    """

    id: Id
    metric: Name
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

    assessed = True
    unread = frozenset({"metric", "too_high", "too_low"})

    kind: Literal["targets"]
    prompt: Words
    targets: tuple[Target, ...] = Field(min_length=1)
    praise: Words

    @property
    def effort_s(self) -> float:
        """Seconds beyond reading."""
        return SET_S * len(self.targets)

    def complaints(self, around: Surroundings) -> Iterator[Complaint]:
        """What is wrong with the step."""
        for at, target in enumerate(self.targets):
            yield from unordered(target.lowest, target.suggested, target.highest, ("targets", at))
            yield from not_shown(target.metric, ("targets", at, "metric"), around)


class Option(Frozen):
    """An answer to choose, with feedback of its own."""

    id: Id
    text: Words
    right: bool = False
    feedback: Words


class ChoiceStep(BaseStep):
    """A multiple-choice question after a `situation`; `many` lets several options be right."""

    assessed = True
    missable = True

    kind: Literal["choice"]
    situation: str = ""
    prompt: Words
    options: tuple[Option, ...] = Field(min_length=2)
    many: bool = False
    hints: tuple[Words, ...] = ()
    praise: str = ""

    @property
    def effort_s(self) -> float:
        """Seconds beyond reading."""
        return CHOOSE_S

    def complaints(self, around: Surroundings) -> Iterator[Complaint]:
        """What is wrong with the step."""
        yield from unanswerable(self.options, (), single=not self.many)


ELSEWHERE = "elsewhere"  # where answers stand that have no misconception behind them


class Criterion(Frozen):
    """An aspect of a good text.

    `covered` says that it was met, `missing` points to it; `choice` is what it is called where
    the learner is asked what a text means, which a decision never asks.
    """

    id: Id
    choice: str = ""
    covered: Words
    missing: Words


class Misconception(Frozen):
    """What somebody may mean who is wrong: a plausible `choice`, with feedback of its own."""

    id: Id
    choice: Words
    feedback: Words


class Wordings(Frozen):
    """What people answer to a question: examples that teach how such texts are read.

    `good` by criterion; `bad` by misconception, or under "elsewhere" where none is behind them:
    beside the question, empty, or no sentence at all.
    """

    good: dict[Id, tuple[Words, ...]]
    bad: dict[Id, tuple[Words, ...]]

    @property
    def examples(self) -> dict[str, tuple[str, ...]]:
        """All of them by what they say."""
        return {**self.good, **self.bad}

    def complaints(
        self, criteria: Iterable[str], misconceptions: Iterable[str]
    ) -> Iterator[Complaint]:
        """Where examples are missing, or belong to nothing; places are inside the step."""
        wanted = {"good": list(criteria), "bad": [*misconceptions, ELSEWHERE]}
        for side, given in (("good", self.good), ("bad", self.bad)):
            for name in given:
                if name not in wanted[side]:
                    near = did_you_mean(name, wanted[side])
                    yield ("wordings", side, name), f'no answer is about "{name}" here{near}'
            for name in wanted[side]:
                if not given.get(name):
                    yield ("wordings", side), f'no example of "{name}": how would people say it?'
        told: dict[str, str] = {}
        for side, given in (("good", self.good), ("bad", self.bad)):
            for name, texts in given.items():
                for at, text in enumerate(texts):
                    other = told.setdefault(text.casefold(), name)
                    if other != name:
                        twice = f'"{text}" is an example of "{other}" as well'
                        yield ("wordings", side, name, at), twice


class Claim(Frozen):
    """A metric of which a justification may speak: held against the figures.

    Words as they stand in a text; one that ends in "*" is any word that begins so. `words` name
    the metric and `opposites` what grows as it falls ("mistakes"); `more` and `less` say by
    themselves that it rose or fell ("politer").
    """

    metric: Id
    words: tuple[Words, ...] = Field(min_length=1)
    opposites: tuple[Words, ...] = ()
    more: tuple[Words, ...] = ()
    less: tuple[Words, ...] = ()


class TextStep(BaseStep):
    """A free text: passed when it fits the question, whatever its wording.

    Where that isn't sure, the learner is asked what it means: which of the criteria, or one of
    the misconceptions. With `figures` it is answered with the learner's figures, and asked anew
    for another model. With `recorded` the facts that analytics are made of hold the learner's
    own words, too.
    """

    assessed = True
    missable = True
    later = frozenset({"criteria", "example"})
    written = True
    unread = frozenset({"wordings", "choice", "misconceptions", "missing"})

    kind: Literal["text"]
    situation: str = ""
    prompt: Words
    criteria: tuple[Criterion, ...] = Field(min_length=1)
    misconceptions: tuple[Misconception, ...] = Field(min_length=2)
    wordings: Wordings
    praise: Words
    example: str = ""
    figures: bool = False
    recorded: bool = False

    @property
    def effort_s(self) -> float:
        """Seconds beyond reading."""
        return WRITE_S

    def share_read(self, loc: Loc) -> float:
        """How much of a text is read."""
        return SHARE_MET if loc[0] == "criteria" else 1.0

    @property
    def needs(self) -> frozenset[Material]:
        """What earlier steps must have made."""
        return MODEL if self.figures else frozenset()

    def complaints(self, around: Surroundings) -> Iterator[Complaint]:
        """What is wrong with the step."""
        criteria = [c.id for c in self.criteria]
        for at, criterion in enumerate(self.criteria):
            if not criterion.choice:
                yield ("criteria", at), f'criterion "{criterion.id}" has no "choice"'
        wrong = [m.id for m in self.misconceptions]
        for at, name in enumerate(wrong):
            if name in {*criteria, ELSEWHERE}:
                yield ("misconceptions", at, "id"), f'"{name}" is taken: choose another id'
        yield from self.wordings.complaints(criteria, wrong)


class OrderingItem(Frozen):
    """One of the things to order; `why` says what it needs before it."""

    id: Id
    text: Words
    why: Words


class OrderingStep(BaseStep):
    """Shuffled items are put into their true order, the order of `items`."""

    assessed = True
    missable = True
    unread = frozenset({"why"})

    kind: Literal["ordering"]
    prompt: Words
    source: Words
    target: Words
    items: tuple[OrderingItem, ...] = Field(min_length=3)
    hints: tuple[Words, ...] = Field(min_length=1)
    praise: Words

    @property
    def effort_s(self) -> float:
        """Seconds beyond reading."""
        return MOVE_S * len(self.items)


class Question(Frozen):
    """A question of the final assessment.

    `phase` and `step` say where the lesson teaches it, `objective` which of the quiz's objectives
    it serves, `idea` in a few words what it asks for: who missed it is sent there.
    """

    id: Id
    phase: Id
    step: Id
    objective: Id
    topic: Literal["recall", "scenario", "best-practice"]
    idea: Words
    prompt: Words
    options: tuple[Option, ...] = Field(min_length=2)
    many: bool = False


class QuizStep(BaseStep):
    """`draw` questions; passed from `share`, 0.0 to 1.0.

    At least `each` are of every phase, and as many of every objective as `objectives` says. After a
    failed attempt the next one opens in `pause_min` minutes.
    """

    assessed = True
    later = frozenset({"retake"})
    one_by_one = frozenset({"bank"})
    unread = frozenset({"phase", "step", "objective", "objectives", "topic", "idea"})

    kind: Literal["quiz"]
    prompt: Words
    draw: int = Field(ge=1)
    each: int = Field(ge=0)
    objectives: dict[Id, Annotated[int, Field(ge=0)]] = Field(min_length=1)
    share: float = Field(gt=0, le=1)
    pause_min: int = Field(default=5, ge=0)
    bank: tuple[Question, ...] = Field(min_length=1)
    praise: Words
    retake: Words

    @property
    def effort_s(self) -> float:
        """Seconds beyond reading."""
        return CHOOSE_S * self.draw

    @property
    def answers(self) -> int:
        """How many answers that time is for."""
        return self.draw

    def share_read(self, loc: Loc) -> float:
        """How much of a text is read."""
        return self.draw / len(self.bank) if loc[0] == "bank" else 1.0

    def complaints(self, around: Surroundings) -> Iterator[Complaint]:
        """What is wrong with the step."""
        steps = [step.id for step in around.steps]
        for at, question in enumerate(self.bank):
            place = ("bank", at)
            yield from _nowhere("phase", question.phase, around.phases, place)
            yield from _nowhere("step", question.step, steps, place)
            yield from _nowhere("objective", question.objective, self.objectives, place)
            yield from unanswerable(question.options, place, single=not question.many)
        if self.draw > len(self.bank):
            yield ("draw",), f"draws {self.draw} questions, but the bank has {len(self.bank)}"
        yield from self._short(around)

    def _short(self, around: Surroundings) -> Iterator[Complaint]:
        """Parts of a draw that don't fit into it, or for which the bank has too few questions."""
        wanted = self.each * len(around.phases)
        if wanted > self.draw:
            yield ("each",), f"{self.each} of each phase are {wanted}, but {self.draw} are drawn"
        wanted = sum(self.objectives.values())
        if wanted > self.draw:
            yield ("objectives",), f"they ask for {wanted}, but {self.draw} are drawn"
        for phase in around.phases:
            has, least = sum(q.phase == phase for q in self.bank), max(1, self.each)
            if has < least:
                yield ("bank",), f'phase "{phase}" has {has} questions, needs {least}'
        for objective, least in self.objectives.items():
            has = sum(q.objective == objective for q in self.bank)
            if has < least:
                yield ("bank",), f'objective "{objective}" has {has} questions, needs {least}'


def _nowhere(key: str, name: str, known: Iterable[str], place: Loc) -> Iterator[Complaint]:
    """A name that the lesson, or the quiz, doesn't know."""
    if name not in known:
        near = did_you_mean(name, known)
        yield (*place, key), f'this lesson has no {key} "{name}"{near}'


# What figures about learners are made of, and the options of the scale that each is asked on.
Measured = Literal["confidence-before", "confidence-after", "satisfaction"]
SCALE = 5


class SurveyStep(BaseStep):
    """A question without a right answer.

    `measures` says what the figures about learners take it for: then its options are a scale of
    five, the best last. `remark` asks for a sentence of one's own beside it.
    """

    assessed = False
    later = frozenset({"thanks"})

    kind: Literal["survey"]
    prompt: Words
    options: tuple[Words, ...] = Field(min_length=2)
    thanks: Words
    measures: Measured | None = None
    remark: Words | None = None

    @property
    def effort_s(self) -> float:
        """Seconds beyond reading."""
        return PRESS_S

    def complaints(self, around: Surroundings) -> Iterator[Complaint]:
        """What is wrong with the step."""
        if self.measures is not None and len(self.options) != SCALE:
            has = len(self.options)
            yield ("options",), f"{self.measures} is measured on {SCALE} options, not on {has}"
        same = [
            one.id
            for one in around.steps
            if isinstance(one, SurveyStep) and one.measures == self.measures
        ]
        if self.measures is not None and same[0] != self.id:
            yield ("measures",), f'"{same[0]}" measures {self.measures} already'
