"""The conversation step: a talk with the model of one's own last trial, message by message."""

from dataclasses import dataclass, replace

from content.frozen import Frozen
from content.lesson import ConversationStep, ExperimentStep
from dialogs.reading.typed import plain
from dialogs.simulations.computation import recipe_key
from dialogs.simulations.experiment import Bench, Case, Trial, TrialRecipe
from dialogs.steps import experiment
from dialogs.steps.experiment import Made
from dialogs.values.actions import Answer
from dialogs.values.events import Computed, Pressed, Typed
from dialogs.values.kept import Kept
from dialogs.values.replies import Block, Bullets, Button, Dialogue, Notice, Text, Utterance
from dialogs.values.scene import (
    Ask,
    Ignored,
    Judged,
    Noted,
    Outcome,
    Scene,
    StepEvent,
    Unclear,
)
from dialogs.values.turn import Compute

LONGEST = 300  # characters of a message that the model reads
MOST = 12  # messages of a conversation
OFFERED = 4  # suggestions at a time


class Exchange(Frozen):
    """A message, the reply, and whether that kept the thread; None where there was none.

    `chance`: the reply names the right thing, and would have named it whatever was said before.
    `unasked`: it names the right thing, and tells something else of it than was asked.
    """

    message: str
    reply: str
    kept: bool | None = None
    chance: bool = False
    unasked: bool = False


@dataclass(frozen=True)
class State(Kept):
    """The conversation with the model of a trial, by what was set for it.

    `waiting` are messages without a reply yet, `pending` the key of the computation under way.
    """

    model: dict[str, tuple[str, ...]] | None = None
    said: tuple[Exchange, ...] = ()
    waiting: tuple[str, ...] = ()
    pending: str = ""


def _tuned(step: ConversationStep, scene: Scene) -> tuple[ExperimentStep, Made] | None:
    """The step whose model it is, and the trial in which it was tuned."""
    made = experiment.latest(scene.progress.record(step.experiment).state)
    found = scene.lesson.step(step.experiment)
    if made is None or not isinstance(found, ExperimentStep):
        return None
    return found, Made(values=experiment.completed(found, made.values), figures=made.figures)


def _state(scene: Scene, made: Made) -> State:
    """What is kept of the talk with this model; with another one it begins anew."""
    held = State.of(scene.record.state)
    return held if held.model == made.values else State(model=made.values)


def present(step: ConversationStep, scene: Scene) -> Ask:
    """Whom one talks to, what is to be reached, and the conversation so far."""
    words, tuned = scene.strings.experiment, _tuned(step, scene)
    if tuned is None:
        return Ask((Text(step.prompt), Text(words.talk_no_model)))
    of, made = tuned
    state = _state(scene, made)
    sets = tuple(
        f"{one.label}: **{experiment.set_to(one, made.values.get(one.id, ()), scene)}**"
        for one in of.settings
        if one.id in step.told
    )
    goal = words.talk_goal.format(minimum=step.minimum)
    done = scene.record.status == "passed" or _row(state) >= step.minimum
    blocks: list[Block] = [
        Text(step.prompt),
        Bullets((f"{'☑' if done else '☐'} {goal}",)),
        Text(words.talk_model, "strong"),
        Bullets(sets),
    ]
    if state.said:
        blocks += [Text(words.talk_so_far, "strong"), _spoken(state.said, scene)]
    anew = Button(words.talk_anew, Answer(), words.talk_anew)
    used = {plain(one.message) for one in state.said}
    offered = tuple(one for one in step.samples if plain(one) not in used)[:OFFERED]
    buttons = (anew,) if state.said else ()
    return Ask(tuple(blocks), buttons, suggestions=offered, typed=words.talk_how)


def todo(step: ConversationStep, scene: Scene) -> str:
    """What is still to be done before one may go on."""
    return scene.strings.experiment.talk_goal.format(minimum=step.minimum)


def answer(step: ConversationStep, scene: Scene, given: StepEvent) -> Outcome:
    """Say a message to the model, or begin anew; when the reply is back, show what it kept."""
    words, tuned, bench = scene.strings.experiment, _tuned(step, scene), scene.simulation
    if tuned is None or not isinstance(bench, Bench):
        return Unclear(words.talk_no_model)
    of, made = tuned
    state = _state(scene, made)
    match given:
        case Typed(text=text) if plain(text) != plain(words.talk_anew):
            return _say(of, scene, state, text.strip(), bench)
        case Typed() | Pressed():
            return Noted((Text(words.talk_begun),), State(model=made.values))
        case Computed(key=key, fault=fault) if state.pending == key:
            return _came(step, scene, state, fault)
        case _:
            return Ignored()


