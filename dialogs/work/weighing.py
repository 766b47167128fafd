"""What speaks for each next step: weighed in the open, in order, with the learner's own figures."""

from collections.abc import Iterator

from content.lesson import JobStep
from dialogs.reading.causes import Cause
from dialogs.simulations.persona import Diagnosis, Evaluation, Hyperparameters, Training
from dialogs.simulations.persona.diagnosis import FALL, NextStep, Rival, diagnose
from dialogs.simulations.persona.measurements import dashboard, row
from dialogs.values.scene import Scene
from dialogs.work import metrics
from dialogs.work.data_problems import data_faults, data_problems
from dialogs.work.figures import changes, rival_names, target_lines
from dialogs.work.models import current, set_figures
from dialogs.work.targets import targets


def diagnosis(scene: Scene) -> Diagnosis | None:
    """What the learner's own figures say comes next; None while they are not there."""
    now = current(scene)
    if now is None or now.evaluation is None:
        return None
    return diagnose(
        now.training,
        now.evaluation,
        data_problems(scene),
        targets(scene.lesson, scene.progress),
        usual_settings(scene),
    )


def usual_settings(scene: Scene) -> Hyperparameters | None:
    """What the service would have chosen; None where no job says so."""
    for step in scene.lesson.steps_of(JobStep):
        return Hyperparameters.model_validate({p.id: p.usual for p in step.parameters})
    return None


def weighed(scene: Scene, found: Diagnosis) -> tuple[str, ...]:
    """Run, data, targets, rivals, guardrails and price, each in a line or two."""
    now = current(scene)
    if now is None or now.evaluation is None:
        return ()
    return (
        *_run(scene, now.training, now.evaluation, found),
        _data(scene, found),
        *target_lines(scene),
        *(_rival(scene, now.evaluation, rival) for rival in found.rivals),
        _guardrails(scene, now.evaluation, found),
        *_price(scene, now.evaluation),
    )


def ground(scene: Scene, found: Diagnosis, step: NextStep) -> str:
    """Why a step is defensible, in a sentence or two."""
    reason = found.grounds[step]
    meant = [r for r in found.rivals if (r.is_level if reason == "level" else r.suffices)]
    names = " / ".join(rival_names(scene)[r.side] for r in meant)
    return scene.strings.model.weighing.grounds[reason].format(names=names)


def on_cause(scene: Scene, found: Diagnosis, cause: Cause) -> str:
    """What the learner's own run or data shows to a statement about it."""
    if cause.matter == "data":
        return _data(scene, found)
    now = current(scene)
    if now is None or now.evaluation is None:
        return ""
    return " ".join(_run(scene, now.training, now.evaluation, found))


def _run(
    scene: Scene, training: Training, evaluation: Evaluation, found: Diagnosis
) -> Iterator[str]:
    """The curves up to the chosen checkpoint, and the settings where they may be the reason."""
    words = scene.strings.model
    known = _losses(scene, training, evaluation.epoch)
    told = words.weighing.run[found.kind].format(**known)
    if found.went_wrong and not found.falls_short:
        told = f"{told} {words.weighing.unseen}"
    yield told
    usual = usual_settings(scene)
    if found.unusual and usual and "parameters" in found.grounds:
        yield words.weighing.settings.format(
            own=_settings(scene, training.settings), usual=_settings(scene, usual)
        )


def _losses(scene: Scene, training: Training, epoch: int | None) -> dict[str, str]:
    numbers = scene.strings.model.numbers
    upto = training.checkpoints[:epoch] if epoch else training.checkpoints
    best = min(upto, key=lambda c: c.valid_loss)
    losses = {
        "first": training.start_train_loss,
        "train": upto[-1].train_loss,
        "lowest": min(c.train_loss for c in upto),
        "vfirst": training.start_valid_loss,
        "valid": upto[-1].valid_loss,
        "vbest": best.valid_loss,
    }
    return {
        **{name: numbers.write(loss, ".2f") for name, loss in losses.items()},
        "best": str(best.epoch),
        "changed": numbers.write(upto[-1].changed, ".0%"),
    }


