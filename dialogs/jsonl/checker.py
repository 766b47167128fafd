"""Checks training data: what is wrong, at which character, and how to mend it.

The rules on messages carry the names of OpenAI's data preparation example (data_type,
missing_messages_list, message_missing_key, message_unrecognized_key, unrecognized_role,
missing_content, example_missing_assistant_message). The others are about the file, or
say what the service says of tools and pictures.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from content.strings import DataStrings
from dialogs.jsonl.example import BREAKING, ChatExample, ChatMessage, chat, findings
from dialogs.jsonl.fault import Finding, JsonlFault, Places, fault_at
from dialogs.jsonl.reader import (
    QUOTES,
    SPACE,
    ListNode,
    ObjectNode,
    Reading,
    Slip,
    read,
)
from dialogs.reading.invisible import CLASS, idle, is_invisible
from dialogs.reading.personal import personal_data

MOST_TOLD = 40  # a text with more needs no longer list
FENCE = re.compile(r"\s*(?:```[\w-]*(?:[ \t]*\r?\n|\s*(?=[{\[\"'“]))|`(?=[{\[]))")
EXAMPLE = re.compile(rf"^[ \t{CLASS}]*\{{\s*[\"'“”‘`]?messages", re.MULTILINE)
OPEN_KEY = re.compile(r"[\"'“”‘]?\w+[\"'“”’]?[ \t]*:[ \t]*\[")
QUOTED_LINE = re.compile(r'["\'](?:\{""|\{\\")')


@dataclass(frozen=True)
class Checked:
    """What a text holds: its examples, its faults and its warnings, each in order.

    A fault is what the service refuses; a warning breaks no rule and is worth a look.
    `counted` says by rule how many there are of both, told or not. `stopped`: the caller's
    limit was reached, and what comes behind wasn't read. `notes` say what was accepted and
    left out.
    """

    examples: tuple[ChatExample, ...]
    faults: tuple[JsonlFault, ...]
    warnings: tuple[JsonlFault, ...]
    notes: tuple[str, ...]
    counted: Mapping[str, int]
    stopped: bool


def check(
    text: str, words: DataStrings, *, told: int = MOST_TOLD, until: int | None = MOST_TOLD
) -> Checked:
    """Check a text as a training file, in time that grows as its length does.

    `told` faults and as many warnings are put into words, the first of the text. Reading stops
    after `until` faults; None reads on to the end and only counts what isn't told.
    """
    checker = _Checker(text, words, told, until)
    checker.file()
    return Checked(
        tuple(checker.examples),
        tuple(sorted(checker.faults, key=lambda f: f.start)),
        tuple(sorted(checker.warnings, key=lambda f: f.start)),
        tuple(checker.notes),
        dict(checker.counted),
        checker.stopped,
    )


@dataclass
class _Checker:
    """Walks through one text and collects what is wrong with it."""

    text: str
    words: DataStrings
    told: int
    until: int | None
    faults: list[JsonlFault] = field(default_factory=list)
    warnings: list[JsonlFault] = field(default_factory=list)
    examples: list[ChatExample] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    counted: Counter[str] = field(default_factory=Counter)
    found: int = 0  # faults, told or not
    stopped: bool = False
    hopeless: int = 0  # up to here a longer look was in vain
    seen: dict[str, ChatExample] = field(default_factory=dict)  # by what they say

    def __post_init__(self) -> None:
        self.places = Places(self.text)

    def fault(self, rule: str, start: int, end: int, **told: str) -> None:
        self.tell(Finding(rule, start, end, told))

    def warn(self, rule: str, start: int, end: int, **told: str) -> None:
        self.tell(Finding(rule, start, end, told, harmless=True))

    def tell(self, finding: Finding) -> None:
        """Count a finding, and put it into words while there are few."""
        self.counted[finding.rule] += 1
        self.found += not finding.harmless
        told = self.warnings if finding.harmless else self.faults
        if len(told) < self.told:
            told.append(fault_at(self.text, finding, self.words, self.places))

    def file(self) -> None:
        """Every value of the text, and what stands between them."""
        start, end = self.frame()
        at = self.skip(start, end)
        if at >= end:
            self.fault("empty", min(at, end), min(at, end))
            return
        previous: int | None = None
        while at < end:
            if self.until is not None and self.found >= self.until:
                self.stopped = True
                return
            if previous is not None:
                at = self.between(previous, at, end)
                if at >= end:
                    break
            previous = max(self.entry(at, end), at + 1)
            at = self.skip(previous, end)

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
        """Over blanks, and over what looks like one and is none: that is told."""
        while at < end:
            if self.text[at] in SPACE:
                at += 1
            elif is_invisible(self.text[at]):
                first = at
                while at < end and is_invisible(self.text[at]):
                    at += 1
                self.fault("invisible_character", first, at)
            else:
                break
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
            if after < self.line_end(at, end) and self.text[after] != ",":
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
        if QUOTED_LINE.match(self.text, at, stop):
            self.fault("quoted_line", at, at + 1)
            return stop
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
            unseen = slip.rule == "invisible_character"
            kind = self.text[slip.start] if unseen else slip.rule
            if kind not in told:
                self.fault(slip.rule, slip.start, slip.end, expected=slip.expected)
            told.add(kind)
        self.value(reading, at)
        return reading.end

    def reading(self, at: int, end: int) -> Reading:
        """What stands on this line; where it goes on over the next ones, all of it."""
        stop = self.line_end(at, end)
        if self.text[at] == "[":
            return read(self.text, at, end)
        alone = read(self.text, at, stop)
        beyond = stop
        while beyond < end and self.text[beyond] in SPACE:
            beyond += 1
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
                alone = "bare_list" if objects else ""
                self.tell(Finding("data_type", node.start, node.start + 1, variant=alone))
                return
            self.fault("array", node.start, node.start + 1)
            for item in objects:
                self.example(item, sound=sound)
            return
        if reading.newline is not None:
            self.fault("pretty_printed", reading.newline, reading.newline + 1)
        if isinstance(node, ObjectNode):
            self.example(node, sound=sound, slips=reading.slips)
        elif sound:
            self.fault("data_type", at, max(reading.end, at + 1))

    def example(self, node: ObjectNode, *, sound: bool, slips: Sequence[Slip] = ()) -> None:
        """An example's messages; what breaks the rules is told only where it was read for sure.

        Where a slip stands already, what follows from it isn't told as well.
        """
        example = chat(node)
        if example.messages:
            self.examples.append(example)
            self.advise(example)
        if not sound:
            return
        slipped = {slip.start for slip in slips}
        for finding in findings(node):
            if finding.start not in slipped:
                self.tell(finding)
        if not example.messages:
            return
        first = self.seen.setdefault(example.mark, example)
        if first is not example:
            line = str(self.places.line(first.start))
            self.warn("duplicate", example.start, example.end, found=line)

    def advise(self, example: ChatExample) -> None:
        """What no rule forbids in a text: what nobody sees, and what points to a person."""
        for turn in example.messages:
            unseen = idle(turn.content)
            if unseen:
                self.warn("invisible_in_text", *self.place(turn, unseen.group(), turn.start))
            at = turn.start
            for found in personal_data(turn.content, self.words.personal):
                said = turn.content[found.start : found.end]
                start, end = self.place(turn, said, at)
                self.warn("personal_data", start, end, found=self.words.personal.kinds[found.kind])
                at = end if end < turn.end else at

    def place(self, turn: ChatMessage, said: str, after: int) -> tuple[int, int]:
        """Where a piece of a message stands; the whole message where escapes hide it."""
        start = self.text.find(said, after, turn.end)
        return (turn.start, turn.end) if start < 0 else (start, start + len(said))
