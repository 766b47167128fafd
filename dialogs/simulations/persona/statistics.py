"""Comparisons of two models: a difference, its 95% interval, a p-value and a label.

Labels and their limits are those of Microsoft Foundry's evaluation comparison: strong from
p <= .001, weak from p <= .05. Normal approximations throughout, so samples below
`SMALLEST` are always inconclusive. Simulated customers are no random sample of real ones.
"""

from collections.abc import Sequence
from math import erfc, sqrt
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from content.frozen import Frozen

Label = Literal["ImprovedStrong", "ImprovedWeak", "DegradedStrong", "DegradedWeak", "Inconclusive"]

Values = NDArray[np.float64]

SMALLEST = 20  # values on a side below which nothing is concluded
STRONG, WEAK = 0.001, 0.05
WIDTH = 1.96  # standard errors on each side of a 95% interval


class Comparison(Frozen):
    """B minus A. `size` is the number of values on the smaller side."""

    a: float
    b: float
    difference: float
    low: float
    high: float
    p: float
    label: Label
    size: int

    @property
    def improved(self) -> bool:
        """Whether B is significantly better."""
        return self.label.startswith("Improved")

    @property
    def degraded(self) -> bool:
        """Whether B is significantly worse."""
        return self.label.startswith("Degraded")


def paired_means(
    a: Sequence[float] | Values, b: Sequence[float] | Values, *, less_is_better: bool = False
) -> Comparison:
    """The same customers with both models: tested by the spread of their differences."""
    error = _error(np.subtract(b, a))
    return _judged((_mean(a), _mean(b)), error, len(a), less_is_better=less_is_better)


def shares(a: Sequence[float] | Values, b: Sequence[float] | Values) -> Comparison:
    """Two-proportion z-test of ones and zeros; the interval has its error, so that both agree."""
    if len(a) == 0 or len(b) == 0:
        return _judged((_mean(a), _mean(b)), 0.0, 0, less_is_better=False)
    x, y = _mean(a), _mean(b)
    both = (x * len(a) + y * len(b)) / (len(a) + len(b))
    pooled = sqrt(both * (1 - both) * (1 / len(a) + 1 / len(b)))
    return _judged((x, y), pooled, min(len(a), len(b)), less_is_better=False)


def _mean(values: Sequence[float] | Values) -> float:
    return float(np.mean(values)) if len(values) else 0.0


def _error(values: Values) -> float:
    if len(values) < 2:  # noqa: PLR2004 (one value has no spread)
        return 0.0
    return float(np.std(values, ddof=1)) / sqrt(len(values))


def _judged(
    values: tuple[float, float], error: float, size: int, *, less_is_better: bool
) -> Comparison:
    """Judge two values whose difference has this standard error."""
    a, b = values
    difference = b - a
    p = erfc(abs(difference) / error / sqrt(2)) if error > 0 else float(difference == 0)
    label: Label = "Inconclusive"
    if size >= SMALLEST and p <= WEAK:
        better = (difference > 0) != less_is_better
        if p <= STRONG:
            label = "ImprovedStrong" if better else "DegradedStrong"
        else:
            label = "ImprovedWeak" if better else "DegradedWeak"
    return Comparison(
        a=a,
        b=b,
        difference=difference,
        low=difference - WIDTH * error,
        high=difference + WIDTH * error,
        p=p,
        label=label,
        size=size,
    )