def _say(of: ExperimentStep, scene: Scene, state: State, text: str, bench: Bench) -> Outcome:
    words = scene.strings.experiment
    if not text:
        return Unclear(words.talk_how)
    if len(text) > LONGEST:
        return Unclear(words.talk_long.format(longest=LONGEST))
    if len(state.said) + len(state.waiting) >= MOST:
        return Unclear(words.talk_most.format(most=MOST, anew=words.talk_anew))
    waiting = (*state.waiting, text)
    recipe = TrialRecipe(
        lesson=scene.lesson.id,
        locale=scene.lesson.locale,
        experiment=of.experiment,
        values=state.model or {},
        made_of=bench.digest,
        said=(*(one.message for one in state.said), *waiting),
    )
    key = recipe_key(recipe)
    order = Compute(key, recipe, scene.lesson.id, scene.progress.run, scene.step_id)
    after = replace(state, waiting=waiting, pending=key)
    return Noted((), after, later=(order,), quiet=True)


def _came(step: ConversationStep, scene: Scene, state: State, fault: str | None) -> Outcome:
    words, trial = scene.strings.experiment, scene.results.get(state.pending)
    if fault is not None or not isinstance(trial, Trial):
        after = replace(state, waiting=(), pending="")
        return Noted((Notice("warning", words.talk_fault),), after)
    said = tuple(_exchange(case) for case in trial.cases)
    fresh = said[len(state.said) :]
    after = replace(state, said=said, waiting=(), pending="")
    blocks: list[Block] = [_replies(fresh, scene), *_told(step, scene, fresh)]
    if scene.record.status == "passed":
        return Noted(tuple(blocks), after)
    if _row(after) >= step.minimum:
        praise = Notice("good", step.praise, scene.strings.tutor.right)
        return Judged(passed=True, score=1.0, blocks=(*blocks, praise), state=after)
    if any(one.kept for one in fresh):
        far = words.talk_far.format(row=_row(after), of=step.minimum)
        blocks.append(Text(far, "small"))
    return Noted(tuple(blocks), after)


def _exchange(case: Case) -> Exchange:
    return Exchange(
        message=case.title,
        reply=case.said,
        kept=case.right,
        chance=case.chance,
        unasked=case.unasked,
    )


def _row(state: State) -> int:
    """How many replies kept the thread since one lost it; those beside it count for nothing."""
    row = 0
    for one in state.said:
        row = 0 if one.kept is False else row + bool(one.kept)
    return row


def _spoken(said: tuple[Exchange, ...], scene: Scene) -> Dialogue:
    you, model = scene.strings.experiment.talk_you, scene.strings.experiment.talk_it
    lines = ((Utterance(you, one.message, "customer"), Utterance(model, one.reply)) for one in said)
    return Dialogue(tuple(utterance for pair in lines for utterance in pair))


def _replies(fresh: tuple[Exchange, ...], scene: Scene) -> Dialogue:
    """What the model said; with the messages where more than one was waiting for it."""
    if len(fresh) != 1:
        return _spoken(fresh, scene)
    return Dialogue((Utterance(scene.strings.experiment.talk_it, fresh[0].reply),))


def _told(
    step: ConversationStep, scene: Scene, fresh: tuple[Exchange, ...]
) -> tuple[Notice | Text, ...]:
    """Whether the newest reply kept the thread; where it didn't, why that may be."""
    words, tuned = scene.strings.experiment, _tuned(step, scene)
    if not fresh or tuned is None:
        return ()
    newest = fresh[-1]
    if newest.kept:
        return (Text(words.talk_kept),)
    if newest.kept is None and not newest.chance:
        return ()
    if newest.unasked:
        return (Notice("info", words.talk_unasked),)
    of, made = tuned
    why = (one.text for one in step.remarks if experiment.holds(of, one.when, made))
    told = words.talk_chance if newest.chance else words.talk_lost
    return (Notice("info", f"{told} {next(why, '')}".strip()),)
