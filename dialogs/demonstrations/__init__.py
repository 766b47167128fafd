"""Demonstrations that a learner plays: each is computed, and named in a lesson by its scene."""
