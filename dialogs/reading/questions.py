"""Which of the storyboard's questions somebody asks, in whatever words, if any."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import cast

from content.reading import QuestionName, questions
from dialogs.reading.encoder import vectors
from dialogs.reading.heads import Head, head
from dialogs.reading.neighbours import Neighbours
from dialogs.reading.typed import plain

BESIDE = "beside"
LONGEST = 200  # characters of a question
CHOICES = 4  # questions that are offered where it isn't sure which one was meant
COST = 10.0  # of the head, as for what is said beside answers
NEAR = 0.2  # say of the nearest examples beside the head


@dataclass(frozen=True)
class Asked:
    """The questions that a text may ask, the likeliest first; it `is_sure` which one it is.

    `share` is how surely it asks any of the eight, 0.0 to 1.0.
    """

    names: tuple[QuestionName, ...]
    is_sure: bool
    share: float = 1.0


def asked(text: str) -> Asked | None:
    """Which question a text asks; None for one that asks none of them.

    What stands among the examples is sure; else it takes a few milliseconds.
    """
    said = plain(text)
    if not said or len(text) > LONGEST:
        return None
    if said in _examples():
        return Asked((_examples()[said],), is_sure=True)
    shares = _shares(text)
    beside = shares.pop(BESIDE)
    names = sorted(shares, key=lambda name: -shares[name])
    limits = questions().limits
    if shares[names[0]] >= max(limits.sure, beside):
        return Asked((cast("QuestionName", names[0]),), is_sure=True, share=1 - beside)
    if 1 - beside >= limits.maybe:
        likeliest = tuple(cast("QuestionName", name) for name in names[:CHOICES])
        return Asked(likeliest, is_sure=False, share=1 - beside)
    return None


def is_put_as_one(text: str) -> bool:
    """Whether a text is put as a question: by its mark, or by how one of its clauses begins."""
    clauses = filter(None, map(plain, re.split(r"[.,;:!?\n]", text)))
    return "?" in text or any(one.split()[0] in _openings() for one in clauses)


def prepare() -> None:
    """Make the head and what it needs now."""
    _head(), _neighbours()


def examples() -> dict[str, Sequence[str]]:
    """What the head learns from, by label."""
    known = questions()
    return {**{str(name): texts for name, texts in known.asks.items()}, BESIDE: known.beside}


@cache
def _examples() -> Mapping[str, QuestionName]:
    return {plain(text): name for name, texts in questions().asks.items() for text in texts}


def _shares(text: str) -> dict[str, float]:
    """How surely a text asks each: what the head says, with what its nearest examples say."""
    (row,) = vectors([text])
    said = _head().shares(row[None, :])[0] ** (1 - NEAR) * _neighbours().shares(row) ** NEAR
    return dict(zip(_head().labels, map(float, said / said.sum()), strict=True))


@cache
def _openings() -> frozenset[str]:
    return frozenset(map(plain, questions().openings))


@cache
def _neighbours() -> Neighbours:
    return Neighbours(examples(), {})


@cache
def _head() -> Head:
    return head(examples(), COST)
