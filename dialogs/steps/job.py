"""The job step: the training that makes the learner's own model, watched live."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import assert_never

from content.lesson import JobStep
from dialogs.reading.typed import after, is_one_of, numbers, plain
from dialogs.simulations.persona import Hyperparameters, Training
from dialogs.steps import screen
from dialogs.values.actions import Answer, Own
from dialogs.values.events import Computed, Due, Pressed, Typed
from dialogs.values.facts import ModelTrained
from dialogs.values.kept import Kept
from dialogs.values.progress import TunedModel
from dialogs.values.replies import Block, Bullets, Button, Details, JobBoard, Notice, Text
from dialogs.values.scene import Ask, Ignored, Judged, Noted, Outcome, Scene, StepEvent, Unclear
from dialogs.values.turn import At
from dialogs.work import curves, hyperparameters, job_board
from dialogs.work import job_states as machine
from dialogs.work.decisions import decided, entered
from dialogs.work.models import (
    adopt,
    evaluation_order,
    examples,
    is_older_than_data,
    own_set,
    set_figures,
    training_order,
)

LEAST = 10  # lines; the service refuses fewer (Azure OpenAI fine-tuning documentation)
DONE = "done"
STATUS, CANCEL = Own("status"), Own("cancel")


@dataclass(frozen=True)
class State(Kept):
    """The job under way or the last one. `started` is when its playback began.

    `number` counts jobs, so that a former job's times are known as such.
    """

    status: machine.JobStatus | None = None
    number: int = 0
    key: str = ""
    data: str = ""
    lines: int = 0
    settings: Hyperparameters | None = None
    started: datetime | None = None
    cheered: bool = False

    @property
    def is_open(self) -> bool:
        """Whether the job is neither finished nor given up."""
        return self.status in ("pending", "running")


def present(step: JobStep, scene: Scene) -> Ask:
    """The settings and the start button; while a job is open, how it goes."""
    words = scene.strings.model
    state = State.of(scene.record.state)
    if state.is_open:
        return Ask((_shows(step, scene, state),), buttons(step, scene))
    found = set_figures(scene)
    blocks: list[Block] = [*_result(step, scene, state)]
    if not state.status:
        blocks.append(Text(step.prompt))
    lines = words.job_lines.format(lines=found.lines, topics=len(found.topics))
    blocks.append(Text(lines))
    if state.status != "succeeded":
        blocks.append(Text(step.timeline, "small"))
    if is_older_than_data(scene):
        blocks.append(Notice("info", words.stale))
    settings = state.settings or screen.proposed(scene)
    blocks += hyperparameters.fields(step.parameters, settings, words)
    text = words.job_again if state.status == "succeeded" else words.job_start
    start = Button(text, Answer(), text, primary=scene.record.status != "passed")
    how = words.job_how.format(start=text.lower())
    return Ask(tuple(blocks), (start,), typed=how, stays=state.status is None)


def buttons(_: JobStep, scene: Scene) -> tuple[Button, ...]:
    """While a job is open: how it goes, and giving it up."""
    words = scene.strings.model
    if not State.of(scene.record.state).is_open:
        return ()
    return (
        Button(words.job_status, STATUS, words.job_status, primary=True),
        Button(words.job_cancel, CANCEL, words.job_cancel),
    )


def _shows(step: JobStep, scene: Scene, state: State) -> JobBoard:
    """What the job shows at this time: a function of its record and of the clock."""
    words, played = scene.strings.model, _playback(step, scene, state)
    if state.status == "pending" or state.started is None or played is None:
        return job_board.queued(state.lines, words)
    return job_board.running(played, (scene.now - state.started).total_seconds(), words)


def _playback(step: JobStep, scene: Scene, state: State) -> job_board.Playback | None:
    training = scene.results.get(state.key)
    if not isinstance(training, Training):
        return None
    return job_board.Playback(training, state.lines, step.seconds)


def _result(step: JobStep, scene: Scene, state: State) -> tuple[Block, ...]:
    """The finished job: its curves, and its log for who wants it; nothing of any other."""
    words, played = scene.strings.model, _playback(step, scene, state)
    if state.status != "succeeded" or played is None:
        return ()
    board, log = job_board.finished(played, words)
    name = words.job_succeeded.format(name=_model_name(scene, state))
    return (
        Notice("good", name),
        board,
        Text(curves.told(played.training, words)),
        Details(words.job_log, (Bullets(log),)),
    )


@dataclass(frozen=True)
class Start:
    """The job is to start with these values, by parameter, as they were typed."""

    values: dict[str, str]


@dataclass(frozen=True)
class Status:
    """How the job goes is asked."""


@dataclass(frozen=True)
class Cancel:
    """The job is to be given up."""


Asked = Start | Status | Cancel


def answer(step: JobStep, scene: Scene, given: StepEvent) -> Outcome:
    """Start, show, cancel or finish the job. It passes when it succeeds."""
    words, state = scene.strings.model, State.of(scene.record.state)
    match given:
        case Pressed():
            return _do(step, scene, state, _pressed(given))
        case Typed(text=text):
            typed = _typed(step, scene, state, text)
            if typed is None:
                return Unclear(words.job_how.format(start=words.job_start.lower()))
            return _do(step, scene, state, typed)
        case Computed(key=key, fault=fault) if key == state.key and state.status == "pending":
            return _play(step, scene, state, fault)
        case Due(name=name) if state.is_open and name == _due_name(state, DONE):
            return _finish(step, scene, state)
        case Due(name=name) if state.is_open and name in _update_names(step, scene, state):
            return _update(step, scene, state, name)
        case _:
            return Ignored()


def _pressed(pressed: Pressed) -> Asked:
    if pressed.do == CANCEL:
        return Cancel()
    return Start(pressed.texts) if pressed.do == Answer() else Status()


def _typed(step: JobStep, scene: Scene, state: State, text: str) -> Asked | None:
    """What a typed text asks of the job; None where that isn't clear."""
    words, forms = scene.strings.model, scene.strings.model.job_forms
    said, found = plain(text), numbers(text)
    if any(plain(form) in said for form in (words.job_status, *forms.status)):
        return Status()
    if plain(words.job_cancel) in said or is_one_of(text, forms.cancel):
        return Cancel()
    starts = (words.job_start, words.job_again, *forms.start)
    if after(text, starts) is None and len(found) != len(step.parameters):
        return None
    if found:
        return Start(hyperparameters.typed(step.parameters, found))
    settings = state.settings or screen.proposed(scene)
    fields = hyperparameters.fields(step.parameters, settings, words)
    return Start({f.id: f"{f.value:g}" for f in fields})


