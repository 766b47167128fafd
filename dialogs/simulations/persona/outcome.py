"""How a training ended: too little, good, too much, or out of control."""

from collections.abc import Sequence

from dialogs.simulations.persona.training import Checkpoint, Training, TrainingOutcome

# Diverged: at the end the model fits its own training data worse than the untouched base
# did; or its loss, on training or validation data, has come up again far above its lowest
# epoch while the training loss is still high. (Within an epoch a healthy run's losses jump,
# but not their mean.)
WORSE = 1.1  # times the base's training loss
BOUNCED = 1.35  # times the loss of the lowest epoch
# Overfit: the validation loss fell first, has turned up again, and the training loss is well
# below it. (Data unlike the validation file never lets it fall: that is no overfitting.)
TURN, TURN_NATS = 1.1, 0.12  # times the best validation loss, and by how much at least
FELL = 0.85  # the best validation loss as a share of the base's
MEMORISED = 0.8  # the last training loss as a share of the last validation loss
# Underfit: the replies are still mostly the base's, or the loss has hardly fallen, though
# there is much left to learn.
UNCHANGED = 0.4  # share of replies that differ
UNLEARNT = 0.75  # times the base's training loss, as the mean of the last epoch
OPEN_LOSS = 0.9  # nats; data that the base fits about as well leaves little to learn


def outcome(
    checkpoints: Sequence[Checkpoint], start_train: float, start_valid: float
) -> TrainingOutcome:
    """Judge by the curves and the change from the base alone, never by the replies' scores.

    The first that applies of diverged, overfit, underfit; otherwise the training was good:
    it learnt what it was given, be that worth learning or not.
    """
    last = checkpoints[-1]
    best = min(c.valid_loss for c in checkpoints)
    lowest = min(c.train_loss for c in checkpoints)
    generalised = best < FELL * start_valid
    if last.train_loss > OPEN_LOSS and (
        last.train_loss > min(WORSE * max(start_train, OPEN_LOSS), BOUNCED * lowest)
        or (generalised and last.valid_loss > BOUNCED * best)
    ):
        return "diverged"
    turned = generalised and last.valid_loss > max(TURN * best, best + TURN_NATS)
    if turned and last.train_loss < MEMORISED * last.valid_loss:
        return "overfit"
    unlearnt = last.changed < UNCHANGED or last.train_loss > UNLEARNT * start_train
    if last.train_loss > OPEN_LOSS and unlearnt:
        return "underfit"
    return "good"


def outcome_at(training: Training, epoch: int | None) -> TrainingOutcome:
    """How the training would have ended with this epoch as its last."""
    upto = training.checkpoints[:epoch] if epoch else training.checkpoints
    return outcome(upto, training.start_train_loss, training.start_valid_loss)
