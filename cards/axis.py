"""A chart's axes: where they begin and end, and the round numbers on them."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, floor, log10

from dialogs.values.replies import Bars, Chart

MOST_TICKS = 6


@dataclass(frozen=True)
class Axis:
    """From `low` to `high`; `ticks` are round and lie between them."""

    low: float
    high: float
    ticks: tuple[float, ...]


def of_x(chart: Chart) -> Axis:
    """The axis ends with the data, or where the data will end."""
    xs = [x for series in chart.series for x, _ in series.points] or [0.0]
    low, high = min(xs), max(*xs, chart.x_end or min(xs))
    step = _step(high - low, least=1.0 if all(x == int(x) for x in xs) else 0.0)
    return Axis(low, high, _between(ceil(low / step), floor(high / step), step))


def of_y(chart: Chart) -> Axis:
    """From 0, unless something is less, to a round number; to the cut where there is one."""
    ys = [y for series in chart.series for _, y in series.points] or [0.0]
    if chart.cut is None:
        return _around(min(0.0, *ys), max(ys))
    low, high = min(0.0, *ys), chart.cut[0]
    step = _step(high - low)
    return Axis(low, high, _between(ceil(low / step), floor(high / step), step))


def of_bars(chart: Bars) -> Axis:
    """From 0 to a round number over the longest bar."""
    return _around(0.0, max((v for _, values in chart.series for v in values), default=1.0))


def _around(low: float, high: float) -> Axis:
    step = _step(high - low)
    ticks = _between(floor(low / step), ceil(high / step) or 1, step)
    return Axis(ticks[0], ticks[-1], ticks)


def _step(span: float, least: float = 0.0) -> float:
    """1, 2 or 5 times a power of ten, so that few ticks do."""
    size = 10.0 ** floor(log10(span or 1.0))
    steps = (size * part for part in (0.1, 0.2, 0.5, 1.0, 2.0))
    return max(next(step for step in steps if span / step <= MOST_TICKS - 1), least)


def _between(first: int, last: int, step: float) -> tuple[float, ...]:
    return tuple(round(n * step, 9) for n in range(first, last + 1))


def cut_off(points: Iterable[tuple[float, float]], axis: Axis) -> list[tuple[float, float]]:
    """The points; those beyond the axis on its edge."""
    return [(x, min(y, axis.high)) for x, y in points]
