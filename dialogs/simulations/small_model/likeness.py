"""How alike texts are: the page that a question is about, near-duplicates, the nearest line."""

from collections import Counter
from collections.abc import Mapping, Sequence
from math import log, sqrt

from dialogs.simulations.small_model.model import stems

SHINGLE = 2  # words in a row
ALIKE = 0.6  # cosine of the shingles from which two texts are near-duplicates
FOUND = 0.15  # cosine from which a page is about a question


class Pages:
    """A retriever: pages by how many words they share with a question, rare ones counting more."""

    def __init__(self, pages: Mapping[str, str]) -> None:
        self._stems = {name: set(stems(text)) for name, text in pages.items()}
        count = Counter(s for found in self._stems.values() for s in found)
        self._weight = {s: log((len(pages) + 1) / n) for s, n in count.items()}

    def find(self, question: str) -> str | None:
        """The page that is nearest by the cosine of weighted words, or None if none is near."""
        asked = set(stems(question))
        near = {name: self._cosine(asked, words) for name, words in self._stems.items()}
        best = max(near, key=lambda name: near[name], default=None)
        return best if best is not None and near[best] >= FOUND else None

    def _cosine(self, asked: set[str], words: set[str]) -> float:
        def size(some: set[str]) -> float:
            return sqrt(sum(self._weight.get(s, 1.0) ** 2 for s in some)) or 1.0

        shared = sum(self._weight[s] ** 2 for s in asked & words)
        return shared / (size(asked) * size(words))


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """The words of a text, two in a row, with its ends."""
    words = ["", *stems(text), ""]
    return Counter(zip(*(words[n:] for n in range(SHINGLE)), strict=False))


def cosine(one: Counter[tuple[str, ...]], other: Counter[tuple[str, ...]]) -> float:
    """How alike two bags of shingles are, 0.0 to 1.0."""
    shared = sum(n * other[s] for s, n in one.items())
    sizes = sqrt(sum(n * n for n in one.values())) * sqrt(sum(n * n for n in other.values()))
    return shared / sizes if sizes else 0.0


def near_duplicates(trained: Sequence[str], held: Sequence[str]) -> dict[int, list[int]]:
    """For each training text that nearly repeats some held-out ones, the places of those."""
    there = [shingles(text) for text in held]
    found = {}
    for at, text in enumerate(trained):
        here = shingles(text)
        hits = [n for n, other in enumerate(there) if cosine(here, other) >= ALIKE]
        if hits:
            found[at] = hits
    return found


def nearest(texts: Sequence[str], to: str) -> list[int]:
    """The places of texts that share words with one, the likest first."""
    wanted = set(stems(to))
    shared = [(len(wanted & set(s)) / (len(wanted | set(s)) or 1)) for s in map(stems, texts)]
    return [n for n in sorted(range(len(texts)), key=lambda n: -shared[n]) if shared[n] > 0]
