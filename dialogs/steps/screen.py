"""The screen step: a simulated page of the portal, looked over, filled in and decided on."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import assert_never

from content.lesson import (
    Annotation,
    Decision,
    DecisionOption,
    JobStep,
    LabStep,
    Parameter,
    ScreenField,
    ScreenStep,
)
from dialogs.reading.typed import after, chosen, is_one_of, number
from dialogs.simulations.persona import Example, Hyperparameters
from dialogs.steps import lab
from dialogs.values.actions import Answer
from dialogs.values.events import Pressed, Typed
from dialogs.values.facts import Picked
from dialogs.values.progress import Progress
from dialogs.values.replies import (
    Block,
    Bullets,
    Button,
    Chart,
    Code,
    Details,
    Input,
    Item,
    Notice,
    Number,
    Picture,
    Screen,
    ScreenPart,
    Select,
    Table,
    Text,
    Write,
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
from dialogs.work import curves
from dialogs.work.decisions import Decided, entered
from dialogs.work.figures import ABSENT, figures, fill
from dialogs.work.models import choose_checkpoint, current, own_set
from dialogs.work.persona_company import is_company
from dialogs.work.training_set import line, system_message

NOTES = "notes"  # the input that holds the numbers of the notes that were read
_SUFFIX = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,17}")  # as the service takes it
_LINES = 3  # of a file that are shown
_SYSTEM, _CONTENT = 10, 32  # characters of the messages in them


@dataclass(frozen=True)
class LookAround:
    """The next note is asked for."""


@dataclass(frozen=True)
class Enter:
    """A field is to hold this."""

    name: str
    value: str


@dataclass(frozen=True)
class Submit:
    """What is chosen and entered in the fields. `read` is how many notes were read there.

    A decision without a choice is missing; so is what the client's card doesn't hold.
    """

    picks: Mapping[str, str]
    values: Mapping[str, str]
    read: int = 0


Asked = LookAround | Enter | Submit


def _open(step: ScreenStep, state: Decided) -> tuple[Decision, ...]:
    """The decisions that aren't made yet, in the order of their fields."""
    known = {d.id: d for d in step.decisions}
    places = [f.decides for f in step.fields if f.decides]
    return tuple(known[name] for name in places if name not in state.decisions)


def _notes(step: ScreenStep) -> Sequence[Annotation]:
    """The annotations in the order of their fields."""
    places = [field.label for field in step.fields]
    return sorted(step.annotations, key=lambda note: places.index(note.target))


# --- what is shown ------------------------------------------------------------------


def present(step: ScreenStep, scene: Scene) -> Ask:
    """The screen with what it holds so far; what is still to be decided and entered."""
    words, known = scene.strings.assess, figures(scene)
    state = Decided.of(scene.record.state)
    notes = tuple(
        words.screen_note.format(target=a.target, text=fill(a.text, known)) for a in _notes(step)
    )
    tips = (*(fill(t, known) for t in step.tips), *_drawn_after(step, scene))
    undecided = _open(step, state)
    blocks: list[Block] = [
        Text(fill(step.prompt, known)),
        Screen(
            says=words.screen_simulated,
            path=tuple(part.strip() for part in step.path.split(">")),
            places=step.places,
            parts=tuple(_part(step, scene, state, field, known) for field in step.fields),
            notes=notes,
            picture=(
                Picture(scene.lesson.id, step.image.source, step.image.alt) if step.image else None
            ),
        ),
        Details(words.screen_notes, (Bullets(notes, numbered=True),)),
        Details(words.screen_tips, (Bullets(tips),)),
    ]
    if not undecided:
        return Ask(tuple(blocks))
    blocks += _inputs(step, scene, state, known)
    name = step.submit or words.screen_decide
    how = words.screen_how if len(undecided) == 1 else words.screen_how_many
    entries = [field.label for field in step.fields if field.enters]
    if entries:
        how = f"{how} {words.screen_how_enter.format(label=entries[0])}"
    return Ask(tuple(blocks), (Button(name, Answer(), name, primary=True),), typed=how)


