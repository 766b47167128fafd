"""The checklist step: all relevant items are chosen, and no other."""

from dataclasses import dataclass
from random import Random

from content.lesson import ChecklistStep
from dialogs.reading.typed import chosen
from dialogs.steps.choice import asking
from dialogs.values.actions import Answer
from dialogs.values.events import Pressed, Typed
from dialogs.values.kept import Kept
from dialogs.values.replies import Block, Bullets, Button, Item, Notice, Select, Text
from dialogs.values.scene import Ask, Judged, Outcome, Scene, StepEvent, Unclear, next_hint, pick_of


@dataclass(frozen=True)
class State(Kept):
    """The items chosen last."""

    picked: tuple[str, ...] = ()


def shown(step: ChecklistStep, seed: int) -> tuple[Item, ...]:
    """The items in this learner's order."""
    items = [Item(i.id, i.text) for i in step.items]
    Random(seed).shuffle(items)
    return tuple(items)


def present(step: ChecklistStep, scene: Scene) -> Ask:
    """The prompt and the items to tick."""
    words = scene.strings.tutor
    picked = State.of(scene.record.state).picked
    items = shown(step, scene.seed)
    return Ask(
        (Select("picked", asking(step.prompt, words, many=True), items, many=True, value=picked),),
        (Button(words.check, Answer(), words.check, primary=True),),
        typed=words.type_numbers,
    )


def answer(step: ChecklistStep, scene: Scene, given: StepEvent) -> Outcome:
    """Pass with exactly the relevant items; say what is missing, and why a wrong one is wrong.

    The score is the share of items that were treated rightly, 0.0 to 1.0. A missing item
    is named by its count alone: naming it would be the answer.
    """
    words = scene.strings.tutor
    items = shown(step, scene.seed)
    match given:
        case Pressed(picks=picks):
            picked = picks.get("picked", ())
        case Typed(text=text):
            picked = chosen(text, items, words.typing) or ()
        case _:
            picked = ()
    known = {i.id for i in items}
    if not picked or not set(picked) <= known:
        return Unclear(words.choose_first)
    state, answered = State(picked=picked), pick_of("picked", items, picked)
    missing = [i for i in step.items if i.relevant and i.id not in picked]
    wrong = [i for i in step.items if not i.relevant and i.id in picked]
    right = [i for i in step.items if i.relevant and i.id in picked]
    if not missing and not wrong:
        why = tuple(f"**{i.text}** – {i.feedback}" for i in right)
        praise = Notice("good", step.praise, words.right)
        return Judged(
            passed=True, score=1.0, blocks=(praise, Bullets(why)), state=state, answered=answered
        )
    score = 1 - (len(missing) + len(wrong)) / len(step.items)
    lead = words.checklist_state.format(right=len(right), of=len(right) + len(missing))
    blocks: list[Block] = [Notice("warning", lead, words.not_yet)]
    if wrong:
        blocks += [
            Text(words.better_without, "strong"),
            Bullets(tuple(f"**{i.text}** – {i.feedback}" for i in wrong)),
        ]
    if missing:
        told = missing if scene.record.misses else missing[:1]
        blocks += [
            Text(words.still_missing.format(count=len(missing)), "strong"),
            Bullets(tuple(i.feedback for i in told)),
        ]
    hint = next_hint(step.hints, scene.record.misses)
    return Judged(
        passed=False, score=score, blocks=tuple(blocks), state=state, answered=answered, hint=hint
    )


def solution(step: ChecklistStep, scene: Scene) -> str:
    """The items that matter, and why."""
    right = [item for item in step.items if item.relevant]
    return scene.strings.talk.solution_is.format(
        answer="; ".join(f"**{item.text}**" for item in right), why=step.praise
    )
