"""Words as people type them in a chat, brought back to those that they stand for."""

import re
from collections.abc import Mapping
from functools import cache

from content.reading import talk
from dialogs.reading.encoder import is_word
from dialogs.reading.spelling import Spelling
from dialogs.reading.typed import plain

_DRAWN_OUT = re.compile(r"(\w)\1{2,}")  # one letter thrice or more: "sooo"
_TURNED = 4  # letters of the shortest word of which two neighbours may be swapped


def written_out(text: str) -> str:
    """The words of a text in lower case, mended: shorthand, drawn-out letters and slips.

    Shorthand is what `talk.yaml` holds for it; slips are mended in words of the talk's examples.
    """
    return " ".join(map(_word, plain(text).split()))


def _word(word: str) -> str:
    short = talk().shorthand
    if word in short:
        return short[word]
    word = _shrunk(word)
    if word in short:
        return short[word]
    if is_word(word):
        return word
    mended = _spelling().mended(word)
    return mended if mended != word else _turned(word)


def _shrunk(word: str) -> str:
    """A word without drawn-out letters: "sooo" is "so", "cooool" is "cool"."""
    if not _DRAWN_OUT.search(word):
        return word
    once, twice = _DRAWN_OUT.sub(r"\1", word), _DRAWN_OUT.sub(r"\1\1", word)
    known: Mapping[str, int] = _spelling().counts
    return twice if twice in known and once not in known else once


def _turned(word: str) -> str:
    """The example's word of which two neighbouring letters were swapped, or the word itself."""
    if len(word) < _TURNED:
        return word
    turns = (f"{word[:n]}{word[n + 1]}{word[n]}{word[n + 2 :]}" for n in range(1, len(word) - 1))
    return next((turn for turn in turns if turn in _spelling().counts), word)


@cache
def _spelling() -> Spelling:
    """The words of all that is said to a tutor."""
    asks = (plain(text).split() for texts in talk().asks.values() for text in texts)
    return Spelling(asks, is_word)
