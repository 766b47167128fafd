"""What a finished lesson is remembered by: the learner's own run in pictures, its best reply."""

from dataclasses import dataclass

import numpy as np

from dialogs.simulations.persona import Evaluation, dashboard
from dialogs.simulations.persona.measurements import metrics as measures
from dialogs.values.replies import Bars, Bullets, Panel, Text
from dialogs.values.scene import Scene
from dialogs.work import curves, metrics
from dialogs.work.data_problems import data_faults
from dialogs.work.figures import target_lines
from dialogs.work.models import current, own_set
from dialogs.work.persona_company import is_company


@dataclass(frozen=True)
class Best:
    """The held-out customer whom tuning helped most: the message, and both replies."""

    message: str
    intent: str
    base: str
    tuned: str


def panels(scene: Scene) -> tuple[Panel, ...]:
    """The training set, the curves, before and after, and the targets; none without a model."""
    if not is_company(scene.simulation):
        return ()
    now = current(scene)
    if now is None:
        return ()
    found = [_training_set(scene), _curves(scene)]
    if now.evaluation:
        found.append(_before_and_after(scene, now.evaluation))
    if lines := target_lines(scene):
        found.append(_targets(scene, lines))
    return tuple(found)


def _training_set(scene: Scene) -> Panel:
    words, own = scene.strings.assess, own_set(scene)
    count, written = own.facts.lines, len(own.own)
    told = words.complete_lines.format(lines=count, topics=len(own.facts.topics))
    parts = (words.complete_archive, words.complete_written)
    values = (float(count - written), float(written))
    bars = Bars(words.complete_set, parts, ((words.complete_set_lines, values),), told)
    faults = "; ".join(data_faults(scene))
    flawed = scene.strings.model.weighing.data_flawed.format(faults=faults)
    return Panel(told, (bars, *((Text(flawed, "small"),) if faults else ())))


def _curves(scene: Scene) -> Panel:
    words, now = scene.strings.model, current(scene)
    assert now is not None  # noqa: S101 (there is a model)
    chart = curves.chart(now.training, words.job_chart, words)
    return Panel(scene.strings.assess.complete_training, (chart,))


def _before_and_after(scene: Scene, evaluation: Evaluation) -> Panel:
    """The scales' means."""
    words, lesson = scene.strings.model, scene.lesson
    scales = tuple(evaluation.sides["base"].scales)
    rows = {r.metric: r.comparison for r in dashboard(evaluation)}
    labels = tuple(metrics.label(lesson, name) for name in scales)
    lines = [
        scene.strings.assess.complete_model.format(
            metric=label,
            base=metrics.figure(scene, name, rows[name].a),
            tuned=metrics.figure(scene, name, rows[name].b),
        )
        for name, label in zip(scales, labels, strict=True)
    ]
    series = (
        (words.dash_table_base, tuple(round(rows[name].a, 2) for name in scales)),
        (words.dash_table_tuned, tuple(round(rows[name].b, 2) for name in scales)),
    )
    title = scene.strings.assess.complete_change
    return Panel(title, (Bars(title, labels, series, "; ".join(lines)),))


def _targets(scene: Scene, lines: tuple[str, ...]) -> Panel:
    return Panel(scene.strings.model.targets, (Bullets(lines),))


def best(scene: Scene) -> Best | None:
    """The right and honest reply that gained most in all scales, and of several the shortest."""
    now = current(scene) if is_company(scene.simulation) else None
    if now is None or now.evaluation is None:
        return None
    evaluation, measured = now.evaluation, measures(now.evaluation)
    base, tuned = evaluation.sides["base"], evaluation.sides["tuned"]
    gain = np.sum([measured[s](tuned) - measured[s](base) for s in base.scales], axis=0)
    for share in ("accuracy", *evaluation.flag_metrics.values()):
        gain = np.where(measured[share](tuned) == 1.0, gain, -np.inf)
    if gain.max() <= 0:
        return None
    crowd = evaluation.customers
    places = map(int, np.flatnonzero(gain == gain.max()))
    place = min(places, key=lambda at: len(crowd.messages[at]) + len(tuned.reply(at).text))
    return Best(
        crowd.messages[place],
        crowd.intents[place],
        base.reply(place).text,
        tuned.reply(place).text,
    )
