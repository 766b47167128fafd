"""What a learner answers: right, as the lesson's content and the card tell it, or wrong."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, combinations
from random import Random
from typing import Any

from bot.simulate.card import CHOICES, NUMBER, Card, Field
from content.lesson import (
    AnalysisStep,
    BaseStep,
    ChatStep,
    ChecklistStep,
    ChoiceStep,
    ComparisonStep,
    ConversationStep,
    CurvesStep,
    DashboardStep,
    DecisionStep,
    DialogueStep,
    ExperimentStep,
    JobStep,
    JsonlStep,
    LabStep,
    Lesson,
    OrderingStep,
    PromptingStep,
    QualityStep,
    Question,
    QuizStep,
    ScreenStep,
    SelectionStep,
    StartStep,
    Step,
    SurveyStep,
    TargetsStep,
    TextStep,
)
from content.lesson.experimenting import PREDICTED, Setting
from content.strings import Strings
from dialogs.simulations.persona.measurements import ADEQUATE
from dialogs.steps import dialogue, jsonl, quality
from dialogs.steps.analysis import NONE

Values = dict[str, str]

GUESSES = ("I don't know", "asdf", "maybe", "7")


def known(step: Step) -> tuple[str, Values] | None:
    """What the content alone tells to be right: a button, and the inputs' values.

    None where there is nothing to answer, or where it depends on what the learner did.
    """
    tells = BY_CONTENT.get(type(step))
    return None if tells is None else tells(step)


def first_unknown(lesson: Lesson) -> Step | None:
    """The first step that has to be passed and is of a kind that no simulated learner knows."""
    kinds = {*BY_CONTENT, *BY_CARD}
    return next((step for step in lesson.steps if step.assessed and type(step) not in kinds), None)


def settings(step: ExperimentStep, made: int, dice: Random) -> Values:
    """What is set for the trial after `made` others: the way that the author knows, else anything.

    What the way doesn't name stays as it is usual.
    """
    way = step.way[made % len(step.way)] if step.way else None
    return {one.id: ",".join(_set(one, way, dice)) for one in step.settings}


def _set(
    setting: Setting, way: Mapping[str, tuple[str, ...]] | None, dice: Random
) -> tuple[str, ...]:
    ids = [option.id for option in setting.options]
    if way is not None and setting.id in way:
        return way[setting.id]
    if way is not None:
        return setting.usual or tuple(ids[:1]) if ids else (f"{setting.value or 0:.10g}",)
    if not ids:
        low, high, value = setting.low or 0, setting.high or 0, setting.value or 0
        return (f"{dice.choice((low, value, high)):.10g}",)
    if setting.many:
        drawn = set(dice.sample(ids, dice.randint(0, len(ids))))
        return tuple(name for name in ids if name in drawn)
    return (dice.choice(ids),)


def correct(question: Question | ChoiceStep) -> str:
    """The right options of a question."""
    return _ids(question.options, "right")


def _ids(things: Iterable[Any], holds: str) -> str:
    """The ids of those of which it holds."""
    return ",".join(one.id for one in things if getattr(one, holds))


def written(step: TextStep, card: Card) -> Values:
    """A text that fits a question, as others answered to it, and what is meant where it's asked."""
    field = card.field("meant")
    if field is not None:
        return {"meant": next(c.id for c in step.criteria if c.id in field.choices)}
    return {"text": " ".join(texts[0] for texts in list(step.wordings.good.values())[:2])}