def _drawn_after(step: ScreenStep, scene: Scene) -> tuple[str, ...]:
    """The page that the screen follows, with its day."""
    source = next((s for s in scene.lesson.sources if s.id == step.source), None)
    if source is None:
        return ()
    day = source.dated or source.read
    return (scene.strings.assess.screen_source.format(title=source.title, day=day),)


def _part(
    step: ScreenStep, scene: Scene, state: Decided, field: ScreenField, known: Mapping[str, str]
) -> ScreenPart:
    marks = {a.target: n for n, a in enumerate(_notes(step), 1)}
    return ScreenPart(
        label=field.label,
        value=_value(step, scene, state, field, known),
        tab=field.tab or "",
        note=marks.get(field.label),
        input=field.decides or field.enters or "",
        shows=tuple(_shown(scene, field, known)),
        file=field.shows == "file",
    )


def _value(
    step: ScreenStep, scene: Scene, state: Decided, field: ScreenField, known: Mapping[str, str]
) -> str:
    """What the field holds; nothing where an input stands in its place."""
    if field.enters:
        inputs = _inputs(step, scene, state, known)
        held = next((i.value for i in inputs if i.id == field.enters), "")
        shown = f"{held:g}" if isinstance(held, float) else str(held)
        return "" if _open(step, state) else shown
    value = fill(field.value or "", known)
    decision = next((d for d in step.decisions if d.id == field.decides), None)
    if decision is None:
        return value
    option = next((o for o in decision.options if o.id == state.decisions.get(decision.id)), None)
    if option is None:
        return "" if value == ABSENT else value
    return fill(option.name or option.text, known)


def _shown(
    scene: Scene, field: ScreenField, known: Mapping[str, str]
) -> Iterator[Table | Chart | Code]:
    """What stands below a field's label: a table, the first lines of the file, the curves."""
    if field.rows:
        header, *rows = (tuple(fill(cell, known) for cell in row) for row in field.rows)
        yield Table(header, tuple(rows))
    if field.shows == "file" and is_company(scene.simulation):
        lines = islice(own_set(scene).lines, _LINES)
        system = _short(system_message(scene.lesson), _SYSTEM)
        made = (
            line(Example(message=_short(e.message), reply=_short(e.reply)), system) for e in lines
        )
        text = "\n".join(made)
        if text:
            yield Code(text)
    now = current(scene) if field.shows == "curves" else None
    if now:
        yield curves.chart(now.training, field.label, scene.strings.model)


def _short(text: str, most: int = _CONTENT) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= most else f"{flat[: most - 1].rstrip()}…"


def _items(decision: Decision, known: Mapping[str, str]) -> tuple[Item, ...]:
    """The options, without one whose figure isn't there while another's is."""
    told = [(o, fill(o.text, known)) for o in decision.options]
    there = [(o, text) for o, text in told if text == o.text or ABSENT not in text]
    return tuple(Item(o.id, text) for o, text in there or told)


def _inputs(
    step: ScreenStep, scene: Scene, state: Decided, known: Mapping[str, str]
) -> tuple[Input, ...]:
    """What is to be decided and entered, in the order of the fields."""
    undecided = {d.id: d for d in _open(step, state)}
    found: list[Input] = []
    for field in step.fields:
        decision = undecided.get(field.decides or "")
        if decision is not None:
            items = _items(decision, known)
            found.append(Select(decision.id, fill(decision.prompt, known), items))
        elif field.enters == "suffix":
            held = state.entered.get("suffix", fill(field.value or "", known))
            found.append(Write("suffix", field.label, value=held, long=False))
        elif field.enters:
            parameter = _parameters(scene)[field.enters]
            planned = proposed(scene)
            usual = getattr(planned, field.enters) if planned else parameter.usual
            held_number = float(state.entered.get(field.enters, usual))
            found.append(
                Number(field.enters, field.label, parameter.lowest, parameter.highest, held_number)
            )
    return tuple(found)


