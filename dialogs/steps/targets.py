"""The targets step: numeric goals, set before anything is trained."""

from pydantic import JsonValue

from content.frozen import Frozen
from content.lesson import Lesson, TargetsStep
from dialogs.progress import Progress
from dialogs.replies import Block, Bullets, Button, Notice, Number, Text
from dialogs.steps.scene import Ask, Given, Judged, Outcome, Said, Scene, Unclear, Values
from dialogs.typed import number, numbers


class State(Frozen):
    """The numbers set, by target id."""

    numbers: dict[str, float] = {}

    @classmethod
    def of(cls, state: JsonValue) -> "State":
        """Read a record's state; a fresh one when there is none."""
        return cls.model_validate(state or {})


def targets(lesson: Lesson, progress: Progress) -> dict[str, float]:
    """What the learner set: metric -> the least that will do, in the metric's unit."""
    found: dict[str, float] = {}
    for step in lesson.steps:
        if isinstance(step, TargetsStep):
            held = State.of(progress.record(step.id).state).numbers
            found |= {t.metric: held[t.id] * t.scale for t in step.targets if t.id in held}
    return found


def present(step: TargetsStep, scene: Scene) -> Ask:
    """The prompt and a number for each target."""
    words = scene.strings.tutor
    held = State.of(scene.record.state).numbers
    fields: list[Block] = [
        Number(t.id, _label(t.label, t.unit), t.lowest, t.highest, held.get(t.id, t.suggested))
        for t in step.targets
    ]
    example = " ".join(f"{t.suggested:g}" for t in step.targets)
    return Ask(
        (Text(step.prompt), *fields),
        (Button(words.set_targets, "answer", words.set_targets, primary=True),),
        typed=words.type_targets.format(example=example),
    )


def _label(label: str, unit: str) -> str:
    return f"{label} ({unit})" if unit else label


def answer(step: TargetsStep, scene: Scene, given: Given) -> Outcome:
    """Pass with every number within its range; a number outside is answered with why."""
    words = scene.strings.tutor
    match given:
        case Values(values=values):
            read = {t.id: number(values.get(t.id, "")) for t in step.targets}
        case Said(text=text):
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
    state: JsonValue = State(numbers=held).model_dump(mode="json")
    if faults:
        score = 1 - len(faults) / len(step.targets)
        blocks = (Notice("warning", words.targets_off, words.not_yet), Bullets(tuple(faults)))
        return Judged(passed=False, score=score, blocks=blocks, state=state)
    told = tuple(f"{_label(t.label, t.unit)}: **{held[t.id]:g}**" for t in step.targets)
    blocks = (Notice("good", step.praise, words.noted), Bullets(told))
    return Judged(passed=True, score=1.0, blocks=blocks, state=state)
