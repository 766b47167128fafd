"""What a message is about: surely one matter, one of a few that are to be asked about, or none.

A head tells an author's matters and the classes that are "not for us" apart by a text's vector, and
its words have a say too. What isn't sure is asked about or left: a wrong answer costs more than a
question.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from content.world import PlacingLimits
from dialogs.reading.encoder import content_vectors, is_word, vectors
from dialogs.reading.heads import Head, head, held_out
from dialogs.reading.language import language_of
from dialogs.reading.network import Floats
from dialogs.reading.sentences import sentences
from dialogs.reading.spelling import Spelling
from dialogs.reading.wording import Wording

Band = Literal["sure", "ask", "none"]

CHOICES = 4  # matters that are asked about at most
NEAR = 0.08  # share of the best one's share that a further choice has at least
# What is read of a message, so that a long one holds up nobody: characters of the whole and of each
# of its parts, and parts, half of them from the end.
WHOLE, PART, PARTS = 240, 120, 4
FIRM = 2.0  # by how much more than a whole a part must lead: it is out of its context
LEAST = 1e-9  # a share of nothing
CLAUSE = 2  # words of a part at least
# What outcomes are worth when limits are fitted, a right answer being 1.0. Of messages about
# nothing that the author's matters hold, an answer costs `ANSWERED`, a question `ASKED`.
OFFERED, WRONG, MISLED = 0.6, 6.0, 0.3
ANSWERED, ASKED = 1.0, 0.6
# Among these limits the best are taken, and those that are worth as much but for `EQUAL`.
EQUAL = 0.004
OURS = tuple(n / 10 for n in range(31))
LEAD = tuple(n / 20 for n in range(8, 61))
ENOUGH = 3  # unseen sentences for each matter, on average, from which limits are fitted on these

_WORD = re.compile(r"[^\W_]+(?:['\-][^\W_]+)*|[€$£%]")
_CLAUSE = re.compile(r"\s*[,;:–—]\s+|\s+-+\s+")


@dataclass(frozen=True)
class Matters:
    """What an author wrote about the matters of a lesson's messages.

    `unseen` are further sentences that no head learns from: limits are fitted on them too.
    `yielding` are matters that give way to any other in the same message. `joints` are words
    before which another matter may begin.
    """

    examples: Mapping[str, Sequence[str]]
    groups: Mapping[str, str]
    elsewhere: Mapping[str, Sequence[str]]
    unseen: Mapping[str, Sequence[str]] = field(default_factory=dict)
    yielding: frozenset[str] = frozenset()
    abbreviations: Mapping[str, str] = field(default_factory=dict)
    joints: frozenset[str] = frozenset()
    limits: PlacingLimits | None = None

    @property
    def taught(self) -> dict[str, Sequence[str]]:
        """What a head learns from, by label: the intents, then the classes of elsewhere."""
        classes = {f"elsewhere:{name}": texts for name, texts in self.elsewhere.items()}
        return {**self.examples, **classes}


@dataclass(frozen=True)
class Placed:
    """Where a message was placed.

    `intent` is set where the band is "sure", `choices` (2 to 4, likeliest first) where it is
    "ask". `shares` are over all intents in the author's order; what is missing from 1.0 went to
    "elsewhere". `second` is another matter, surely met in another part of the message.
    `elsewhere` is the likeliest class that isn't for us, where the band is "none" for that.
    `language` is another one than most of the author's words, where that can be told.
    """

    band: Band
    intent: str | None = None
    choices: tuple[str, ...] = ()
    shares: tuple[float, ...] = ()
    second: str | None = None
    elsewhere: str | None = None
    language: str | None = None


class _Part(NamedTuple):
    """One reading: of the whole message, or of a part of it."""

    band: Band
    choices: tuple[int, ...]  # likeliest first; of one that is sure the first is it
    lead: float
    shares: Floats
    elsewhere: str | None


class Placing:
    """Places messages; all that it knows is the author's. Costly parts are made on first use."""

    def __init__(self, matters: Matters) -> None:
        self.matters = matters
        self.intents = tuple(matters.examples)
        texts = [words_of(text) for text in self._sentences()]
        # What abbreviations stand for is known however rare it is.
        texts += [words_of(text) for text in matters.abbreviations.values()]
        self._spelling = Spelling(texts, is_word)

    def warm(self) -> None:
        """Fit the head and the limits now, and count the words."""
        self._head, self._wording, self.limits  # noqa: B018 (they are made when they are asked for)

    def place(self, text: str) -> Placed:
        """Place a message. A matter of its own outweighs courtesies around it."""
        whole_text, *part_texts = self.texts(text)
        if not whole_text:
            return Placed("none", shares=(0.0,) * len(self.intents))
        whole = self._read(whole_text)
        parts = [self._read(part) for part in part_texts]
        if not self._yields(whole) and any(p.band == "sure" and self._yields(p) for p in parts):
            whole = self._read(whole_text, aside=self._yielding)
        sure = [p for p in parts if p.band == "sure" and not self._yields(p)]
        taken = whole
        if whole.band != "sure" or self._yields(whole):
            taken = self._of_parts(whole, parts, sure)
        name = self.intents[taken.choices[0]] if taken.band == "sure" else None
        # Where no part alone is about the first matter, another may be a shadow of it.
        is_apart = any(part.choices[0] == taken.choices[0] for part in sure)
        others = [part for part in sure if self._group(part) != self._group(taken)]
        return Placed(
            band=taken.band,
            intent=name,
            choices=tuple(self.intents[n] for n in taken.choices) if taken.band == "ask" else (),
            shares=tuple(map(float, taken.shares)),
            second=self.intents[others[0].choices[0]] if name and is_apart and others else None,
            elsewhere=taken.elsewhere,
            language=self._language(text),
        )

    def _language(self, text: str) -> str | None:
        """The language of a message of which most words are strange here."""
        words = words_of(text)
        strange = sum(word not in self._spelling.counts for word in words)
        return language_of(text) if strange > len(words) / 2 else None

    def texts(self, text: str) -> tuple[str, ...]:
        """What is read of a message: the whole, then its parts, as the encoder gets them.

        The first one is empty where there is no word. In another language nothing is mended.
        """
        plain = self.plain if self._language(text) is None else _plain
        whole = plain(text[:WHOLE])
        parts = [plain(part[:PART]) for part in _parts(text, self.matters.joints)]
        kept = list(dict.fromkeys(p for p in parts if len(p.split()) >= CLAUSE and p != whole))
        if len(kept) > PARTS:
            kept = kept[: PARTS // 2] + kept[-PARTS // 2 :]
        return (whole, *kept)

    def plain(self, text: str) -> str:
        """The words of a text, small, with slips and abbreviations mended."""
        known = self.matters.abbreviations
        return " ".join(known.get(word) or self._spelling.mended(word) for word in words_of(text))

    @cached_property
    def limits(self) -> PlacingLimits:
        """The author's limits, or those that serve best on what no head has seen."""
        return self.matters.limits or self._fitted()

    def _of_parts(self, whole: _Part, parts: Sequence[_Part], sure: Sequence[_Part]) -> _Part:
        """What an unsure message, or one about what yields, is about by its parts."""
        firm = self.limits.lead + FIRM
        # Around a courtesy there is nothing that a part would have to agree with.
        known = [part for part in sure if part.lead >= firm or self._yields(whole)]
        if known:  # the first matter, as its surest part says it
            group = self._group(known[0])
            return max((p for p in known if self._group(p) == group), key=lambda part: part.lead)
        if self._yields(whole):
            same = [p for p in parts if p.band == "sure" and p.choices[0] == whole.choices[0]]
            whole = max([whole, *same], key=lambda part: part.lead)
        asked = [p for p in (*sure, *parts) if p.band != "none" and not self._yields(p)]
        if not asked or (whole.band == "none" and not sure):
            return whole
        best = max(asked, key=lambda part: part.lead)
        if best.lead < (self.limits.lead / 2 if self._yields(whole) else whole.lead):
            return whole
        rest = whole.choices if whole.band == "ask" else best.choices
        choices = tuple(dict.fromkeys((best.choices[0], *rest, *best.choices)))[:CHOICES]
        return best._replace(band="ask", choices=choices)

    def _group(self, part: _Part) -> str:
        return self.matters.groups[self.intents[part.choices[0]]]

    def _yields(self, part: _Part) -> bool:
        return part.choices[0] in self._yielding

    @cached_property
    def _yielding(self) -> tuple[int, ...]:
        return tuple(n for n, name in enumerate(self.intents) if name in self.matters.yielding)

    def _read(self, plain: str, aside: Sequence[int] = ()) -> _Part:
        """Read a text; intents that are set `aside` are no rivals of others."""
        shares = self._shares([plain], vectors([plain]))[0]
        shares[list(aside)] = 0.0
        n = len(self.intents)
        rows = _Rows(shares[None, :], n)
        choices = tuple(int(i) for i in rows.choices[0] if i >= 0)
        band: Band = "none"
        reason = None
        if rows.ours[0] < self.limits.ours:
            reason = tuple(self.matters.elsewhere)[int(shares[n:].argmax())]
        else:
            band = "sure" if rows.lead[0] >= self.limits.lead else "ask"
        return _Part(band, choices, float(rows.lead[0]), shares[:n], reason)

    @cached_property
    def taught(self) -> dict[str, list[str]]:
        """The examples as the head gets them."""
        return {n: [self.plain(t) for t in ts] for n, ts in self.matters.taught.items()}

    @cached_property
    def _head(self) -> Head:
        return head(self.taught)

    @cached_property
    def _wording(self) -> Wording:
        return Wording(self.taught)

    def _shares(self, texts: Sequence[str], rows: Floats) -> Floats:
        """The labels' shares of plain texts with these vectors."""
        pairs = zip(texts, self._head.shares(rows), strict=True)
        return np.stack([self._wording.weighed(text, shares) for text, shares in pairs])

    def held_out(self) -> tuple[Floats, NDArray[np.int64]]:
        """Shares of sentences by heads that haven't seen them, and the label that each truly has.

        Labels count the intents in order, then the classes of elsewhere. The unseen sentences
        speak for the intents if there are enough; the examples are told apart on purpose, and
        without one of them a head knows less than it will.
        """
        told = self.taught
        true = np.repeat(np.arange(len(told)), [len(texts) for texts in told.values()])
        texts = [text for texts in told.values() for text in texts]
        known = zip(texts, held_out(told), true.tolist(), strict=True)
        shares = np.stack([self._wording.weighed(*of_one) for of_one in known])
        unseen = [(self.intents.index(n), t) for n, ts in self.matters.unseen.items() for t in ts]
        if len(unseen) < ENOUGH * len(self.intents):
            return shares, true
        asked = [self.plain(text) for _, text in unseen]
        rows = self._shares(asked, content_vectors(asked))
        elsewhere = true >= len(self.intents)
        meant = np.array([intent for intent, _ in unseen], np.int64)
        return np.vstack([rows, shares[elsewhere]]), np.concatenate([meant, true[elsewhere]])

    def outcomes(self) -> dict[str, int]:
        """What comes of sentences that no head has seen, by these limits; how many of each.

        "right", "asked" (with the true intent among the choices), "refused" and "wrong" of those
        about an intent; "answered", "questioned" and "left" of those about none.
        """
        shares, true = self.held_out()
        rows = _Rows(shares, len(self.intents))
        inside, placed = true < len(self.intents), rows.ours >= self.limits.ours
        sure = placed & (rows.lead >= self.limits.lead)
        right = rows.choices[:, 0] == true
        asked = placed & ~sure & (rows.choices == true[:, None]).any(axis=1)
        found = {
            "right": inside & sure & right,
            "asked": inside & asked,
            "refused": inside & ~sure & ~asked,
            "wrong": inside & sure & ~right,
            "answered": ~inside & sure,
            "questioned": ~inside & placed & ~sure,
            "left": ~inside & ~placed,
        }
        return {name: int(rows.sum()) for name, rows in found.items()}

    def _fitted(self) -> PlacingLimits:
        shares, true = self.held_out()
        rows = _Rows(shares, len(self.intents))
        inside = true < len(self.intents)
        right = inside & (rows.choices[:, 0] == true)
        offered = inside & (rows.choices == true[:, None]).any(axis=1)
        sure_worth = np.where(right, 1.0, -WRONG) / max(1, int(inside.sum()))
        ask_worth = np.where(offered, OFFERED, -MISLED) / max(1, int(inside.sum()))
        sure_worth[~inside] = -ANSWERED / max(1, int((~inside).sum()))
        ask_worth[~inside] = -ASKED / max(1, int((~inside).sum()))

        worth = {
            limits: float(
                np.where(rows.lead >= limits[1], sure_worth, ask_worth)[
                    rows.ours >= limits[0]
                ].sum()
            )
            for limits in product(OURS, LEAD)
        }
        # The best alone would hang on a sentence or two: their middle doesn't.
        best = max(worth.values())
        near = [limits for limits, value in worth.items() if value >= best - EQUAL]
        ours, lead = (round(sum(values) / len(near), 2) for values in zip(*near, strict=True))
        return PlacingLimits(ours=ours, lead=lead)

    def _sentences(self) -> Iterator[str]:
        for told in (self.matters.examples, self.matters.elsewhere):
            for texts in told.values():
                yield from texts


class _Rows:
    """What decides about messages, of the head's shares: one row each, the first `ours` intents."""

    def __init__(self, shares: Floats, ours: int) -> None:
        inner = shares[:, :ours]
        order = np.argsort(-inner, axis=1, kind="stable")[:, :CHOICES]
        ranked = np.take_along_axis(inner, order, axis=1)
        near = ranked >= NEAR * ranked[:, :1]
        near[:, 1] = True
        self.choices = np.where(near, order, -1)
        joint = (ranked * near).sum(axis=1)
        self.ours = np.log(joint + LEAST) - np.log(shares[:, ours:].sum(axis=1) + LEAST)
        rival = np.maximum(ranked[:, 1], shares[:, ours:].max(axis=1))
        self.lead = np.log(ranked[:, 0] + LEAST) - np.log(rival + LEAST)


def words_of(text: str) -> list[str]:
    """The words of a message, small, with plain apostrophes; emoji and marks are left out."""
    return _WORD.findall(text.lower().replace("\u2019", "'"))


def _plain(text: str) -> str:
    return " ".join(words_of(text))


def _parts(text: str, joints: Iterable[str]) -> list[str]:
    """The sentences of a text; where it has few, their clauses as well."""
    whole = sentences(text)
    if len(whole) > PARTS // 2:
        return whole
    pattern = "|".join(map(re.escape, sorted(joints)))
    found: list[str] = []
    for sentence in whole:
        clauses = [c for c in _CLAUSE.split(sentence) if c]
        if pattern:
            clauses = [
                c for clause in clauses for c in re.split(rf"(?i)\s+(?=(?:{pattern})\s)", clause)
            ]
        found += [sentence, *clauses]
    return found
