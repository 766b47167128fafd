"""The choice step: one question, one or several right options, feedback for each."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from content.lesson import ChoiceStep, Option
from content.strings import TutorStrings, TypingForms
from dialogs.reading.typed import chosen
from dialogs.values.actions import Answer
from dialogs.values.events import Pressed, Typed
from dialogs.values.kept import Kept
from dialogs.values.replies import Block, Bullets, Button, Item, Notice, Select, Text
from dialogs.values.scene import Ask, Judged, Outcome, Scene, StepEvent, Unclear, next_hint, pick_of


@dataclass(frozen=True)
class State(Kept):
    """The options chosen last."""

    picked: tuple[str, ...] = ()


def asking(prompt: str, words: TutorStrings, *, many: bool) -> str:
    """The question over its options, and that several may be right."""
    return f"{prompt} {words.choose_all}" if many else prompt


def shown(options: Sequence[Option], seed: int | str) -> tuple[Item, ...]:
    """The options in this learner's order."""
    items = [Item(o.id, o.text) for o in options]
    Random(seed).shuffle(items)
    return tuple(items)


def read(given: StepEvent, items: Sequence[Item], forms: TypingForms) -> tuple[str, ...]:
    """The ids that were picked, by card or by typing; empty when it isn't clear."""
    match given:
        case Pressed(picks=picks):
            picked = picks.get("picked", ())
        case Typed(text=text):
            picked = chosen(text, items, forms) or ()
        case _:
            picked = ()
    return picked if set(picked) <= {i.id for i in items} else ()


def present(step: ChoiceStep, scene: Scene) -> Ask:
    """The situation, the question and its options."""
    words = scene.strings.tutor
    items = shown(step.options, scene.seed)
    picked = State.of(scene.record.state).picked
    blocks: list[Block] = [Text(step.situation)] if step.situation else []
    label = asking(step.prompt, words, many=step.many)
    blocks.append(Select("picked", label, items, many=step.many, value=picked))
    return Ask(
        tuple(blocks),
        (Button(words.check, Answer(), words.check, primary=True),),
        typed=words.type_numbers if step.many else words.type_number,
    )


def answer(step: ChoiceStep, scene: Scene, given: StepEvent) -> Outcome:
    """Pass with exactly the right options.

    The score is the share of options treated rightly where many may be right, else 0 or 1.
    """
    words = scene.strings.tutor
    items = shown(step.options, scene.seed)
    picked = read(given, items, words.typing)
    if not picked or (len(picked) > 1 and not step.many):
        return Unclear(words.choose_first if step.many or not picked else words.choose_just_one)
    state, answered = State(picked=picked), pick_of("picked", items, picked)
    chosen_ones = [o for o in step.options if o.id in picked]
    missed = [o for o in step.options if o.right and o.id not in picked]
    wrong = [o for o in chosen_ones if not o.right]
    passed = not missed and not wrong
    if step.many:
        score = 1 - (len(missed) + len(wrong)) / len(step.options)
        why: tuple[Block, ...] = (
            Bullets(tuple(f"**{o.text}** – {o.feedback}" for o in chosen_ones)),
        )
        praise, lead = step.praise or words.well_done, words.look_again
        if missed and not wrong:
            lead = words.more_to_find.format(count=len(missed))
    else:
        score = float(passed)
        praise = lead = chosen_ones[0].feedback
        why = (Text(step.praise),) if passed and step.praise else ()
    if passed:
        told = Notice("good", praise, words.right)
        return Judged(passed=True, score=score, blocks=(told, *why), state=state, answered=answered)
    hint = next_hint(step.hints, scene.record.misses)
    blocks = (Notice("warning", lead, words.not_yet), *why)
    return Judged(
        passed=False, score=score, blocks=blocks, state=state, answered=answered, hint=hint
    )


def solution(step: ChoiceStep, scene: Scene) -> str:
    """The right options, and why."""
    right = [option for option in step.options if option.right]
    return scene.strings.talk.solution_is.format(
        answer="; ".join(f"**{option.text}**" for option in right),
        why=" ".join(option.feedback for option in right),
    )
