"""Everybody trains: the models of a room, their figures counted, the best ones with their names."""

from collections.abc import Sequence
from dataclasses import dataclass

BEST = 5  # that are shown
STEPS = 10  # ranges that 0.0 to 1.0 is cut into


@dataclass(frozen=True)
class Score:
    """The best figure that a learner reached, 0.0 to 1.0; `name` is empty where they said none."""

    figure: float
    name: str = ""


@dataclass(frozen=True)
class Range:
    """How many reached a figure of `low` percent up to, and without, `high`."""

    low: int
    high: int
    count: int


@dataclass(frozen=True)
class Scoreboard:
    """How many have trained, how their figures are spread, and the best ones."""

    count: int
    ranges: tuple[Range, ...] = ()
    best: tuple[Score, ...] = ()


def scoreboard(scores: Sequence[Score]) -> Scoreboard:
    """Count figures by range, from the lowest that anybody reached to the highest."""
    if not scores:
        return Scoreboard(0)
    places = [min(STEPS - 1, max(0, int(one.figure * STEPS + 1e-9))) for one in scores]
    width = 100 // STEPS
    ranges = tuple(
        Range(width * at, width * (at + 1), places.count(at))
        for at in range(min(places), max(places) + 1)
    )
    best = sorted(scores, key=lambda one: -one.figure)
    return Scoreboard(len(scores), ranges, tuple(best[:BEST]))
