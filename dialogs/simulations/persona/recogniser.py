"""Which intent is a message about? Regularised least squares over words, grams, concepts.

Each message is a bag of four kinds of features, each kind of unit length times a weight:
words, character 3- to 5-grams within words (for typos and endings), concepts of the
lexicon (for words never seen in a message), and pairs of concepts (for what they mean
together). One-against-all ridge regression in its dual form (Rifkin, Yeo & Poggio, 2003)
learns a weight for each feature and intent in a few milliseconds.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, combinations
from math import log, sqrt

import numpy as np

from content.world import World
from dialogs.reading.spelling import USUAL, Spelling
from dialogs.simulations.persona.features import Floats

SMALL = 0.15  # worth of a small word ("the", "what"), a full word being 1.0
WORDS, GRAMS, CONCEPTS, PAIRS = 0.7, 0.8, 1.0, 0.8  # weight of each kind of feature
RIDGE = 0.7  # the larger, the smoother; chosen by leaving out each known message in turn
STRANGE = 0.6  # what a word that no concept explains weighs beside a concept
UNEXPLAINED = "c ?"  # the feature that stands for such words; nothing is learnt about it
STRONG = 0.5  # a score at which the lead counts no more
LONGEST = 600  # characters of a message that are read

Bag = dict[str, float]


@dataclass(frozen=True, slots=True)
class Placement:
    """The best intent, None where no intent is near; its score, and its lead on the second."""

    intent: str | None
    score: float
    lead: float


class Lexicon:
    """Concepts found by their words: a word, a beginning of words with a star, or a phrase."""

    def __init__(self, concepts: dict[str, tuple[str, ...]]) -> None:
        self._exact: dict[str, set[str]] = {}
        self._beginnings: dict[str, set[str]] = {}
        self._phrases: dict[str, list[tuple[str, str]]] = {}  # by their first word
        for name, terms in concepts.items():
            for term in terms:
                if " " in term or "-" in term:
                    words = words_of(term)
                    told = self._phrases.setdefault(words[0], [])
                    told.append((f" {' '.join(words)} ", name))
                elif term.endswith("*"):
                    self._beginnings.setdefault(term[:-1], set()).add(name)
                else:
                    self._exact.setdefault(term, set()).add(name)
        self._shortest = min((len(b) for b in self._beginnings), default=1)

    def knows(self, word: str) -> bool:
        """Whether the word alone names a concept."""
        beginnings = (word[:size] for size in range(self._shortest, len(word) + 1))
        return word in self._exact or any(b in self._beginnings for b in beginnings)

    def unknown(self, words: Sequence[str]) -> list[str]:
        """The words that no concept explains, neither alone nor as part of a phrase."""
        text = f" {' '.join(words)} "
        told = {
            part
            for word in words
            for phrase, _ in self._phrases.get(word, ())
            if phrase in text
            for part in phrase.split()
        }
        return [w for w in words if w not in told and not self.knows(w)]

    def concepts(self, words: Sequence[str]) -> frozenset[str]:
        """The concepts that the words of a message name."""
        text = f" {' '.join(words)} "
        found: set[str] = set()
        for word in words:
            found.update(name for phrase, name in self._phrases.get(word, ()) if phrase in text)
            found |= self._exact.get(word, set())
            for size in range(self._shortest, len(word) + 1):
                found |= self._beginnings.get(word[:size], set())
        return frozenset(found)


def _pattern(terms: Iterable[str]) -> re.Pattern[str]:
    """Any of the terms as whole words; nothing without terms."""
    parts = [
        re.escape(t.removesuffix("*")) + (r"\w*" if t.endswith("*") else "")
        for t in sorted(terms, key=len, reverse=True)
    ]
    return re.compile(r"(?<![\w'])(?:" + ("|".join(parts) or r"(?!)") + r")(?![\w'])")


def words_of(text: str) -> list[str]:
    """The words of a message, lower case, with plain apostrophes."""
    return re.findall(r"[^\W_]+(?:'[^\W_]+)*", text[:LONGEST].lower().replace("\u2019", "'"))


class Recogniser:
    """Places messages; everything it knows is in the world."""

    def __init__(self, world: World) -> None:
        known = world.recognition
        self._small = frozenset(known.small)
        self._spelling = Spelling([_vocabulary(world)] * USUAL, lambda _: False)
        self._courtesies = _pattern(known.courtesies)
        self._lexicon = Lexicon(known.lexicon)
        self._threshold, self._margin = known.threshold, known.margin
        self._labels = tuple(world.intents)
        bags: list[dict[str, Bag]] = []
        targets: list[int] = []
        for place, intent in enumerate(world.intents.values()):
            told = [self._bags(m) for m in dict.fromkeys((*intent.messages, *intent.topic))]
            told += [self._meaning(frozenset(cue)) for cue in intent.cues]
            bags += told
            targets += [place] * len(told)
        foreign = [self._bags(m) for m in _told(world)]
        bags += foreign
        targets += [len(self._labels)] * len(foreign)
        self._rarity = _rarity(bags)
        rows = [self._vector(b) for b in bags]
        names = sorted({f for row in rows for f in row})
        self._index = {f: i for i, f in enumerate(names)}
        table = np.zeros((len(rows), len(names)), np.float32)
        for at, row in enumerate(rows):
            for feature, value in row.items():
                table[at, self._index[feature]] = value
        wanted = np.full((len(rows), len(self._labels) + 1), 0.0, np.float32)
        wanted[np.arange(len(rows)), targets] = 1.0
        kernel = table @ table.T
        kernel[np.diag_indices_from(kernel)] += RIDGE
        self._weights: Floats = table.T @ np.linalg.solve(kernel, wanted)

    def scores(self, message: str) -> Floats:
        """How much a message is like each intent, about 0.0 to 1.0; "elsewhere" comes last."""
        row = self._vector(self._bags(message))
        known = [(self._index[f], v) for f, v in row.items() if f in self._index]
        if not known:
            return np.zeros(len(self._labels) + 1, np.float32)
        places, values = zip(*known, strict=True)
        found: Floats = np.array(values, np.float32) @ self._weights[list(places)]
        return found

    def place(self, message: str) -> Placement:
        """The intent of a message, or none."""
        scores = self.scores(message)
        order = np.argsort(-scores)
        best, second = int(order[0]), int(order[1])
        score, lead = float(scores[best]), float(scores[best] - scores[second])
        # A message on two matters is close to both, and answered on the nearer one.
        sure = score >= self._threshold and (lead >= self._margin or score >= STRONG)
        placed = self._labels[best] if sure and best < len(self._labels) else None
        return Placement(placed, score, lead)

    def _bags(self, message: str) -> dict[str, Bag]:
        words = self._core(message)
        said: Bag = {}
        grams: Bag = {}
        for word in words:
            worth = SMALL if word in self._small else 1.0
            said[f"w {word}"] = said.get(f"w {word}", 0.0) + worth
            padded = f"^{word}$"
            for size in (3, 4, 5):
                for at in range(len(padded) - size + 1):
                    gram = f"g {padded[at : at + size]}"
                    grams[gram] = grams.get(gram, 0.0) + worth / size
        return {
            "words": said,
            "grams": grams,
            **self._meaning(self._lexicon.concepts(words), self._unexplained(words)),
        }

    def _core(self, message: str) -> list[str]:
        """The words of a message without courtesies, unless there are no others."""
        words = [
            w if self._lexicon.knows(w) else self._spelling.mended(w) for w in words_of(message)
        ]
        text = " ".join(words)
        return self._courtesies.sub(" ", text).split() or words

    def _unexplained(self, words: Sequence[str]) -> int:
        """How many of the words neither are small nor name a concept."""
        return sum(w not in self._small for w in self._lexicon.unknown(words))

    @staticmethod
    def _meaning(concepts: frozenset[str], unexplained: int = 0) -> dict[str, Bag]:
        """Concepts and their pairs. Words that no concept explains make all of them weaker."""
        pairs = combinations(sorted(concepts), 2)
        return {
            "concepts": {
                **{f"c {c}": 1.0 for c in concepts},
                **({UNEXPLAINED: unexplained * STRANGE} if concepts and unexplained else {}),
            },
            "pairs": {f"p {a} {b}": 1.0 for a, b in pairs},
        }

    def _vector(self, bags: dict[str, Bag]) -> Bag:
        weights = {"words": WORDS, "grams": GRAMS, "concepts": CONCEPTS, "pairs": PAIRS}
        vector: Bag = {}
        for kind, bag in bags.items():
            unseen = self._rarity[""]
            values = {f: sqrt(n) * self._rarity.get(f, unseen) for f, n in bag.items()}
            size = sqrt(sum(v * v for v in values.values()))
            if size > 0:
                found = {f: weights[kind] * v / size for f, v in values.items()}
                found.pop(UNEXPLAINED, None)
                vector |= found
        return vector


def _told(world: World) -> tuple[str, ...]:
    elsewhere = world.recognition.elsewhere
    return elsewhere if isinstance(elsewhere, tuple) else tuple(chain(*elsewhere.values()))


def _vocabulary(world: World) -> set[str]:
    known = world.recognition
    texts = [*known.small, *_told(world), *known.courtesies]
    texts += [term for terms in known.lexicon.values() for term in terms]
    for intent in world.intents.values():
        texts += [*intent.messages, *intent.topic]
    return {word for text in texts for word in words_of(text)}


def _rarity(bags: list[dict[str, Bag]]) -> Bag:
    """Inverse document frequency; under "" that of a feature never seen."""
    seen: dict[str, int] = {}
    for kinds in bags:
        for bag in kinds.values():
            for feature in bag:
                seen[feature] = seen.get(feature, 0) + 1
    top = 1 + len(bags)
    unseen = 0.6 * log(top)
    rarity = {f: log(top / (0.5 + n)) for f, n in seen.items()}
    return {**rarity, "": unseen, UNEXPLAINED: unseen}