@dataclass
class Memory:
    """What a learner has tried where only their own figures tell what is right."""

    dice: Random
    strings: Strings
    tried: dict[tuple[str, ...], set[str]] = field(default_factory=dict)
    runs: int = 0
    trials: dict[str, int] = field(default_factory=dict)

    def values(self, step: Step, card: Card) -> Values:
        """The inputs' values that this learner takes for right; empty where nothing is asked."""
        sees = BY_CARD.get(type(step))
        if sees is not None:
            return sees(self, step, card)
        found = known(step)
        if found is not None:
            return found[1]
        return {"picked": self.untried(card)} if card.field("picked") else {}

    def stray(self, card: Card) -> str:
        """The line that is off; other questions on the own data are tried out."""
        field = card.field("picked")
        if field is not None and quality.FIXED in field.choices:
            return quality.FIXED
        return self.untried(card)

    def untried(self, card: Card) -> str:
        """An option that wasn't tried yet at the question that is shown."""
        field = card.field("picked")
        if field is None:
            return ""
        return self._fresh((card.step, *sorted(field.choices)), field.choices)

    def _fresh(self, question: tuple[str, ...], answers: Sequence[str]) -> str:
        tried = self.tried.setdefault(question, set())
        if tried.issuperset(answers):
            tried.clear()  # the figures have changed meanwhile
        found = self.dice.choice([a for a in answers if a not in tried])
        tried.add(found)
        return found

    def allowed(self, step: ScreenStep, card: Card) -> Values:
        """Options that aren't refused, of the decisions that are still to be made."""
        return {
            d.id: self.dice.choice([o.id for o in d.options if not o.refused])
            for d in step.decisions
            if card.field(d.id)
        }

    def run(self, step: LabStep) -> Values:
        """Usual settings, then too little, too much, and far too much."""
        lowest: Mapping[str, float] = {p.id: p.lowest for p in step.parameters}
        usual: Mapping[str, float] = {p.id: p.usual for p in step.parameters}
        highest: Mapping[str, float] = {p.id: p.highest for p in step.parameters}
        rate, epochs = "learning_rate_multiplier", "n_epochs"
        plans: tuple[tuple[str, Mapping[str, float]], ...] = (
            ("good", {}),
            ("underfit", {rate: lowest[rate], epochs: lowest[epochs]}),
            ("overfit", {epochs: highest[epochs]}),
            ("diverged", {rate: highest[rate]}),
        )
        again, at = divmod(self.runs, len(plans))
        predicted, settings = plans[at]
        self.runs += 1
        # Only runs that differ count.
        numbers = {**usual, "batch_size": usual["batch_size"] + again, **settings}
        return {**{name: f"{n:g}" for name, n in numbers.items()}, "predicted": predicted}

    def trial(self, step: ExperimentStep, card: Card) -> Values:
        """The settings of the next trial, and what is foreseen of the first."""
        made = self.trials.get(step.id, 0)
        self.trials[step.id] = made + 1
        found = settings(step, made, self.dice)
        if card.field(PREDICTED) and step.predict:
            found[PREDICTED] = step.predict.options[0].id
        return found

    def read(self, step: AnalysisStep, card: Card) -> str:
        """The kinds of customer that the figures on the card name; then all others."""
        labels = self.strings.model.labels
        found = []
        for name, label in step.segments.items():
            line = re.search(rf"{re.escape(label)}: ([^\r\n]*)", card.words)
            if line is None:
                continue
            verdict = max((t for t in labels.values() if t in line[1]), key=len, default="")
            base = re.search(r"\d+\.\d+", line[1])
            is_named = (
                any(verdict == text for kind, text in labels.items() if kind.startswith("Improved"))
                if step.rule == "improved"
                else base is not None and float(base[0]) >= ADEQUATE
            )
            if is_named:
                found.append(name)
        read = ",".join(found) or NONE
        question = (card.step, card.words)
        if read not in self.tried.setdefault(question, set()):
            self.tried[question].add(read)
            return read
        sets = chain.from_iterable(
            combinations(step.segments, n) for n in range(1, len(step.segments) + 1)
        )
        return self._fresh(question, [*(",".join(s) for s in sets), NONE])


def _figures(card: Card) -> str:
    """A justification by what the card shows of the own figures, before and after."""
    shown = re.findall(r"[^\r\n]*→[^\r\n]*", card.words)
    return f"My figures say so: {'; '.join(shown)}."


def _asked(step: QuizStep, card: Card) -> str:
    """The right options of the question that the card shows."""
    shown = _bare(card.words)
    return next((correct(q) for q in step.bank if _bare(q.prompt) in shown), "")


def _bare(text: str) -> str:
    return "".join(c for c in text.lower() if c.isalnum())


# --- each kind of step --------------------------------------------------------------

