"""The teacher: the tutor's own sentence encoder, told of each topic in a line or two.

It is large (a vector of `WIDTH` numbers from word pieces by three convolutions), knows what words
mean that it wasn't told, and is wrong now and then: nobody showed it this shop's messages.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from content.distillation import Topic
from dialogs.reading.encoder import content_vectors, cost_ms

SHARPNESS = 12.0  # of likeness, as it becomes a probability
Told = Sequence[Sequence[str]]  # the lines by which each topic is told of


@dataclass(frozen=True)
class Labelled:
    """A message with the topic that the teacher gives it, and how probable that seems to it."""

    text: str
    topic: int
    sure: float


def asked_first(topics: Sequence[Topic]) -> Told:
    """How the teacher is asked."""
    return [topic.first for topic in topics]


def asked_again(topics: Sequence[Topic]) -> Told:
    """How it is asked a second time, in other words."""
    return [topic.second for topic in topics]


def labels(told: Told, texts: Sequence[str]) -> list[Labelled]:
    """Label the texts: each goes to the topic one of whose lines is most like it."""
    read = content_vectors(texts)
    likeness = np.stack([(read @ content_vectors(lines).T).max(axis=1) for lines in told], axis=1)
    risen = np.exp(SHARPNESS * (likeness - likeness.max(axis=1, keepdims=True)))
    chances = risen / risen.sum(axis=1, keepdims=True)
    best = chances.argmax(axis=1)
    return [
        Labelled(text, int(at), float(row[at]))
        for text, at, row in zip(texts, best, chances, strict=True)
    ]


def mean_ms(texts: Sequence[str]) -> float:
    """How many milliseconds of computing a text takes it on the average."""
    return sum(map(cost_ms, texts)) / len(texts)
