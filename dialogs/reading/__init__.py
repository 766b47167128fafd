"""How what a learner typed is read."""
