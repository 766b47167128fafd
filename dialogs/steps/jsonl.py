"""The JSONL step: one conversation is written as one line of the training file."""

import json
import re

from pydantic import JsonValue

from content.frozen import Frozen
from content.lesson import JsonlStep
from content.strings import DataStrings, Strings
from dialogs.jsonl import Checked, Fault, Line, check
from dialogs.replies import Block, Bullets, Button, Code, Details, Notice, Text, WriteJsonl
from dialogs.replies import Dialogue as Lines
from dialogs.replies import Line as Spoken
from dialogs.steps.scene import (
    Ask,
    Given,
    Judged,
    Noted,
    Outcome,
    Said,
    Scene,
    Unclear,
    Values,
    next_hint,
)

LONGEST = 20_000  # characters of an answer
PATIENCE = 3  # misses after which the whole line may be seen
SHORTEST = 3  # words of a reply that teaches something
AROUND = 30  # characters shown on each side of a fault


class State(Frozen):
    """The text sent last; once it passed, the example that it holds."""

    text: str = ""
    message: str = ""
    reply: str = ""
    shown: bool = False

    @classmethod
    def of(cls, state: JsonValue) -> "State":
        """Read a record's state; a fresh one when there is none."""
        return cls.model_validate(state or {})


def solution(step: JsonlStep) -> str:
    """The line as it should be."""
    turns = (("system", step.system), ("user", step.customer), ("assistant", step.response))
    messages = [{"role": role, "content": content} for role, content in turns]
    return json.dumps({"messages": messages}, ensure_ascii=False)


def present(step: JsonlStep, scene: Scene) -> Ask:
    """The conversation, the system message, the pattern, and a field to write in."""
    words = scene.strings.data
    state = State.of(scene.record.state)
    conversation = Lines(
        (Spoken("user", step.customer, "customer"), Spoken("assistant", step.response))
    )
    blocks: list[Block] = [
        Text(step.prompt),
        conversation,
        Text(words.jsonl_system, "strong"),
        Code(step.system),
        Details(words.jsonl_pattern_title, (Code(words.jsonl_pattern.format()),)),
    ]
    if state.shown:
        blocks += [Notice("info", words.jsonl_shown), Code(solution(step))]
    label = words.jsonl_label
    blocks.append(WriteJsonl("line", label, scene.lesson.id, step.id, state.text))
    buttons = [Button(words.jsonl_check, "answer", words.jsonl_check, primary=True)]
    if scene.record.misses >= PATIENCE and not state.shown:
        buttons.append(Button(words.jsonl_show, "show", words.jsonl_show))
    return Ask(tuple(blocks), tuple(buttons), typed=words.jsonl_how.format())


def answer(step: JsonlStep, scene: Scene, given: Given) -> Outcome:
    """Pass one valid line that holds this conversation. The score is 0.0 or 1.0."""
    words = scene.strings.data
    state = State.of(scene.record.state)
    match given:
        case Values(do="show"):
            shown: JsonValue = state.model_copy(update={"shown": True}).model_dump(mode="json")
            return Noted((), shown)
        case Values(values=values):
            text = values.get("line", "")
        case Said(text=text):
            if not re.match(r"\s*(\ufeff|```|[\[{\"'“])", text):
                return Unclear(words.jsonl_not_an_answer.format())
        case _:
            return Noted((), scene.record.state, quiet=True)
    text = text[:LONGEST]
    if not text.strip():
        return Unclear(words.jsonl_not_an_answer.format())
    checked, faults = examine(step, text, words, scene)
    notes: list[Block] = [Text(note, "small") for note in checked.notes]
    if faults:
        kept: JsonValue = state.model_copy(update={"text": text}).model_dump(mode="json")
        blocks = (*_told(text, faults, scene.strings), *notes)
        hint = next_hint(step.hints, scene.record.misses)
        return Judged(passed=False, score=0.0, blocks=blocks, state=kept, hint=hint)
    line = checked.lines[0]
    user, assistant = line.last("user"), line.last("assistant")
    done = State(
        text=text,
        message=user.content if user else "",
        reply=assistant.content if assistant else "",
    )
    praise = Notice("good", step.praise, scene.strings.tutor.right)
    blocks = (praise, Text(words.jsonl_valid), Code(text[line.start : line.end]), *notes)
    return Judged(passed=True, score=1.0, blocks=blocks, state=done.model_dump(mode="json"))


