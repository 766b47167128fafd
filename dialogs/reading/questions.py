"""Which of the storyboard's questions somebody asks, in whatever words, if any."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import cast

from content.reading import QuestionName, questions
from dialogs.reading.encoder import vectors
from dialogs.reading.heads import Head, head
from dialogs.reading.typed import plain

BESIDE = "beside"
LONGEST = 200  # characters of a question
CHOICES = 3  # questions that are offered where it isn't sure which one was meant
COST = 10.0  # of the head, as for what is said beside answers


@dataclass(frozen=True)
class Asked:
    """The questions that a text may ask, the likeliest first; it `is_sure` which one it is."""

    names: tuple[QuestionName, ...]
    is_sure: bool


def asked(text: str) -> Asked | None:
    """Which question a text asks; None for one that asks none of them.

    What stands among the examples is sure; else it takes a few milliseconds.
    """
    said = plain(text)
    if not said or len(text) > LONGEST:
        return None
    if said in _examples():
        return Asked((_examples()[said],), is_sure=True)
    shares = dict(zip(_head().labels, _head().shares(vectors([text]))[0], strict=True))
    beside = shares.pop(BESIDE)
    names = sorted(shares, key=lambda name: -shares[name])
    limits = questions().limits
    if shares[names[0]] >= max(limits.sure, beside):
        return Asked((cast("QuestionName", names[0]),), is_sure=True)
    if 1 - beside >= limits.maybe:
        likeliest = tuple(cast("QuestionName", name) for name in names[:CHOICES])
        return Asked(likeliest, is_sure=False)
    return None


def prepare() -> None:
    """Make the head now."""
    _head()


def examples() -> dict[str, Sequence[str]]:
    """What the head learns from, by label."""
    known = questions()
    return {**{str(name): texts for name, texts in known.asks.items()}, BESIDE: known.beside}


@cache
def _examples() -> Mapping[str, QuestionName]:
    return {plain(text): name for name, texts in questions().asks.items() for text in texts}


@cache
def _head() -> Head:
    return head(examples(), COST)
