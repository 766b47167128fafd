"""A training file of the learner's own, checked as a whole.

It is a computation like others, since it may take seconds: a recipe with the text, and a report
as its result.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b

from content.frozen import Frozen
from content.reading import HarmKind
from content.strings import DataStrings
from dialogs.jsonl import tokens
from dialogs.jsonl.checker import Checked, check
from dialogs.jsonl.conversion import Form
from dialogs.jsonl.encoding import Encoding
from dialogs.jsonl.example import ChatExample, ChatMessage
from dialogs.jsonl.fault import Finding, JsonlFault, Places, fault_at
from dialogs.reading.harm import harm_of, named
from dialogs.simulations.computation import Recipe, Result, Simulation, recipe_key
from dialogs.simulations.persona import Company, Example

LARGEST = 1_048_576  # bytes of a file
TOLD = 10  # kinds of faults that are told with their places, and of warnings
COUNTED = 2_000  # faults, and warnings, whose places are looked at; the others are only counted
NAMED = 12  # line numbers that are named
MOST_READ = 200  # texts whose sentences are read for harm: some milliseconds each
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


class Remark(Frozen):
    """What is to be said of one line or several: the first place, counted from 1, and the lines.

    `lines` are the first `NAMED` of `count`.
    """

    line: int
    column: int
    lines: tuple[int, ...]
    count: int
    message: str
    mend: str


class Remarks(Frozen):
    """The first `TOLD` remarks, and how many more there are, each kind by an example of it."""

    first: tuple[Remark, ...]
    more: tuple[tuple[str, int], ...]

    @property
    def count(self) -> int:
        """How many places they are about."""
        return sum(one.count for one in self.first) + sum(count for _, count in self.more)


class FileReport(Result):
    """What there is to say of a file.

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
    faults: Remarks
    warnings: Remarks
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
        return self.faults.count + (self.encoding != "utf-8")


def check_file(simulation: Simulation | None, recipe: FileRecipe) -> FileReport:
    """Check a file. The simulation knows what messages are about."""
    company = simulation if isinstance(simulation, Company) else None
    checked = check(recipe.text, recipe.words, told=COUNTED, until=None)
    harmful = _harmful(checked.examples)
    lines = _line_numbers(recipe.text, checked.examples)
    sizes = [tokens.of_example(e) for e in checked.examples]
    longest = max(range(len(sizes)), key=sizes.__getitem__, default=None)
    said = [_said(e) for e in checked.examples]
    told = [pair for pair in said if pair is not None]
    taught = [pair for n, pair in enumerate(said) if pair is not None and n not in harmful]
    systems = [system.content if (system := e.last("system")) else "" for e in checked.examples]
    topics = [company.place(message) for message, _ in told[:MOST_PAIRS]] if company else []
    placed = [topic for topic in topics if topic is not None]
    return FileReport(
        recipe_key=recipe_key(recipe),
        **recipe.model_dump(include={"name", "encoding", "not_utf8", "forms", "mapping"}),
        notes=checked.notes,
        examples=len(checked.examples),
        faults=_remarks(checked.faults, checked.counted),
        warnings=_remarks(*_with_harm(checked, harmful, recipe)),
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
        pairs=_pairs(taught),
    )


def _harmful(examples: Sequence[ChatExample]) -> dict[int, tuple[ChatMessage, HarmKind]]:
    """The first harmful message of each example that has one, by the example's place.

    The first `MOST_READ` texts are read; of the others, words that are always meant so are found.
    """
    found: dict[int, tuple[ChatMessage, HarmKind]] = {}
    read = 0
    for n, example in enumerate(examples):
        for turn in example.messages:
            if turn.role not in {"user", "assistant"} or not turn.content:
                continue
            read += 1
            kind = harm_of(turn.content) if read <= MOST_READ else named(turn.content)
            if kind:
                found[n] = turn, kind
                break
    return found


def _with_harm(
    checked: Checked, harmful: Mapping[int, tuple[ChatMessage, HarmKind]], recipe: FileRecipe
) -> tuple[tuple[JsonlFault, ...], Mapping[str, int]]:
    """The checker's warnings and those of harm, and how many there are of each rule."""
    places = Places(recipe.text)
    told = (
        fault_at(
            recipe.text,
            Finding("harmful", turn.start, turn.end, {"expected": recipe.words.harm_kinds[kind]}),
            recipe.words,
            places,
        )
        for turn, kind in tuple(harmful.values())[:COUNTED]
    )
    # What the service refuses a file for is told before what is only worth a look.
    return (*told, *checked.warnings), {**checked.counted, "harmful": len(harmful)}


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


def _remarks(found: Sequence[JsonlFault], counted: Mapping[str, int]) -> Remarks:
    """What was found, the same of several lines told once; `counted` is by rule, told or not."""
    alike: dict[tuple[str, str], list[JsonlFault]] = {}
    for one in found:
        alike.setdefault((one.message, one.mend), []).append(one)
    first, rest = list(alike.values())[:TOLD], list(alike.values())[TOLD:]
    more = {rule: counted[rule] for rule in dict.fromkeys(f.rule for f in found)}
    if len(found) < COUNTED:
        more = dict(Counter(f.rule for f in found))
    for group in first:
        more[group[0].rule] -= len(group)
    example = {group[0].rule: group[0].message for group in reversed([*first, *rest])}
    example |= {group[0].rule: group[0].message for group in reversed(rest)}
    return Remarks(
        first=tuple(_remark(group) for group in first),
        more=tuple((example[rule], count) for rule, count in more.items() if count > 0),
    )


def _remark(alike: Sequence[JsonlFault]) -> Remark:
    first = alike[0]
    lines = list(dict.fromkeys(f.line for f in alike))
    return Remark(
        line=first.line,
        column=first.column,
        lines=tuple(lines[:NAMED]),
        count=len(alike),
        message=first.message,
        mend=first.mend,
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
