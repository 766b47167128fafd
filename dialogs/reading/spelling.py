"""Slips of the keyboard: a word that nobody uses becomes the known word that it nearly is."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping

SHORTEST = 5  # letters of a word that is mended; shorter ones are too often other words
LONG = 7  # letters from which another letter in a word is taken for a slip
USUAL = 5  # texts that a word stands in before others are mended to it
REMEMBERED = 10_000  # words that were looked up


class Spelling:
    """Known words, and which of them an unknown word is one slip away from.

    A slip is a letter too many, too few, another (in long words), or two swapped (Garbe's symmetric
    deletion: two words one slip apart share a form with one letter left out). The first letter is
    nearly always right, so it must agree; what differs in its ending alone is another form of the
    word, no slip. A missing apostrophe is mended in words of any length.
    """

    def __init__(self, texts: Iterable[Iterable[str]], is_word: Callable[[str], bool]) -> None:
        """`texts` are the words of each text; `is_word` knows words that none of them has."""
        self._counts = Counter(word for words in texts for word in set(words))
        self._is_word = is_word
        self._near: dict[str, list[str]] = {}
        self._joined = {w.replace("'", ""): w for w in sorted(self._counts) if "'" in w}
        self._mended: dict[str, str] = {}
        for word in sorted(self._counts):
            if len(word) >= SHORTEST and self._counts[word] >= USUAL:
                for form in (word, *_shortened(word)):
                    self._near.setdefault(form, []).append(word)

    @property
    def counts(self) -> Mapping[str, int]:
        """In how many texts each known word stands."""
        return self._counts

    def mended(self, word: str) -> str:
        """The known word that is meant, or the word itself."""
        if word in self._counts:
            return word
        if word in self._joined:
            return self._joined[word]
        if len(word) < SHORTEST:
            return word
        if word not in self._mended:
            if len(self._mended) >= REMEMBERED:
                self._mended.clear()
            self._mended[word] = self._nearest(word)
        return self._mended[word]

    def _nearest(self, word: str) -> str:
        forms = (word, *_shortened(word))
        near = {n for form in forms for n in self._near.get(form, ()) if _is_slip(word, n)}
        if not near or self._is_word(word):
            return word
        return max(sorted(near), key=lambda n: self._counts[n])


def _is_slip(word: str, meant: str) -> bool:
    """Whether a word may be a slip for another that shares a shortened form with it."""
    if word[0] != meant[0] or word.startswith(meant) or meant.startswith(word):
        return False
    return len(word) != len(meant) or len(word) >= LONG or sorted(word) == sorted(meant)


def _shortened(word: str) -> Iterator[str]:
    return (word[:i] + word[i + 1 :] for i in range(len(word)))
