"""Self-harm, threats, hate and sexual content in a text, told apart before anything is answered.

A head says which kind's examples a text is like, and the nearest examples how much. A word that
such texts hold makes it enough that harm is likely; without one there must be hardly a doubt. Words
that are always meant so count by themselves.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import groupby
from math import exp, log
from operator import itemgetter

import numpy as np

from content.reading import HarmKind, harm
from dialogs.reading import shelf, talk
from dialogs.reading.encoder import ENCODER, content_vectors, vectors
from dialogs.reading.heads import Head, head
from dialogs.reading.network import Floats
from dialogs.reading.sentences import sentences

SAFE = "safe"
NEAREST = 2  # examples of a kind that a text is held against
NEARNESS = 8.0  # what a cosine of 1.0 adds to the logarithm of the chances
TINY = 1e-6  # share of what is as good as impossible
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
    """Make the head and the examples' vectors now."""
    _head()
    _rows()
    talk.prepare()


def _likeliest(texts: Sequence[str]) -> HarmKind | None:
    rows = vectors(texts)
    told = zip(texts, rows, _head().shares(rows), strict=True)
    is_brief = len(texts[0]) <= talk.LONGEST
    found = {_kind(text, row, shares, is_brief=is_brief) for text, row, shares in told}
    return next((kind for kind in harm().limits if kind in found), None)


def _kind(text: str, row: Floats, shares: Floats, *, is_brief: bool) -> HarmKind | None:
    """The kind that is likeliest, where harm of any kind is likely enough for it."""
    share = dict(zip(_head().labels, map(float, shares), strict=True))
    kind = max(harm().limits, key=share.__getitem__)
    safe, near = min(max(share[SAFE], TINY), 1 - TINY), _nearness(row, SAFE)
    odds, close = log((1 - safe) / safe), _nearness(row, kind)

    def is_meant(near: float) -> bool:
        likely = 1 / (1 + exp(-(odds + NEARNESS * (close - near))))
        hinted = likely >= harm().limits[kind] and _hints()[kind].search(_plain(text)) is not None
        return likely >= harm().unhinted or hinted

    if not is_meant(near):
        return None
    # Beside harm what is said to a tutor is safe, too. The head doesn't learn from that: it would
    # give ordinary messages up too lightly.
    if is_brief and not is_meant(max(near, talk.nearness(row, NEAREST))):
        return None
    return kind


def _nearness(row: Floats, label: str) -> float:
    """The mean cosine of a text and the label's nearest examples."""
    return float(np.sort(_rows()[label] @ row)[-NEAREST:].mean())


@cache
def _rows() -> Mapping[str, Floats]:
    """The examples' vectors, by kind."""
    told = examples()
    texts = [text for some in told.values() for text in some]
    digest = hashlib.sha256("\0".join([ENCODER, *texts]).encode()).hexdigest()[:32]
    rows = shelf.kept("harm", digest, lambda: {"rows": content_vectors(texts)})["rows"]
    ends = np.cumsum([len(some) for some in told.values()])
    return dict(zip(told, np.split(rows, ends[:-1]), strict=True))


def named(text: str) -> HarmKind | None:
    """The kind whose words a text holds."""
    plain = _plain(text)
    return next((kind for kind, words in _words().items() if words.search(plain)), None)


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+(?:'[^\W_]+)?", text.lower().replace("\u2019", "'")))


@cache
def _words() -> Mapping[HarmKind, re.Pattern[str]]:
    return {
        kind: re.compile("|".join((_any_of(told.words), *(rf"\A{w}\Z" for w in told.whole))))
        for kind, told in harm().kinds.items()
    }


@cache
def _hints() -> Mapping[HarmKind, re.Pattern[str]]:
    return {kind: re.compile(_any_of(told.hints)) for kind, told in harm().kinds.items()}


def _any_of(words: Iterable[str]) -> str:
    """The pattern of any of these words, each of which may be several.

    They are told apart by their first letters: a long text is tried against few of them.
    """
    firsts = groupby(sorted(word.lower() for word in words), key=itemgetter(0))
    parts = (rf"{first}(?:{'|'.join(map(_rest, some))})" for first, some in firsts)
    return rf"\b(?:{'|'.join(parts)})"


def _rest(word: str) -> str:
    """The pattern of a word behind its first letter; of all that begin so where it ends in "*"."""
    return re.escape(word[1:].removesuffix("*")) + ("" if word.endswith("*") else r"\b")


def examples() -> dict[str, Sequence[str]]:
    """What the head learns from, by kind."""
    told = harm()
    return {**{kind: each.shows for kind, each in told.kinds.items()}, SAFE: told.safe}


@cache
def _head() -> Head:
    return head(examples())
