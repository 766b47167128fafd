"""The curves step: small trainings as charts, one after another; the learner says how each went."""

from dataclasses import dataclass
from random import Random

from content.lesson import CurvesStep, RunOption
from dialogs.demonstrations import fitting
from dialogs.steps.choice import read
from dialogs.values.actions import Answer
from dialogs.values.kept import Kept
from dialogs.values.replies import Block, Button, Chart, Item, Notice, Select, Series, Text
from dialogs.values.scene import Ask, Judged, Noted, Outcome, Scene, StepEvent, Unclear, pick_of


@dataclass(frozen=True)
class State(Kept):
    """The runs that were told rightly, in that order."""

    picked: tuple[str, ...] = ()


def order(step: CurvesStep, scene: Scene) -> tuple[RunOption, ...]:
    """The runs as they are shown to this learner."""
    runs = list(step.options)
    Random(scene.seed).shuffle(runs)
    return tuple(runs)


def shown(step: CurvesStep, scene: Scene) -> RunOption:
    """The run that is to be told now; the last one when all are."""
    picked, runs = State.of(scene.record.state).picked, order(step, scene)
    return next((run for run in runs if run.id not in picked), runs[-1])


def present(step: CurvesStep, scene: Scene) -> Ask:
    """The run's chart, and how it can have gone."""
    words, runs = scene.strings, order(step, scene)
    run = shown(step, scene)
    place = words.model.curves_place.format(number=runs.index(run) + 1, of=len(runs))
    return Ask(
        (_chart(run, place, scene), Select("picked", step.prompt, _items(step))),
        (Button(words.tutor.check, Answer(), words.tutor.check, primary=True),),
        typed=words.tutor.type_number,
    )


def _items(step: CurvesStep) -> tuple[Item, ...]:
    return tuple(Item(option.id, option.text) for option in step.options)


def _chart(option: RunOption, title: str, scene: Scene) -> Chart:
    words = scene.strings.model
    run = fitting.run(fitting.SETUPS[option.id])
    named = ((words.train_loss, run.train), (words.valid_loss, run.valid))
    series = tuple(
        Series(name, tuple((float(n), loss) for n, loss in enumerate(losses)))
        for name, losses in named
    )
    alt = words.curves_alt.format(
        epochs=run.epochs,
        **{
            name: ", ".join(words.numbers.write(loss, ".1f") for loss in losses)
            for name, losses in (("train", run.train), ("valid", run.valid))
        },
    )
    return Chart(title, words.x_epochs, words.y_loss, series, alt)


def answer(step: CurvesStep, scene: Scene, given: StepEvent) -> Outcome:
    """Tell a run; passed when all are told. A miss says what the chosen kind would look like."""
    words, run, items = scene.strings, shown(step, scene), _items(step)
    picked = read(given, items, words.tutor.typing)
    if len(picked) != 1:
        return Unclear(words.tutor.choose_just_one if picked else words.tutor.choose_first)
    (name,) = picked
    chosen = next(option for option in step.options if option.id == name)
    told = State.of(scene.record.state).picked
    answered = pick_of(run.id, items, picked)
    if chosen != run:
        text = words.model.curves_wrong.format(text=chosen.text, shows=chosen.shows)
        notice = Notice("warning", text, words.tutor.not_yet)
        score = len(told) / len(step.options)
        return Judged(
            passed=False, score=score, blocks=(notice,), state=State(told), answered=answered
        )
    right: list[Block] = [Notice("good", f"{run.shows} {run.advice}", words.tutor.right)]
    state = State((*told, run.id))
    if {option.id for option in step.options} > set(state.picked):
        return Noted(tuple(right), state)
    right.append(Text(step.praise))
    return Judged(passed=True, score=1.0, blocks=tuple(right), state=state, answered=answered)