def _settings(scene: Scene, settings: Hyperparameters) -> str:
    numbers = scene.strings.model.numbers
    return scene.strings.model.weighing.three.format(
        multiplier=numbers.write(settings.learning_rate_multiplier, "g"),
        batch=str(settings.batch_size),
        epochs=str(settings.n_epochs),
    )


def _data(scene: Scene, found: Diagnosis) -> str:
    words = scene.strings.model.weighing
    if found.data:
        return words.data_flawed.format(faults="; ".join(data_faults(scene)))
    own = set_figures(scene)
    return words.data_sound.format(lines=own.lines, topics=len(own.topics))


def _rival(scene: Scene, evaluation: Evaluation, rival: Rival) -> str:
    """A model that nobody trained against the tuned one, and what it reaches by itself."""
    words, goal = scene.strings.model.weighing, evaluation.goal
    name = rival_names(scene)[rival.side]
    goals = row(dashboard(evaluation), goal)
    parts = [
        words.rival.format(
            mark=words.missed if rival.outdoes else words.reached,
            name=name,
            label=metrics.label(scene.lesson, goal),
            rival=metrics.figure(scene, goal, goals.rivals[rival.side]),
            tuned=metrics.figure(scene, goal, goals.comparison.b),
        )
    ]
    if rival.ahead:
        parts.append(words.ahead.format(scales=_labels(scene, rival.ahead)))
    if rival.behind:
        parts.append(words.behind.format(scales=_labels(scene, rival.behind)))
    if not rival.ahead and not rival.behind:
        parts.append(words.level)
    if targets(scene.lesson, scene.progress):
        parts.append(words.rival_misses if rival.missed else words.rival_reaches)
    if rival.harms:
        parts.append(words.rival_fell)
    return " ".join(parts)


def _labels(scene: Scene, names: tuple[str, ...]) -> str:
    return ", ".join(metrics.label(scene.lesson, name) for name in names)


def _guardrails(scene: Scene, evaluation: Evaluation, found: Diagnosis) -> str:
    words, lines = scene.strings.model.weighing, changes(scene)
    rows = dashboard(evaluation)
    accuracy = row(rows, "accuracy").comparison
    kept = [s for s in evaluation.sides["base"].scales if s != evaluation.goal]
    names = ("accuracy", *kept, *evaluation.flag_metrics.values())
    beyond = evaluation.flag_metrics.values() if "dishonest" in found.harms else ()
    has_fallen = {n: n in beyond or row(rows, n).comparison.degraded for n in names if n in lines}
    fallen = [lines[name] for name, fell in has_fallen.items() if fell]
    others = [lines[name] for name, fell in has_fallen.items() if not fell]
    if found.harms and fallen and others:
        told = words.no_other_fell.format(figures="; ".join(others))
        return f"{words.fell.format(figures='; '.join(fallen))} {told}"
    figures = "; ".join((*fallen, *others))
    if found.harms:
        return words.fell.format(figures=figures)
    if accuracy.degraded:
        return words.fell_little.format(figures=figures, points=FALL)
    return words.held.format(figures=figures)


def _price(scene: Scene, evaluation: Evaluation) -> Iterator[str]:
    """What a reply costs in time and in tokens of the prompt."""
    words, lines = scene.strings.model.weighing, changes(scene)
    told = [lines["seconds"]] if "seconds" in lines else []
    if "tokens" in lines:
        tokens = row(dashboard(evaluation), "tokens")
        names = rival_names(scene)
        each = [
            f"{names[s]} {metrics.figure(scene, 'tokens', n)}" for s, n in tokens.rivals.items()
        ]
        told.append(
            words.tokens_of_each.format(
                label=metrics.label(scene.lesson, "tokens"),
                tuned=metrics.figure(scene, "tokens", tokens.comparison.b),
                rivals=", ".join(each),
            )
        )
    if told:
        yield words.price.format(figures="; ".join(told))
