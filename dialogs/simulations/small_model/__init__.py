"""A small language model that is really tuned, on the lines that a learner chooses."""

from dialogs.simulations.small_model.bench import SmallModel

__all__ = ["SmallModel"]
