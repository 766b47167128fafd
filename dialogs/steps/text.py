"""The text step: a free answer, read for what it covers and what it misses."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from content.lesson import Criterion, TextStep
from content.strings import Strings
from dialogs.reading.typed import honest, unquoted, without
from dialogs.values.actions import Answer
from dialogs.values.events import Pressed, Typed
from dialogs.values.kept import Kept
from dialogs.values.replies import Block, Bullets, Button, Notice, Text, Utterance, Write
from dialogs.values.replies import Dialogue as Lines
from dialogs.values.scene import Ask, Judged, Outcome, Scene, StepEvent, Unclear
from dialogs.work.figures import changes
from dialogs.work.needs import Missing, looks, needs_evaluation

LONGEST = 2000  # characters of an answer that are read and kept


@dataclass(frozen=True)
class State(Kept):
    """The answer given last."""

    text: str = ""


def covers(text: str, criteria: Sequence[Criterion]) -> tuple[Criterion, ...]:
    """The criteria that the text meets: any of a criterion's patterns is found in it."""
    return tuple(c for c in criteria if any(re.search(p, text, re.IGNORECASE) for p in c.patterns))


def own_words(
    text: str, question: str, told: Sequence[str], strings: Strings
) -> tuple[str, str | None]:
    """What of a text is the learner's own, and kind words where that is no honest try.

    What the tutor said (`question`, `told`) and what says "I don't know" is left out.
    """
    words = strings.tutor
    own = unquoted(text, (question, *told))
    tried = without(own, words.lost)
    lacks = honest(tried, question, words.typing)
    if lacks is None:
        return tried, None
    if tried != without(own, ()):
        return tried, words.text_lost
    if own != text:
        return tried, words.text_echo
    match lacks:
        case "empty":
            return tried, words.text_short
        case "noise":
            return tried, words.text_noise
        case _:
            return tried, words.text_echo


def _told(step: TextStep) -> tuple[str, ...]:
    """What the step itself says, which is nobody's answer."""
    criteria = (t for c in step.criteria for t in (c.covered, c.missing))
    return (step.situation, step.help, *criteria)


def present(step: TextStep, scene: Scene) -> Ask:
    """The question and room to write."""
    words = scene.strings.tutor
    waits = _waits(step, scene)
    if waits:
        return waits.ask
    held = State.of(scene.record.state).text
    blocks: list[Block] = [Text(step.situation)] if step.situation else []
    blocks.append(Write("text", step.prompt, words.your_words, held))
    return Ask(
        tuple(blocks),
        (Button(words.send, Answer(), words.send, primary=True),),
        typed=words.type_text,
    )


def _waits(step: TextStep, scene: Scene) -> Missing | None:
    """What is missing for a question on the learner's figures."""
    found = needs_evaluation(scene) if step.figures else None
    return found if isinstance(found, Missing) else None


def buttons(step: TextStep, scene: Scene) -> tuple[Button, ...]:
    """The one that looks whether the figures are there."""
    return looks(scene) if step.figures else ()


def answer(step: TextStep, scene: Scene, given: StepEvent) -> Outcome:
    """Pass an honest try that meets `step.minimum` criteria, whatever its wording.

    The score is the share of criteria met. What it covers and what it misses is said
    either way.
    """
    words = scene.strings.tutor
    waits = _waits(step, scene)
    if waits:
        return Unclear(waits.text)
    match given:
        case Pressed(texts=texts):
            text = texts.get("text", "")
        case Typed(text=text):
            pass
        case _:
            text = ""
    text = text.strip()
    own, plea = own_words(text, step.prompt, _told(step), scene.strings)
    if plea:
        return Unclear(plea)
    met = covers(own, step.criteria)
    missed = [c for c in step.criteria if c not in met]
    state = State(text=text)
    passed = len(met) >= step.minimum
    lead = (
        Notice("good", step.praise, words.noted)
        if passed
        else Notice("warning", words.text_more if met else words.text_off, words.not_yet)
    )
    blocks: list[Block] = [lead, Lines((Utterance(words.you, text, "customer"),))]
    if met:
        blocks += [Text(words.you_cover, "strong"), Bullets(tuple(c.covered for c in met))]
    if missed:
        told = missed if passed else missed[: 1 + scene.record.misses]
        blocks += [
            Text(words.think_of, "strong"),
            Bullets(tuple(c.missing for c in told)),
        ]
    if step.figures:
        blocks += [
            Text(scene.strings.model.text_figures, "strong"),
            Bullets(tuple(changes(scene).values())),
        ]
    if passed and step.example:
        blocks.append(Notice("info", step.example, words.example))
    score = len(met) / len(step.criteria)
    return Judged(
        passed=passed,
        score=score,
        blocks=tuple(blocks),
        state=state,
        depends=step.figures,
        text=text if step.recorded else None,
    )
