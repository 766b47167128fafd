"""Preferences: a policy over replies is trained by ranked pairs, or by a grader's reward."""

from dialogs.simulations.preferences.bench import PreferenceBench

__all__ = ["PreferenceBench"]
