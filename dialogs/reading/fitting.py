"""Whether a text in a learner's own words fits its question, and which part of it.

A head tells the criteria, the misconceptions and what is beside the question apart; what the
criteria have together is how surely the text fits. It reads the text's meaning and its letters:
with both, half as many denials of good answers passed as by meaning alone.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Literal

import numpy as np

from content.lesson.questions import ELSEWHERE, Wordings
from dialogs.reading import shelf
from dialogs.reading.encoder import ENCODER, LONGEST, content_vectors, vectors
from dialogs.reading.heads import Head, Integers, regression, spread
from dialogs.reading.letters import counts, rarity, weighed
from dialogs.reading.network import Floats
from dialogs.reading.sentences import sentences

Band = Literal["fits", "ask", "not-yet"]

FORM = 1  # of how a question's head is fitted; counted up when that changes
COST = 15.0  # how far the examples are trusted
LETTERS = 0.7  # what letters weigh beside meaning
FITS, ASK = 0.55, 0.17  # shares from which a text passes, and from which its writer is asked
SURE = 0.6  # share from which a sentence is taken for a misconception, whatever stands around it
ALSO = 0.25  # share from which a sentence meets a criterion beside its likeliest
MOST_SENTENCES = 8  # of a text that are read one by one
MOST_FRAGMENTS = 3  # of a text of at most `SHORT` characters; a longer one has sentences
SHORT = 200
SALAD = 6  # different words from which a text without a small one is no sentence
REPEATED = 0.75  # share of different words below which words are only repeated
FOLDS = 10
AT_HAND = 50  # questions whose heads stay in memory


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


@dataclass(frozen=True)
class Unseen:
    """How examples fare by heads that haven't seen them: shares of the good and of the bad."""

    good_refused: float
    good_asked: float
    bad_accepted: float
    bad_asked: float


@dataclass(frozen=True)
class _Reader:
    """A question's head, with what its letters weigh."""

    head: Head
    rare: Floats

    def shares(self, texts: Sequence[str]) -> Floats:
        return self.head.shares(_features(vectors(texts), texts, self.rare))


def fit(text: str, wordings: Wordings) -> Fit:
    """Read a text as a whole and sentence by sentence: the best of it counts.

    A sentence that is surely a misconception spoils what is said beside it. Which criteria are
    met is read from what stands between the commas of a short text, too.
    """
    reader = _reader(_as_key(wordings))
    labels = reader.head.labels
    good = [at for at, label in enumerate(labels) if label in wordings.good]
    parts = [text, *(s for s in sentences(text)[:MOST_SENTENCES] if s != text)]
    shares = reader.shares(parts)
    share = float(shares[:, good].sum(axis=1).max())
    likeliest = {
        label: float(shares[:, at].max())
        for at, label in enumerate(labels)
        if label in wordings.bad
    }
    denied = max((likeliest[name] for name in likeliest if name != ELSEWHERE), default=0.0)
    if denied >= SURE:
        share = min(share, 1 - denied)
    band = _band(share)
    smaller = _fragments(text) if band == "fits" else []
    of_all = np.vstack([shares, reader.shares(smaller)])[:, good].max(axis=0)
    ranked = sorted(zip(of_all, good, strict=True), key=lambda pair: -pair[0])
    least = ALSO if band == "fits" else 0.0
    # The likeliest in any case: the text as a whole may fit where nothing in it stands out.
    met = ranked[:1] + [pair for pair in ranked[1:] if pair[0] >= least]
    criteria = tuple(labels[at] for _, at in met)
    instead = max(likeliest, key=likeliest.__getitem__)
    return Fit(band, share, criteria, "" if instead == ELSEWHERE else instead)


def prepare(wordings: Wordings) -> None:
    """Make a question's head where it is missing, so that no learner waits for it."""
    _reader(_as_key(wordings))


def unseen(wordings: Wordings) -> Unseen:
    """Cross-validate a question's examples."""
    texts, classes = _examples(wordings)
    good = len(wordings.good)
    rows, letters = content_vectors(texts), counts(texts)
    shares = np.zeros(len(texts), np.float32)
    fold = spread(classes, FOLDS)
    for n in range(FOLDS):
        mine, rest = fold == n, fold != n
        rare = rarity(letters[rest])
        there, known = np.unique(classes[rest], return_inverse=True)
        features = _joined(rows, letters, rare)
        head = regression(features[rest], known, tuple(map(str, there)), COST)
        shares[mine] = head.shares(features[mine])[:, there < good].sum(axis=1)
    fits, asked, is_good = shares >= FITS, (shares >= ASK) & (shares < FITS), classes < good
    return Unseen(
        good_refused=float((shares[is_good] < ASK).mean()),
        good_asked=float(asked[is_good].mean()),
        bad_accepted=float(fits[~is_good].mean()),
        bad_asked=float(asked[~is_good].mean()),
    )


def _band(share: float) -> Band:
    return "fits" if share >= FITS else "ask" if share >= ASK else "not-yet"


_Key = tuple[tuple[str, tuple[str, ...]], ...]


def _as_key(wordings: Wordings) -> _Key:
    return tuple(wordings.examples.items())


@lru_cache(AT_HAND)
def _reader(examples: _Key) -> _Reader:
    parts = [ENCODER, str(FORM), str(COST), str(LETTERS)]
    for label, texts in examples:
        parts += ["\n", label, *texts]
    digest = sha256("\0".join(parts).encode()).hexdigest()[:32]

    def make() -> dict[str, Floats]:
        texts = [text for _, some in examples for text in some]
        classes = np.repeat(np.arange(len(examples)), [len(some) for _, some in examples])
        letters = counts(texts)
        rare = rarity(letters)
        features = _joined(content_vectors(texts), letters, rare)
        found = regression(features, classes, tuple(label for label, _ in examples), COST)
        return {"weights": found.weights, "centre": found.centre, "rare": rare}

    arrays = shelf.kept("answers", digest, make)
    labels = tuple(label for label, _ in examples)
    return _Reader(Head(labels, arrays["weights"], arrays["centre"]), arrays["rare"])


def _examples(wordings: Wordings) -> tuple[list[str], Integers]:
    lists = list(wordings.examples.values())
    classes = np.repeat(np.arange(len(lists)), [len(texts) for texts in lists])
    return [text for texts in lists for text in texts], classes


def _features(rows: Floats, texts: Sequence[str], rare: Floats) -> Floats:
    return _joined(rows, counts([text[:LONGEST] for text in texts]), rare)


def _joined(rows: Floats, letters: Floats, rare: Floats) -> Floats:
    return np.hstack([rows, LETTERS * weighed(letters, rare)])


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
    words: Sequence[str] = re.findall(r"[^\W\d_]+", text.lower())
    if not set(words).isdisjoint(empty):
        return True
    if not set(words).isdisjoint(small) or re.search(r"[,;:.!?]\s", text):
        return False
    different = len(set(words))
    return different >= SALAD or (len(words) > 2 and different < REPEATED * len(words))  # noqa: PLR2004
