"""Checks training data: what is wrong, at which character, and how to mend it.

The rules on messages carry the names of OpenAI's data preparation example (data_type,
missing_messages_list, message_missing_key, message_unrecognized_key, unrecognized_role,
missing_content, example_missing_assistant_message). The others are about the file.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from content.strings import DataStrings
from dialogs.jsonl.reader import (
    QUOTES,
    SPACE,
    ListNode,
    Node,
    NumberNode,
    ObjectNode,
    Reading,
    TextNode,
    read,
)

ROLES = ("system", "user", "assistant", "function")
KEYS = ("role", "content", "name", "function_call", "weight")
TOOL_KEYS = ("tool_calls", "tool_call_id")  # known, with the role "tool", where a line has tools
LINE_KEYS = ("messages", "tools", "parallel_tool_calls", "functions")
MOST_FAULTS = 40  # a text with more needs no longer list
FENCE = re.compile(r"\s*(?:```[\w-]*(?:[ \t]*\r?\n|\s*(?=[{\[\"'“]))|`(?=[{\[]))")
EXAMPLE = re.compile(r"^[ \t]*\{\s*[\"'“”‘`]?messages", re.MULTILINE)
OPEN_KEY = re.compile(r"[\"'“”‘]?\w+[\"'“”’]?[ \t]*:[ \t]*\[")
BREAKING = {"missing_bracket", "wrong_bracket", "missing_quote", "unescaped_quote", "unexpected"}
BREAKING |= {
    "too_deep",
    "extra_bracket",
    "missing_value",
}  # what follows such a slip may be read amiss


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


@dataclass(frozen=True)
class ChatMessage:
    """One message of an example and where its content stands."""

    role: str
    content: str
    start: int
    end: int


@dataclass(frozen=True)
class ChatExample:
    """One example of the file, as far as it could be read."""

    messages: tuple[ChatMessage, ...]
    start: int
    end: int

    def last(self, role: str) -> ChatMessage | None:
        """The last message of a role."""
        return next((t for t in reversed(self.messages) if t.role == role), None)


@dataclass(frozen=True)
class Checked:
    """What a text holds: its examples and its faults in order.

    `advice` is worth a look but breaks no rule; `notes` say what was accepted and left out.
    """

    examples: tuple[ChatExample, ...]
    faults: tuple[JsonlFault, ...]
    advice: tuple[JsonlFault, ...]
    notes: tuple[str, ...]


def check(text: str, words: DataStrings, personal: Mapping[str, str] | None = None) -> Checked:
    """Check a text as a training file. `personal` are patterns of personal data, by kind."""
    checker = _Checker(text, words)
    checker.file()
    checker.advise(personal or {})
    faults = sorted(checker.faults, key=lambda f: f.start)[:MOST_FAULTS]
    advice = sorted(checker.advice, key=lambda f: f.start)[:MOST_FAULTS]
    return Checked(tuple(checker.examples), tuple(faults), tuple(advice), tuple(checker.notes))


def fault_at(
    text: str, rule: str, span: tuple[int, int], words: DataStrings, **told: str
) -> JsonlFault:
    """The fault of a rule between two offsets, in words. `told` fills their braces."""
    start = min(max(span[0], 0), len(text))
    length = max(min(span[1], len(text)) - start, 0)
    said = words.rules[rule]
    told = {"found": text[start : start + length], "expected": "", **told}
    told = {name: _harmless(value) for name, value in told.items()}
    before = text.rfind("\n", 0, start) + 1
    return JsonlFault(
        rule,
        start,
        length,
        text.count("\n", 0, start) + 1,
        start - before + 1,
        said.message.format(**told),
        said.mend.format(**told),
    )


def _harmless(found: str) -> str:
    """A short piece of the learner's text that can stand in a sentence of ours."""
    return re.sub(r"[*`\s\x00-\x1f]+", " ", found[:40]).strip()