def _parameters(scene: Scene) -> Mapping[str, Parameter]:
    """The job's settings by their names."""
    return {p.id: p for job in scene.lesson.steps_of(JobStep) for p in job.parameters}


def proposed(scene: Scene) -> Hyperparameters | None:
    """The settings with which a job begins: those of the screens, or of the lab's last good run."""
    labs = scene.lesson.steps_of(LabStep)
    found = (lab.good_settings(scene.progress.record(s.id).state) for s in labs)
    good = next((s for s in found if s), None)
    known = set(Hyperparameters.model_fields)
    own = {n: v for n, v in entered(scene.lesson, scene.progress).items() if n in known}
    if not own:
        return good
    return Hyperparameters.model_validate({**(good.model_dump() if good else {}), **own})


# --- what is answered ---------------------------------------------------------------


def answer(step: ScreenStep, scene: Scene, given: StepEvent) -> Outcome:
    """Take what was chosen and entered; passed when all decisions are made."""
    words, state = scene.strings.assess, Decided.of(scene.record.state)
    asked = _asked(step, scene, state, given)
    match asked:
        case None:
            return Ignored()
        case LookAround():
            return _look(step, scene, state)
        case Enter(name=name, value=value):
            return _enter(step, scene, state, name, value)
        case Submit():
            if not _open(step, state):
                return Unclear(words.screen_all)
            return _submit(step, scene, state, asked)
        case _:
            assert_never(asked)


def _asked(step: ScreenStep, scene: Scene, state: Decided, given: StepEvent) -> Asked | None:
    """What the learner asks for."""
    undecided = _open(step, state)
    match given:
        case Pressed():
            picks = {d.id: given.picked(d.id) for d in undecided}
            read = len(set(re.findall(r"\d+", given.texts.get(NOTES, ""))))
            return Submit({name: one for name, one in picks.items() if one}, given.texts, read)
        case Typed(text=text):
            if is_one_of(text, scene.strings.assess.screen_look_forms):
                return LookAround()
            for field in step.fields:
                if field.enters and after(text, (field.label,)):
                    return Enter(field.enters, text[len(field.label) :].strip(" :="))
            return Submit(_typed(undecided, scene, text), {})
        case _:
            return None


def _typed(undecided: Sequence[Decision], scene: Scene, text: str) -> Mapping[str, str]:
    """A number for each decision, or one, by number or words, for the first that it fits."""
    forms = scene.strings.tutor.typing
    items = {d.id: tuple(Item(o.id, o.text) for o in d.options) for d in undecided}
    marks = re.findall(r"\d+", text)
    if len(marks) == len(undecided) and len(marks) > 1:
        found = {
            n: chosen(mark, options, forms)
            for (n, options), mark in zip(items.items(), marks, strict=True)
        }
    else:
        found = {name: chosen(text, options, forms) for name, options in items.items()}
        # A number alone is meant for the first; words may fit any.
        if marks and not re.search(r"[^\W\d]{4}", text):
            found = dict(islice(found.items(), 1))
        first = next((name for name, picked in found.items() if picked), None)
        found = {first: found[first]} if first else {}
    return {name: picked[0] for name, picked in found.items() if picked and len(picked) == 1}


def _look(step: ScreenStep, scene: Scene, state: Decided) -> Outcome:
    """Say the next note; after the last they begin anew."""
    known, at = figures(scene), state.noted % len(step.annotations)
    note = _notes(step)[at]
    told = Notice("info", fill(note.text, known), f"({at + 1}) {note.target}")
    return Noted((told,), replace(state, noted=state.noted + 1))


