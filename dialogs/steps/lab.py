"""The lab step: predict what settings will do, run them, compare."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pydantic import JsonValue

from content.frozen import Frozen
from content.lesson import LabOutcome, LabStep
from dialogs.reading.typed import numbers
from dialogs.simulations.persona import Hyperparameters, Training, TrainingOutcome
from dialogs.values.actions import Answer
from dialogs.values.events import Computed, Pressed, Typed
from dialogs.values.kept import Kept
from dialogs.values.replies import Block, Bullets, Button, Details, Item, Notice, Select, Text
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
from dialogs.work import curves, hyperparameters
from dialogs.work.models import examples, training_order

ENOUGH = 6  # different runs after which no kind has to be found: flawed data may not show it
RECENT = 3  # the last different runs, whose predictions tell whether somebody understands
KINDS = 2  # different kinds that must be predicted rightly among them
LEAST = 3  # lines without which no gradient step makes sense


class LabRun(Frozen):
    """A run that was made: what was set and predicted, and how it ended."""

    settings: Hyperparameters
    predicted: TrainingOutcome
    kind: TrainingOutcome
    valid_loss: float


class Pending(Frozen):
    """A run that a worker still has."""

    key: str
    settings: Hyperparameters
    predicted: TrainingOutcome


@dataclass(frozen=True)
class State(Kept):
    """All runs, the newest last, and the one under way."""

    runs: tuple[LabRun, ...] = ()
    pending: Pending | None = None


def good_settings(state: JsonValue) -> Hyperparameters | None:
    """The settings of the learner's best good run, by its validation loss."""
    good = [r for r in State.of(state).runs if r.kind == "good"]
    return min(good, key=lambda r: r.valid_loss).settings if good else None


def present(step: LabStep, scene: Scene) -> Ask:
    """The parameters, the prediction, and what is still to be found."""
    words = scene.strings.model
    state = State.of(scene.record.state)
    last = state.runs[-1].settings if state.runs else None
    blocks: list[Block] = [] if state.runs else [Text(step.prompt)]
    if state.pending:
        blocks.append(Text(words.lab_training.format(lines=len(examples(scene)))))
    blocks += [*_notes(step, scene, state), *hyperparameters.fields(step.parameters, last, words)]
    blocks.append(Select("predicted", words.lab_prediction, _items(step)))
    run = Button(words.lab_run, Answer(), words.lab_run, primary=True)
    fresh = not (state.runs or state.pending)
    return Ask(tuple(blocks), (run,), typed=words.lab_how, stays=fresh)


def _items(step: LabStep) -> tuple[Item, ...]:
    return tuple(Item(o.id, o.text) for o in step.outcomes)


def _outcome(step: LabStep, kind: TrainingOutcome) -> LabOutcome:
    return next(o for o in step.outcomes if o.id == kind)


def _notes(step: LabStep, scene: Scene, state: State) -> tuple[Block, ...]:
    """What the parameters are, before the first run; after it, the runs and what is missing."""
    words = scene.strings.model
    if not state.runs:
        lines = (
            words.lab_parameter.format(
                label=p.label, explain=p.explain, usual=words.numbers.write(p.usual, "g")
            )
            for p in step.parameters
        )
        return (Bullets(tuple(lines)),)
    runs = tuple(
        words.lab_run_line.format(
            multiplier=words.numbers.write(r.settings.learning_rate_multiplier, "g"),
            batch=r.settings.batch_size,
            epochs=r.settings.n_epochs,
            kind=_outcome(step, r.kind).text,
            valid=words.numbers.write(r.valid_loss, ".2f"),
        )
        for r in state.runs
    )
    blocks = (Details(words.lab_runs.format(count=len(runs)), (Bullets(runs),)),)
    open_ones = missing(state.runs, scene) if scene.record.status != "passed" else ()
    if not open_ones:
        return blocks
    return (*blocks, Text(words.lab_todo.format(kinds="; ".join(open_ones))))


def different(runs: Sequence[LabRun]) -> tuple[LabRun, ...]:
    """The runs without repetitions: whose settings come again, its end is known before."""
    first: dict[Hyperparameters, LabRun] = {}
    for run in runs:
        first.setdefault(run.settings, run)
    return tuple(first.values())


def missing(runs: Sequence[LabRun], scene: Scene) -> tuple[str, ...]:
    """In words, what is still to be done: kinds of run to be found, and to be foreseen."""
    once = different(runs)
    to_find = _to_find(runs, scene) if len(once) < ENOUGH else ()
    foreseen = {r.kind for r in once[-RECENT:] if r.kind == r.predicted}
    if len(foreseen) >= KINDS:
        return to_find
    foresee = scene.strings.model.lab_todo_foresee
    return (*to_find, foresee.format(kinds=KINDS, recent=RECENT))


