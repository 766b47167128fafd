"""Epochs: passes through a small set, until a model learns it by heart. It is really trained."""

from content.strings import Strings
from dialogs.demonstrations import fitting
from dialogs.demonstrations.frame import Frame
from dialogs.values.replies import Demonstration, Take, Trail


def demonstration(strings: Strings) -> Demonstration:
    """Both losses of a training that went on too long, epoch by epoch."""
    words, write = strings.demonstrations, strings.model.numbers.write
    run = fitting.run(fitting.SETUPS["overfit"])
    frame = Frame((0, run.epochs), (0, 1.05 * max(*run.train, *run.valid)))
    pairs = list(zip(run.train, run.valid, strict=True))
    captions = tuple(
        words.epochs_step.format(epoch=n, train=write(train, ".2f"), valid=write(valid, ".2f"))
        for n, (train, valid) in enumerate(pairs)
    )
    lowest = min(run.valid)
    told = words.epochs_told.format(
        train=write(run.train[-1], ".2f"),
        best=write(lowest, ".2f"),
        at=run.valid.index(lowest),
        valid=write(run.valid[-1], ".2f"),
    )
    trails = tuple(
        Trail(tuple(frame.place((n, loss)) for n, loss in enumerate(losses)), name)
        for name, losses in (
            (strings.model.train_loss, run.train),
            (strings.model.valid_loss, run.valid),
        )
    )
    take = Take("", captions, trails, told)
    return Demonstration(words.epochs_title, "", (take,), words.epochs_axis, words.loss)
