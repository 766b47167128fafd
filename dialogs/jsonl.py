"""Checks training data: what is wrong, at which character, and how to mend it.

The rules on messages carry the names of OpenAI's data preparation example (data_type,
missing_messages_list, message_missing_key, message_unrecognized_key, unrecognized_role,
missing_content, example_missing_assistant_message). The others are about the file.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from content.strings import DataStrings
from dialogs.json_text import ListNode, Node, ObjectNode, TextNode, read

ROLES = ("system", "user", "assistant", "tool", "function", "developer")
KEYS = ("role", "content", "name", "weight", "tool_calls", "tool_call_id", "function_call")
LINE_KEYS = ("messages", "tools", "parallel_tool_calls", "functions")
MOST_FAULTS = 40  # a text with more needs no longer list
FENCE = re.compile(r"\A\s*```[\w-]*[ \t]*\r?\n|\r?\n?```\s*\Z")


@dataclass(frozen=True)
class Fault:
    """A broken rule between two offsets of the text, with its line and column from 1."""

    rule: str
    start: int
    length: int
    line: int
    column: int
    message: str
    mend: str


@dataclass(frozen=True)
class Turn:
    """One message of an example and where its content stands."""

    role: str
    content: str
    start: int
    end: int


@dataclass(frozen=True)
class Line:
    """One example of the file, as far as it could be read."""

    turns: tuple[Turn, ...]
    start: int
    end: int

    def last(self, role: str) -> Turn | None:
        """The last message of a role."""
        return next((t for t in reversed(self.turns) if t.role == role), None)


@dataclass(frozen=True)
class Checked:
    """What a text holds: its examples, its faults in order, and remarks that are no faults."""

    lines: tuple[Line, ...]
    faults: tuple[Fault, ...]
    notes: tuple[str, ...]


def check(text: str, words: DataStrings, personal: Mapping[str, str] | None = None) -> Checked:
    """Check a text as a training file. `personal` are patterns of personal data, by kind."""
    checker = _Checker(text, words)
    checker.file()
    for kind, pattern in (personal or {}).items():
        checker.personal(kind, pattern)
    faults = sorted(checker.faults, key=lambda f: f.start)[:MOST_FAULTS]
    return Checked(tuple(checker.lines), tuple(faults), tuple(checker.notes))


@dataclass
class _Checker:
    """Walks through one text and collects what is wrong with it."""

    text: str
    words: DataStrings
    faults: list[Fault] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def fault(self, rule: str, start: int, end: int, **told: str) -> None:
        start = min(max(start, 0), len(self.text))
        length = max(min(end, len(self.text)) - start, 0)
        words = self.words.rules[rule]
        told = {"found": self.text[start : start + length][:40], "expected": "", **told}
        before = self.text.rfind("\n", 0, start) + 1
        self.faults.append(
            Fault(
                rule,
                start,
                length,
                self.text.count("\n", 0, start) + 1,
                start - before + 1,
                words.message.format(**told),
                words.mend.format(**told),
            )
        )

    def file(self) -> None:
        """Every value of the text, and what stands between them."""
        start, end = self.frame()
        at = self.skip(start, end)
        if at >= end:
            self.fault("empty", min(at, end), min(at, end))
            return
        previous: int | None = None
        while at < end:
            if previous is not None:
                at = self.between(previous, at, end)
                if at >= end:
                    break
            reading = read(self.text, at, end)
            stop = max(reading.end, at + 1)
            for slip in reading.slips:
                self.fault(slip.rule, slip.start, slip.end, expected=slip.expected)
            self.value(reading.node, at, stop, reading.newline)
            previous, at = stop, self.skip(stop, end)
        self.duplicates()

    def frame(self) -> tuple[int, int]:
        """Where the data begins and ends: inside a byte order mark and code fences."""
        start, end = 0, len(self.text)
        if self.text.startswith("\ufeff"):
            start = 1
            self.notes.append(self.words.notes["bom"])
        fences = list(FENCE.finditer(self.text, start))
        if fences:
            self.notes.append(self.words.notes["fences"])
            for found in fences:
                if found.start() <= start:
                    start = max(start, found.end())
                elif found.end() == len(self.text):
                    end = found.start()
        return start, max(start, end)

    def skip(self, at: int, end: int) -> int:
        while at < end and self.text[at] in " \t\r\n":
            at += 1
        return at

    def between(self, before: int, at: int, end: int) -> int:
        """What parts two examples: one line break, and nothing else."""
        if self.text[at] == ",":
            self.fault("comma_between", at, at + 1)
            return self.skip(at + 1, end)
        gap = self.text[before:at]
        if "\n" not in gap:
            self.fault("two_on_one_line", at, at + 1)
        elif gap.count("\n") > 1:
            self.fault("blank_line", before + gap.index("\n") + 1, before + gap.index("\n") + 1)
        return at

    def value(self, node: Node | None, start: int, end: int, newline: int | None) -> None:
        """One top-level value: an example, or what somebody took for one."""
        if isinstance(node, ListNode):
            self.fault("array", start, start + 1)
            for item in node.items:
                self.value(item, item.start, item.end, None)
            return
        if newline is not None:
            self.fault("pretty_printed", newline, newline)
        if not isinstance(node, ObjectNode):
            self.fault("data_type", start, end)
            return
        self.example(node)

    def example(self, node: ObjectNode) -> None:
        for member in node.members:
            if member.key.value not in LINE_KEYS:
                key = member.key
                self.fault("unexpected_key", key.start, key.end, found=key.value)
        messages = node.get("messages")
        if not isinstance(messages, ListNode) or not messages.items:
            self.fault("missing_messages_list", node.start, node.start + 1)
            return
        turns = [t for item in messages.items for t in self.message(item)]
        self.lines.append(Line(tuple(turns), node.start, node.end))
        self.order(node, turns)

    def message(self, node: Node) -> Iterator[Turn]:
        if not isinstance(node, ObjectNode):
            self.fault("message_missing_key", node.start, node.end, expected='"role"')
            return
        for member in node.members:
            if member.key.value not in KEYS:
                key = member.key
                self.fault("message_unrecognized_key", key.start, key.end, found=key.value)
        role, content = node.get("role"), node.get("content")
        names = {m.key.value for m in node.members}
        calls = bool(names & {"tool_calls", "function_call"})
        if "role" not in names:
            self.fault("message_missing_key", node.start, node.start + 1, expected='"role"')
        elif not isinstance(role, TextNode) or role.value not in ROLES:
            place = role or node
            said = role.value if isinstance(role, TextNode) else ""
            self.fault("unrecognized_role", place.start, place.end, found=said)
        if "content" not in names and not calls:
            self.fault("message_missing_key", node.start, node.start + 1, expected='"content"')
        elif not calls and not (isinstance(content, TextNode) and content.value.strip()):
            place = content or node
            if not isinstance(content, ListNode):  # a list holds the parts of a picture message
                self.fault("missing_content", place.start, place.end)
        if isinstance(role, TextNode):
            text = content.value if isinstance(content, TextNode) else ""
            place = content or node
            yield Turn(role.value, text, place.start, place.end)

    def order(self, node: ObjectNode, turns: list[Turn]) -> None:
        """System first, then a question, and a reply at the end."""
        roles = [t.role for t in turns]
        if "assistant" not in roles:
            if all(r in ROLES for r in roles):
                rule = "example_missing_assistant_message"
                self.fault(rule, max(node.start, node.end - 1), node.end)
            return
        first = roles.index("assistant")
        if "user" in roles and roles.index("user") > first:
            self.fault("wrong_order", turns[first].start, turns[first].end)
        elif roles[-1] == "user":
            self.fault("last_not_assistant", turns[-1].start, turns[-1].end)

    def duplicates(self) -> None:
        seen: dict[tuple[tuple[str, str], ...], int] = {}
        for line in self.lines:
            said = tuple((t.role, t.content) for t in line.turns)
            number = self.text.count("\n", 0, line.start) + 1
            if said in seen:
                self.fault("duplicate", line.start, line.end, found=str(seen[said]))
            seen.setdefault(said, number)

    def personal(self, kind: str, pattern: str) -> None:
        for line in self.lines:
            for turn in line.turns:
                found = re.search(pattern, turn.content, re.IGNORECASE)
                if found:
                    start = self.text.find(found.group(), turn.start, turn.end)
                    start = turn.start if start < 0 else start
                    self.fault("personal_data", start, start + len(found.group()), found=kind)
