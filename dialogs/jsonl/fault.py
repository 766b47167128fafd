"""A broken rule of training data with its place, in words."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field

from content.strings import DataStrings

LONGEST_FOUND = 40  # characters of the learner's text in a sentence of ours


@dataclass(frozen=True)
class Finding:
    """A rule that doesn't hold between two offsets; `harmless`: the service takes it.

    `told` fills the braces of what is said; `variant` names other words than the rule's own.
    """

    rule: str
    start: int
    end: int
    told: Mapping[str, str] = field(default_factory=dict)
    harmless: bool = False
    variant: str = ""


@dataclass(frozen=True)
class JsonlFault:
    """A broken rule between two offsets of the text, with its line and column from 1."""

    rule: str
    start: int
    length: int
    line: int
    column: int
    message: str
    mend: str


class Places:
    """Where the lines of a text begin, so that a place is found without counting anew."""

    def __init__(self, text: str) -> None:
        self._begins = [0, *(m.end() for m in re.finditer("\n", text))]

    def line(self, at: int) -> int:
        """The line of an offset, from 1."""
        return bisect_right(self._begins, at)

    def column(self, at: int) -> int:
        """The column of an offset, from 1."""
        return at - self._begins[self.line(at) - 1] + 1


def fault_at(
    text: str, finding: Finding, words: DataStrings, places: Places | None = None
) -> JsonlFault:
    """A finding in words, with its line and column. `places` spares counting the lines anew."""
    places = places or Places(text)
    start = min(max(finding.start, 0), len(text))
    length = max(min(finding.end, len(text)) - start, 0)
    said = words.rules[finding.variant or finding.rule]
    found = text[start : start + min(length, LONGEST_FOUND)]
    told = {"found": found, "expected": "", **finding.told}
    told = {name: _harmless(piece) for name, piece in told.items()}
    told["character"] = _named(found, words)
    return JsonlFault(
        finding.rule,
        start,
        length,
        places.line(start),
        places.column(start),
        said.message.format(**told),
        said.mend.format(**told),
    )


def _harmless(found: str) -> str:
    """A short piece of the learner's text that can stand in a sentence of ours."""
    found = found[:LONGEST_FOUND].encode("utf-8", "replace").decode()
    return re.sub(r"[*`\s\x00-\x1f]+", " ", found).strip()


def _named(found: str, words: DataStrings) -> str:
    """The first character by its number, and by its name where people know it by one."""
    if not found:
        return ""
    number = f"U+{ord(found[0]):04X}"
    name = words.characters.get(number) or unicodedata.name(found[0], "").lower()
    return f"{number}: {name}" if name else number
