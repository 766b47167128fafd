"""The JSONL step: one conversation is written as one line of the training file."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from pydantic import JsonValue

from content.lesson import JsonlStep, SelectionStep
from content.strings import Strings
from dialogs.jsonl.checker import Checked, check
from dialogs.jsonl.example import ChatExample, ChatMessage
from dialogs.jsonl.fault import Finding, JsonlFault, fault_at
from dialogs.reading.harm import harm_of
from dialogs.reading.invisible import is_invisible, visible
from dialogs.reading.typed import honest
from dialogs.values.actions import Answer, Own
from dialogs.values.events import Pressed, Typed
from dialogs.values.replies import Block, Bullets, Button, Code, Details, Notice, Text, WriteJsonl
from dialogs.values.replies import Dialogue as Lines
from dialogs.values.replies import Utterance as Spoken
from dialogs.values.scene import (
    Ask,
    Ignored,
    Judged,
    Noted,
    Outcome,
    Scene,
    StepEvent,
    Unclear,
    next_hint,
)
from dialogs.work.own_file import offered
from dialogs.work.persona_company import company_of
from dialogs.work.training_set import Written

MOST_FAULTS = 10  # that are looked for: nobody mends more at once
LONGEST = 4_000  # characters that are read; a conversation has a few hundred
SHOW = Own("show")
PATIENCE = 3  # misses after which a finished line of another conversation may be seen
NEARLY = 2  # misses after which the pattern is filled in but for the reply
UNSEEN = "▯"  # stands in an excerpt for a character that nobody sees
AROUND = 11  # characters on each side; on the smallest screen the line must not break


def solution(step: JsonlStep) -> str:
    """The line as it should be."""
    return _line(step.system, step.customer, step.response)


def _line(system: str, customer: str, reply: str) -> str:
    turns = (("system", system), ("user", customer), ("assistant", reply))
    messages = [{"role": role, "content": content} for role, content in turns]
    return json.dumps({"messages": messages}, ensure_ascii=False)


def present(step: JsonlStep, scene: Scene) -> Ask:
    """The conversation, the system message, the pattern, and a field to write in."""
    words = scene.strings.data
    state = Written.of(scene.record.state)
    conversation = Lines(
        (Spoken("user", step.customer, "customer"), Spoken("assistant", step.response))
    )
    blocks: list[Block] = [
        Text(step.prompt),
        conversation,
        Text(words.jsonl_system, "strong"),
        Code(step.system),
        _pattern(step, scene),
    ]
    finished = _finished(step, scene)
    if state.shown and finished:
        blocks += [Notice("info", words.jsonl_shown), Code(finished)]
    label = words.jsonl_label
    blocks.append(WriteJsonl("line", label, scene.lesson.id, step.id, state.text))
    blocks.append(offered(scene))
    check = Button(words.jsonl_check, Answer(), words.jsonl_check, primary=True)
    asks = (check, *buttons(step, scene))
    return Ask(tuple(blocks), asks, typed=words.jsonl_how.format())


def buttons(step: JsonlStep, scene: Scene) -> tuple[Button, ...]:
    """After some misses, a line as it should be."""
    words, state = scene.strings.data, Written.of(scene.record.state)
    if scene.record.misses < PATIENCE or state.shown or not _finished(step, scene):
        return ()
    return (Button(words.jsonl_show, SHOW, words.jsonl_show),)


def _finished(step: JsonlStep, scene: Scene) -> str | None:
    """A line as it should be, of another conversation: the learner's own stays theirs to write."""
    told = (c for s in scene.lesson.steps_of(SelectionStep) for c in s.conversations if c.good)
    other = next((c for c in told if c.intent != step.intent), None)
    return _line(step.system, other.customer, other.response) if other else None


def _pattern(step: JsonlStep, scene: Scene) -> Details:
    words = scene.strings.data
    if scene.record.misses < NEARLY:
        return Details(words.jsonl_pattern_title, (Code(words.jsonl_pattern.format()),))
    return Details(
        words.jsonl_nearly_title, (Code(_line(step.system, step.customer, words.jsonl_gap)),)
    )


