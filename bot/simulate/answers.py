"""What a learner answers: right, as the lesson's content and the card tell it, or wrong."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, combinations
from random import Random

from bot.simulate.card import CHOICES, NUMBER, Card, Field
from content.lesson import (
    AnalysisStep,
    ChecklistStep,
    ChoiceStep,
    ComparisonStep,
    Criterion,
    DashboardStep,
    DecisionStep,
    JobStep,
    JsonlStep,
    LabStep,
    OrderingStep,
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
from content.strings import Strings
from dialogs.reading.typed import RUN, honest
from dialogs.simulations.persona.measurements import ADEQUATE
from dialogs.steps import jsonl, quality
from dialogs.steps.analysis import NONE
from dialogs.steps.text import covers

Values = dict[str, str]

GUESSES = ("I don't know", "asdf", "maybe", "7")


def known(step: Step) -> tuple[str, Values] | None:
    """What the content alone tells to be right: a button, and the inputs' values.

    None where there is nothing to answer, or where it depends on what the learner did.
    """
    match step:
        case StartStep():
            return "begin", {}
        case ChecklistStep():
            return "answer", {"picked": ",".join(i.id for i in step.items if i.relevant)}
        case TargetsStep():
            return "answer", {t.id: f"{t.suggested:g}" for t in step.targets}
        case ChoiceStep():
            return "answer", {"picked": ",".join(o.id for o in step.options if o.right)}
        case SelectionStep():
            return "answer", {"picked": ",".join(c.id for c in step.conversations if c.good)}
        case JsonlStep():
            return "answer", {"line": jsonl.solution(step)}
        case OrderingStep():
            return "answer", {"order": ",".join(i.id for i in step.items)}
        case JobStep():
            return "answer", {p.id: f"{p.usual:g}" for p in step.parameters}
        case ComparisonStep():
            return "show", {}
        case DashboardStep():
            return "open", {"metric": step.metrics[0].id}
        case SurveyStep():
            return "answer", {"picked": str(min(3, len(step.options)))}
        case _:
            return None


def correct(question: Question) -> str:
    """The right options of a quiz's question."""
    return ",".join(o.id for o in question.options if o.right)


def written(question: str, criteria: Sequence[Criterion], minimum: int, example: str = "") -> str:
    """A text that meets the criteria: the lesson's own example or words about them, reworded."""
    told = " ".join(c.covered for c in criteria)
    more = " ".join(c.missing for c in criteria)
    texts = [_reworded(text) for text in (example, told, f"{told} {more}")]
    return next(
        (t for t in texts if len(covers(t, criteria)) >= minimum and not honest(t, question)),
        texts[-1],
    )


def _reworded(text: str) -> str:
    """The text with a word between every few, so that no run of it counts as copied."""
    words = text.split()
    few = RUN - 2
    return " maybe ".join(" ".join(words[n : n + few]) for n in range(0, len(words), few))


@dataclass
class Memory:
    """What a learner has tried where only their own figures tell what is right."""

    dice: Random
    strings: Strings
    tried: dict[tuple[str, ...], set[str]] = field(default_factory=dict)
    runs: int = 0

    def values(self, step: Step, card: Card) -> Values:
        """The inputs' values that this learner takes for right; empty where nothing is asked."""
        found = known(step)
        match step:
            case JobStep():  # the settings of the last good run stand there
                return {f.id: f.value for f in card.fields}
            case _ if found is not None:
                return found[1]
            case TextStep():
                return {"text": written(step.prompt, step.criteria, step.minimum, step.example)}
            case QualityStep():
                return {"picked": self._stray(card)}
            case ScreenStep():
                return {"picked": self._allowed(step, card)}
            case LabStep():
                return self._run(step)
            case DecisionStep():
                return {"picked": self._untried(card), "why": _figures(card)}
            case AnalysisStep():
                return {"picked": self._read(step, card)}
            case QuizStep():
                return {"picked": _asked(step, card)}
            case _:
                return {"picked": self._untried(card)} if card.field("picked") else {}

    def _stray(self, card: Card) -> str:
        """The line that is off; other questions on the own data are tried out."""
        field = card.field("picked")
        if field is not None and quality.FIXED in field.choices:
            return quality.FIXED
        return self._untried(card)

    def _untried(self, card: Card) -> str:
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

    def _allowed(self, step: ScreenStep, card: Card) -> str:
        """An option of the decision that is shown which isn't refused."""
        field = card.field("picked")
        shown = field.choices if field else ()
        refused = {o.id for d in step.decisions for o in d.options if o.refused}
        return self.dice.choice([c for c in shown if c not in refused] or [""])

    def _run(self, step: LabStep) -> Values:
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
        predicted, settings = plans[self.runs % len(plans)]
        self.runs += 1
        numbers = {**usual, **settings}
        return {**{name: f"{n:g}" for name, n in numbers.items()}, "predicted": predicted}

    def _read(self, step: AnalysisStep, card: Card) -> str:
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
    return " ".join(t for t in told if t) if told and all(told) else None


def _as_typed(name: str, value: str, card: Card) -> str | None:
    places = card.places(name)
    field = places[0] if places else card.field(name)
    if field is None:
        return None
    if field.kind != CHOICES:
        return value
    return _numbers(value, field)


def _numbers(value: str, field: Field) -> str | None:
    picked = value.split(",")
    if not set(picked) <= set(field.choices):
        return None
    return ", ".join(str(field.choices.index(one) + 1) for one in picked)
