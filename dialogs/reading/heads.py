"""Small heads on the frozen encoder: they learn from an author's example sentences.

A head is a softmax regression on centred unit vectors with balanced classes, fitted by L-BFGS.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dialogs.reading import shelf
from dialogs.reading.encoder import ENCODER, content_vectors
from dialogs.reading.network import Floats
from dialogs.reading.recent import Recent

FORM = 1  # of how heads are fitted; counted up when that changes
ROUNDS, HISTORY = 80, 8  # of L-BFGS: steps at most, and how many of them bend the next
CLOSE = 1e-5  # share of the loss; who gains less in a round is there
SEED = 0  # of the folds
AT_HAND = 200  # heads that stay in memory

Examples = Mapping[str, Sequence[str]]  # by label
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Head:
    """What a sentence is, of some labels: a share for each."""

    labels: tuple[str, ...]
    weights: Floats  # width + 1 x labels; the last row is added to each
    centre: Floats

    def shares(self, rows: Floats) -> Floats:
        """For each vector the labels' shares: each row sums to 1."""
        turned = centred(rows, self.centre)
        # Row by row, so that a vector's shares are the same to the last bit in any company.
        logits = np.stack([row @ self.weights[:-1] for row in turned]) if len(rows) else None
        if logits is None:
            return np.empty((0, len(self.labels)), np.float32)
        return _softmax(logits + self.weights[-1])


_heads: Recent[Head] = Recent(AT_HAND)


def head(
    examples: Examples, cost: float = 5.0, emphasis: Mapping[str, float] = MappingProxyType({})
) -> Head:
    """The head that tells these labels apart. It is fitted once for all starts.

    `cost` is the inverse of the weights' decay: a higher one trusts the examples more. `emphasis`
    is how many labels a label counts for, 1.0 where it isn't named: one that holds many matters
    is given up too lightly else. Raises ValueError where a label has no example, or there is only
    one label.
    """
    counts = [emphasis.get(label, 1.0) for label in examples]
    digest = _digest(examples, cost, *(counts if emphasis else ()))
    found = _heads.get(digest)
    if found is None:

        def fit() -> dict[str, NDArray[Any]]:
            fitted = _fit(*example_vectors(examples), len(examples), cost, counts)
            return {"weights": fitted[0], "centre": fitted[1]}

        arrays = shelf.kept("head", digest, fit)
        found = Head(tuple(examples), arrays["weights"], arrays["centre"])
        _heads.put(digest, found)
    return found


def regression(rows: Floats, classes: Integers, labels: tuple[str, ...], cost: float) -> Head:
    """A head on any features: `classes` are the rows' places in `labels`. It is kept nowhere."""
    weights, centre = _fit(rows, classes, len(labels), cost)
    return Head(labels, weights, centre)


def held_out(examples: Examples, cost: float = 5.0, folds: int = 10) -> Floats:
    """For each example in its order the labels' shares, by a head that hasn't seen it.

    The columns are the labels in their order. A label whose only example is held out has 0.0.
    """
    labels = len(examples)

    def validate() -> dict[str, NDArray[Any]]:
        rows, classes = example_vectors(examples)
        fold = spread(classes, folds)
        shares = np.zeros((len(rows), labels), np.float32)
        for n in range(folds):
            mine, rest = fold == n, fold != n
            if mine.any():
                there, known = np.unique(classes[rest], return_inverse=True)
                weights, centre = _fit(rows[rest], known, len(there), cost)
                fitted = Head(tuple(map(str, there)), weights, centre)
                shares[np.ix_(mine, there)] = fitted.shares(rows[mine])
        return {"shares": shares}

    return shelf.kept("held-out", _digest(examples, cost, folds), validate)["shares"]


def _digest(examples: Examples, *settings: float) -> str:
    if len(examples) < 2 or not all(examples.values()):  # noqa: PLR2004 (one label tells nothing)
        raise ValueError("a head needs two labels or more, and an example of each")
    parts = [ENCODER, str(FORM), *map(str, settings)]
    for label, sentences in examples.items():
        parts += ["\n", label, *sentences]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def example_vectors(examples: Examples) -> tuple[Floats, Integers]:
    """All examples' vectors in their order, and the place of each one's label."""
    rows = content_vectors([text for texts in examples.values() for text in texts])
    counts = [len(texts) for texts in examples.values()]
    return rows, np.repeat(np.arange(len(examples)), counts)