@dataclass
class _Checker:
    """Walks through one text and collects what is wrong with it."""

    text: str
    words: DataStrings
    faults: list[JsonlFault] = field(default_factory=list)
    advice: list[JsonlFault] = field(default_factory=list)
    examples: list[ChatExample] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    hopeless: int = 0  # up to here a longer look was in vain

    def fault(self, rule: str, start: int, end: int, **told: str) -> None:
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(fault_at(self.text, rule, (start, end), self.words, **told))

    def file(self) -> None:
        """Every value of the text, and what stands between them."""
        start, end = self.frame()
        at = self.skip(start, end)
        if at >= end:
            self.fault("empty", min(at, end), min(at, end))
            return
        previous: int | None = None
        while at < end and len(self.faults) < MOST_FAULTS:
            if previous is not None:
                at = self.between(previous, at, end)
                if at >= end:
                    break
            previous = max(self.entry(at, end), at + 1)
            at = self.skip(previous, end)
        self.duplicates()

    def frame(self) -> tuple[int, int]:
        """Where the data begins and ends: inside a byte order mark and code fences."""
        start, end = 0, len(self.text)
        if self.text.startswith("\ufeff"):
            start = 1
            self.notes.append(self.words.notes["bom"])
        opened = FENCE.match(self.text, start)
        tail = self.text.rstrip()
        closed = len(tail) > start and tail.endswith("```" if not opened else "`")
        if opened:
            start = opened.end()
        if closed:
            end = max(start, len(tail.rstrip("`")))
        if opened or closed:
            self.notes.append(self.words.notes["fences"])
        return start, end

    def skip(self, at: int, end: int) -> int:
        while at < end and self.text[at] in SPACE:
            at += 1
        return at

    def line_end(self, at: int, end: int) -> int:
        found = self.text.find("\n", at, end)
        return end if found < 0 else found

    def between(self, before: int, at: int, end: int) -> int:
        """What parts two examples: one line break, and nothing else."""
        gap = self.text[before:at]
        if "\n" in gap:
            if gap.count("\n") > 1:
                blank = before + gap.index("\n") + 1
                self.fault("blank_line", blank, blank + 1)
            if self.text[at] == ",":
                self.fault("comma_between", at, at + 1)
                return self.skip(at + 1, end)
            return at
        char = self.text[at]
        if char in "{[":
            self.fault("two_on_one_line", at, at + 1)
            return at
        if char == ",":
            self.fault("comma_between", at, at + 1)
            after = self.skip(at + 1, end)
            if after < self.line_end(at, end):
                return self.between(at + 1, after, end)
            return after
        stop = self.line_end(at, end)
        if char in "}])":
            self.fault("extra_bracket", at, at + 1)
            while at < stop and self.text[at] in "}]) \t":
                at += 1
            return self.skip(at, end)
        opening = self.text.find("{", at, stop)
        outside = self.text[at : stop if opening < 0 else opening].rstrip()
        self.fault("outside_text", at, at + len(outside))
        return self.skip(at + len(outside), end)

    def entry(self, at: int, end: int) -> int:
        """Read what begins here, tell what is wrong with it, and return where it ends."""
        stop = self.line_end(at, end)
        if self.text[at] not in "{[" and not OPEN_KEY.match(self.text, at, stop):
            opening = self.text.find("{", at, stop)
            if opening < 0:
                self.fault("data_type", at, at + len(self.text[at:stop].rstrip()))
                return stop
            self.fault("outside_text", at, opening)
            at = opening
        reading = self.reading(at, end)
        told: set[str] = set()
        for slip in reading.slips:
            # One curly quote seldom comes alone: the first one of a kind tells it.
            if slip.rule not in told:
                self.fault(slip.rule, slip.start, slip.end, expected=slip.expected)
            told.add(slip.rule)
        self.value(reading, at)
        return reading.end

    def reading(self, at: int, end: int) -> Reading:
        """What stands on this line; where it goes on over the next ones, all of it."""
        stop = self.line_end(at, end)
        if self.text[at] == "[":
            return read(self.text, at, end)
        alone = read(self.text, at, stop)
        beyond = self.skip(stop, end)
        if not alone.cut or beyond >= end or beyond <= self.hopeless:
            return alone
        if EXAMPLE.match(self.text, self.text.rfind("\n", 0, beyond) + 1, end):
            return alone  # the next example begins: this line itself lacks its end
        if not alone.in_string and self.text[beyond] not in "{}[],:" + QUOTES:
            return alone
        following = EXAMPLE.search(self.text, beyond, end)
        limit = following.start() if following else end
        longer = read(self.text, at, limit)
        if longer.cut:
            self.hopeless = limit
            return alone if alone.in_string else longer
        return longer

    def value(self, reading: Reading, at: int) -> None:
        """One top-level value: an example, or what somebody took for one."""
        node = reading.node
        sound = not any(s.rule in BREAKING for s in reading.slips)
        if isinstance(node, ListNode):
            objects = [i for i in node.items if isinstance(i, ObjectNode)]
            if not objects or any(o.get("role") for o in objects):
                self.fault("data_type", node.start, node.start + 1)
                return
            self.fault("array", node.start, node.start + 1)
            for item in objects:
                self.example(item, sound=sound)
            return
        if reading.newline is not None:
            self.fault("pretty_printed", reading.newline, reading.newline + 1)
        if isinstance(node, ObjectNode):
            self.example(node, sound=sound)
        elif sound:
            self.fault("data_type", at, max(reading.end, at + 1))

    def example(self, node: ObjectNode, *, sound: bool) -> None:
        """An example's messages; what breaks the rules is told only where it was read for sure."""
        messages = node.get("messages")
        items = messages.items if isinstance(messages, ListNode) else ()
        objects = [i for i in items if isinstance(i, ObjectNode)]
        turns = tuple(t for o in objects for t in _turn(o))
        if turns:
            self.examples.append(ChatExample(turns, node.start, node.end))
        if not sound:
            return
        strangers = [m.key for m in node.members if m.key.value not in LINE_KEYS]
        if not items:
            wrong = messages or (strangers[0] if strangers else None)
            start, end = (wrong.start, wrong.end) if wrong else (node.start, node.start + 1)
            self.fault("missing_messages_list", start, end)
            return
        for key in strangers:
            span = (key.start, key.end)
            self.advice.append(fault_at(self.text, "unexpected_key", span, self.words))
        self.repeated(node)
        tools = node.get("tools") is not None
        for item in items:
            self.message(item, tools=tools)
        self.order(node, objects)

    def repeated(self, node: ObjectNode) -> None:
        seen: set[str] = set()
        for member in node.members:
            if member.key.value in seen:
                self.fault("repeated_key", member.key.start, member.key.end)
            seen.add(member.key.value)

    def message(self, node: Node, *, tools: bool) -> None:
        if not isinstance(node, ObjectNode):
            self.fault("message_missing_key", node.start, node.end, expected='"role"')
            return
        self.repeated(node)
        for member in node.members:
            if member.key.value not in KEYS and not (tools and member.key.value in TOOL_KEYS):
                key = member.key
                self.fault("message_unrecognized_key", key.start, key.end, found=key.value)
        names = {m.key.value for m in node.members}
        for name in ("role", "content"):
            calls = tools and "tool_calls" in names
            if name not in names and not (name == "content" and calls):
                start = node.start
                self.fault("message_missing_key", start, start + 1, expected=f'"{name}"')
        self.role(node, tools=tools)
        self.content(node, tools=tools)
        weight, role = node.get("weight"), node.get("role")
        assistant = isinstance(role, TextNode) and role.value == "assistant"
        binary = isinstance(weight, NumberNode) and weight.value in (0, 1)
        if weight and not (assistant and binary):
            self.fault("bad_weight", weight.start, weight.end)

    def role(self, node: ObjectNode, *, tools: bool) -> None:
        role = node.get("role")
        said = role.value if isinstance(role, TextNode) else ""
        if said not in ROLES and not (tools and said == "tool"):
            start, end = (role.start, role.end) if role else (node.start, node.start + 1)
            self.fault("unrecognized_role", start, end, found=said)

    def content(self, node: ObjectNode, *, tools: bool) -> None:
        """A text; a message with tool calls may lack it, and one with pictures has parts."""
        content = node.get("content")
        if isinstance(content, TextNode) and content.value.strip():
            return
        parts = content.items if isinstance(content, ListNode) else ()
        if parts and all(isinstance(p, ObjectNode) and p.get("type") for p in parts):
            return
        if tools and node.get("tool_calls"):
            return
        start, end = (content.start, content.end) if content else (node.start, node.start + 1)
        self.fault("missing_content", start, end)

    def order(self, node: ObjectNode, messages: list[ObjectNode]) -> None:
        """System first, then a question, and a reply at the end."""
        said = [m.get("role") for m in messages]
        roles = [r.value if isinstance(r, TextNode) else "" for r in said]
        if "assistant" not in roles:
            rule = "example_missing_assistant_message"
            self.fault(rule, max(node.start, node.end - 1), node.end)
            return
        if not {*roles} <= {*ROLES, "tool"}:
            return
        late = next((m for m, r in zip(messages, roles, strict=True) if r == "system"), None)
        if late is not None and "system" in roles[1:] and roles[0] != "system":
            self.fault("wrong_order", late.start, late.start + 1)
        elif "user" in roles and roles.index("user") > roles.index("assistant"):
            early = messages[roles.index("assistant")]
            self.fault("wrong_order", early.start, early.start + 1)
        elif roles[-1] != "assistant":
            self.fault("last_not_assistant", messages[-1].start, messages[-1].start + 1)

    def duplicates(self) -> None:
        seen: dict[tuple[tuple[str, str], ...], int] = {}
        for line in self.examples:
            said = tuple((t.role, t.content) for t in line.messages)
            number = self.text.count("\n", 0, line.start) + 1
            if said in seen:
                self.fault("duplicate", line.start, line.end, found=str(seen[said]))
            seen.setdefault(said, number)

    def advise(self, personal: Mapping[str, str]) -> None:
        """What no rule forbids: no system message, and what looks like personal data."""
        for line in self.examples:
            if line.last("system") is None:
                span = (line.start, line.start + 1)
                self.advice.append(fault_at(self.text, "no_system", span, self.words))
            for turn in line.messages:
                for kind, pattern in personal.items():
                    found = re.search(pattern, turn.content, re.IGNORECASE)
                    if found and len(self.advice) < MOST_FAULTS:
                        self.advice.append(self.private(turn, found.group(), kind))

    def private(self, turn: ChatMessage, said: str, kind: str) -> JsonlFault:
        start = self.text.find(said, turn.start, turn.end)
        span = (turn.start, turn.end) if start < 0 else (start, start + len(said))
        return fault_at(self.text, "personal_data", span, self.words, found=kind)


def _turn(node: ObjectNode) -> Iterator[ChatMessage]:
    role, content = node.get("role"), node.get("content")
    if isinstance(role, TextNode):
        place = content or node
        said = content.value if isinstance(content, TextNode) else ""
        yield ChatMessage(role.value, said, place.start, place.end)
