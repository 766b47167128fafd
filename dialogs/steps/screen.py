"""The screen step: a simulated screen of the portal, looked over and decided on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import assert_never

from content.lesson import Decision, DecisionOption, ScreenStep
from dialogs.reading.typed import chosen, is_one_of
from dialogs.values.actions import Answer, Own
from dialogs.values.events import Pressed, Typed
from dialogs.values.facts import Picked
from dialogs.values.replies import (
    Block,
    Bullets,
    Button,
    Details,
    Field,
    Form,
    Item,
    Notice,
    Picture,
    Select,
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
    pick_of,
)
from dialogs.values.turn import Later
from dialogs.work.decisions import Decided
from dialogs.work.figures import figures, fill
from dialogs.work.models import choose_checkpoint

LOOK = Own("look")


@dataclass(frozen=True)
class LookAround:
    """The next note is asked for."""


@dataclass(frozen=True)
class Decide:
    """An option of the open decision is chosen; empty where it isn't clear which."""

    option: str


def _open(step: ScreenStep, state: Decided) -> Decision | None:
    return next((d for d in step.decisions if d.id not in state.decisions), None)


def present(step: ScreenStep, scene: Scene) -> Ask:
    """The screen's fields, the notes shown so far, and the next decision."""
    words, known = scene.strings.assess, figures(scene)
    state = Decided.of(scene.record.state)
    blocks: list[Block] = []
    if step.image:
        blocks.append(Picture(scene.lesson.id, step.image.source, step.image.alt))
    blocks += [Text(fill(step.prompt, known)), *_form(step, scene, state, known)]
    blocks += _notes(step, scene, state, known)
    tips = (*(fill(t, known) for t in step.tips), *_drawn_after(step, scene))
    blocks.append(Details(words.screen_tips, (Bullets(tips),)))
    asks: list[Button] = []
    decision = _open(step, state)
    if decision is not None:
        items = tuple(Item(o.id, fill(o.text, known)) for o in decision.options)
        prompt = fill(decision.prompt, known)
        blocks.append(Select("picked", prompt, items))
        asks.append(Button(words.screen_decide, Answer(), words.screen_decide, primary=True))
    asks += buttons(step, scene)
    return Ask(tuple(blocks), tuple(asks), typed=words.screen_how if asks else "")


def buttons(step: ScreenStep, scene: Scene) -> tuple[Button, ...]:
    """The one that shows the next note."""
    words, noted = scene.strings.assess, Decided.of(scene.record.state).noted
    if noted >= len(step.annotations):
        return ()
    text = words.screen_look if noted else words.screen_look_first
    label = text.format(number=noted + 1, of=len(step.annotations))
    return (Button(label, LOOK, words.screen_look_forms[0]),)


def _drawn_after(step: ScreenStep, scene: Scene) -> tuple[str, ...]:
    """The page that the screen follows, with its day."""
    source = next((s for s in scene.lesson.sources if s.id == step.source), None)
    if source is None:
        return ()
    day = source.dated or source.read
    return (scene.strings.assess.screen_source.format(title=source.title, day=day),)


def _form(
    step: ScreenStep, scene: Scene, state: Decided, known: Mapping[str, str]
) -> tuple[Block, ...]:
    """The fields as the portal shows them, marked with the numbers of their notes."""
    words = scene.strings.assess
    marks = {a.target: n for n, a in enumerate(step.annotations, 1)}
    fields = tuple(Field(f.label, fill(f.value, known), marks.get(f.label)) for f in step.fields)
    made = []
    for decision in step.decisions:
        held = state.decisions.get(decision.id)
        option = next((o for o in decision.options if o.id == held), None)
        if option:
            line = words.screen_decided.format(prompt=decision.prompt, choice=option.text)
            made.append(fill(line, known))
    blocks: tuple[Block, ...] = (Form(words.screen_simulated.format(path=step.path), fields),)
    return (*blocks, Bullets(tuple(made))) if made else blocks


