"""Self-harm, threats, hate and sexual content in a text, told apart before anything is answered.

A head says how near a text is to examples of each kind; its limits are low, and words that are
always meant so count by themselves.
"""

import re
from collections.abc import Sequence
from functools import cache

from content.reading import HarmKind, harm
from dialogs.reading.encoder import vectors
from dialogs.reading.heads import Head, head
from dialogs.reading.sentences import sentences

SAFE = "safe"
MOST = 12  # sentences that are read one by one, beside the whole


def harm_of(text: str) -> HarmKind | None:
    """The kind of harm that a text shows, the gravest first; None for what is ordinary.

    Read as a whole and sentence by sentence, a few milliseconds each. One word alone is looked
    up only.
    """
    sure = named(text)
    if sure or len(text.split()) < 2:  # noqa: PLR2004 (a sentence has two words or more)
        return sure
    parts = sentences(text)[:MOST]
    return _likeliest([text, *parts] if len(parts) > 1 else [text])


def prepare() -> None:
    """Make the head now."""
    _head()


def _likeliest(texts: Sequence[str]) -> HarmKind | None:
    told, limits = _head(), harm().limits
    shares = told.shares(vectors(texts)).max(axis=0)
    found = dict(zip(told.labels, map(float, shares), strict=True))
    return next((kind for kind, limit in limits.items() if found[kind] >= limit), None)


def named(text: str) -> HarmKind | None:
    """The kind whose words a text holds."""
    plain = " ".join(re.findall(r"[^\W_]+(?:'[^\W_]+)?", text.lower().replace("\u2019", "'")))
    return next((kind for kind, words in _words() if words.search(plain)), None)


@cache
def _words() -> tuple[tuple[HarmKind, re.Pattern[str]], ...]:
    return tuple(
        (kind, re.compile("|".join(rf"\b{re.escape(word.lower())}\b" for word in told.words)))
        for kind, told in harm().kinds.items()
    )


def examples() -> dict[str, Sequence[str]]:
    """What the head learns from, by kind."""
    told = harm()
    return {**{kind: each.shows for kind, each in told.kinds.items()}, SAFE: told.safe}


@cache
def _head() -> Head:
    return head(examples())
