"""The names of a learner's own figures that words in content may have filled in.

A lesson's text names a figure in braces, as `{examples}`; the checker knows these names
and no others.
"""

# What the learner decided on the screens, and what their training was made of.
FIGURE_NAMES: frozenset[str] = frozenset(
    {
        "batch_size",
        "checkpoint",
        "deployment",
        "examples",
        "learning_rate_multiplier",
        "method",
        "model",
        "n_epochs",
        "other",
        "steps",
        "training_type",
        "validation",
    }
)
