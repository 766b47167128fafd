"""What a learner has made and decided, and what follows from it; steps read it."""
