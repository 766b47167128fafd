"""Slips of the keyboard: a word that nobody uses becomes the known word that it nearly is."""

from collections.abc import Iterable, Iterator

SHORTEST = 5  # letters of a word that is mended; shorter ones are too often other words


class Spelling:
    """Known words, and which of them an unknown word is one slip away from.

    A slip is a letter too many, too few, another, or two swapped (Garbe's symmetric
    deletion: two words one slip apart share a form with one letter left out). The first
    letter is nearly always right, so it must agree. A missing apostrophe is mended in
    words of any length.
    """

    def __init__(self, known: Iterable[str]) -> None:
        self._known = frozenset(known)
        self._near: dict[str, str] = {}
        self._joined = {w.replace("'", ""): w for w in sorted(self._known) if "'" in w}
        for word in sorted(self._known):
            if len(word) >= SHORTEST:
                for form in (word, *_shortened(word)):
                    self._near.setdefault(form, word)

    def mended(self, word: str) -> str:
        """The known word that is meant, or the word itself."""
        if word in self._known:
            return word
        if word in self._joined:
            return self._joined[word]
        if len(word) < SHORTEST:
            return word
        forms = (word, *_shortened(word))
        near = (self._near[f] for f in forms if f in self._near)
        return next((n for n in near if n[0] == word[0]), word)


def _shortened(word: str) -> Iterator[str]:
    return (word[:i] + word[i + 1 :] for i in range(len(word)))
