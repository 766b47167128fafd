"""A learner's own figures, filled into a lesson's words."""

import re
from collections.abc import Mapping

from content.figures import FIGURE_NAMES
from content.lesson import DecidedMatter, TargetsStep
from dialogs.simulations.persona import dashboard
from dialogs.simulations.persona.evaluation import ModelVariant
from dialogs.simulations.persona.measurements import is_reached, row
from dialogs.values.scene import Scene
from dialogs.work import metrics
from dialogs.work.decisions import decided
from dialogs.work.models import current, own_set
from dialogs.work.persona_company import is_company
from dialogs.work.targets import targets

ABSENT = "–"
_NAME = re.compile(r"\{([a-z_]+)\}")


def fill(text: str, known: Mapping[str, str]) -> str:
    """Put the figures into a text; other braces stay as they are."""
    return _NAME.sub(lambda m: known.get(m[1], m[0]), text)


def figures(scene: Scene) -> Mapping[str, str]:
    """All figures by name; a dash for what isn't there yet."""
    numbers = scene.strings.model.numbers
    found = dict.fromkeys(FIGURE_NAMES, ABSENT)
    if not is_company(scene.simulation):
        return found
    own = own_set(scene)
    found |= {
        "lines": str(own.facts.lines),
        "topics": str(len(own.facts.topics)),
        "tokens": numbers.write(own.tokens, ","),
    }
    matters: tuple[DecidedMatter, ...] = ("model", "training_type", "validation", "deployment")
    options = decided(scene.lesson, scene.progress)
    found |= {matter: options[matter].name or ABSENT for matter in matters if matter in options}
    now = current(scene)
    if now is None:
        return found
    training, model = now.training, scene.progress.model
    last, best = training.checkpoints[-1], training.checkpoint(training.best_epoch)
    found |= {
        "billed_tokens": numbers.write(own.billed(training), ","),
        "learning_rate_multiplier": numbers.write(training.settings.learning_rate_multiplier, "g"),
        "batch_size": str(training.settings.batch_size),
        "n_epochs": str(training.settings.n_epochs),
        "steps": str(training.steps),
        "first_loss": numbers.write(training.start_train_loss, ".2f"),
        "train_loss": numbers.write(last.train_loss, ".2f"),
        "valid_loss": numbers.write(last.valid_loss, ".2f"),
        "best_epoch": str(training.best_epoch),
        "best_valid_loss": numbers.write(best.valid_loss, ".2f"),
        "kept_epoch": str(training.best_kept.epoch),
        "kept_valid_loss": numbers.write(training.best_kept.valid_loss, ".2f"),
        "epoch": str(training.deployable(model.epoch if model else None).epoch),
        "kind": scene.strings.assess.kinds[training.kind],
    }
    if (other := training.last_but_best) is not None:
        found["other_epoch"] = str(other.epoch)
        found["other_valid_loss"] = numbers.write(other.valid_loss, ".2f")
    if now.evaluation is None:
        return found
    rows = {r.metric: r.comparison for r in dashboard(now.evaluation)}
    goal = rows[now.evaluation.goal]
    accuracy = rows["accuracy"]
    found |= {
        "customers": str(len(now.evaluation.customers)),
        "base_goal": metrics.figure(scene, now.evaluation.goal, goal.a),
        "tuned_goal": metrics.figure(scene, now.evaluation.goal, goal.b),
        "base_accuracy": metrics.figure(scene, "accuracy", accuracy.a),
        "tuned_accuracy": metrics.figure(scene, "accuracy", accuracy.b),
    }
    return found


def changes(scene: Scene) -> dict[str, str]:
    """Each metric from base to tuned, in a line by its id; none while there is no evaluation."""
    words, lesson, now = scene.strings.model, scene.lesson, current(scene)
    if now is None or now.evaluation is None:
        return {}
    known = metrics.metrics(lesson)
    return {
        r.metric: words.decide_figure.format(
            label=known[r.metric].label,
            base=metrics.figure(scene, r.metric, r.comparison.a),
            tuned=metrics.figure(scene, r.metric, r.comparison.b),
            change=metrics.change(words, r.comparison),
        )
        for r in dashboard(now.evaluation)
        if r.metric in known
    }


def rival_names(scene: Scene) -> dict[ModelVariant, str]:
    """What the models that nobody trained are called beside the others."""
    words = scene.strings.model
    return {"prompted": words.dash_table_prompted, "few-shot": words.dash_table_few_shot}


def rivals(scene: Scene) -> tuple[str, ...]:
    """What the goal came to without training, in a line; none where no dashboard explains it."""
    words, now = scene.strings.model, current(scene)
    known = metrics.metrics(scene.lesson)
    if now is None or now.evaluation is None or now.evaluation.goal not in known:
        return ()
    goal, names = now.evaluation.goal, rival_names(scene)
    found = row(dashboard(now.evaluation), goal).rivals
    told = (f"{names[side]} {metrics.figure(scene, goal, mean)}" for side, mean in found.items())
    return (words.decide_rivals.format(label=known[goal].label, rivals=", ".join(told)),)


def target_lines(scene: Scene) -> tuple[str, ...]:
    """Whether each of the learner's own targets is reached, in a line."""
    words, lesson, now = scene.strings.model, scene.lesson, current(scene)
    if now is None or now.evaluation is None:
        return ()
    rows = {r.metric: r.comparison.b for r in dashboard(now.evaluation)}
    labels = {t.metric: t.label for s in lesson.steps_of(TargetsStep) for t in s.targets}
    lines = []
    for metric, wanted in targets(lesson, scene.progress).items():
        if metric in rows:
            reached = is_reached(metric, rows[metric], wanted)
            line = words.target_met if reached else words.target_missed
            lines.append(
                line.format(
                    label=labels[metric],
                    wanted=metrics.figure(scene, metric, wanted),
                    got=metrics.figure(scene, metric, rows[metric]),
                )
            )
    return tuple(lines)
