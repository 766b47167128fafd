"""Retrieval: pages are searched, and a reader is trained to answer from them."""

from dialogs.simulations.retrieval.bench import PageBench

__all__ = ["PageBench"]
