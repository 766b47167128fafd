"""The tutor itself: pure functions from a learner's event to a turn."""
