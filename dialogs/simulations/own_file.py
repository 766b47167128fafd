"""A training file of the learner's own, checked as a whole.

It is a computation like others, since it may take seconds: a recipe with the text, and a report
as its result.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from hashlib import blake2b

from content.frozen import Frozen
from content.strings import DataStrings
from dialogs.jsonl import tokens
from dialogs.jsonl.checker import check
from dialogs.jsonl.conversion import Form
from dialogs.jsonl.encoding import Encoding
from dialogs.jsonl.example import ChatExample
from dialogs.jsonl.fault import JsonlFault
from dialogs.simulations.computation import Recipe, Result, Simulation, recipe_key
from dialogs.simulations.persona import Company, Example

LARGEST = 1_048_576  # bytes of a file
TOLD = 10  # faults that are told one by one, and warnings
COUNTED = 5_000  # faults and warnings; of what goes beyond nothing is said
NAMED = 12  # line numbers that are named
MOST_MARKS = 5_000  # examples that are compared with those of another file
MOST_PAIRS = 100  # examples that the small model is trained on
LONGEST_MESSAGE, LONGEST_REPLY = 600, 1_000  # characters of an example that it is trained on
LONGEST_EXAMPLE = tokens.LONGEST_EXAMPLE
SHORT = 3  # words: a reply below that is very short


class FileRecipe(Recipe):
    """A file as text, and how it was saved (`not_utf8` is the first line that isn't UTF-8).

    `forms` and `mapping` tell what the text was converted from, if it was. The report is in the
    language of `words`.
    """

    name: str
    text: str
    encoding: Encoding
    not_utf8: int
    forms: tuple[Form, ...] = ()
    mapping: tuple[tuple[str, str], ...] = ()
    words: DataStrings


class Fault(Frozen):
    """What is broken at a place in the file; line and column are counted from 1."""

    line: int
    column: int
    message: str
    mend: str


class Warned(Frozen):
    """What breaks no rule and is worth a look: in which lines, of which `lines` are the first."""

    lines: tuple[int, ...]
    count: int
    message: str
    mend: str


class FileReport(Result):
    """What there is to say of a file.

    `faults` are the first `TOLD`; `more` says of how many more there are, by what they say.
    `examples` could be read. Of those: `marks` tell each from others, with its line; `pairs` are
    what a model can be trained on; `tokens` are about how many there are in all, and `longest` in
    the longest one, which is in `longest_line`; those in `cut` are longer than the service reads.
    `copied_reply` is how many have the commonest reply, `copied_message` the commonest message;
    `short` have very short replies; `systems` is the number of different system messages;
    `topic` how many have the commonest topic, of the `placed` ones.
    """

    name: str
    encoding: Encoding
    not_utf8: int
    forms: tuple[Form, ...]
    mapping: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    examples: int
    faults: tuple[Fault, ...]
    more: dict[str, int]
    warnings: tuple[Warned, ...]
    tokens: int
    longest: int
    longest_line: int
    cut: tuple[int, ...]
    copied_reply: int
    copied_message: int
    short: int
    systems: int
    topic: int
    placed: int
    marks: tuple[tuple[str, int], ...]
    pairs: tuple[Example, ...]

    @property
    def is_sound(self) -> bool:
        """Whether the service could read it: no rule is broken, and it is saved as it should be."""
        return not self.broken and self.examples > 0

    @property
    def broken(self) -> int:
        """How much is to be mended, the encoding included."""
        return len(self.faults) + sum(self.more.values()) + (self.encoding != "utf-8")


def check_file(simulation: Simulation | None, recipe: FileRecipe) -> FileReport:
    """Check a file. The simulation knows what messages are about."""
    company = simulation if isinstance(simulation, Company) else None
    checked = check(recipe.text, recipe.words, told=COUNTED, until=None)
    lines = _line_numbers(recipe.text, checked.examples)
    sizes = [tokens.of_example(e) for e in checked.examples]
    longest = max(range(len(sizes)), key=sizes.__getitem__, default=None)
    said = [_said(e) for e in checked.examples]
    told = [pair for pair in said if pair is not None]
    systems = [system.content if (system := e.last("system")) else "" for e in checked.examples]
    topics = [company.place(message) for message, _ in told[:MOST_PAIRS]] if company else []
    placed = [topic for topic in topics if topic is not None]
    return FileReport(
        recipe_key=recipe_key(recipe),
        **recipe.model_dump(include={"name", "encoding", "not_utf8", "forms", "mapping"}),
        notes=checked.notes,
        examples=len(checked.examples),
        faults=tuple(
            Fault(line=f.line, column=f.column, message=f.message, mend=f.mend)
            for f in checked.faults[:TOLD]
        ),
        more=dict(Counter(f.message for f in checked.faults[TOLD:])),
        warnings=_warnings(checked.warnings),
        tokens=sum(sizes),
        longest=0 if longest is None else sizes[longest],
        longest_line=0 if longest is None else lines[longest],
        cut=tuple(n for n, size in zip(lines, sizes, strict=True) if size > tokens.LONGEST_EXAMPLE),
        copied_reply=_commonest(_bare(reply) for _, reply in told),
        copied_message=_commonest(_bare(message) for message, _ in told),
        short=sum(len(reply.split()) < SHORT for _, reply in told),
        systems=len(set(filter(None, systems))),
        topic=_commonest(placed),
        placed=len(placed),
        marks=tuple(
            (mark(m, r), n)
            for n, pair in zip(lines, said, strict=True)
            if pair is not None
            for m, r in (pair,)
        )[:MOST_MARKS],
        pairs=_pairs(told),
    )


def mark(message: str, reply: str) -> str:
    """What tells an example from others, whatever its case and spacing."""
    told = "\n".join(map(_bare, (message, reply)))
    return blake2b(told.encode("utf-8", "replace"), digest_size=6).hexdigest()


def _bare(text: str) -> str:
    return " ".join(text.casefold().split())


def _said(example: ChatExample) -> tuple[str, str] | None:
    """The last message and its reply, where both are texts."""
    user, assistant = example.last("user"), example.last("assistant")
    if user is None or assistant is None or not (user.content and assistant.content):
        return None
    return user.content, assistant.content


def _line_numbers(text: str, examples: Sequence[ChatExample]) -> list[int]:
    """The line of each example, from 1."""
    numbers, line, at = [], 1, 0
    for example in examples:
        line += text.count("\n", at, example.start)
        at = example.start
        numbers.append(line)
    return numbers


def _warnings(found: Iterable[JsonlFault]) -> tuple[Warned, ...]:
    """The warnings, each told once with its lines."""
    lines: dict[tuple[str, str], list[int]] = {}
    for one in found:
        lines.setdefault((one.message, one.mend), []).append(one.line)
    return tuple(
        Warned(lines=tuple(where[:NAMED]), count=len(where), message=message, mend=mend)
        for (message, mend), where in list(lines.items())[:TOLD]
    )


def _commonest(texts: Iterable[str]) -> int:
    """How often the commonest of some texts is there."""
    return max(Counter(texts).values(), default=0)


def _pairs(told: Iterable[tuple[str, str]]) -> tuple[Example, ...]:
    """What the small model is trained on: the first examples that it can read whole, none twice."""
    fitting = (
        Example(message=message, reply=reply)
        for message, reply in told
        if len(message) <= LONGEST_MESSAGE and len(reply) <= LONGEST_REPLY
    )
    return tuple(dict.fromkeys(fitting))[:MOST_PAIRS]
