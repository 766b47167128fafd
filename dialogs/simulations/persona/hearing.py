"""What a model hears of a message: what it is about, how it is meant, and its very words.

A message's vector comes from the sentence encoder. The row that a model looks at holds

    marks      whether the writer is upset, or asks
    about      the shares of families, groups and intents that a head gives the message
    told apart an intent together with a mark, where a company's manuals tell them apart
    directions the vector itself along the directions in which messages differ most

so that messages of one intent differ, and near intents are near.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from content.world import World
from dialogs.reading.encoder import ENCODER, WIDTH, content_vectors, vectors
from dialogs.reading.heads import head
from dialogs.reading.shelf import kept
from dialogs.simulations.persona.features import Floats

FAMILY, GROUP, INTENT, DIRECTIONS = 0.5, 0.6, 2.0, 0.4  # weights of a row's parts
MARKED = 2.0  # weight of an intent together with a mark, where a manual tells them apart
MOST_DIRECTIONS = 24
KEPT = 4096  # messages that are at hand
TINY = 1e-9  # keeps a division from zero

See = Callable[[str], frozenset[str]]


@dataclass(frozen=True, eq=False)
class Heard:
    """A message as a model hears it: its row, its vector and its marks."""

    message: str
    row: Floats
    vector: Floats
    marks: frozenset[str]


class Hearing:
    """Hears for all models of a company."""

    def __init__(self, world: World, see: See) -> None:
        self._see = see
        self._names = tuple(world.intents)
        intents = world.intents.values()
        self._families = _membership([i.family for i in intents])
        self._groups = _membership([i.group for i in intents])
        self._marks = {n: m.weight for n, m in world.marks.items()}
        self._told_apart = list(
            dict.fromkeys(
                (self._names.index(n), m.mark)
                for n, i in world.intents.items()
                for m in i.manuals
                if m.mark
            )
        )
        self._examples = {n: i.messages for n, i in world.intents.items()}
        self._head = head(self._examples)
        self._mean, self._axes = _directions(self._examples)
        self._known: OrderedDict[tuple[str, str | None], Heard] = OrderedDict()
        self.width = len(self._row(np.zeros(WIDTH, np.float32), self._uniform(), frozenset()))

    def _uniform(self) -> Floats:
        return np.full(len(self._names), 1 / len(self._names), np.float32)

    def hear(self, messages: Sequence[str], intent: str | None = None) -> list[Heard]:
        """Each message; as one about `intent` where somebody has said so."""
        new = [m for m in dict.fromkeys(messages) if (m, intent) not in self._known]
        fresh: dict[str, Heard] = {}
        if new:
            rows = vectors(new)
            shares = self._head.shares(rows)
            if intent is not None:
                shares = np.zeros_like(shares)
                shares[:, self._names.index(intent)] = 1.0
            for message, vector, share in zip(new, rows, shares, strict=True):
                marks = self._see(message)
                row = self._row(vector, share, marks)
                fresh[message] = self._known[message, intent] = Heard(message, row, vector, marks)
        found = [fresh.get(m) or self._known[m, intent] for m in messages]
        while len(self._known) > KEPT:
            self._known.popitem(last=False)
        return found

    def _row(self, vector: Floats, shares: Floats, marks: frozenset[str]) -> Floats:
        about = _unit(shares)
        parts = [
            np.array([weight * (mark in marks) for mark, weight in self._marks.items()]),
            FAMILY * _unit(shares @ self._families),
            GROUP * _unit(shares @ self._groups),
            INTENT * about,
            np.array([MARKED * about[at] * (mark in marks) for at, mark in self._told_apart]),
            DIRECTIONS * _unit((vector - self._mean) @ self._axes),
        ]
        row: Floats = np.concatenate(parts).astype(np.float32)
        return row


def _membership(names: Sequence[str]) -> Floats:
    """Which of the sorted distinct names each entry has: entries x names, ones and zeros."""
    all_names = sorted(set(names))
    return np.array([[n == name for name in all_names] for n in names], np.float32)


def _unit(row: Floats) -> Floats:
    found: Floats = row / max(float(np.linalg.norm(row)), TINY)
    return found


def _directions(examples: Mapping[str, Sequence[str]]) -> tuple[Floats, Floats]:
    """The mean vector, and the directions along which messages differ most, whatever their intent.

    (Directions that tell intents apart best fit the messages that they were found in, and
    mislead on others.)
    """
    said = repr(sorted((n, tuple(ms)) for n, ms in examples.items()))
    digest = blake2b(f"{ENCODER} {MOST_DIRECTIONS} {said}".encode(), digest_size=16).hexdigest()
    found = kept("directions", digest, lambda: _principal(examples))
    return found["mean"], found["axes"]


def _principal(examples: Mapping[str, Sequence[str]]) -> Mapping[str, NDArray[np.float32]]:
    rows = content_vectors([m for ms in examples.values() for m in ms]).astype(np.float64)
    mean = rows.mean(0)
    _, _, axes = np.linalg.svd(rows - mean, full_matrices=False)
    axes = axes[:MOST_DIRECTIONS]
    # Each with its sign fixed, whatever the library's.
    axes *= np.sign(axes[np.arange(len(axes)), abs(axes).argmax(1)])[:, None]
    return {"mean": mean.astype(np.float32), "axes": axes.T.astype(np.float32)}
