"""What the nearest of an author's examples say of a sentence, beside a head that knows all of them.

A head draws straight borders; who says in other words what one example says is near to that one.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dialogs.reading import shelf
from dialogs.reading.encoder import ENCODER
from dialogs.reading.heads import Examples, centred, example_vectors
from dialogs.reading.network import Floats

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
            return {"rows": centred(rows, centre), "centre": centre}

        kept = shelf.kept("neighbours", digest, lay_out)
        self._rows, self._centre = kept["rows"], kept["centre"]
        self._starts = np.cumsum([0, *counts[:-1]])
        says = [
            emphasis.get(label, 1.0) / count for label, count in zip(examples, counts, strict=True)
        ]
        self._says = np.array(says, np.float32)

    def shares(self, row: Floats) -> Floats:
        """The labels' shares of a sentence by its vector, in their order."""
        cosines = self._rows @ centred(row[None, :], self._centre)[0]
        powers = np.exp(CLOSENESS * (cosines - cosines.max()))
        said = np.add.reduceat(powers, self._starts) * self._says
        shares: Floats = said / said.sum()
        return shares
