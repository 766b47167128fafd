"""The student: a softmax over hashed words and pieces of words, really trained on the labels."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

STEPS = 150  # of gradient descent over all lines at once
RATE = 4.0
DECAY = 1e-3
STEM = 6  # letters by which words are taken for forms of one
PART = 4  # letters of a piece of a word
TEXT_MS = 0.06  # of computing for a message, measured with 2,000 of them on one core
_WORD = re.compile(r"\w+")


def features(texts: Sequence[str], size: int) -> Floats:
    """Unit rows: words, pairs and pieces of words, each counted at a place that a hash gives it.

    With few places many words share one, and the student takes them for the same.
    """
    rows = np.zeros((len(texts), size))
    for row, text in zip(rows, texts, strict=True):
        words = [word[:STEM] for word in _WORD.findall(text.lower())]
        parts = [f" {word} "[at : at + PART] for word in words for at in range(len(word) - 1)]
        for name in (*words, *(f"{a} {b}" for a, b in pairwise(words)), *parts):
            row[crc32(name.encode()) % size] += 1
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(lengths > 0, lengths, 1))


class Student:
    """Weights from features to topics."""

    def __init__(self, size: int, topics: int) -> None:
        self.size = size
        self._weights = np.zeros((size, topics))
        self._bias = np.zeros(topics)

    def chances(self, texts: Sequence[str]) -> Floats:
        """How probable each topic is for each text."""
        return self._chances(features(texts, self.size))

    def _chances(self, rows: Floats) -> Floats:
        scores = rows @ self._weights + self._bias
        risen = np.exp(scores - scores.max(axis=1, keepdims=True))
        return np.asarray(risen / risen.sum(axis=1, keepdims=True))

    def loss(self, texts: Sequence[str], topics: Sequence[int]) -> float:
        """The mean cross entropy of labels."""
        right = self.chances(texts)[range(len(topics)), list(topics)]
        return -float(np.log(np.maximum(right, 1e-12)).mean())

    def train(self, texts: Sequence[str], topics: Sequence[int]) -> None:
        """Learn the labels, by gradient descent on the cross entropy."""
        for _ in self.epochs(texts, topics):
            pass

    def epochs(self, texts: Sequence[str], topics: Sequence[int]) -> Iterator[int]:
        """Learn the labels epoch by epoch; each yields its number once it is through."""
        rows = features(texts, self.size)
        wanted = np.eye(len(self._bias))[list(topics)]
        for epoch in range(1, STEPS + 1):
            pull = (self._chances(rows) - wanted) / len(rows)
            self._weights -= RATE * (rows.T @ pull + DECAY * self._weights)
            self._bias -= RATE * pull.sum(axis=0)
            yield epoch
