"""Simulated learners of different minds: who gets through, and what each was told on the way."""
