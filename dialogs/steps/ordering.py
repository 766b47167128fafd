"""The ordering step: the learner puts shuffled items into their true order."""

from dataclasses import dataclass
from random import Random

from content.lesson import OrderingStep
from dialogs.reading.typed import chosen
from dialogs.values.actions import Answer
from dialogs.values.events import Pressed, Typed
from dialogs.values.kept import Kept
from dialogs.values.replies import Arrange, Block, Bullets, Button, Item, Notice, Text
from dialogs.values.scene import Ask, Judged, Outcome, Scene, StepEvent, Unclear, next_hint, pick_of


@dataclass(frozen=True)
class State(Kept):
    """The order given last."""

    picks: tuple[str, ...] = ()


def shown(step: OrderingStep, seed: int) -> tuple[Item, ...]:
    """The items shuffled by `seed`, never already solved."""
    items = [Item(i.id, i.text) for i in step.items]
    order = [i.id for i in items]
    Random(seed).shuffle(items)
    if [i.id for i in items] == order:
        items.append(items.pop(0))
    return tuple(items)


def present(step: OrderingStep, scene: Scene) -> Ask:
    """The prompt, the shuffled items, and the learner's last order with its places marked."""
    words = scene.strings.tutor
    picks = State.of(scene.record.state).picks
    true = [i.id for i in step.items]
    marks = dict(zip(picks, [p == t for p, t in zip(picks, true, strict=False)], strict=False))
    items = tuple(
        Item(i.id, i.text, mark=("right" if marks[i.id] else "wrong") if i.id in marks else None)
        for i in shown(step, scene.seed)
    )
    return Ask(
        (
            Text(step.prompt, "strong"),
            Arrange(
                "order", step.prompt, step.source, step.target, words.order_place, items, picks
            ),
        ),
        (Button(words.check, Answer(), words.check, primary=True),),
        typed=words.type_order,
    )


def answer(step: OrderingStep, scene: Scene, given: StepEvent) -> Outcome:
    """Compare with the true order; only all places right pass.

    The score is the share of items in their true place, 0.0 to 1.0 (exercise
    specification, Phase 3: "Must achieve 100% accuracy to proceed").
    """
    words = scene.strings.tutor
    items = shown(step, scene.seed)
    match given:
        case Pressed(picks=inputs):
            picks = inputs.get("order", ())
        case Typed(text=text):
            picks = chosen(text, items, words.typing) or ()
        case _:
            picks = ()
    true = [i.id for i in step.items]
    # Typed answers can drop or repeat an item. That is a slip, not a wrong order.
    if sorted(picks) != sorted(true):
        return Unclear(words.each_item_once.format(count=len(true)))
    state, answered = State(picks=picks), pick_of("order", items, picks)
    text_of = {i.id: i for i in step.items}
    right = sum(p == t for p, t in zip(picks, true, strict=True))
    if right == len(true):
        order = Bullets(tuple(text_of[p].text for p in picks), numbered=True)
        blocks: tuple[Block, ...] = (Notice("good", step.praise, words.right), order)
        return Judged(passed=True, score=1.0, blocks=blocks, state=state, answered=answered)
    lead = words.items_in_place.format(right=right, of=len(true))
    first = next(p for p, t in zip(picks, true, strict=True) if p != t)
    why = words.first_wrong.format(item=text_of[first].text, why=text_of[first].why)
    # Which are off is marked where they stand.
    blocks = (Notice("warning", lead, words.not_yet), Text(why))
    hint = next_hint(step.hints, scene.record.misses)
    return Judged(
        passed=False,
        score=right / len(true),
        blocks=blocks,
        state=state,
        answered=answered,
        hint=hint,
    )


def solution(step: OrderingStep, scene: Scene) -> str:
    """The true order."""
    order = (f"{place}. {item.text}" for place, item in enumerate(step.items, 1))
    return scene.strings.talk.solution_is.format(answer="; ".join(order), why=step.praise)
