"""Self-harm, threats, hate and sexual content in a text, told apart before anything is answered.

A head says how near a text is to examples of each kind. A word that such texts hold makes it enough
that harm is likely; without one there must be hardly a doubt. Words that are always meant so count
by themselves.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache

from content.reading import HarmKind, harm
from dialogs.reading.encoder import vectors
from dialogs.reading.heads import Head, head
from dialogs.reading.network import Floats
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
    told, shares = harm(), _head().shares(vectors(texts))
    found = {_kind(text, row) for text, row in zip(texts, shares, strict=True)}
    return next((kind for kind in told.limits if kind in found), None)


def _kind(text: str, shares: Floats) -> HarmKind | None:
    """The kind that is likeliest, where all kinds together are likely enough for it."""
    told, share = harm(), dict(zip(_head().labels, map(float, shares), strict=True))
    kind, harmful = max(told.limits, key=share.__getitem__), 1 - share[SAFE]
    if harmful >= told.unhinted:
        return kind
    return kind if harmful >= told.limits[kind] and _hints()[kind].search(_plain(text)) else None


def named(text: str) -> HarmKind | None:
    """The kind whose words a text holds."""
    plain = _plain(text)
    return next((kind for kind, words in _words().items() if words.search(plain)), None)


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+(?:'[^\W_]+)?", text.lower().replace("\u2019", "'")))


@cache
def _words() -> Mapping[HarmKind, re.Pattern[str]]:
    return {
        kind: re.compile("|".join((*map(_whole, told.words), *(rf"\A{w}\Z" for w in told.whole))))
        for kind, told in harm().kinds.items()
    }


@cache
def _hints() -> Mapping[HarmKind, re.Pattern[str]]:
    return {
        kind: re.compile("|".join(map(_whole, told.hints))) for kind, told in harm().kinds.items()
    }


def _whole(word: str) -> str:
    """The pattern of a whole word, or of several; of words that begin so where it ends in "*"."""
    return rf"\b{re.escape(word.lower().removesuffix('*'))}" + ("" if word.endswith("*") else r"\b")


def examples() -> dict[str, Sequence[str]]:
    """What the head learns from, by kind."""
    told = harm()
    return {**{kind: each.shows for kind, each in told.kinds.items()}, SAFE: told.safe}


@cache
def _head() -> Head:
    return head(examples())