def _notes(
    step: ScreenStep, scene: Scene, state: Decided, known: Mapping[str, str]
) -> tuple[Block, ...]:
    """The note shown last; the earlier ones behind a button."""
    words = scene.strings.assess
    shown = [
        (words.screen_note.format(number=n, target=a.target), fill(a.text, known))
        for n, a in enumerate(step.annotations[: state.noted], 1)
    ]
    if not shown:
        return ()
    title, text = shown[-1]
    blocks: tuple[Block, ...] = (Notice("info", text, title),)
    if len(shown) == 1:
        return blocks
    earlier = tuple(f"**{t}**: {said}" for t, said in shown[:-1])
    return (*blocks, Details(words.screen_notes, (Bullets(earlier),)))


def answer(step: ScreenStep, scene: Scene, given: StepEvent) -> Outcome:
    """Show the next note, or take a decision; passed when all decisions are made."""
    words = scene.strings.assess
    state = Decided.of(scene.record.state)
    decision = _open(step, state)
    asked = _asked(decision, scene, given)
    match asked:
        case None:
            return Ignored()
        case LookAround():
            return _look(step, state)
        case Decide(option=picked):
            if decision is None:
                return Unclear(words.screen_all)
            option = next((o for o in decision.options if o.id == picked), None)
            if option is None:
                return Unclear(words.screen_choose_first)
            return _decide(step, scene, state, decision, option)
        case _:
            assert_never(asked)


def _asked(decision: Decision | None, scene: Scene, given: StepEvent) -> LookAround | Decide | None:
    """What the learner asks for."""
    match given:
        case Pressed(do=do):
            return LookAround() if do == LOOK else Decide(given.picked("picked"))
        case Typed(text=text):
            if is_one_of(text, scene.strings.assess.screen_look_forms):
                return LookAround()
            items = tuple(Item(o.id, o.text) for o in decision.options) if decision else ()
            found = chosen(text, items, scene.strings.tutor.typing) or ("",)
            return Decide(found[0])
        case _:
            return None


def _look(step: ScreenStep, state: Decided) -> Outcome:
    noted = min(state.noted + 1, len(step.annotations))
    return Noted((), replace(state, noted=noted))


def _decide(
    step: ScreenStep, scene: Scene, state: Decided, decision: Decision, option: DecisionOption
) -> Outcome:
    words, tutor, known = scene.strings.assess, scene.strings.tutor, figures(scene)
    said = fill(option.feedback, known)
    if option.refused:
        notice = Notice("warning", said, words.screen_refused)
        answered = _answered(decision, (option.id,))
        return Judged(passed=False, score=0.0, blocks=(notice,), state=state, answered=answered)
    after = replace(state, decisions={**state.decisions, decision.id: option.id})
    blocks: tuple[Block, ...] = (Notice("good", said, tutor.noted),)
    progress, later = scene.progress, _NOTHING
    if decision.sets == "checkpoint":
        progress, order = choose_checkpoint(scene, option.id)
        later = (order,) if order else _NOTHING
    if _open(step, after) is not None:
        return Noted(blocks, after, progress, later=later)
    ended = _end(step, scene, after, blocks)
    return replace(ended, progress=progress, later=later)


def left_over(step: ScreenStep, scene: Scene) -> Outcome | None:
    """How the step ends where an edit took away every decision that was still open."""
    state = Decided.of(scene.record.state)
    if not state.decisions or _open(step, state) is not None:
        return None
    return _end(step, scene, state, (Notice("info", scene.strings.tutor.changed_done),))


def _end(step: ScreenStep, scene: Scene, state: Decided, told: tuple[Block, ...]) -> Judged:
    """All decisions are made."""
    return Judged(
        passed=True,
        score=1.0,
        blocks=(*told, Text(fill(step.praise, figures(scene)))),
        state=state,
        # Another training has other checkpoints.
        depends=any(d.sets == "checkpoint" for d in step.decisions),
        answered=tuple(
            pick for d in step.decisions for pick in _answered(d, (state.decisions[d.id],))
        ),
    )


def _answered(decision: Decision, ids: Iterable[str]) -> tuple[Picked, ...]:
    return pick_of(decision.id, (Item(o.id, o.text) for o in decision.options), ids)


_NOTHING: tuple[Later, ...] = ()
