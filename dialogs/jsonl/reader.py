"""JSON read with the place of every part, forgiving what people get wrong and naming it.

What is right is read exactly as JSON says. What is not becomes a `Slip`, and reading goes
on as the writer must have meant it, so that one comma doesn't hide the next fault.
"""

import re
from dataclasses import dataclass
from typing import Literal

from dialogs.reading.invisible import CLASS, is_invisible

SlipRule = Literal[
    "trailing_comma",
    "extra_comma",
    "missing_comma",
    "missing_colon",
    "missing_value",
    "missing_bracket",
    "wrong_bracket",
    "extra_bracket",
    "missing_quote",
    "curly_quotes",
    "single_quotes",
    "unescaped_quote",
    "unquoted",
    "raw_newline",
    "control_character",
    "invisible_character",
    "lone_surrogate",
    "bad_escape",
    "python_word",
    "no_value_word",
    "comment",
    "unexpected",
    "too_deep",
    "too_many",
]

DEEPEST = 60  # brackets in brackets; nobody's training line comes near it
MOST = 1_000  # slips in one value; a text with more is no JSON, and is read no further
SPACE = " \t\r\n"
CURLY = "“”„‟″«»‘’‚‛"
SINGLE = "'`´"
QUOTES = '"' + CURLY + SINGLE
CLOSERS = "}])"
ESCAPES = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
NO_VALUES = ("none", "nil", "undefined", "nan", "infinity", "-infinity", "n/a")

_RUN = re.compile(r'[^"\\\x00-\x1f\ud800-\udfff]+')
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?(?![\w.+-])")
_NAME = re.compile(r"[\w-]+")
_GAP = rf"[ \t\r\n{CLASS}]*"  # blanks, and what looks like them or like nothing
_ENDS = re.compile(rf"{_GAP}(?:[,:}}\]]|\Z)")
_SURELY_ENDS = re.compile(rf"{_GAP}(?:[:}}\]]|,{_GAP}[{{\[{QUOTES}]|\Z)")
_BEGINS = re.compile(rf"{_GAP}[{{\[{QUOTES}]")
_CURLY_END = re.compile(r"[“”„‟″«»][ \t]*[:,}\]]")
_KEY_HEAD = re.compile(r"\w+[ \t]*(:)[ \t\[{]*")
_KEY_AHEAD = re.compile(r"\w+[\"“”][ \t]*:")
_HEX = re.compile(r"[0-9a-fA-F]{4}")


@dataclass(frozen=True)
class Slip:
    """A fault of writing between two offsets; `expected` is what should stand there."""

    rule: SlipRule
    start: int
    end: int
    expected: str = ""


@dataclass(frozen=True, slots=True)
class TextNode:
    """A string, its quotes within the offsets."""

    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class NumberNode:
    """A number."""

    value: float
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ConstantNode:
    """`true`, `false` or `null`."""

    value: bool | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ListNode:
    """Values in brackets."""

    items: "tuple[Node, ...]"
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Member:
    """A key of an object; `value` is None when nothing stands after it."""

    key: TextNode
    value: "Node | None"


@dataclass(frozen=True, slots=True)
class ObjectNode:
    """Keys and values in braces."""

    members: tuple[Member, ...]
    start: int
    end: int

    def get(self, key: str) -> "Node | None":
        """The value of a key, the last one where it repeats."""
        return next((m.value for m in reversed(self.members) if m.key.value == key), None)


Node = TextNode | NumberNode | ConstantNode | ListNode | ObjectNode


@dataclass(frozen=True)
class Reading:
    """One value and where it ended.

    `cut`: the text ended before the value did; `in_string`: inside a string. `newline` is
    the first line break between the value's parts.
    """

    node: Node | None
    end: int
    slips: tuple[Slip, ...]
    cut: bool
    in_string: bool
    newline: int | None


def read(text: str, start: int, end: int) -> Reading:
    """Read the value that begins at `start` and may reach to `end`."""
    reader = _Reader(text, start, end)
    node = reader.document()
    slips = _joined(reader.slips)
    if reader.given_up:
        return Reading(node, end, slips, cut=False, in_string=False, newline=reader.newline)
    return Reading(node, reader.pos, slips, reader.cut, reader.in_string, reader.newline)