def _do(step: JobStep, scene: Scene, state: State, asked: Asked) -> Outcome:
    match asked:
        case Start(values=values):
            return _start(step, scene, state, values)
        case Status():
            return _status(scene, state)
        case Cancel():
            return _cancel(scene, state)
        case _:
            assert_never(asked)


def _start(step: JobStep, scene: Scene, state: State, values: dict[str, str]) -> Outcome:
    words = scene.strings.model
    if state.is_open:
        return Unclear(words.job_runs_already)
    settings = hyperparameters.read(step.parameters, values, words)
    if isinstance(settings, str):
        return Unclear(settings)
    lines = examples(scene)
    if len(lines) < LEAST:
        return Unclear(words.job_refused.format(lines=len(lines), least=LEAST))
    order = training_order(scene, settings)
    fresh = State(
        status="pending",
        number=state.number + 1,
        key=order.key,
        data=own_set(scene).digest,
        lines=len(lines),
        settings=settings,
    )
    progress = replace(scene.progress, running_training=order.key)
    return Noted((), fresh, progress, later=(order,))


def _status(scene: Scene, state: State) -> Outcome:
    if not state.is_open:
        start = scene.strings.model.job_start.lower()
        return Unclear(scene.strings.model.job_nothing.format(start=start))
    return Noted(())


