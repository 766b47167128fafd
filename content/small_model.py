"""A small language model that a lesson tunes: what it knows, the lines to choose, the judging.

Conversations are written as lists, a customer's message and a reply by turns. A name in braces is
filled in by a word or figure of one of the `entries` (a product, a customer), for `each` of which
the line is made once.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from pydantic import Field

from content.frozen import Frozen
from content.simulation import BenchContent, Choices, Declared, Span
from content.world import Name

Said = Annotated[str, Field(min_length=1, max_length=600)]

# What can be set in an experiment: the one list of what the bench understands.
SettingName = Literal[
    "lines",
    "edit",
    "retrieval",
    "day",
    "epochs",
    "personal",
    "overlap",
    "evaluators",
    "weights",
    "history",
    "messages",
]
# Figures that are no share of replies: they count lines, or compare others.
Count = Literal["lines", "personal", "copies", "failing", "unseen", "words", "apart"]
MANY = frozenset({"lines", "evaluators", "messages"})  # of which several can hold
OWN = "own"  # the id of the learner's own conversation
TIMES = 60  # passes over the chosen lines, at most


class Page(Frozen):
    """A document that a retriever can find. `text` may name the entry's words and figures."""

    title: Said
    text: Said


class Entry(Frozen):
    """Something that lines are about: its words, and its figures by day."""

    id: Name
    words: dict[Name, Said]
    figures: dict[Name, dict[Name, Said]] = {}
    page: Page | None = None


class WrittenLine(Frozen):
    """Training lines in one: `each` makes one for every entry that it names.

    `document`: written beside a document, whose figures stay in braces: the reply copies them.
    `weights`: of the replies, in order, 0 for one that is context only; none: all are learned.
    """

    turns: tuple[Said, ...] = Field(min_length=2)
    each: tuple[Name, ...] = ()
    document: bool = False
    weights: tuple[Literal[0, 1], ...] = ()


class HeldOut(Frozen):
    """What is asked after tuning: messages one after the other, each answered by the model.

    `field` is the figure of the entry that is asked for, `tells` are words of a reply that is
    right: a figure's `says` can name them in braces.
    """

    id: Name
    asks: tuple[Said, ...] = Field(min_length=1)
    each: tuple[Name, ...] = ()
    field: Name | None = None
    tells: Said | None = None


class Swap(Frozen):
    """Words that an editor puts in the place of others."""

    this: Said
    by: Said


class OwnMessage(Frozen):
    """A message that the learner can send, and the words by which a reply keeps the thread."""

    ask: Said
    tells: Said


class OwnChat(Frozen):
    """A conversation that the learner holds: it begins with `opening`, what follows they choose.

    `each` is the one entry that it is about. Every reply after the first counts as one to a
    held-out message with the id "own".
    """

    opening: Said
    messages: dict[Name, OwnMessage] = Field(min_length=2)
    each: tuple[Name, ...] = Field(min_length=1, max_length=1)


class Talk(Frozen):
    """Talks of any length with a tuned model: `names` is the word by which messages name an entry.

    A reply with one of `lost` has lost the thread, as has one that speaks of another entry.
    `asks` are, for each word of an entry, what messages ask for it by: a reply that tells another
    word of the entry has lost the thread, too.
    """

    names: Name
    lost: tuple[Said, ...] = ()
    asks: dict[Name, tuple[Said, ...]] = {}


class Edit(Frozen):
    """What an editor does to every chosen line, once the group of this name is among them."""

    before: str = ""
    after: str = ""
    replace: tuple[Swap, ...] = ()


class Measure(Frozen):
    """A figure: the share, 0.0 to 1.0, of last replies to `about` (none: to all) that hold to it.

    `says` one of some words, `never` any of some, `tells` the entry's figure ("today"), that of
    another day ("yesterday"), or a number that is not the figure ("invented"), `most` words.
    `wanted` says of a case whether it is right so. Otherwise it is a `count` (of lines, those `of`
    some boxes), or the difference (`between`) of two others.
    """

    about: tuple[Name, ...] = ()
    says: tuple[Said, ...] = ()
    never: tuple[Said, ...] = ()
    tells: Literal["today", "yesterday", "invented"] | None = None
    most: int | None = None
    wanted: bool | None = True
    count: Count | None = None
    of: tuple[Name, ...] = ()
    between: tuple[Name, ...] = Field(default=(), max_length=2)


class Evaluator(Frozen):
    """A goal that one can set before tuning: the figure reaches `least`, or stays below `most`."""

    figure: Name
    least: float | None = None
    most: float | None = None