def answer(step: JsonlStep, scene: Scene, given: StepEvent) -> Outcome:
    """Pass one valid line that holds this conversation. The score is 0.0 or 1.0."""
    words = scene.strings.data
    state = Written.of(scene.record.state)
    match given:
        case Pressed(do=do) if do == SHOW:
            if scene.record.misses < PATIENCE:
                return Unclear(words.jsonl_not_an_answer.format())
            after = replace(state, shown=True)
            return Noted((), after)
        case Pressed(texts=texts):
            text = texts.get("line", "")
        case Typed(text=text):
            pass
        case _:
            return Ignored()
    text = storable(text)
    if not is_try(visible(text)):
        return Unclear(words.jsonl_not_an_answer.format())
    checked, faults = examine(step, text, scene.strings)
    notes: list[Block] = [Text(note, "small") for note in checked.notes]
    if faults:
        kept = replace(state, text=text)
        blocks = (*told(text, faults, scene.strings), *notes)
        hint = next_hint(step.hints, scene.record.misses)
        return Judged(passed=False, score=0.0, blocks=blocks, state=kept, hint=hint)
    line = checked.examples[0]
    user, assistant = line.last("user"), line.last("assistant")
    harmful = harm_of(assistant.content) if assistant else None
    if harmful:
        return Unclear(words.jsonl_harm.format(kind=words.harm_kinds[harmful]))
    done = Written(
        text=text,
        message=user.content if user else "",
        reply=assistant.content if assistant else "",
        unlearned=bool(assistant and not assistant.learned),
    )
    praise = Notice("good", step.praise, scene.strings.tutor.right)
    held = text[line.start : line.end]
    # What was sent as it stands in the file is to be seen there already.
    stands = () if held == text.strip() else (Text(words.jsonl_valid), Code(held))
    blocks = (praise, *_advised(checked, done, scene), *stands, *notes)
    return Judged(passed=True, score=1.0, blocks=blocks, state=done)


def is_try(text: str) -> bool:
    """Whether a text, typed or in the field, is meant as JSON: it begins so, or its keys do."""
    begins, follows = r"\A\s*(```|[\[{\"'“])", r"\W{0,3}[:=]\s*[\[{\"'“]"
    return re.search(rf"{begins}|\b(messages|role|content){follows}", text) is not None


def _advised(checked: Checked, done: Written, scene: Scene) -> tuple[Block, ...]:
    """What is worth a second look in a valid line: personal data, what the reply would teach."""
    words = scene.strings.data
    told = [f"{a.message} {a.mend}" for a in checked.warnings]
    told += (
        words.jsonl_advice.format(advice=advice)
        for advice in company_of(scene).advice(done.reply, done.message)
    )
    return tuple(Notice("warning", text, words.jsonl_look) for text in told)


def storable(text: str) -> str:
    """The text without halves of characters, which no file can hold."""
    return text.encode("utf-8", "replace").decode()


def examine(step: JsonlStep, text: str, strings: Strings) -> tuple[Checked, tuple[JsonlFault, ...]]:
    """The general rules, then whether the line is about this conversation."""
    checked = check(text, strings.data, told=MOST_FAULTS, until=MOST_FAULTS)
    if checked.faults or not checked.examples:
        return checked, mendable(checked.faults)
    return checked, tuple(_own_rules(step, text, checked, strings))


def mendable(faults: tuple[JsonlFault, ...]) -> tuple[JsonlFault, ...]:
    """What there is to do: one fault for one place, and none that another one causes."""
    unknown = any(f.rule == "unrecognized_role" for f in faults)
    places: dict[int, JsonlFault] = {}
    for fault in faults:
        if not (unknown and fault.rule == "example_missing_assistant_message"):
            places.setdefault(fault.start, fault)
    return tuple(places.values())


