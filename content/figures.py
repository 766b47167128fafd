"""The names of a learner's own figures that words in content may have filled in.

A lesson's text names a figure in braces, as `{lines}`; the checker knows these names
and no others. Where a figure isn't there yet, a dash stands in its place.
"""

FIGURE_NAMES: frozenset[str] = frozenset(
    {
        "lines",  # of the training set
        "topics",  # that the training set covers
        "tokens",  # of the training set, about, with the system message of each line
        "billed_tokens",  # those of the lines that were trained on, times the epochs
        "learning_rate_multiplier",  # of the job
        "batch_size",
        "n_epochs",
        "steps",  # of the job
        "first_loss",  # training loss before the job
        "train_loss",  # after it
        "valid_loss",
        "best_epoch",  # of the lowest validation loss
        "best_valid_loss",
        "kept_epoch",  # the same among the checkpoints that are kept
        "kept_valid_loss",
        "other_epoch",  # of the last one kept beside it, where there is another
        "other_valid_loss",
        "epoch",  # whose checkpoint is in use
        "kind",  # how the run ended
        "customers",  # held out for the evaluation
        "base_goal",  # the goal scale's mean
        "tuned_goal",
        "base_accuracy",
        "tuned_accuracy",
        "model",  # decided on the screens
        "training_type",
        "validation",
        "deployment",
    }
)
