"""The dashboard: each metric of an evaluation, the kinds of customer, a simulated A/B test."""

from collections.abc import Callable, Mapping

import numpy as np

from content.cached import cached_by_identity
from content.frozen import Frozen
from dialogs.simulations.persona.evaluation import Answers, Evaluation, ModelVariant
from dialogs.simulations.persona.statistics import Comparison, Values, paired_means, shares

Measured = Callable[[Answers], Values]  # of each customer, in their order
KEPT = 64  # evaluations whose figures are at hand


class Row(Frozen):
    """A metric with both models: `comparison.a` is the base, `.b` the other side.

    `rivals` is the same metric's mean for each model that nobody trained.
    """

    metric: str
    comparison: Comparison
    rivals: dict[ModelVariant, float]


class SegmentRow(Frozen):
    """The goal scale and satisfaction for one kind of customer.

    `improved`: the goal rose significantly. `adequate`: the base already scored well there.
    """

    segment: str
    label: str
    size: int
    goal: Comparison
    satisfaction: Comparison
    improved: bool
    adequate: bool


LESS_IS_BETTER = ("seconds", "tokens")
ADEQUATE = 3.5  # mean goal value from which the base model was good enough


def metrics(evaluation: Evaluation) -> Mapping[str, Measured]:
    """The dashboard's metrics in order.

    Scales, accuracy, a share for each flag, satisfaction, the share satisfied, seconds, and the
    tokens of the prompt.
    """
    measured: dict[str, Measured] = {}
    for scale in evaluation.sides["base"].scales:
        measured[scale] = _of_scale(scale)
    measured["accuracy"] = lambda a: _digits(a.accurate)
    for flag, name in evaluation.flag_metrics.items():
        measured[name] = _without(flag)
    satisfied = evaluation.satisfied
    measured["satisfaction"] = lambda a: _digits(a.satisfaction)
    measured["satisfied"] = lambda a: (_digits(a.satisfaction) >= satisfied).astype(np.float64)
    measured["seconds"] = lambda a: _of_replies(a, [r.seconds for r in a.replies])
    measured["tokens"] = lambda a: np.full(len(a.reply_of), float(a.prompt_tokens))
    return measured


def _of_scale(scale: str) -> Measured:
    return lambda a: _digits(a.scales[scale])


def _without(flag: str) -> Measured:
    return lambda a: _of_replies(a, [float(flag not in r.flags) for r in a.replies])


def _digits(text: str) -> Values:
    return np.frombuffer(text.encode(), np.uint8).astype(np.float64) - ord("0")


def _of_replies(answers: Answers, values: list[float]) -> Values:
    return np.array(values)[list(answers.reply_of)]


@cached_by_identity(KEPT)
def dashboard(
    evaluation: Evaluation, segment: str | None = None, side: ModelVariant = "tuned"
) -> tuple[Row, ...]:
    """Every metric for one kind of customer or all: the base against `side`."""
    places, sides = evaluation.places(segment), evaluation.sides
    rows = []
    for name, measure in metrics(evaluation).items():
        a, b = (measure(sides[s])[places] for s in ("base", side))
        comparison = paired_means(a, b, less_is_better=name in LESS_IS_BETTER)
        rivals = {
            s: float(measure(sides[s])[places].mean()) if len(places) else 0.0
            for s in evaluation.rivals
        }
        rows.append(Row(metric=name, comparison=comparison, rivals=rivals))
    return tuple(rows)


def row(rows: tuple[Row, ...], metric: str) -> Row:
    """The row of a metric; KeyError when the dashboard has none."""
    found = next((r for r in rows if r.metric == metric), None)
    if found is None:
        raise KeyError(metric)
    return found


def compared(
    evaluation: Evaluation, metric: str, first: ModelVariant, second: ModelVariant
) -> Comparison:
    """A metric of two models, whichever: the second against the first."""
    measure, sides = metrics(evaluation)[metric], evaluation.sides
    return paired_means(
        measure(sides[first]), measure(sides[second]), less_is_better=metric in LESS_IS_BETTER
    )


def is_reached(metric: str, value: float, wanted: float) -> bool:
    """Whether a figure reaches a target, as it is shown: points to 0.01, shares to 1%."""
    shown, least = round(value, 2), round(wanted, 2)
    return shown <= least if metric in LESS_IS_BETTER else shown >= least


@cached_by_identity(KEPT)
def by_segment(evaluation: Evaluation, side: ModelVariant = "tuned") -> tuple[SegmentRow, ...]:
    """Where the goal rose, and where the base was good enough, for each kind of customer."""
    table, measured = [], metrics(evaluation)
    for name, kind in evaluation.segments.items():
        places = evaluation.places(name)
        goal, satisfaction = (
            paired_means(*(measured[m](evaluation.sides[s])[places] for s in ("base", side)))
            for m in (evaluation.goal, "satisfaction")
        )
        table.append(
            SegmentRow(
                segment=name,
                label=kind.label,
                size=len(places),
                goal=goal,
                satisfaction=satisfaction,
                improved=goal.improved,
                adequate=round(goal.a, 2) >= ADEQUATE,  # as it is shown
            )
        )
    return tuple(table)


def by_change(
    evaluation: Evaluation, metric: str, segment: str | None = None, side: ModelVariant = "tuned"
) -> list[tuple[int, float, float]]:
    """Customers by how much a metric changed for them, most first: place, before, after."""
    places, measure = evaluation.places(segment), metrics(evaluation)[metric]
    before, after = (measure(evaluation.sides[s])[places] for s in ("base", side))
    order = np.argsort(-abs(after - before), kind="stable")
    return [(int(places[n]), float(before[n]), float(after[n])) for n in order]


def ab_test(
    evaluation: Evaluation, size: int, seed: int, side: ModelVariant = "tuned"
) -> Comparison:
    """A simulated A/B test: `size` customers, each meets one model, drawn by `seed`.

    The measure is the share satisfied. The size is cut to the customers there are.
    """
    size = min(size, len(evaluation.customers))
    order = np.random.default_rng(seed).permutation(len(evaluation.customers))[:size]
    half = size // 2
    satisfied = metrics(evaluation)["satisfied"]
    base, other = satisfied(evaluation.sides["base"]), satisfied(evaluation.sides[side])
    return shares(base[order[:half]], other[order[half:]])
