"""Batch size: two weights fit a rule to noisy examples, by corrections from batches of them."""

from collections.abc import Iterator
from itertools import pairwise
from math import cos, dist, pi, sin

import numpy as np
import numpy.typing as npt

from content.strings import Strings
from dialogs.demonstrations.frame import Frame, Point
from dialogs.values.replies import Demonstration, Outline, Take, Trail

Floats = npt.NDArray[np.float64]

SIZES = (1, 4, 16)
EXAMPLES, CORRECTIONS, RATE = 64, 20, 0.12
START = (-1.3, 0.9)  # from the best weights
SPREAD = 1.8  # of the examples' answers around the rule
SEED = 105
FRAME = Frame((-1.9, 1.7), (-1.2, 1.2))


def demonstration(strings: Strings) -> Demonstration:
    """The way of two weights to the lowest loss, at several batch sizes."""
    words, dice = strings.demonstrations, np.random.default_rng(SEED)
    x = dice.standard_normal((EXAMPLES, 2))
    y = SPREAD * dice.standard_normal(EXAMPLES)
    best, *_ = np.linalg.lstsq(x, y, rcond=None)
    off = y - x @ best  # what no rule explains: the best weights are 0 now
    rings = tuple(Outline(tuple(_ring(x, radius))) for radius in (0.3, 0.65, 1.0))
    takes = tuple(_take(strings, rings, size, walk(x, off, size)) for size in SIZES)
    return Demonstration(
        words.batch_title, words.batch_setting, takes, words.batch_first, words.batch_second
    )


def walk(x: Floats, y: Floats, size: int) -> tuple[Point, ...]:
    """The weights after each correction, from batches that are drawn at random."""
    dice, weights = np.random.default_rng(SEED), np.array(START)
    points = [(float(weights[0]), float(weights[1]))]
    for _ in range(CORRECTIONS):
        picks = dice.choice(len(x), size, replace=False)
        slope = x[picks].T @ (x[picks] @ weights - y[picks]) / size
        weights = weights - RATE * slope
        points.append((float(weights[0]), float(weights[1])))
    return tuple(points)


def _take(strings: Strings, rings: tuple[Outline, ...], size: int, way: tuple[Point, ...]) -> Take:
    words, write = strings.demonstrations, strings.model.numbers.write
    captions = tuple(words.batch_step.format(step=n, seen=n * size) for n in range(CORRECTIONS + 1))
    length = sum(dist(a, b) for a, b in pairwise(way))
    detour = write(length / dist(way[0], way[-1]), ".1f")
    told = words.batch_told.format(steps=CORRECTIONS, seen=CORRECTIONS * size, detour=detour)
    return Take(str(size), captions, (*rings, Trail(tuple(map(FRAME.place, way)))), told)


def _ring(x: Floats, radius: float) -> Iterator[Point]:
    """Where the loss is equally high: an ellipse around the best weights."""
    turn = np.linalg.inv(np.linalg.cholesky(x.T @ x / len(x)).T)
    for n in range(25):
        at = radius * turn @ np.array([cos(n / 12 * pi), sin(n / 12 * pi)])
        yield FRAME.place((float(at[0]), float(at[1])))
