"""How a training ended: too little, good, too much, or out of control."""

from collections.abc import Sequence

from dialogs.personas.training import Checkpoint, Kind, Training

# Diverged: the model now fits its own training data worse than the untouched base did ...
WORSE = 1.0  # times the base's training loss
# Underfit: much is not learnt yet, and the replies are mostly the base's.
LEARNT = 0.5  # share of the base's loss that a good training takes away
OPEN_LOSS = 0.9  # nats; below this there is little left to learn (data the base already fits)
UNCHANGED = 0.5  # share of replies that differ, below which the model still sounds like the base
# Overfit: validation loss has turned up while training loss went on down.
TURN = 1.10  # times the best validation loss
MEMORISED = 0.6  # last training loss as a share of the last validation loss


def outcome(checkpoints: Sequence[Checkpoint], start_train: float, start_valid: float) -> Kind:
    """Judge by the curves and the change from the base alone, never by the replies' scores."""
    last = checkpoints[-1]
    best = min(c.valid_loss for c in checkpoints)
    if last.train_loss > WORSE * max(start_train, OPEN_LOSS):
        return "diverged"
    if last.valid_loss > TURN * best and last.train_loss < MEMORISED * last.valid_loss:
        return "overfit"
    _ = start_valid
    if last.changed < UNCHANGED and last.train_loss > OPEN_LOSS:
        return "underfit"
    return "good"


def outcome_at(training: Training, epoch: int | None) -> Kind:
    """How the training would have ended with this epoch as its last."""
    upto = training.checkpoints[:epoch] if epoch else training.checkpoints
    return outcome(upto, training.start_train_loss, training.start_valid_loss)