def _cancel(scene: Scene, state: State) -> Outcome:
    if not state.is_open or state.status is None:
        return _status(scene, state)
    status = machine.after(state.status, "cancel")
    kept = replace(state, status=status)
    return Noted((Notice("info", scene.strings.model.job_cancelled),), kept)


def _play(step: JobStep, scene: Scene, state: State, fault: str | None) -> Outcome:
    """The worker is done: play the training back as a job, in the time that the step gives it."""
    words = scene.strings.model
    training = scene.results.get(state.key)
    if fault is not None or not isinstance(training, Training):
        failed = replace(state, status=machine.after("pending", "fail"))
        return Noted((Notice("warning", words.job_failed),), failed)
    running = replace(state, status=machine.after("pending", "run"), started=scene.now)
    times = {**machine.updates(len(training.checkpoints)), DONE: 1.0}
    later = (_at(scene, running, name, share * step.seconds) for name, share in times.items())
    return Noted((), running, later=tuple(later), quiet=True)


def _update(step: JobStep, scene: Scene, state: State, name: str) -> Outcome:
    """Show how the job goes where the message can change; elsewhere once, on the way."""
    played = _playback(step, scene, state)
    half = _due_name(state, machine.halfway(played.epochs)) if played else ""
    looks = scene.progress.cursor == scene.step_id
    return Noted((_shows(step, scene, state),) if looks and name == half else (), quiet=True)


def _at(scene: Scene, state: State, name: str, seconds: float) -> At:
    lesson, run, due = scene.lesson.id, scene.progress.run, _due_name(state, name)
    event = Due(lesson=lesson, run=run, step=scene.step_id, name=due)
    # Overdue ones of a job collapse into the last: each has a key of its own, yet a job
    # that is done says nothing more.
    key = f"{scene.lesson.id}:{scene.step_id}:{name}"
    return At(key, scene.now + timedelta(seconds=seconds), event)


def _due_name(state: State, name: str) -> str:
    """A time of this job, and of no former one."""
    return f"{state.number}:{name}"


def _update_names(step: JobStep, scene: Scene, state: State) -> tuple[str, ...]:
    played = _playback(step, scene, state)
    names = machine.updates(played.epochs) if played else ()
    return tuple(_due_name(state, name) for name in names)


def _model_name(scene: Scene, state: State) -> str:
    """As the service names it, by base model, job and suffix; a suffix has 18 characters at most.

    A lesson in which no base model is chosen has the last two alone, one in which no suffix is
    entered its own name in its place.
    """
    lesson, progress = scene.lesson, scene.progress
    base = decided(lesson, progress).get("model")
    known = f"{progress.seed}:{progress.run}:{lesson.id}:{state.number}"
    suffix = entered(lesson, progress).get("suffix", lesson.id[:18])
    tuned = f"ft-{sha256(known.encode()).hexdigest()[:8]}-{suffix}"
    return f"{base.name}.{tuned}" if base and base.name else tuned


def _finish(step: JobStep, scene: Scene, state: State) -> Outcome:
    words, training = scene.strings.model, scene.results.get(state.key)
    if not isinstance(training, Training):
        return Ignored()
    status = machine.after("running", "succeed")
    kept = replace(state, status=status)
    model = TunedModel(training=state.key, data=state.data)
    order = evaluation_order(scene, model)
    model = replace(model, evaluation=order.key)
    progress = adopt(scene.progress, scene.lesson, model)
    blocks: list[Block] = [*_result(step, scene, kept)]
    reopened = [
        s.title
        for s in scene.lesson.steps
        if scene.progress.record(s.id).status == "passed"
        and progress.record(s.id).status != "passed"
    ]
    if reopened:
        blocks.append(Notice("info", words.job_reopened.format(steps=", ".join(reopened))))
    blocks.append(Text(step.praise))
    fact = ModelTrained(lesson=scene.lesson.id, run=scene.progress.run, at=scene.now, key=state.key)
    return Judged(
        passed=True,
        score=1.0,
        blocks=tuple(blocks),
        state=kept,
        progress=progress,
        facts=(fact,),
        later=(order,),
    )