def _own_rules(step: JsonlStep, text: str, checked: Checked, strings: Strings) -> list[JsonlFault]:
    words = strings.data
    line = checked.examples[0]
    if len(checked.examples) > 1:
        second = checked.examples[1]
        return [fault_at(text, Finding("just_one", second.start, second.end), words)]
    system, user, assistant = (line.last(r) for r in ("system", "user", "assistant"))
    found: list[tuple[str, ChatMessage | None]] = []
    if system is None:
        found.append(("missing_system", None))
    elif bare(system.content) != bare(step.system):
        found.append(("other_system", system))
    customer, reply = bare(step.customer), bare(step.response)
    wrote = bare(user.content) if user else ""
    said = bare(assistant.content) if assistant else ""
    if wrote == reply and said == customer:
        found.append(("swapped_roles", user))
    elif wrote != customer:
        found.append(("other_customer", user))
    elif said != reply and honest(
        assistant.content if assistant else "", step.customer, strings.tutor.typing
    ):
        found.append(("short_reply", assistant))
    if not found and [m.role for m in line.messages] != ["system", "user", "assistant"]:
        found.append(("wrong_order", line.messages[0]))
    start = inside(line, text)
    return [
        fault_at(
            text, Finding(rule, *((turn.start, turn.end) if turn else (start, start + 1))), words
        )
        for rule, turn in found
    ]


def inside(line: ChatExample, text: str) -> int:
    """Where the list of messages begins."""
    found = text.find("[", line.start, line.end)
    return line.start if found < 0 else found


def bare(text: str) -> str:
    """The words of a text, small, without signs and what nobody sees."""
    return " ".join(re.findall(r"\w+", visible(text).lower()))


def told(text: str, faults: Sequence[JsonlFault], strings: Strings) -> tuple[Block, ...]:
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


def pointed(text: str, fault: JsonlFault) -> str:
    """The line around a fault, and under it a caret at the very character."""
    begin = text.rfind("\n", 0, fault.start) + 1
    end = text.find("\n", fault.start)
    line = text[begin : len(text) if end < 0 else end].replace("\t", " ").rstrip("\r")
    at = fault.start - begin
    if line[at : at + 1] and is_invisible(line[at]):
        line = line[:at] + UNSEEN + line[at + 1 :]
    left, right = max(0, at - AROUND), min(len(line), at + AROUND)
    head = "…" if left else ""
    excerpt = head + line[left:right] + ("…" if right < len(line) else "")
    return f"{excerpt}\n{' ' * (len(head) + at - left)}^"


def live(step: JsonlStep, text: str, strings: Strings) -> dict[str, JsonValue]:
    """The check while somebody writes: what the page shows under the field."""
    return report(text, lambda said: examine(step, said, strings)[1], strings)


def report(
    text: str, faults_of: Callable[[str], Sequence[JsonlFault]], strings: Strings
) -> dict[str, JsonValue]:
    """What is wrong with a text while it is written.

    Columns, lengths, `start` and `end` count as a browser does, in UTF-16 units.
    """
    words = strings.data
    if len(text) > LONGEST:
        return {"ok": False, "summary": words.jsonl_too_long, "faults": []}
    text = storable(text)
    if not text.strip():
        return {"ok": False, "summary": words.live_empty, "faults": []}
    faults = faults_of(text)
    if not faults:
        return {"ok": True, "summary": words.live_ok, "faults": []}
    return {
        "ok": False,
        "summary": words.live_faults.format(count=len(faults)),
        "faults": [
            {
                "line": f.line,
                "column": _units(text[f.start + 1 - f.column : f.start]) + 1,
                "length": _units(text[f.start : f.start + f.length]),
                "start": _units(text[: f.start]),
                "end": _units(text[: f.start + f.length]),
                "rule": f.rule,
                "message": f.message,
                "mend": f.mend,
            }
            for f in faults
        ],
    }


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
