"""The selection step: good conversations are chosen for the training set."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from content.lesson import Conversation, DecisionStep, SelectionStep
from dialogs.reading.typed import chosen
from dialogs.simulations.persona import Company
from dialogs.steps import decision
from dialogs.values.actions import Answer, Own
from dialogs.values.events import Pressed, Typed
from dialogs.values.replies import (
    Block,
    Bullets,
    Button,
    Details,
    Item,
    Notice,
    PickInto,
    Plain,
    Text,
)
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
    pick_of,
)
from dialogs.work.persona_company import company_of
from dialogs.work.training_set import Selected

EXPERIMENT = Own("experiment")
SHOWN = 3  # unfit conversations that are named at once


def there(step: SelectionStep, scene: Scene) -> tuple[Conversation, ...]:
    """The conversations to choose from, with further ones once more data is to be collected."""
    record, picked = scene.progress.record, Selected.of(scene.record.state).picked
    decided = (record(s.id).state for s in scene.lesson.steps_of(DecisionStep))
    opened = any(map(decision.collects, decided)) or any(c.id in picked for c in step.further)
    return step.archive if opened else step.conversations


def shown(step: SelectionStep, scene: Scene) -> tuple[Item, ...]:
    """The conversations in this learner's order."""
    items = [Item(c.id, c.customer, more=c.response) for c in there(step, scene)]
    Random(scene.seed).shuffle(items)
    return tuple(items)


def present(step: SelectionStep, scene: Scene) -> Ask:
    """All conversations, and the training set to move them into."""
    words = scene.strings.data
    picked = Selected.of(scene.record.state).picked
    items = shown(step, scene)
    field = PickInto("picked", words.select_label, step.source, step.target, items, picked)
    check = Button(words.select_check, Answer(), words.select_check, primary=True)
    asks = (check, *buttons(step, scene))
    return Ask((Text(step.prompt), field), asks, typed=words.select_how)


def buttons(_: SelectionStep, scene: Scene) -> tuple[Button, ...]:
    """After a miss, the way on with a flawed set."""
    words = scene.strings.data
    if scene.record.status != "tried" or scene.record.waived:
        return ()
    return (Button(words.select_experiment, EXPERIMENT, words.select_experiment),)


def answer(step: SelectionStep, scene: Scene, given: StepEvent) -> Outcome:
    """Pass with no unfit conversation and `step.minimum` good ones; explain what was chosen.

    The others are explained once it passes: till then they are the learner's to judge.

    The score is the share of conversations treated rightly.
    """
    words = scene.strings.data
    match given:
        case Pressed(do=do, picks=picks) if do == EXPERIMENT:
            held = Selected.of(scene.record.state).picked
            picked = _ordered(step, picks.get("picked", ())) or held
            if held and not _is_fit(step, picked):
                kept = Selected(picked=picked)
                warning = Notice("warning", step.experiment, words.select_waived)
                return Noted((warning,), kept, waive=True)
        case Pressed(picks=picks):
            picked = picks.get("picked", ())
        case Typed(text=text):
            picked = chosen(text, shown(step, scene), scene.strings.tutor.typing) or ()
        case _:
            return Ignored()
    answered = pick_of("picked", shown(step, scene), picked)
    picked = _ordered(step, picked)
    if not picked:
        return Unclear(words.select_none)
    return replace(_judged(step, scene, picked), answered=answered)


def _ordered(step: SelectionStep, picked: Sequence[str]) -> tuple[str, ...]:
    """The conversations that were picked, in the lesson's order."""
    return tuple(c.id for c in step.archive if c.id in picked)


def _is_fit(step: SelectionStep, picked: tuple[str, ...]) -> bool:
    inside = [c for c in step.archive if c.id in picked]
    return all(c.good for c in inside) and len(inside) >= step.minimum


def _judged(step: SelectionStep, scene: Scene, picked: tuple[str, ...]) -> Judged:
    words, tutor = scene.strings.data, scene.strings.tutor
    inside = [c for c in step.archive if c.id in picked]
    good, unfit = [c for c in inside if c.good], [c for c in inside if not c.good]
    state = Selected(picked=picked)
    offered = there(step, scene)
    right = sum((c.id in picked) == c.good for c in offered)
    score = right / len(offered)
    brings = _brings(company_of(scene), inside, scene)
    if _is_fit(step, picked):
        praise = Notice("good", step.praise, tutor.right)
        why = _explained(step, scene, picked, offered)
        return Judged(passed=True, score=score, blocks=(praise, brings, why), state=state)
    if unfit:
        lead = words.select_state.format(good=len(good), unfit=len(unfit), minimum=step.minimum)
    else:
        lead = words.select_few.format(good=len(good), minimum=step.minimum)
    blocks: list[Block] = [Notice("warning", lead, tutor.not_yet)]
    if unfit:
        lines = _lines(step, scene, unfit[:SHOWN])
        blocks += [Text(words.select_unfit, "strong"), Bullets(lines)]
    # What wasn't chosen is still to be judged by the learner.
    rest = (*good, *unfit[SHOWN:])
    blocks += [brings, _explained(step, scene, picked, rest)] if rest else [brings]
    hint = next_hint(step.hints, scene.record.misses)
    return Judged(passed=False, score=score, blocks=tuple(blocks), state=state, hint=hint)


def _lines(
    step: SelectionStep, scene: Scene, conversations: Sequence[Conversation]
) -> tuple[str, ...]:
    pattern = scene.strings.data.select_line
    number = {item.id: n for n, item in enumerate(shown(step, scene), 1)}
    return tuple(
        pattern.format(number=number[c.id], title=c.title, why=c.why) for c in conversations
    )


def _brings(company: Company, inside: list[Conversation], scene: Scene) -> Text:
    """How many lines the choice brings, and about how many topics."""
    lines = [e for group in company.archive(inside, scene.progress.seed) for e in group]
    topics = len({c.intent for c in inside})
    told = scene.strings.data.select_brings.format(lines=len(lines), topics=topics)
    return Text(told)


def _explained(
    step: SelectionStep, scene: Scene, picked: tuple[str, ...], told: Sequence[Conversation]
) -> Details:
    """Why each of the conversations `told` is fit or not, chosen or left out."""
    words = scene.strings.data
    groups = (
        (words.select_well, [c for c in told if c.id in picked and c.good]),
        (words.select_unfit, [c for c in told if c.id in picked and not c.good]),
        (words.select_missed, [c for c in told if c.id not in picked and c.good]),
        (words.select_rightly, [c for c in told if c.id not in picked and not c.good]),
    )
    blocks: list[Plain] = []
    for title, conversations in groups:
        if conversations:
            lines = _lines(step, scene, conversations)
            blocks += [Text(title, "strong"), Bullets(lines)]
    return Details(words.select_why, tuple(blocks))
