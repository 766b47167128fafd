"""Loss curves as a chart and in words."""

from collections.abc import Iterable
from math import ceil

from content.strings import ModelStrings, NumberSigns
from dialogs.simulations.persona import Training
from dialogs.values.replies import Chart, Series

HIGHEST = 3  # times what both losses begin at; a loss that went wild would flatten all the rest
FINEST = 48  # points of the training curve between epochs; more can't be told apart on a card


def chart(training: Training, title: str, words: ModelStrings) -> Chart:
    """Training loss as the mean over an epoch's steps, validation loss at the end of each epoch.

    Both begin with the base's and go through the figures that are told in words.
    """
    train = _smooth(training)
    valid = [(0.0, training.start_valid_loss)]
    valid += [(float(c.step), c.valid_loss) for c in training.checkpoints]
    best = training.checkpoint(training.best_epoch)
    return Chart(
        title=title,
        x_label=words.x_steps,
        y_label=words.y_loss,
        series=(Series(words.train_loss, train), Series(words.valid_loss, tuple(valid))),
        alt=words.chart_alt.format(title=title, **figures(training, words.numbers)),
        marker=(float(best.step), words.best_here),
        cut=_cut([*train, *valid], words),
    )


def _cut(points: Iterable[tuple[float, float]], words: ModelStrings) -> tuple[float, str] | None:
    """The loss above which nothing is drawn, and what is said of it; None where all is drawn."""
    points = tuple(points)
    top = ceil(HIGHEST * max(loss for step, loss in points if step == 0))
    highest = max(loss for _, loss in points)
    if highest <= top:
        return None
    return float(top), words.chart_cut.format(top=top, highest=words.numbers.write(highest, ".1f"))


def told(training: Training, words: ModelStrings) -> str:
    """The losses of a training in a sentence or two."""
    return words.lab_words.format(steps=training.steps, **figures(training, words.numbers))


def figures(training: Training, numbers: NumberSigns) -> dict[str, str]:
    """First, last and best losses, as text."""
    best, last = training.checkpoint(training.best_epoch), training.checkpoints[-1]
    return {
        "first": numbers.write(training.start_train_loss, ".2f"),
        "last": numbers.write(last.train_loss, ".2f"),
        "vfirst": numbers.write(training.start_valid_loss, ".2f"),
        "vlast": numbers.write(last.valid_loss, ".2f"),
        "best": str(training.best_epoch),
        "vbest": numbers.write(best.valid_loss, ".2f"),
        "changed": numbers.write(last.changed, ".0%"),
    }


def _smooth(training: Training) -> tuple[tuple[float, float], ...]:
    """At `FINEST` steps and each epoch's end the mean training loss of an epoch's steps.

    In the first epoch the base's loss stands for the steps that weren't made yet.
    """
    steps, ends = training.curve, training.checkpoints
    epoch, start = ends[0].step, training.start_train_loss
    found = {0.0: start}
    for at in range(0, len(steps), -(-len(steps) // FINEST)):
        last = steps[at].step
        means = [p.train_loss for p in steps[: at + 1] if p.step > last - epoch]
        share = min(1.0, last / epoch)
        found[float(last)] = round((1 - share) * start + share * sum(means) / len(means), 3)
    found |= {float(c.step): c.train_loss for c in ends}
    return tuple(sorted(found.items()))
