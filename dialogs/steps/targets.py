"""The targets step: numeric goals, set before anything is trained."""

from content.lesson import TargetsStep
from dialogs.reading.typed import number, numbers
from dialogs.values.actions import Answer
from dialogs.values.events import Pressed, Typed
from dialogs.values.replies import Block, Bullets, Button, Notice, Number, Text
from dialogs.values.scene import Ask, Judged, Outcome, Scene, StepEvent, Unclear
from dialogs.work.targets import Targets


def present(step: TargetsStep, scene: Scene) -> Ask:
    """The prompt and a number for each target."""
    words = scene.strings.tutor
    held = Targets.of(scene.record.state).numbers
    fields: list[Block] = [
        Number(t.id, _label(t.label, t.unit), t.lowest, t.highest, held.get(t.id, t.suggested))
        for t in step.targets
    ]
    example = " ".join(f"{t.suggested:g}" for t in step.targets)
    return Ask(
        (Text(step.prompt), *fields),
        (Button(words.set_targets, Answer(), words.set_targets, primary=True),),
        typed=words.type_targets.format(example=example),
    )


def _label(label: str, unit: str) -> str:
    return f"{label} ({unit})" if unit else label


def answer(step: TargetsStep, scene: Scene, given: StepEvent) -> Outcome:
    """Pass with every number within its range; a number outside is answered with why."""
    words = scene.strings.tutor
    match given:
        case Pressed(texts=texts):
            read = {t.id: number(texts.get(t.id, "")) for t in step.targets}
        case Typed(text=text):
            found = numbers(text)
            if len(found) != len(step.targets):
                return Unclear(words.targets_count.format(count=len(step.targets)))
            read = {t.id: n for t, n in zip(step.targets, found, strict=True)}
        case _:
            read = {}
    held = {name: n for name, n in read.items() if n is not None}
    if len(held) != len(step.targets):
        return Unclear(words.targets_count.format(count=len(step.targets)))
    faults = [
        t.too_low if held[t.id] < t.lowest else t.too_high
        for t in step.targets
        if not t.lowest <= held[t.id] <= t.highest
    ]
    state = Targets(numbers=held)
    if faults:
        score = 1 - len(faults) / len(step.targets)
        blocks = (Notice("warning", words.targets_off, words.not_yet), Bullets(tuple(faults)))
        return Judged(passed=False, score=score, blocks=blocks, state=state)
    told = tuple(f"{_label(t.label, t.unit)}: **{held[t.id]:g}**" for t in step.targets)
    blocks = (Notice("good", step.praise, words.noted), Bullets(told))
    return Judged(passed=True, score=1.0, blocks=blocks, state=state)
