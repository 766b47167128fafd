"""What a text is made of, beside what it means: words, pairs of words and runs of letters.

The encoder's vectors hardly tell "be polite" from "never be polite"; these do.
"""

import re
from collections.abc import Iterator, Sequence
from zlib import crc32

import numpy as np

from dialogs.reading.network import Floats

SIZE = 4096  # places that they are hashed into
RUNS = (3, 4)  # letters


def counts(texts: Sequence[str]) -> Floats:
    """How often each place is met in each text, as a logarithm: `SIZE` columns."""
    rows = np.zeros((len(texts), SIZE), np.float32)
    for row, text in zip(rows, texts, strict=True):
        for part in _parts(text):
            row[crc32(part.encode("utf-8", "replace")) % SIZE] += 1
    found: Floats = np.log1p(rows)
    return found


def rarity(rows: Floats) -> Floats:
    """What each place weighs: more, the fewer texts meet it (inverse document frequency)."""
    met = (rows > 0).sum(axis=0)
    found: Floats = (np.log((1 + len(rows)) / (1 + met)) + 1).astype(np.float32)
    return found


def weighed(rows: Floats, weights: Floats) -> Floats:
    """The counts as unit vectors, each place by its weight."""
    found = rows * weights
    units: Floats = found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9)
    return units


def _parts(text: str) -> Iterator[str]:
    words = re.findall(r"[^\W_]+(?:'[^\W_]+)?", text.lower().replace("’", "'"))
    for before, word in zip(["^", *words], words, strict=False):
        yield f"w:{word}"
        yield f"p:{before}_{word}"
        whole = f"<{word}>"
        for run in RUNS:
            for at in range(len(whole) - run + 1):
                yield f"l:{whole[at : at + run]}"