class Trials(Frozen):
    """An experiment: what can be set in it, and which figures it gives."""

    settings: dict[SettingName, tuple[Name, ...]]  # "epochs" has no options: it is a number
    figures: tuple[Name, ...] = Field(min_length=1)
    epochs: int = Field(default=6, ge=1, le=TIMES)


class Cues(Frozen):
    """Words by which personal data is told, as in the tutor's own strings."""

    at: tuple[Said, ...]
    dot: tuple[Said, ...]
    cues: tuple[Said, ...]
    others: tuple[Said, ...]


class SmallModelWords(Frozen):
    """What is said of what stands behind a reply, and how personal data is recognised.

    `line` is a training line's title, `customer` and `bot` say who speaks, `before` is
    the title of what was said before, `masked` stands where
    personal data stood, `loss` names the curve.
    """

    line: Said
    customer: Said
    bot: Said
    before: Said = "…"
    loss: Said
    masked: Said = "[…]"
    personal: Cues | None = None


class SmallModelBench(Frozen):
    """All that is written for a small model's experiments."""

    words: SmallModelWords
    days: tuple[Name, ...] = ()
    entries: tuple[Entry, ...] = ()
    base: tuple[WrittenLine, ...] = Field(min_length=1)
    passes: int = Field(default=10, ge=1, le=TIMES)  # of pre-training
    lines: dict[Name, tuple[WrittenLine, ...]]
    edits: dict[Name, Edit] = {}
    evaluators: dict[Name, Evaluator] = {}
    held_out: tuple[HeldOut, ...] = Field(min_length=1)
    own: OwnChat | None = None
    talk: Talk | None = None
    figures: dict[Name, Measure]
    experiments: dict[Name, Trials]

    def misfits(self) -> Iterator[str]:
        """Names that nothing has, in words for the author."""
        entries = {e.id: e for e in self.entries}
        held = {h.id for h in self.held_out} | ({OWN} if self.own else set())
        for where, each in self._each():
            for name in each:
                if name not in entries:
                    yield f'{where} is about "{name}", which is no entry'
        for entry in self.entries if self.talk else ():
            if self.talk and self.talk.names not in entry.words:
                yield f'a talk names "{entry.id}" by "{self.talk.names}", which it has no word for'
        for name in self.talk.asks if self.talk else ():
            if any(name not in entry.words for entry in self.entries):
                yield f'a talk asks for "{name}", which some entry has no word for'
        for name, figure in self.figures.items():
            for about in figure.about:
                if about not in held:
                    yield f'figure "{name}" is about "{about}", an id of nothing held out'
            for box in figure.of:
                if box not in self.lines:
                    yield f'figure "{name}" counts lines of "{box}", which is no box'
            for other in figure.between:
                if other not in self.figures:
                    yield f'figure "{name}" compares "{other}", which is no figure'
        for name, evaluator in self.evaluators.items():
            if evaluator.figure not in self.figures:
                yield f'evaluator "{name}" takes "{evaluator.figure}", which is no figure'
        for name, trials in self.experiments.items():
            for figure_name in trials.figures:
                if figure_name not in self.figures:
                    yield f'experiment "{name}" gives "{figure_name}", which is no figure'
            known: Mapping[str, set[str]] = {
                "lines": set(self.lines),
                "day": set(self.days),
                "evaluators": set(self.evaluators),
                "messages": set(self.own.messages if self.own else ()),
            }
            for setting, options in trials.settings.items():
                for option in options:
                    if setting in known and option not in known[setting]:
                        yield f'experiment "{name}": {setting} has no "{option}"'

    def _each(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        for line in self.base:
            yield f'"{line.turns[0]}"', line.each
        for group in self.lines.values():
            for line in group:
                yield f'"{line.turns[0]}"', line.each
        for asked in self.held_out:
            yield f'held out "{asked.id}"', asked.each
        if self.own:
            yield "the own chat", self.own.each


class SmallModelContent(BenchContent):
    """The bench of a small model: bench.yaml."""

    bench: SmallModelBench

    @property
    def experiments(self) -> Mapping[str, Declared]:
        """What can be set in each experiment, and which figures come of it."""
        return {
            name: Declared(
                settings={n: _declared(n, o) for n, o in trials.settings.items()},
                figures=trials.figures,
            )
            for name, trials in self.bench.experiments.items()
        }

    @property
    def talks(self) -> bool:
        """Whether one can talk with the model of a trial."""
        return self.bench.talk is not None

    def misfits(self) -> Iterator[tuple[str, str]]:
        """Names in the bench that nothing has."""
        for message in self.bench.misfits():
            yield "bench", message


def _declared(name: str, options: tuple[str, ...]) -> Choices | Span:
    if name == "epochs":
        return Span(lowest=1, highest=TIMES)
    return Choices(options=options, many=name in MANY)
