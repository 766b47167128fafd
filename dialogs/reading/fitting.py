"""Whether a text in a learner's own words fits its question, and which part of it.

A head tells the criteria, the misconceptions and what is beside the question apart; what the
criteria have together is how surely the text fits.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from content.lesson.questions import ELSEWHERE, Wordings
from dialogs.reading.encoder import vectors
from dialogs.reading.heads import head
from dialogs.reading.sentences import sentences

Band = Literal["fits", "ask", "not-yet"]

COST = 15.0  # how far the examples are trusted; of 2, 5 and 15 the one that tells best
FITS, ASK = 0.6, 0.3  # shares from which a text passes, and from which its writer is asked
SURE = 0.6  # share from which a sentence is taken for a misconception, whatever stands around it
ALSO = 0.3  # share from which a sentence meets a criterion beside its likeliest
MOST_SENTENCES = 8  # of a text that are read one by one
MOST_FRAGMENTS = 3  # of a text of at most `SHORT` characters; a longer one has sentences
SHORT = 200
SALAD = 6  # different words from which a text without a small one is no sentence
REPEATED = 0.75  # share of different words below which words are only repeated


@dataclass(frozen=True)
class Fit:
    """How a text fits a question.

    `criteria` are those that it meets, or may meet, the likeliest first; `misconception` is what
    it says instead, empty where that is nothing known.
    """

    band: Band
    share: float
    criteria: tuple[str, ...]
    misconception: str


def fit(text: str, wordings: Wordings) -> Fit:
    """Read a text as a whole and sentence by sentence: the best of it counts.

    A sentence that is surely a misconception spoils what is said beside it. Which criteria are
    met is read from what stands between the commas of a short text, too.
    """
    found = head(wordings.examples, COST)
    good = [at for at, label in enumerate(found.labels) if label in wordings.good]
    parts = [text, *(s for s in sentences(text)[:MOST_SENTENCES] if s != text)]
    shares = found.shares(vectors(parts))
    share = float(shares[:, good].sum(axis=1).max())
    wrong = {label: at for at, label in enumerate(found.labels) if label in wordings.bad}
    likeliest = {label: float(shares[:, at].max()) for label, at in wrong.items()}
    denied = max((likeliest[name] for name in likeliest if name != ELSEWHERE), default=0.0)
    if denied >= SURE:
        share = min(share, 1 - denied)
    band: Band = "fits" if share >= FITS else "ask" if share >= ASK else "not-yet"
    smaller = _fragments(text) if band == "fits" else []
    of_all = np.vstack([shares, found.shares(vectors(smaller))])[:, good].max(axis=0)
    ranked = sorted(zip(of_all, good, strict=True), key=lambda pair: -pair[0])
    least = ALSO if band == "fits" else 0.0
    # The likeliest in any case: the text as a whole may fit where nothing in it stands out.
    met = ranked[:1] + [pair for pair in ranked[1:] if pair[0] >= least]
    criteria = tuple(found.labels[at] for _, at in met)
    instead = max(likeliest, key=likeliest.__getitem__)
    return Fit(band, share, criteria, "" if instead == ELSEWHERE else instead)


def prepare(wordings: Wordings) -> None:
    """Make the head of these examples now."""
    head(wordings.examples, COST)


def _fragments(text: str) -> list[str]:
    """What stands between the commas of a short text, where it is more than a word."""
    parts = re.split(r"[,;:–—]\s+|[.!?]+\s", text)
    if len(parts) == 1 or len(text) > SHORT:
        return []
    return [part for part in parts if " " in part.strip()][:MOST_FRAGMENTS]


def is_heap(text: str, small: Collection[str], empty: Collection[str]) -> bool:
    """Whether words were heaped up instead of a sentence: some say nothing, or they only repeat.

    `small` are words that no sentence of some length is without, `empty` those of no meaning.
    """
    words: Sequence[str] = re.findall(r"[^\W\d_]{2,}", text.lower())
    if not set(words).isdisjoint(empty):
        return True
    if not set(words).isdisjoint(small) or re.search(r"[,;:.!?]\s", text):
        return False
    different = len(set(words))
    return different >= SALAD or (len(words) > 2 and different < REPEATED * len(words))  # noqa: PLR2004
