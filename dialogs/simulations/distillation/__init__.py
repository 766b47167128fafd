"""Distillation: a large model labels messages, and a small one is trained on its labels."""

from dialogs.simulations.distillation.bench import DistillationBench

__all__ = ["DistillationBench"]
