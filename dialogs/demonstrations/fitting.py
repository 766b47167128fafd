"""Small trainings, really run: what a loss does when too little, enough or too much is learnt.

A softmax regression learns which of ten answers follows a message of thirty features, by stochastic
gradient descent, one example at a time. The examples are drawn from a rule with chance in it, so
that there is something to learn, and something that can only be learnt by heart.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]

ANSWERS, FEATURES = 10, 30
CLARITY = 1.5  # how firmly a message decides its answer
VALIDATION = 400  # examples
SEED = 105

RunName = Literal["good", "underfit", "overfit", "diverged", "unlike-validation"]


@dataclass(frozen=True)
class Setup:
    """What is trained on how many examples, how; `alike`: what validation shares with them."""

    examples: int
    epochs: int
    rate: float
    alike: float = 1.0


SETUPS: dict[RunName, Setup] = {
    "good": Setup(250, 6, 0.02),
    "underfit": Setup(60, 2, 0.002),
    "overfit": Setup(120, 10, 0.05),
    "diverged": Setup(400, 5, 0.8),
    "unlike-validation": Setup(120, 6, 0.01, alike=0.15),
}


@dataclass(frozen=True)
class Run:
    """Losses in nats: the base's, then after each epoch; training loss is the epoch's mean."""

    epochs: int
    steps: int
    train: tuple[float, ...]
    valid: tuple[float, ...]


@cache
def run(setup: Setup) -> Run:
    """Train, once; the same setup gives the same losses."""
    dice = np.random.default_rng(SEED)
    rule = dice.standard_normal((FEATURES, ANSWERS)) * CLARITY / np.sqrt(FEATURES)
    other = dice.standard_normal((FEATURES, ANSWERS)) * CLARITY / np.sqrt(FEATURES)
    x, y = _drawn(dice, rule, setup.examples)
    mixed = setup.alike * rule + np.sqrt(1 - setup.alike**2) * other
    vx, vy = _drawn(dice, mixed, VALIDATION)
    weights = np.zeros((FEATURES, ANSWERS))
    train, valid = [_loss(weights, x, y)], [_loss(weights, vx, vy)]
    for _ in range(setup.epochs):
        losses = []
        for at in dice.permutation(setup.examples):
            p = _softmax(x[at : at + 1] @ weights)[0]
            losses.append(-np.log(max(p[y[at]], 1e-30)))
            p[y[at]] -= 1.0
            weights -= setup.rate * np.outer(x[at], p)
        train.append(float(np.mean(losses)))
        valid.append(_loss(weights, vx, vy))
    return Run(setup.epochs, setup.epochs * setup.examples, _short(train), _short(valid))


def _short(losses: Sequence[float]) -> tuple[float, ...]:
    return tuple(round(loss, 2) for loss in losses)


def _drawn(dice: np.random.Generator, rule: Floats, count: int) -> tuple[Floats, Indices]:
    x = dice.standard_normal((count, FEATURES))
    p = _softmax(x @ rule * 2)
    y = (p.cumsum(1) > dice.random((count, 1))).argmax(1)
    return x, y


def _softmax(logits: Floats) -> Floats:
    raised: Floats = np.exp(logits - logits.max(1, keepdims=True))
    found: Floats = raised / raised.sum(1, keepdims=True)
    return found


def _loss(weights: Floats, x: Floats, y: Indices) -> float:
    p = _softmax(x @ weights)
    return float(-np.log(np.maximum(p[np.arange(len(y)), y], 1e-30)).mean())
