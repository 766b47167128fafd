"""What follows from facts, for others to read: pure, from the facts alone."""
