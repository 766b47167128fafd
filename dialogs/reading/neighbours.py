"""What the nearest of an author's examples say of a sentence, beside a head that knows all of them.

A head draws straight borders; who says in other words what one example says is near to that one.
"""

import hashlib
from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dialogs.reading import shelf
from dialogs.reading.encoder import ENCODER
from dialogs.reading.heads import Examples, example_vectors
from dialogs.reading.network import Floats

NO_WAY = 1e-9  # shorter than any way from the centre: nothing is divided by zero
CLOSENESS = 25.0  # what a cosine of 1.0 adds to the logarithm of an example's say


class Neighbours:
    """Labels' shares by examples, which have the more say the nearer they are."""

    def __init__(self, examples: Examples, emphasis: Mapping[str, float]) -> None:
        """`emphasis` is as for a head. The examples' vectors are kept in files."""
        counts = [len(texts) for texts in examples.values()]
        parts = [text for texts in examples.values() for text in texts]
        digest = hashlib.sha256("\0".join([ENCODER, *parts]).encode()).hexdigest()[:32]

        def lay_out() -> dict[str, NDArray[Any]]:
            rows, _ = example_vectors(examples)
            centre = rows.mean(axis=0)
            return {"rows": rows, "centre": centre}

        kept = shelf.kept("neighbours", digest, lay_out)
        self._rows, self._centre = kept["rows"], kept["centre"]
        self._starts = np.cumsum([0, *counts[:-1]])
        self._labels = tuple(examples)
        # Where the examples lie from their centre, for one product with a sentence's vector.
        self._along = self._rows @ self._centre - self._centre @ self._centre
        self._far = np.maximum(np.linalg.norm(self._rows - self._centre, axis=1), NO_WAY)
        says = [
            emphasis.get(label, 1.0) / count for label, count in zip(examples, counts, strict=True)
        ]
        self._says = np.array(says, np.float32)

    def shares(self, row: Floats) -> Floats:
        """The labels' shares of a sentence by its vector, in their order."""
        shares, _ = self.read(row)
        return shares

    def read(self, row: Floats) -> tuple[Floats, float]:
        """The labels' shares of a sentence, and its cosine with the nearest example."""
        moved, near = row - self._centre, self._rows @ row
        length = max(float(np.linalg.norm(moved)), NO_WAY)
        cosines = (near - self._centre @ row - self._along) / (self._far * length)
        powers = np.exp(CLOSENESS * (cosines - cosines.max()))
        said = np.add.reduceat(powers, self._starts) * self._says
        shares: Floats = said / said.sum()
        return shares, float(near.max())

    def nearness(self, row: Floats, most: int, but: Collection[str]) -> float:
        """The mean cosine of a sentence and its `most` nearest examples of all but some labels."""
        cosines = np.split(self._rows @ row, self._starts[1:])
        told = np.concatenate(
            [some for label, some in zip(self._labels, cosines, strict=True) if label not in but]
        )
        return float(np.partition(told, -most)[-most:].mean())
