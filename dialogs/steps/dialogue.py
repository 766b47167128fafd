"""The dialogue step: a conversation of several turns is written as one line of the file."""

import json
from dataclasses import dataclass, replace

from pydantic import JsonValue

from content.lesson import DialogueStep, DialogueTurn
from content.strings import Strings
from dialogs.jsonl.checker import Checked, check
from dialogs.jsonl.example import ChatExample, ChatMessage
from dialogs.jsonl.fault import Finding, JsonlFault, fault_at
from dialogs.reading.invisible import visible
from dialogs.steps import jsonl
from dialogs.values.actions import Answer
from dialogs.values.events import Pressed, Typed
from dialogs.values.kept import Kept
from dialogs.values.replies import Block, Button, Code, Details, Notice, Text, WriteJsonl
from dialogs.values.replies import Dialogue as Lines
from dialogs.values.replies import Utterance as Spoken
from dialogs.values.scene import (
    Ask,
    Ignored,
    Judged,
    Outcome,
    Scene,
    StepEvent,
    Unclear,
    next_hint,
)

BEGUN = 2  # turns that stand in the line at first


@dataclass(frozen=True)
class State(Kept):
    """The text sent last."""

    text: str = ""


def solution(step: DialogueStep) -> str:
    """The line as it should be."""
    return _line(step.system, step.turns, weighted=True)


def _line(system: str, turns: tuple[DialogueTurn, ...], *, weighted: bool) -> str:
    messages: list[dict[str, JsonValue]] = [{"role": "system", "content": system}]
    for turn in turns:
        message: dict[str, JsonValue] = {"role": turn.role, "content": turn.text}
        if weighted and not turn.weight:
            message["weight"] = 0
        messages.append(message)
    return json.dumps({"messages": messages}, ensure_ascii=False)


def present(step: DialogueStep, scene: Scene) -> Ask:
    """The conversation with its weights, the system message, and a line that is begun."""
    words, state = scene.strings.data, State.of(scene.record.state)
    text = state.text or _line(step.system, step.turns[:BEGUN], weighted=False)
    blocks: list[Block] = [
        Text(step.prompt),
        Lines(tuple(_spoken(turn, scene.strings) for turn in step.turns)),
        Text(words.jsonl_system, "strong"),
        Code(step.system),
    ]
    if scene.record.misses >= jsonl.NEARLY:
        nearly = Code(_line(step.system, step.turns, weighted=False))
        blocks.append(Details(words.jsonl_nearly_title, (nearly,)))
    blocks.append(WriteJsonl("line", words.jsonl_label, scene.lesson.id, step.id, text))
    button = Button(words.jsonl_check, Answer(), words.jsonl_check, primary=True)
    return Ask(tuple(blocks), (button,), typed=words.jsonl_how.format())


def _spoken(turn: DialogueTurn, strings: Strings) -> Spoken:
    if turn.role == "user":
        return Spoken("user", turn.text, "customer")
    return Spoken("assistant" if turn.weight else strings.data.dialogue_unlearned, turn.text)


def answer(step: DialogueStep, scene: Scene, given: StepEvent) -> Outcome:
    """Pass one valid line of this conversation with its weights. The score is 0.0 or 1.0."""
    words = scene.strings.data
    match given:
        case Pressed(texts=texts):
            text = texts.get("line", "")
        case Typed(text=text):
            pass
        case _:
            return Ignored()
    text = jsonl.storable(text)
    if not jsonl.is_try(visible(text)):
        return Unclear(words.jsonl_not_an_answer.format())
    checked, faults = examine(step, text, scene.strings)
    state = replace(State.of(scene.record.state), text=text)
    notes: list[Block] = [Text(note, "small") for note in checked.notes]
    if faults:
        blocks = (*jsonl.told(text, faults, scene.strings), *notes)
        hint = next_hint(step.hints, scene.record.misses)
        return Judged(passed=False, score=0.0, blocks=blocks, state=state, hint=hint)
    line = checked.examples[0]
    praise = Notice("good", step.praise, scene.strings.tutor.right)
    held = (Text(words.jsonl_valid), Code(text[line.start : line.end]))
    return Judged(passed=True, score=1.0, blocks=(praise, *held, *notes), state=state)


def examine(
    step: DialogueStep, text: str, strings: Strings
) -> tuple[Checked, tuple[JsonlFault, ...]]:
    """The general rules, then whether the line holds this conversation, message by message."""
    checked = check(text, strings.data, told=jsonl.MOST_FAULTS, until=jsonl.MOST_FAULTS)
    if checked.faults or not checked.examples:
        return checked, jsonl.mendable(checked.faults)
    found = _differences(step, checked)
    return checked, tuple(fault_at(text, one, strings.data) for one in found)


def live(step: DialogueStep, text: str, strings: Strings) -> dict[str, JsonValue]:
    """The check while somebody writes: what the page shows under the field."""
    return jsonl.report(text, lambda said: examine(step, said, strings)[1], strings)


def _differences(step: DialogueStep, checked: Checked) -> list[Finding]:
    """Where the line says something else than the conversation; what follows the first is left."""
    line = checked.examples[0]
    if len(checked.examples) > 1:
        second = checked.examples[1]
        return [Finding("just_one", second.start, second.end)]
    first = line.messages[0]
    if first.role != "system":
        return [Finding("missing_system", first.start, first.end)]
    if jsonl.bare(first.content) != jsonl.bare(step.system):
        return [Finding("other_system", first.start, first.end)]
    found: list[Finding] = []
    messages = line.messages[1:]
    for turn, message in zip(step.turns, messages, strict=False):
        if message.role != turn.role or jsonl.bare(message.content) != jsonl.bare(turn.text):
            return [*found, Finding("other_turn", *_at(message), {"expected": turn.text})]
        if turn.role == "assistant" and message.learned != bool(turn.weight):
            found.append(Finding(_weight_rule(message), *_at(message)))
    return [*found, *_left(step, line, messages)]


def _weight_rule(message: ChatMessage) -> str:
    return "missing_weight" if message.learned else "unneeded_weight"


def _left(
    step: DialogueStep, line: ChatExample, messages: tuple[ChatMessage, ...]
) -> list[Finding]:
    """What the line lacks of the conversation, or has beyond it."""
    if len(messages) > len(step.turns):
        return [Finding("extra_turn", *_at(messages[len(step.turns)]))]
    if len(messages) < len(step.turns):
        after = line.messages[-1].end
        missing = step.turns[len(messages)]
        return [Finding("missing_turn", after, after + 1, {"expected": missing.text})]
    return []


def _at(message: ChatMessage) -> tuple[int, int]:
    return message.start, message.end
