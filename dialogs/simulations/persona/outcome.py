"""How a training ended: too little, good, too much, out of control, or learnt and off the mark."""

from collections.abc import Sequence

from dialogs.simulations.persona.training import Checkpoint, Training, TrainingOutcome

# Diverged: at the end the model fits its own training data worse than the untouched base did, or
# far worse than it once had; or it fits new data worse than the base, with little learnt. (Within
# an epoch a healthy run's losses jump, but not their mean.)
WORSE = 1.1  # times the base's training loss
BOUNCED, BARELY = 1.35, 1.1  # times the loss of the lowest epoch; where little was learnt
# The validation loss has turned up again. (Data unlike the validation file never lets it fall: that
# is no overfitting.)
TURN, TURN_NATS = 1.07, 0.1  # times the best validation loss, and by how much at least
FELL = 0.82  # the best validation loss as a share of the base's
# Underfit: the replies are still mostly the base's, or the loss has hardly fallen, though
# there is much left to learn.
UNCHANGED = 0.4  # share of replies that differ
UNLEARNT = 0.75  # times the base's training loss, as the mean of the last epoch
OPEN_LOSS = 0.9  # nats; data that the base fits about as well leaves little to learn


def outcome(
    checkpoints: Sequence[Checkpoint], start_train: float, start_valid: float
) -> TrainingOutcome:
    """Judge by the curves and the change from the base alone, never by the replies' scores.

    The first that applies of diverged, overfit, underfit and unlike-validation; otherwise the
    training was good: both losses fell and stayed down, whether that was worth learning or not.
    """
    last = checkpoints[-1]
    best = min(checkpoints, key=lambda c: c.valid_loss)
    lowest = min(c.train_loss for c in checkpoints)
    generalised = best.valid_loss < FELL * start_valid
    turned = last.valid_loss > max(TURN * best.valid_loss, best.valid_loss + TURN_NATS)
    is_open = last.train_loss > OPEN_LOSS
    learnt = not is_open or last.train_loss <= UNLEARNT * start_train
    bounced = (BOUNCED if learnt else BARELY) * lowest
    if is_open and (
        last.train_loss > min(WORSE * max(start_train, OPEN_LOSS), bounced)
        or (generalised and last.valid_loss > start_valid and not learnt)
    ):
        return "diverged"
    if generalised and turned and learnt:
        # Where both losses have come up, it was no learning by heart.
        return "overfit" if last.train_loss <= best.train_loss else "diverged"
    if is_open and not (learnt and last.changed >= UNCHANGED):
        return "underfit"
    return "good" if generalised else "unlike-validation"


def outcome_at(training: Training, epoch: int | None) -> TrainingOutcome:
    """How the training would have ended with this epoch as its last."""
    upto = training.checkpoints[:epoch] if epoch else training.checkpoints
    return outcome(upto, training.start_train_loss, training.start_valid_loss)
