"""The text step: a free answer, read for what it covers and what it misses."""

import re
from collections.abc import Sequence

from pydantic import JsonValue

from content.frozen import Frozen
from content.lesson import Criterion, TextStep
from content.strings import Strings
from dialogs.replies import Block, Bullets, Button, Line, Notice, Text, Write
from dialogs.replies import Dialogue as Lines
from dialogs.steps.scene import Ask, Given, Judged, Outcome, Said, Scene, Unclear, Values
from dialogs.typed import honest

LONGEST = 2000  # characters of an answer that are read and kept


class State(Frozen):
    """The answer given last."""

    text: str = ""

    @classmethod
    def of(cls, state: JsonValue) -> "State":
        """Read a record's state; a fresh one when there is none."""
        return cls.model_validate(state or {})


def covers(text: str, criteria: Sequence[Criterion]) -> tuple[Criterion, ...]:
    """The criteria that the text meets: any of a criterion's patterns is found in it."""
    return tuple(c for c in criteria if any(re.search(p, text, re.IGNORECASE) for p in c.patterns))


def second_request(text: str, question: str, strings: Strings) -> str | None:
    """Kind words for a text that is no honest try; None for one that is."""
    match honest(text, question):
        case "empty":
            return strings.tutor.text_short
        case "noise":
            return strings.tutor.text_noise
        case "echo":
            return strings.tutor.text_echo
        case _:
            return None


def present(step: TextStep, scene: Scene) -> Ask:
    """The question and room to write."""
    words = scene.strings.tutor
    held = State.of(scene.record.state).text
    blocks: list[Block] = [Text(step.situation)] if step.situation else []
    blocks.append(Write("text", step.prompt, words.your_words, held))
    return Ask(
        tuple(blocks),
        (Button(words.send, "answer", words.send, primary=True),),
        typed=words.type_text,
    )


def answer(step: TextStep, scene: Scene, given: Given) -> Outcome:
    """Pass an honest try that meets `step.minimum` criteria, whatever its wording.

    The score is the share of criteria met. What it covers and what it misses is said
    either way.
    """
    words = scene.strings.tutor
    match given:
        case Values(values=values):
            text = values.get("text", "")
        case Said(text=text):
            pass
        case _:
            text = ""
    text = text.strip()[:LONGEST]
    plea = second_request(text, step.prompt, scene.strings)
    if plea:
        return Unclear(plea)
    met = covers(text, step.criteria)
    missed = [c for c in step.criteria if c not in met]
    state: JsonValue = State(text=text).model_dump(mode="json")
    passed = len(met) >= step.minimum
    lead = (
        Notice("good", step.praise, words.noted)
        if passed
        else Notice("warning", words.text_more, words.not_yet)
    )
    blocks: list[Block] = [lead, Lines((Line(words.you, text, "customer"),))]
    if met:
        blocks += [Text(words.you_cover, "strong"), Bullets(tuple(c.covered for c in met))]
    if missed:
        told = missed if passed else missed[: 1 + scene.record.misses]
        blocks += [
            Text(words.think_of, "strong"),
            Bullets(tuple(c.missing for c in told)),
        ]
    if passed and step.example:
        blocks.append(Notice("info", step.example, words.example))
    score = len(met) / len(step.criteria)
    return Judged(passed=passed, score=score, blocks=tuple(blocks), state=state)