def examine(
    step: JsonlStep, text: str, words: DataStrings, scene: Scene | None = None
) -> tuple[Checked, tuple[Fault, ...]]:
    """The general rules, then whether the line is about this conversation."""
    personal = scene.company.rubric.personal if scene else None
    checked = check(text, words, personal)
    if checked.faults or not checked.lines:
        return checked, checked.faults
    return checked, tuple(_own_rules(step, text, checked, words))


def _own_rules(step: JsonlStep, text: str, checked: Checked, words: DataStrings) -> list[Fault]:
    line = checked.lines[0]
    if len(checked.lines) > 1:
        return [_at(text, checked.lines[1].start, "two_on_one_line", words)]
    found: list[Fault] = []
    system, user, assistant = (line.last(r) for r in ("system", "user", "assistant"))
    if system is None:
        found.append(_at(text, _inside(line, text), "missing_system", words))
    elif _bare(system.content) != _bare(step.system):
        found.append(_at(text, system.start, "other_system", words))
    if user is None or _bare(user.content) != _bare(step.customer):
        start = user.start if user else _inside(line, text)
        found.append(_at(text, start, "other_customer", words))
    if assistant is None or len(re.findall(r"\w+", assistant.content)) < SHORTEST:
        start = assistant.start if assistant else _inside(line, text)
        found.append(_at(text, start, "short_reply", words))
    return found


def _inside(line: Line, text: str) -> int:
    """Where the list of messages begins."""
    found = text.find("[", line.start, line.end)
    return line.start if found < 0 else found


def _at(text: str, start: int, rule: str, words: DataStrings) -> Fault:
    before = text.rfind("\n", 0, start) + 1
    told = words.rules[rule]
    number = text.count("\n", 0, start) + 1
    blank = {"found": "", "expected": ""}
    message, mend = told.message.format(**blank), told.mend.format(**blank)
    return Fault(rule, start, 1, number, start - before + 1, message, mend)


def _bare(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def _told(text: str, faults: tuple[Fault, ...], strings: Strings) -> tuple[Block, ...]:
    """The first fault with its place in the text; the others in a list."""
    words, first = strings.data, faults[0]
    lead = words.found_fault if len(faults) == 1 else words.found_faults
    place = words.place.format(line=first.line, column=first.column)
    blocks: list[Block] = [
        Notice("warning", lead.format(count=len(faults)), strings.tutor.not_yet),
        Code(pointed(text, first)),
        Text(words.fault.format(place=place, message=first.message, mend=first.mend)),
    ]
    if len(faults) > 1:
        rest = (
            words.fault.format(
                place=words.place.format(line=f.line, column=f.column),
                message=f.message,
                mend=f.mend,
            )
            for f in faults[1:4]
        )
        blocks.append(Bullets(tuple(rest)))
    return tuple(blocks)


def pointed(text: str, fault: Fault) -> str:
    """The line around a fault, and under it a caret at the very character."""
    begin = text.rfind("\n", 0, fault.start) + 1
    end = text.find("\n", fault.start)
    line = text[begin : len(text) if end < 0 else end].replace("\t", " ").rstrip("\r")
    at = fault.start - begin
    left, right = max(0, at - AROUND), min(len(line), at + AROUND)
    head = "…" if left else ""
    excerpt = head + line[left:right] + ("…" if right < len(line) else "")
    return f"{excerpt}\n{' ' * (len(head) + at - left)}^"


def live(step: JsonlStep, text: str, strings: Strings) -> dict[str, JsonValue]:
    """The check while somebody writes: what the page shows under the field."""
    words = strings.data
    if not text.strip():
        return {"ok": False, "summary": words.live_empty, "faults": []}
    _, faults = examine(step, text, words)
    if not faults:
        return {"ok": True, "summary": words.live_ok, "faults": []}
    return {
        "ok": False,
        "summary": words.live_faults.format(count=len(faults)),
        "faults": [
            {
                "line": f.line,
                "column": f.column,
                "length": f.length,
                "rule": f.rule,
                "message": f.message,
                "mend": f.mend,
            }
            for f in faults
        ],
    }