def _joined(slips: list[Slip]) -> tuple[Slip, ...]:
    """The slips in order, each once; brackets that are missing at one place become one slip."""
    found: dict[tuple[SlipRule, int], Slip] = {}
    for slip in slips:
        key = (slip.rule, slip.start)
        held = found.get(key)
        if held and slip.rule == "missing_bracket" and held.end == slip.end:
            found[key] = Slip(slip.rule, slip.start, slip.end, held.expected + slip.expected)
        else:
            found[key] = slip
    return tuple(sorted(found.values(), key=lambda s: s.start))


class _Reader:
    """A position in the text, moving forward."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self.text = text
        self.pos = start
        self.end = end
        self.slips: list[Slip] = []
        self.open: list[str] = []
        self.cut = False
        self.in_string = False
        self.newline: int | None = None
        self.made = 0
        self.given_up = False

    def slip(self, rule: SlipRule, start: int, length: int = 1, expected: str = "") -> None:
        if self.given_up:
            return
        self.slips.append(Slip(rule, start, min(start + length, self.end), expected))
        self.made += 1
        if self.made == MOST:
            self.slips.append(Slip("too_many", start, min(start + 1, self.end)))
            self.given_up = True
            self.end = min(self.pos, self.end)

    def here(self) -> int:
        """The present place; at the end of the text the last character that shows."""
        at = min(self.pos, self.end)
        if at < self.end:
            return at
        while at > 0 and self.text[at - 1] in SPACE:
            at -= 1
        return max(at - 1, 0)

    def peek(self) -> str:
        """The next character that means something, "" at the end."""
        while self.pos < self.end:
            char = self.text[self.pos]
            if char in "\r\n":
                if self.open and self.newline is None:
                    self.newline = self.pos
                self.pos += 1
            elif char in " \t":
                self.pos += 1
            elif is_invisible(char):
                self.slip("invisible_character", self.pos)
                self.pos += 1
            elif self.text.startswith(("//", "/*"), self.pos):
                self.comment()
            else:
                return char
        return ""

    def comment(self) -> None:
        start = self.pos
        closing = "*/" if self.text[start + 1 : start + 2] == "*" else "\n"
        found = self.text.find(closing, start + 2, self.end)
        self.pos = self.end if found < 0 else found + len(closing.strip())
        self.slip("comment", start, max(self.pos - start, 1))

    def document(self) -> Node | None:
        """A whole value; `"messages": …` without its brace counts as the object it would be."""
        return self.braced(self.value())

    def braced(self, node: Node | None) -> Node | None:
        if not isinstance(node, TextNode) or self.peek() != ":":
            return node
        self.slip("missing_bracket", node.start, expected="{")
        self.pos = node.start
        return self.members(node.start)

    def value(self) -> Node | None:
        """The value at the present place, or None when none begins here."""
        char = self.peek()
        if not char:
            self.cut = True
            return None
        if char in "{[":
            return self.bracketed(char)
        if char in QUOTES:
            return self.string()
        number = _NUMBER.match(self.text, self.pos, self.end)
        if number:
            self.pos = number.end()
            return NumberNode(float(number.group()), number.start(), number.end())
        if char in ",:" + CLOSERS:
            return None
        return self.bare()

    def bracketed(self, char: str) -> Node | None:
        start = self.pos
        if len(self.open) >= DEEPEST:
            self.slip("too_deep", start)
            self.pos = self.end
            return None
        self.pos += 1
        return self.members(start) if char == "{" else self.items(start)

    def members(self, start: int) -> ObjectNode:
        self.open.append("}")
        members: list[Member] = []
        comma: int | None = None
        while not self.closed("}", comma):
            char = self.peek()
            if char == ",":
                self.slip("extra_comma", self.pos)
                self.pos += 1
            elif char in "{[":
                if not members:
                    self.slip("extra_bracket", self.pos)
                    self.pos += 1
                    continue
                # A value where a key should stand: the object before it was never closed.
                self.pos = self.pos if comma is None else comma
                self.slip("missing_bracket", self.pos, expected="}")
                break
            else:
                key = self.key(char)
                if key is None:
                    self.slip("unexpected", self.pos)
                    self.pos += 1
                    continue
                members.append(Member(key, self.after_key()))
                comma = self.separator("{[")
                continue
            comma = None
        self.open.pop()
        return ObjectNode(tuple(members), start, self.pos)

    def items(self, start: int) -> ListNode:
        self.open.append("]")
        items: list[Node] = []
        comma: int | None = None
        while not self.closed("]", comma):
            comma = None
            if self.peek() == ",":
                self.slip("extra_comma", self.pos)
                self.pos += 1
                continue
            item = self.braced(self.value())
            if item is None:
                if self.pos < self.end:
                    self.slip("unexpected", self.pos)
                    self.pos += 1
                continue
            items.append(item)
            comma = self.separator("")
        self.open.pop()
        return ListNode(tuple(items), start, self.pos)

    def closed(self, closer: str, comma: int | None) -> bool:
        """Whether the object or list that `closer` ends is over here."""
        char = self.peek()
        if not char:
            self.cut = True
            self.slip("missing_bracket", self.here(), expected=closer)
            return True
        if char not in CLOSERS:
            return False
        if comma is not None:
            self.slip("trailing_comma", comma)
        if char == closer:
            self.pos += 1
        elif char in self.open[:-1]:
            self.slip("missing_bracket", self.pos, expected=closer)
        else:
            self.slip("wrong_bracket", self.pos, expected=closer)
            self.pos += 1
        return True

    def separator(self, leave: str) -> int | None:
        """Step over the comma and tell where it stood; `leave` are beginnings that need none."""
        while True:
            char = self.peek()
            if char == ",":
                self.pos += 1
                return self.pos - 1
            if not char or char in CLOSERS or char in leave:
                return None
            if char in "{[" + QUOTES or char.isalnum() or char == "_":
                self.slip("missing_comma", self.pos)
                return None
            self.slip("unexpected", self.pos)
            self.pos += 1

    def key(self, char: str) -> TextNode | None:
        if char in QUOTES:
            return self.string()
        name = _NAME.match(self.text, self.pos, self.end)
        if not name:
            return None
        self.pos = name.end()
        if self.pos < self.end and self.text[self.pos] in QUOTES:
            self.slip("missing_quote", name.start())
            self.pos += 1
        else:
            self.slip("unquoted", name.start(), len(name.group()))
        return TextNode(name.group(), name.start(), self.pos)

    def after_key(self) -> Node | None:
        char = self.peek()
        if char == ":":
            self.pos += 1
        elif char == "=":
            self.slip("missing_colon", self.pos)
            self.pos += 2 if self.text.startswith("=>", self.pos) else 1
        elif char and char not in "," + CLOSERS:
            self.slip("missing_colon", self.pos)
        value = self.value()
        if value is None and self.pos < self.end:
            self.slip("missing_value", self.pos)
            if self.text[self.pos] == ":":
                self.pos += 1
        return value

    def bare(self) -> Node | None:
        """A value without quotes: true, false, null, or words that lack theirs."""
        start = at = self.pos
        while at < self.end and self.text[at] not in '{}[]"\r\n':
            if self.text[at] == "," and _BEGINS.match(self.text, at + 1, self.end):
                break
            at += 1
        said = self.text[start:at].rstrip(", \t")
        self.pos = start + max(len(said), 1)
        if said in WORDS:
            return ConstantNode(WORDS[said], start, self.pos)
        if said.lower() in WORDS:
            self.slip("python_word", start, len(said), said.lower())
            return ConstantNode(WORDS[said.lower()], start, self.pos)
        if said.lower() in NO_VALUES:
            self.slip("no_value_word", start, len(said))
            return ConstantNode(None, start, self.pos)
        if at < self.end and self.text[at] == '"' and _ENDS.match(self.text, at + 1, self.end):
            self.slip("missing_quote", start)
            self.pos = at + 1
            return TextNode(self.text[start:at], start, self.pos)
        self.slip("unquoted", start, max(len(said), 1))
        return TextNode(said, start, self.pos)

    def string(self) -> TextNode:
        start = self.pos
        opener = self.text[start]
        if opener in CURLY:
            self.slip("curly_quotes", start)
        elif opener in SINGLE:
            self.slip("single_quotes", start)
        self.pos += 1
        parts: list[str] = []
        loose = opener != '"'
        broken = False
        while self.pos < self.end:
            char = self.text[self.pos]
            run = None if loose else _RUN.match(self.text, self.pos, self.end)
            if run:
                parts.append(run.group())
                self.pos = run.end()
            elif char == "\\":
                parts.append(self.escape())
            elif char == '"' and not loose:
                if _ENDS.match(self.text, self.pos + 1, self.end) or _BEGINS.match(
                    self.text, self.pos + 1, self.end
                ):
                    self.pos += 1
                    return TextNode("".join(parts), start, self.pos)
                earlier = self.earlier_end(start + 1)
                if earlier is not None:
                    return TextNode(self.text[start + 1 : earlier], start, self.pos)
                loose = True
            elif loose and self.ends_loosely(opener, char):
                self.pos += 1
                return TextNode("".join(parts), start, self.pos)
            else:
                if char in "\r\n":
                    width = 2 if self.text.startswith("\r\n", self.pos) else 1
                    if not broken:
                        self.slip("raw_newline", self.pos, width)
                    broken = True
                    self.pos += width - 1
                elif char < " ":
                    self.slip("control_character", self.pos)
                elif "\ud800" <= char <= "\udfff":
                    self.slip("lone_surrogate", self.pos)
                elif char == '"':
                    self.slip("unescaped_quote", self.pos)
                parts.append(char)
                self.pos += 1
        self.cut = self.in_string = True
        return self.never_ended(start)

    def ends_loosely(self, opener: str, char: str) -> bool:
        """Whether a quote ends a string whose quotes can't be trusted."""
        if opener in SINGLE or opener in "‘’‚‛":
            mates = SINGLE + "‘’‚‛"
        else:
            mates = '"' if opener == '"' else '"“”„‟″«»'
        return char in mates and bool(_SURELY_ENDS.match(self.text, self.pos + 1, self.end))

    def earlier_end(self, start: int) -> int | None:
        """Where a string must have ended whose next quote opens the next one, if so.

        The reader goes on from there.
        """
        said = self.text[start : self.pos]
        curly = _CURLY_END.search(said)
        if curly:
            at = start + curly.start()
            self.forget(at)
            self.slip("curly_quotes", at)
            self.pos = at + 1
            return at
        head = _KEY_HEAD.fullmatch(said)
        if head:
            at = start + head.start(1)
        elif _KEY_AHEAD.match(self.text, self.pos + 1, self.end):
            at = start + len(said.rstrip(SPACE + ",{}[]"))
            if not set(self.text[at : self.pos]) & set(",\r\n"):
                return None
        else:
            return None
        self.forget(at)
        self.slip("missing_quote", at)
        self.pos = at
        return at

    def forget(self, at: int) -> None:
        """Drop what was noticed from here on: it is read again."""
        self.slips = [s for s in self.slips if s.start < at]

    def never_ended(self, start: int) -> TextNode:
        """A string without its closing quote: it must have ended with its line, before brackets."""
        line = re.compile(r"[\r\n]|\Z").search(self.text, start + 1, self.end)
        stop = line.start() if line else self.end
        said = self.text[start + 1 : stop].rstrip(SPACE + "}]")
        self.pos = start + 1 + len(said)
        self.end = stop  # all behind was taken for the string: it isn't read a second time
        self.forget(self.pos)
        self.slip("missing_quote", self.here())
        return TextNode(said, start, self.pos)

    def escape(self) -> str:
        start = self.pos
        mark = self.text[start + 1 : min(start + 2, self.end)]
        if mark in ESCAPES and mark:
            self.pos += 2
            return ESCAPES[mark]
        unit = self.unit(start)
        if unit is None:
            self.slip("bad_escape", start, 2)
            self.pos = min(start + 2, self.end)
            return mark
        self.pos += 6
        if not 0xD800 <= unit <= 0xDFFF:  # noqa: PLR2004 - the surrogates of Unicode
            return chr(unit)
        low = self.unit(self.pos)
        if unit < 0xDC00 and low is not None and 0xDC00 <= low <= 0xDFFF:  # noqa: PLR2004
            self.pos += 6
            return chr(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00))
        self.slip("lone_surrogate", start, 6)
        return "\ufffd"

    def unit(self, at: int) -> int | None:
        r"""The number of a `\uXXXX` at this place."""
        if not self.text.startswith("\\u", at):
            return None
        found = _HEX.match(self.text, at + 2, self.end)
        return int(found.group(), 16) if found else None
