"""The durable turn, and what happens later: times that come due, computations by workers."""