def _enter(step: ScreenStep, scene: Scene, state: Decided, name: str, value: str) -> Outcome:
    held = _values(step, scene, {name: value})
    if isinstance(held, str):
        return Unclear(held)
    label = next(f.label for f in step.fields if f.enters == name)
    said = scene.strings.assess.screen_entered.format(label=label, value=held[name])
    after_it = replace(state, entered={**state.entered, **held})
    return Noted((Notice("info", said, about=name),), after_it)


def _values(step: ScreenStep, scene: Scene, values: Mapping[str, str]) -> dict[str, str] | str:
    """What was entered, by its name, or in words what is wrong with the first that doesn't do."""
    found: dict[str, str] = {}
    for field in step.fields:
        given = values.get(field.enters or "")
        if field.enters is None or given is None:
            continue
        if field.enters == "suffix":
            if not _SUFFIX.fullmatch(given.strip()):
                return scene.strings.assess.screen_suffix
            found["suffix"] = given.strip()
            continue
        parameter, value = _parameters(scene)[field.enters], number(given)
        whole = field.enters == "learning_rate_multiplier" or value == int(value or 0)
        if value is None or not whole or not parameter.lowest <= value <= parameter.highest:
            return scene.strings.model.lab_bad_number.format(
                label=field.label, lowest=f"{parameter.lowest:g}", highest=f"{parameter.highest:g}"
            )
        found[field.enters] = f"{value:g}"
    return found


def _submit(step: ScreenStep, scene: Scene, state: Decided, given: Submit) -> Outcome:
    words = scene.strings.assess
    held = _values(step, scene, given.values)
    if isinstance(held, str):
        return Unclear(held)
    state = replace(state, noted=max(state.noted, given.read), entered={**state.entered, **held})
    taken: list[tuple[Decision, DecisionOption]] = []
    for decision in _open(step, state):
        picked = given.picks.get(decision.id)
        option = next((o for o in decision.options if o.id == picked), None)
        if option:
            taken.append((decision, option))
    if not taken:
        return Unclear(words.screen_choose_first)
    if state.noted < step.notes:
        return Unclear(words.screen_notes_first.format(notes=step.notes))
    return _decide(step, scene, state, taken)


def _decide(
    step: ScreenStep,
    scene: Scene,
    state: Decided,
    taken: Sequence[tuple[Decision, DecisionOption]],
) -> Outcome:
    words = scene.strings.assess
    accepted = {d.id: o.id for d, o in taken if not o.refused}
    state = replace(state, decisions={**state.decisions, **accepted})
    known = figures(scene)
    said = tuple(
        Notice("warning", fill(o.feedback, known), words.screen_refused, about=d.id)
        if o.refused
        else Notice("good", fill(o.feedback, known), fill(o.name or o.text, known), about=d.id)
        for d, o in taken
    )
    progress, later = _followed(scene, taken)
    if len(accepted) < len(taken):
        picks = tuple(pick for d, o in taken for pick in _answered(d, (o.id,)))
        return Judged(
            passed=False,
            score=0.0,
            blocks=said,
            state=state,
            answered=picks,
            progress=progress,
            later=later,
        )
    if _open(step, state):
        return Noted(said, state, progress, later=later)
    return replace(_end(step, scene, state, said), progress=progress, later=later)


def _followed(
    scene: Scene, taken: Sequence[tuple[Decision, DecisionOption]]
) -> tuple[Progress, tuple[Later, ...]]:
    """What a decision changes at once: another checkpoint is another model."""
    for decision, option in taken:
        if decision.sets == "checkpoint" and not option.refused:
            progress, order = choose_checkpoint(scene, option.id)
            return progress, (order,) if order else ()
    return scene.progress, ()


def left_over(step: ScreenStep, scene: Scene) -> Outcome | None:
    """How the step ends where an edit took away every decision that was still open."""
    state = Decided.of(scene.record.state)
    if not state.decisions or _open(step, state):
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