# Whose right answer stands in the content: the button, and the inputs' values.
BY_CONTENT: Mapping[type[BaseStep], Callable[[Any], tuple[str, Values]]] = {
    StartStep: lambda _: ("begin", {}),
    ChecklistStep: lambda step: ("answer", {"picked": _ids(step.items, "relevant")}),
    TargetsStep: lambda step: ("answer", {t.id: f"{t.suggested:g}" for t in step.targets}),
    ChoiceStep: lambda step: ("answer", {"picked": correct(step)}),
    SelectionStep: lambda step: ("answer", {"picked": _ids(step.conversations, "good")}),
    JsonlStep: lambda step: ("answer", {"line": jsonl.solution(step)}),
    DialogueStep: lambda step: ("answer", {"line": dialogue.solution(step)}),
    OrderingStep: lambda step: ("answer", {"order": ",".join(i.id for i in step.items)}),
    JobStep: lambda step: ("answer", {p.id: f"{p.usual:g}" for p in step.parameters}),
    PromptingStep: lambda _: ("answer", {}),  # what is chosen already
    ComparisonStep: lambda _: ("show", {}),
    DashboardStep: lambda step: ("open", {"metric": step.metrics[0].id}),
    SurveyStep: lambda step: ("answer", {"picked": str(min(3, len(step.options)))}),
}

# Whose right answer depends on what the card shows, or on what was tried.
BY_CARD: Mapping[type[BaseStep], Callable[[Memory, Any, Card], Values]] = {
    # The settings of the last good run stand there.
    JobStep: lambda _, __, card: {f.id: f.value for f in card.fields},
    ChatStep: lambda _, __, ___: {},  # a suggestion is tapped
    ConversationStep: lambda _, __, ___: {},
    TextStep: lambda _, step, card: written(step, card),
    QualityStep: lambda memory, _, card: {"picked": memory.stray(card)},
    ScreenStep: lambda memory, step, card: memory.allowed(step, card),
    LabStep: lambda memory, step, _: memory.run(step),
    CurvesStep: lambda memory, _, card: {"picked": memory.untried(card)},
    ExperimentStep: lambda memory, step, card: memory.trial(step, card),
    DecisionStep: lambda memory, _, card: {"picked": memory.untried(card), "why": _figures(card)},
    AnalysisStep: lambda memory, step, card: {"picked": memory.read(step, card)},
    QuizStep: lambda _, step, card: {"picked": _asked(step, card)},
}


# --- how it is given ----------------------------------------------------------------


def spoiled(values: Values, card: Card, dice: Random) -> Values:
    """The same answer with one value wrong, or at least not understood."""
    if not values:
        return values
    name = dice.choice(list(values))
    field, value = card.field(name), values[name]
    if card.places(name):
        items = value.split(",")
        at = dice.randrange(len(items) - 1)
        items[at], items[at + 1] = items[at + 1], items[at]
        wrong = ",".join(items)
    elif field is None or not field.choices:
        wrong = "-7" if field and field.kind == NUMBER else _slip(value, dice)
    elif field.many:
        toggled = dice.choice(field.choices)
        picked = set(value.split(",")) ^ {toggled}
        wrong = ",".join(c for c in field.choices if c in picked) or toggled
    else:
        wrong = dice.choice([c for c in field.choices if c != value] or [value])
    return {**values, name: wrong}


def _slip(text: str, dice: Random) -> str:
    return dice.choice((text[: len(text) // 2], text[:-1], *GUESSES))


def filled(values: Values, card: Card) -> Values:
    """The values as the card's inputs send them: an order has one input for each place."""
    sent = {f.id: f.value for f in card.fields}
    for name, value in values.items():
        places = card.places(name)
        if places:
            sent |= dict(zip((p.id for p in places), value.split(","), strict=False))
        else:
            sent[name] = value
    return sent


def typed(values: Values, card: Card) -> str | None:
    """The values as they can be typed; None where they can't."""
    told = [_as_typed(name, value, card) for name, value in values.items()]
    fields = [card.field(name) for name in values]
    # Where several things are chosen of one input, it shows where the next one begins.
    apart = "; " if any(one and one.many for one in fields) else " "
    return apart.join(t for t in told if t) if told and all(told) else None


def _as_typed(name: str, value: str, card: Card) -> str | None:
    places = card.places(name)
    field = places[0] if places else card.field(name)
    if field is None:
        return None
    if field.kind != CHOICES:
        return value
    return _numbers(value, field)


def _numbers(value: str, field: Field) -> str | None:
    if not value and field.many:
        return "0"  # none of them
    picked = value.split(",")
    if not set(picked) <= set(field.choices):
        return None
    return ", ".join(str(field.choices.index(one) + 1) for one in picked)
