"""What the sums over many learners are shown as: with goals and intervals, and without anybody.

No group smaller than `FEWEST` shows: neither a count, nor what is left of it. Where a filter is
set, counts are rounded to `FEWEST`, so that two filters don't tell one learner by subtraction.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Literal

FEWEST = 5
Z = 1.96  # of the standard normal distribution, for 95 %

Kind = Literal["share", "mean"]


@dataclass(frozen=True)
class Sums:
    """How many values there are, their sum, and the sum of their squares."""

    n: int
    total: float
    squares: float


@dataclass(frozen=True)
class Goal:
    """What the specification's "Success Metrics" ask of a figure."""

    low: float
    high: float | None = None
    is_above: bool = False  # it asks for more than `low`

    def is_met(self, value: float) -> bool:
        """Whether a value reaches it."""
        if value < self.low or (self.is_above and value <= self.low):
            return False
        return self.high is None or value <= self.high


# By name: what it is, and its goal. The figures stand in this order.
FIGURES: Mapping[str, tuple[Kind, Goal | None]] = {
    "completed": ("share", Goal(0.90)),
    "quiz": ("share", Goal(0.85)),
    "confidence": ("share", Goal(0.95)),
    "follow_up": ("share", Goal(0.80)),
    "retention": ("share", None),
    "minutes": ("mean", Goal(45, 60)),
    "optional": ("share", Goal(0.70, is_above=True)),
    "returned": ("share", Goal(0.40, is_above=True)),
    "satisfaction": ("mean", Goal(4.5, is_above=True)),
    "score": ("mean", None),
}


@dataclass(frozen=True)
class Figure:
    """A figure with its 95 % interval, of `n` learners.

    Without a value `why` says it: nobody is in it, fewer than `FEWEST` are, or all but so few
    ("nearly-all") or only so few ("hardly-any") are in the share.
    """

    name: str
    kind: Kind
    n: int | None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    goal: Goal | None = None
    why: Literal["none", "few", "nearly-all", "hardly-any"] | None = None

    @property
    def is_met(self) -> bool | None:
        """Whether the goal is reached; None where there is no goal or no value."""
        if self.goal is None or self.value is None:
            return None
        return self.goal.is_met(self.value)


def figures(sums: Mapping[str, Sums], *, filtered: bool) -> tuple[Figure, ...]:
    """All figures; one without sums has no data."""
    nothing = Sums(0, 0.0, 0.0)
    return tuple(
        figure(name, kind, sums.get(name, nothing), goal, filtered=filtered)
        for name, (kind, goal) in FIGURES.items()
    )


def figure(name: str, kind: Kind, sums: Sums, goal: Goal | None, *, filtered: bool) -> Figure:
    """One figure. The values of a share are 0 and 1."""
    n = cell(sums.n, filtered=filtered)
    if sums.n == 0:
        return Figure(name, kind, 0, goal=goal, why="none")
    if n is None:
        return Figure(name, kind, None, goal=goal, why="few")
    mean = sums.total / sums.n
    if kind == "mean":
        low, high = mean_interval(sums)
        return Figure(name, kind, n, mean, low, high, goal)
    yes, no = round(sums.total), sums.n - round(sums.total)
    if 0 < no < FEWEST:
        return Figure(name, kind, n, goal=goal, why="nearly-all")
    if 0 < yes < FEWEST:
        return Figure(name, kind, n, goal=goal, why="hardly-any")
    if filtered:
        yes, total = _rounded(yes), _rounded(sums.n)
        yes = min(yes, total)
        mean = yes / total
        return Figure(name, kind, n, mean, *share_interval(yes, total), goal)
    return Figure(name, kind, n, mean, *share_interval(yes, sums.n), goal)


def cell(count: int, *, filtered: bool) -> int | None:
    """A count as it may be shown; None for one that is too small."""
    if 0 < count < FEWEST:
        return None
    return _rounded(count) if filtered else count


def part(count: int, of: int, *, filtered: bool) -> int | None:
    """A count out of others; None where it or what is left is too small."""
    if 0 < of - count < FEWEST:
        return None
    return cell(count, filtered=filtered)


def counted(found: int, *, filtered: bool) -> int:
    """How many of the runs count: with a filter, figures renew in steps of `FEWEST`."""
    return found // FEWEST * FEWEST if filtered else found


def share_interval(yes: int, n: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson, J. Am. Stat. Assoc. 22, 1927, 209-212)."""
    share = yes / n
    middle = (share + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z / (1 + Z * Z / n) * sqrt(share * (1 - share) / n + Z * Z / (4 * n * n))
    # In floating point an end may pass the share itself, where that is 0 or 1.
    return min(share, max(0.0, middle - half)), max(share, min(1.0, middle + half))


def mean_interval(sums: Sums) -> tuple[float, float]:
    """The 95 % interval of a mean, by the normal distribution; of `FEWEST` values or more."""
    mean = sums.total / sums.n
    variance = max(0.0, (sums.squares - sums.n * mean * mean) / (sums.n - 1))
    half = Z * sqrt(variance / sums.n)
    return mean - half, mean + half


def _rounded(count: int) -> int:
    return round(count / FEWEST) * FEWEST


@dataclass(frozen=True)
class StepSums:
    """What a step, or a phase, asked of those who reached it; seconds and counts are sums."""

    learners: int
    passed: int
    at_once: int
    attempts: int
    hints: int
    seconds: float


@dataclass(frozen=True)
class StepFigures:
    """A step as authors see it; None where too few learners stand behind it.

    `cost` is the minutes that it takes a learner who began the lesson, on average; `at_once` the
    share of those who answered that passed at the first attempt.
    """

    step: str
    learners: int | None
    at_once: float | None = None
    attempts: float | None = None
    hints: float | None = None
    minutes: float | None = None
    cost: float | None = None


def step_figures(
    steps: Mapping[str, StepSums], started: int, *, filtered: bool
) -> tuple[StepFigures, ...]:
    """All steps, those that cost learners most first, those with too few learners last."""
    found = [_step(name, one, started, filtered=filtered) for name, one in steps.items()]
    return tuple(sorted(found, key=lambda one: (-(one.cost or 0.0), one.step)))


def _step(name: str, one: StepSums, started: int, *, filtered: bool) -> StepFigures:
    n = cell(one.learners, filtered=filtered)
    if n is None or not one.learners:
        return StepFigures(name, n)
    at_once = part(one.at_once, one.learners, filtered=filtered)
    return StepFigures(
        name,
        n,
        at_once=None if at_once is None else min(1.0, at_once / n) if n else None,
        attempts=one.attempts / one.learners,
        hints=one.hints / one.learners,
        minutes=one.seconds / 60 / one.learners,
        cost=one.seconds / 60 / max(started, one.learners),
    )


Label = Callable[[str, str, str], str]


@dataclass(frozen=True)
class Miss:
    """What learners picked who missed at first: a step's option, and its share of them."""

    step: str
    option: str
    count: int
    share: float


def misses(
    found: Mapping[tuple[str, str, str], int],
    steps: Mapping[str, StepSums],
    label: Label,
    *,
    filtered: bool,
) -> tuple[Miss, ...]:
    """The options of `FEWEST` learners or more, by step and share."""
    shown = []
    for (step, name, option), count in found.items():
        missed = steps[step].learners - steps[step].at_once if step in steps else 0
        n = cell(count, filtered=filtered)
        if n and missed >= FEWEST:
            share = min(1.0, count / missed)
            shown.append(Miss(step, label(step, name, option), n, round(share, 2)))
    return tuple(sorted(shown, key=lambda one: (one.step, -one.share, one.option)))
