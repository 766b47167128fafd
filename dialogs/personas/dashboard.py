"""The dashboard: each metric of an evaluation, the kinds of customer, a simulated A/B test."""

from collections.abc import Callable, Mapping

import numpy as np

from content.frozen import Frozen
from content.remembered import remembered
from dialogs.personas.evaluation import Evaluation, Outcome, Side
from dialogs.personas.statistics import Comparison, paired_means, shares

Measured = Callable[[Outcome], float]


class Row(Frozen):
    """A metric with both models: `comparison.a` is the base, `.b` the other side.

    `prompted` is the same metric's mean for the prompted base model.
    """

    metric: str
    comparison: Comparison
    prompted: float


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


ADEQUATE = 3.5  # mean goal value from which the base model was good enough


def metrics(evaluation: Evaluation) -> Mapping[str, Measured]:
    """The dashboard's metrics in order.

    Scales, accuracy, a share for each flag, satisfaction, the share satisfied, seconds.
    """
    measured: dict[str, Measured] = {}
    for scale in evaluation.sides["base"].scales:
        measured[scale] = _of_scale(scale)
    measured["accuracy"] = lambda o: float(o.accurate)
    for flag, name in evaluation.flag_metrics.items():
        measured[name] = _without(flag)
    satisfied = evaluation.satisfied
    measured["satisfaction"] = lambda o: float(o.satisfaction)
    measured["satisfied"] = lambda o: float(o.satisfaction >= satisfied)
    measured["seconds"] = lambda o: o.seconds
    return measured


def _of_scale(scale: str) -> Measured:
    return lambda o: float(o.values[scale])


def _without(flag: str) -> Measured:
    return lambda o: float(flag not in o.flags)


@remembered(256)
def dashboard(
    evaluation: Evaluation, segment: str | None = None, side: Side = "tuned"
) -> tuple[Row, ...]:
    """Every metric for one kind of customer or all: the base against `side`."""
    base, other = evaluation.of("base", segment), evaluation.of(side, segment)
    prompted = evaluation.of("prompted", segment)
    rows = []
    for name, measure in metrics(evaluation).items():
        a, b = [measure(o) for o in base], [measure(o) for o in other]
        comparison = paired_means(a, b, less_is_better=name == "seconds")
        mean = float(np.mean([measure(o) for o in prompted])) if prompted else 0.0
        rows.append(Row(metric=name, comparison=comparison, prompted=mean))
    return tuple(rows)


def row(rows: tuple[Row, ...], metric: str) -> Row:
    """The row of a metric; KeyError when the dashboard has none."""
    found = next((r for r in rows if r.metric == metric), None)
    if found is None:
        raise KeyError(metric)
    return found


@remembered(256)
def by_segment(evaluation: Evaluation, side: Side = "tuned") -> tuple[SegmentRow, ...]:
    """Where the goal rose, and where the base was good enough, for each kind of customer."""
    table = []
    for name, kind in evaluation.segments.items():
        base, other = evaluation.of("base", name), evaluation.of(side, name)
        goals = [[float(o.values[evaluation.goal]) for o in s] for s in (base, other)]
        felt = [[float(o.satisfaction) for o in s] for s in (base, other)]
        goal, satisfaction = paired_means(*goals), paired_means(*felt)
        table.append(
            SegmentRow(
                segment=name,
                label=kind.label,
                size=len(base),
                goal=goal,
                satisfaction=satisfaction,
                improved=goal.improved,
                adequate=goal.a >= ADEQUATE,
            )
        )
    return tuple(table)


def ab_test(evaluation: Evaluation, size: int, seed: int, side: Side = "tuned") -> Comparison:
    """A simulated A/B test: `size` customers, each meets one model, drawn by `seed`.

    The measure is the share satisfied. The size is cut to the customers there are.
    """
    size = min(size, len(evaluation.customers))
    order = np.random.default_rng(seed).permutation(len(evaluation.customers))[:size]
    half = size // 2
    base, other = evaluation.of("base"), evaluation.of(side)
    satisfied = evaluation.satisfied
    a = [base[int(i)].satisfaction >= satisfied for i in order[:half]]
    b = [other[int(i)].satisfaction >= satisfied for i in order[half:]]
    return shares(a, b)
