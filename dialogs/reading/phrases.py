"""Listed words, found in a text: an author writes them as they stand there, and no patterns."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

Phrases = Sequence[str]

_TOKEN = re.compile(r"\d+(?:[.,]\d+)?|[^\W\d_]+(?:'[^\W\d_]+)*|->|[→%/=.,;:!?\n()–—]")


@dataclass(frozen=True)
class Span:
    """Where a phrase stands: from the token `start` to before the token `end`."""

    start: int
    end: int


def tokens(text: str) -> list[str]:
    """The words, numbers and marks of a text, in lower case."""
    return _TOKEN.findall(text.lower().replace("’", "'"))


def spans(words: Sequence[str], phrases: Phrases) -> list[Span]:
    """Where any of the phrases stands, the longest at each place, without overlaps.

    The last word of a phrase may end in "*", which stands for any ending.
    """
    cut = [phrase.lower().split() for phrase in phrases]
    found: list[Span] = []
    at = 0
    while at < len(words):
        longest = max((len(p) for p in cut if _stands(words, at, p)), default=0)
        if longest:
            found.append(Span(at, at + longest))
        at += longest or 1
    return found


def _stands(words: Sequence[str], at: int, phrase: Sequence[str]) -> bool:
    there = words[at : at + len(phrase)]
    return len(there) == len(phrase) and all(map(_is, there, phrase))


def _is(word: str, listed: str) -> bool:
    return word.startswith(listed[:-1]) if listed.endswith("*") else word == listed


def clauses(words: Sequence[str], apart: Phrases, whole: Phrases = ()) -> Iterator[list[str]]:
    """The clauses of a text: what stands between marks and the words that part them.

    A parting word begins the clause after it, except within a phrase that is read as a `whole`.
    """
    kept = {at for span in spans(words, whole) for at in range(span.start, span.end)}
    starts = {span.start for span in spans(words, apart)} - kept
    clause: list[str] = []
    for at, word in enumerate(words):
        if word in ".,;:!?\n()–—" or at in starts:
            if clause:
                yield clause
            clause = [] if word in ".,;:!?\n()–—" else [word]
        else:
            clause.append(word)
    if clause:
        yield clause