def spread(classes: Integers, folds: int) -> Integers:
    """Which fold holds each example out: each label's are spread evenly."""
    dice = np.random.default_rng(SEED)
    fold = np.zeros(len(classes), np.int64)
    for label in np.unique(classes):
        at = np.flatnonzero(classes == label)
        fold[dice.permutation(at)] = (np.arange(len(at)) + dice.integers(folds)) % folds
    return fold


def _fit(
    rows: Floats, classes: Integers, labels: int, cost: float, counts: Sequence[float] = ()
) -> tuple[Floats, Floats]:
    """Weights and centre of the regression.

    Each label counts the same however many examples it has, or as much as `counts` says.
    """
    centre = rows.mean(axis=0)
    ones = np.ones((len(rows), 1), np.float32)
    features = np.hstack([centred(rows, centre), ones])
    wanted = np.eye(labels, dtype=np.float32)[classes]
    each = len(rows) / labels / np.bincount(classes, minlength=labels)
    weight = (each * (counts or 1.0))[classes, None].astype(np.float32)
    decay = np.full((features.shape[1], 1), 1 / cost, np.float32)
    decay[-1] = 0  # how frequent a label is isn't held back

    def loss(weights: Floats) -> tuple[float, Floats]:
        logits = features @ weights
        logits -= logits.max(axis=1, keepdims=True)
        powers = np.exp(logits)
        total = powers.sum(axis=1, keepdims=True)
        likely = np.log(total) - (logits * wanted).sum(axis=1, keepdims=True)
        value = float((weight * likely).sum() + (decay * weights * weights).sum() / 2)
        return value, features.T @ ((powers / total - wanted) * weight) + decay * weights

    return _least(loss, np.zeros((features.shape[1], labels), np.float32)), centre


def _least(loss: Callable[[Floats], tuple[float, Floats]], start: Floats) -> Floats:
    """Where a loss is least: L-BFGS with halving steps (Nocedal & Wright, algorithm 7.4)."""
    at, (value, slope) = start, loss(start)
    past: list[tuple[Floats, Floats]] = []  # how it moved, and how the slope changed by that
    for _ in range(ROUNDS):
        way = _downhill(slope, past)
        steepness = float(np.vdot(slope, way))
        step = 1.0
        while True:
            there = at - step * way
            lower, turned = loss(there)
            if lower <= value - 1e-4 * step * steepness:
                break
            step /= 2
            if step < 1e-4:  # noqa: PLR2004 (nowhere lower: rounding is all that is left)
                return at
        past = [*past, (there - at, turned - slope)][-HISTORY:]
        gained = value - lower
        at, value, slope = there, lower, turned
        if gained < CLOSE * max(1.0, abs(value)):
            break
    return at


def _downhill(slope: Floats, past: Sequence[tuple[Floats, Floats]]) -> Floats:
    """The slope, bent by what the last steps told of the loss's curves."""
    if not past:
        return slope / max(1.0, float(np.linalg.norm(slope)))
    way, used = slope.copy(), []
    for moved, change in reversed(past):
        share = np.vdot(moved, way) / np.vdot(moved, change)
        way -= share * change
        used.append(share)
    moved, change = past[-1]
    way *= np.vdot(moved, change) / np.vdot(change, change)
    for (moved, change), share in zip(past, reversed(used), strict=True):
        way += moved * (share - np.vdot(change, way) / np.vdot(moved, change))
    return way


def centred(rows: Floats, centre: Floats) -> Floats:
    """Unit vectors of where vectors lie from a centre."""
    moved = rows - centre
    unit: Floats = moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-9)
    return unit


def _softmax(logits: Floats) -> Floats:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares: Floats = powers / powers.sum(axis=1, keepdims=True)
    return shares