def _to_find(runs: Sequence[LabRun], scene: Scene) -> tuple[str, ...]:
    words, kinds = scene.strings.model, {r.kind for r in runs}
    wanted = (
        # Where the data lets no run be good, this is what learning it looks like.
        (words.lab_todo_good, {"good", "unlike-validation"}),
        (words.lab_todo_little, {"underfit"}),
        (words.lab_todo_much, {"overfit", "diverged"}),
    )
    return tuple(text for text, found in wanted if not kinds & found)


def answer(step: LabStep, scene: Scene, given: StepEvent) -> Outcome:
    """Order the run; when it is back, compare it with the prediction.

    Passed when a good run, one of too little training and one of too much were found, and the
    predictions were right for two kinds among the last three different runs. A wrong one costs
    nothing: it is how one learns.
    """
    state = State.of(scene.record.state)
    match given:
        case Pressed(texts=texts):
            return _run(step, scene, state, texts, given.picked("predicted"))
        case Typed(text=text):
            found = numbers(text)
            if len(found) != len(step.parameters) + 1:
                return Unclear(scene.strings.model.lab_how)
            place = int(found[-1])
            items = _items(step)
            if not 1 <= place <= len(items):
                missing = scene.strings.tutor.no_such_number
                return Unclear(missing.format(number=f"{found[-1]:g}", last=len(items)))
            typed = hyperparameters.typed(step.parameters, found)
            return _run(step, scene, state, typed, items[place - 1].id)
        case Computed(key=key, fault=fault) if state.pending and state.pending.key == key:
            return _compare(step, scene, state, state.pending, fault)
        case _:
            return Ignored()


def _run(
    step: LabStep, scene: Scene, state: State, values: dict[str, str], predicted: str
) -> Outcome:
    words = scene.strings.model
    settings = hyperparameters.read(step.parameters, values, words)
    if isinstance(settings, str):
        return Unclear(settings)
    outcome = next((o for o in step.outcomes if o.id == predicted), None)
    if outcome is None:
        return Unclear(words.lab_no_prediction)
    lines = len(examples(scene))
    if lines < LEAST:
        return Unclear(words.lab_few.format(lines=lines, least=LEAST))
    order = training_order(scene, settings)
    pending = Pending(key=order.key, settings=settings, predicted=outcome.id)
    kept = replace(state, pending=pending)
    text = Text(words.lab_training.format(lines=lines))
    return Noted((text,), kept, later=(order,), quiet=True)


def _compare(
    step: LabStep, scene: Scene, state: State, pending: Pending, fault: str | None
) -> Outcome:
    words, tutor = scene.strings.model, scene.strings.tutor
    training = scene.results.get(pending.key)
    if fault is not None or not isinstance(training, Training):
        failed = replace(state, pending=None)
        return Noted((Notice("warning", words.lab_fault),), failed)
    made = LabRun(
        settings=pending.settings,
        predicted=pending.predicted,
        kind=training.kind,
        valid_loss=training.checkpoints[-1].valid_loss,
    )
    runs = (*state.runs, made)
    kept = State(runs=runs)
    happened, predicted = _outcome(step, made.kind), _outcome(step, made.predicted)
    title = words.lab_chart.format(
        multiplier=words.numbers.write(made.settings.learning_rate_multiplier, "g"),
        batch=made.settings.batch_size,
        epochs=made.settings.n_epochs,
    )
    if made.kind == made.predicted:
        verdict = Notice("good", words.lab_right.format(predicted=predicted.text), tutor.right)
    else:
        wrong = words.lab_wrong.format(predicted=predicted.text, happened=happened.text)
        verdict = Notice("info", wrong, tutor.noted)
    blocks: list[Block] = [
        curves.chart(training, title, words),
        verdict,
        Text(happened.explain),
        Details(words.lab_told, (Text(curves.told(training, words)),)),
    ]
    if any(r.settings == made.settings for r in state.runs):
        blocks.append(Text(words.lab_repeat, "small"))
    if scene.record.status == "passed":
        return Noted(tuple(blocks), kept)
    open_ones = missing(runs, scene)
    if open_ones:
        return Noted((*blocks, Text(happened.advice)), kept)
    enough = words.lab_enough.format(runs=len(different(runs)))
    blocks.append(Notice("good", enough if _to_find(runs, scene) else step.praise))
    answered = pick_of("predicted", _items(step), (made.predicted,))
    return Judged(passed=True, score=1.0, blocks=tuple(blocks), state=kept, answered=answered)
