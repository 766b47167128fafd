"""Learning rate: one weight walks down a loss like a valley, by real gradient descent."""

from collections.abc import Sequence
from typing import Literal

from content.strings import Strings
from dialogs.demonstrations.frame import Frame
from dialogs.values.replies import Demonstration, Outline, Take, Trail

Ending = Literal["little", "right", "swings", "wild"]

MULTIPLIERS = (0.1, 0.5, 1.0, 4.0, 5.3)
RATE = 0.2  # that a multiplier of 1 means here
START, STEPS = -0.9, 10
LITTLE = 0.25  # of the first loss
FRAME = Frame((-1.3, 1.3), (-0.05, 1.5))


def demonstration(strings: Strings) -> Demonstration:
    """A weight whose loss is its square, at several multipliers."""
    words = strings.demonstrations
    valley = Outline(tuple(FRAME.place((n / 10, (n / 10) ** 2)) for n in range(-12, 13)))
    takes = tuple(_take(strings, valley, multiplier) for multiplier in MULTIPLIERS)
    return Demonstration(words.rate_title, words.rate_setting, takes, words.rate_weight, words.loss)


def _take(strings: Strings, valley: Outline, multiplier: float) -> Take:
    words, write = strings.demonstrations, strings.model.numbers.write
    weights = [START]
    for _ in range(STEPS):
        slope = 2 * weights[-1]
        weights.append(weights[-1] - RATE * multiplier * slope)
    losses = [weight**2 for weight in weights]
    captions = (words.rate_step.format(step=n, loss=write(x, ".2f")) for n, x in enumerate(losses))
    told = words.rate_told[ending(weights)].format(steps=STEPS, last=write(losses[-1], ".2f"))
    trail = Trail(tuple(FRAME.place((weight, weight**2)) for weight in weights))
    name = words.rate_name.format(multiplier=write(multiplier, "g"))
    return Take(name, tuple(captions), (valley, trail), told)


def ending(weights: Sequence[float]) -> Ending:
    """How a walk went, by its first two weights and its last one."""
    first, second, last = weights[0], weights[1], weights[-1]
    if last**2 > first**2:
        return "wild"
    if first * second < 0:
        return "swings"
    return "little" if last**2 > LITTLE * first**2 else "right"
