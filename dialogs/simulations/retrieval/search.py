"""The retriever: pages found by the words that a question shares with them (TF-IDF and cosine)."""

import re
from collections.abc import Sequence
from functools import cached_property
from math import log

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

STEM = 5  # letters by which words are taken for forms of one ("charge", "charging")
_WORD = re.compile(r"[^\W\d_]+|\d+(?:[.,]\d+)?")


def words(text: str) -> list[str]:
    """The words of a text in small letters, cut to their first letters; numbers are whole."""
    return [word[:STEM] if word[0].isalpha() else word for word in _WORD.findall(text.lower())]


class Index:
    """How much each word tells in a collection of texts, and texts as vectors of that."""

    def __init__(self, texts: Sequence[str], beside: Sequence[str] = ()) -> None:
        """`texts` are searched; words that neither they nor those `beside` have are unknown."""
        counted = [set(words(text)) for text in texts]
        all_words = set().union(*counted, *map(words, beside))
        self.vocabulary = {word: at for at, word in enumerate(sorted(all_words))}
        found = [sum(word in text for text in counted) for word in self.vocabulary]
        # Add-one smoothing, so that a word which every text has still weighs something.
        self.rarity: Floats = np.array([log((1 + len(texts)) / (1 + n)) + 1 for n in found])
        self._texts = tuple(texts)

    def counts(self, texts: Sequence[str]) -> Floats:
        """How often each known word is in each text, one row a text."""
        rows = np.zeros((len(texts), len(self.vocabulary)))
        for row, text in zip(rows, texts, strict=True):
            for word in words(text):
                at = self.vocabulary.get(word)
                if at is not None:
                    row[at] += 1
        return rows

    def vectors(self, texts: Sequence[str]) -> Floats:
        """Unit vectors by word frequency and rarity; zeros for a text of unknown words."""
        rows = self.counts(texts) * self.rarity
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        return np.asarray(rows / np.where(lengths > 0, lengths, 1))

    @cached_property
    def rows(self) -> Floats:
        """The vectors of the texts that are searched."""
        return self.vectors(self._texts)

    def likeness(self, queries: Sequence[str]) -> Floats:
        """The cosine of each query with each text that is searched, 0.0 to 1.0."""
        return np.asarray(self.vectors(queries) @ self.rows.T)
