"""What the sentences of a reply do, and what mood a message shows, as learned from examples.

Where a vector is blind, rules of words decide: a courtesy that is negated, a promise that is
denied, conditional or asked, capitals and angry emoji.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache, cached_property

from content.reading import Rules, rules
from content.world import Mark, ReplyAct
from dialogs.reading import encoder
from dialogs.reading.heads import Head, head
from dialogs.reading.recent import Recent

YES, NO = "yes", "no"
CLAIM, DEED = 0.35, 0.25  # share from which a sentence is a claim; the same of "I have …"
SURE = 0.3  # share from which the likeliest of all acts is a sentence's
MARKED = 0.55  # share from which a message has a mark
SHOUTED, PILED = 0.1, 0.35  # the same of a loud mark, of a text in capitals or with "!!", "?!"
AT_HAND = 4096  # sentences whose acts are remembered
REACH = 6  # words before a courtesy in which a negation turns it round
NEAR = 3  # words after the speaker in which a denial denies what is said
CAPITALS = 0.6  # share of a text's words from which it is shouted

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_PILED = re.compile(r"[!?]{2}")
_CLAUSE = re.compile(r"[,;:–—]\s+|\s[–-]\s")


class ReplyActs:
    """Tells what sentences do, by an author's examples of each act.

    `written` are sentences of which an author has said which of the world's acts they are: none of
    them is a fault that it wasn't written for.
    """

    def __init__(
        self, acts: Mapping[str, ReplyAct], written: Mapping[str, str] | None = None
    ) -> None:
        self._acts = acts
        self._written = {_plain(text): act for text, act in (written or {}).items()}
        self._heads: dict[tuple[str, ...], Head] = {}
        self._known: Recent[dict[tuple[str, ...], bool]] = Recent(AT_HAND)

    def does(self, sentence: str, acts: tuple[str, ...]) -> bool:
        """Whether a sentence does one of these acts."""
        known = self._known.get(sentence)
        if known is None:
            known = {}
            self._known.put(sentence, known)
        if acts not in known:
            known[acts] = self._does(sentence, acts)
        return known[acts]

    def likeliest(self, sentence: str) -> str | None:
        """The one act that a sentence surely is; None where none is."""
        (shares,) = self._all.shares(encoder.vectors([sentence]))
        best = int(shares.argmax())
        return self._all.labels[best] if shares[best] >= SURE else None

    def _does(self, sentence: str, acts: tuple[str, ...]) -> bool:
        rules_of = {self._acts[act].rule for act in acts}
        written = self._written.get(_plain(sentence))
        if written is not None and rules_of <= {"claim", "fault"}:
            return any(self._acts[act].becomes == written for act in acts)
        share = self._share(sentence, acts)
        likely = max(self._acts[act].likely for act in acts)
        if rules_of == {"courtesy"}:
            return share >= likely and not is_turned(sentence)
        if rules_of == {"claim"}:
            limit = DEED if says_a_deed(sentence) else CLAIM
            return share >= limit and not is_withheld(sentence)
        return share >= likely

    def _share(self, sentence: str, acts: tuple[str, ...]) -> float:
        """How surely a sentence does one of `acts`, 0.0 to 1.0.

        The mean of two heads, one of which tells these acts from all others and one all acts apart,
        errs less than either.
        """
        row = encoder.vectors([sentence])
        together = float(self._head(acts).shares(row)[0, 0])
        apart = dict(zip(self._all.labels, self._all.shares(row)[0].tolist(), strict=True))
        return float((together * sum(apart[act] for act in acts)) ** 0.5)

    def _head(self, acts: tuple[str, ...]) -> Head:
        """Tells sentences that do one of `acts` from others. One may be an example of several."""
        if acts not in self._heads:
            yes = dict.fromkeys(t for act in acts for t in self._acts[act].shows)
            no = dict.fromkeys(t for act in self._acts.values() for t in act.shows if t not in yes)
            self._heads[acts] = head({YES: tuple(yes), NO: tuple(no)})
        return self._heads[acts]

    @cached_property
    def _all(self) -> Head:
        """Tells all acts apart."""
        return head({name: act.shows for name, act in self._acts.items()})


class Moods:
    """Tells what a message shows of its writer, by an author's examples of each mark."""

    def __init__(self, marks: Mapping[str, Mark]) -> None:
        self._marks = marks
        self._heads: dict[int, Head] = {}

    def of(self, message: str) -> frozenset[str]:
        """The marks of a message; none where it has no word and no sign of a mood."""
        if not message.strip():
            return frozenset()
        return frozenset(name for name, mark in self._marks.items() if self._shows(message, mark))

    def _shows(self, message: str, mark: Mark) -> bool:
        if mark.asks and message.rstrip(" \"'”").endswith("?"):
            return True
        if mark.loud and any(sign in message for sign in rules().angry):
            return True
        if not mark.shows or not _WORD.search(message):
            return False
        share = float(self._head(mark).shares(encoder.vectors([message]))[0, 0])
        if mark.loud and is_shouted(message):
            return share >= SHOUTED
        return share >= (PILED if mark.loud and _PILED.search(message) else MARKED)

    def _head(self, mark: Mark) -> Head:
        if id(mark) not in self._heads:
            self._heads[id(mark)] = head({YES: mark.shows, NO: mark.others})
        return self._heads[id(mark)]


def is_shouted(text: str) -> bool:
    """Whether most words are in capitals."""
    words = _LETTERS.findall(text)
    return len(words) > 1 and sum(word.isupper() for word in words) > CAPITALS * len(words)


def is_turned(sentence: str) -> bool:
    """Whether a courtesy is turned round by a negation: "I am not sorry"."""
    told = rules()
    plain = _plain(sentence)
    if any(_at(plain.split(), thanks) for thanks in told.ungrateful):
        return True
    return any(_turned(_plain(clause).split(), told) for clause in _CLAUSE.split(sentence))


def _turned(words: Sequence[str], told: Rules) -> bool:
    for place in (n for phrase in told.courtesies for n in _at(words, phrase)):
        before = words[max(0, place - REACH) : place]
        negated = [n for phrase in told.negations for n in _at(before, phrase)]
        spoken = [n for n, word in enumerate(before) if word in told.speakers]
        # A negation of several words may stand before who speaks: "No way that I'd be happy".
        apart = any(" " in phrase and _at(before, phrase) for phrase in told.negations)
        follows = apart or any(n < m for n in spoken for m in negated)
        if follows and not set(words[place : place + REACH]).intersection(told.strengtheners):
            return True
    return False


def says_a_deed(sentence: str) -> bool:
    """Whether somebody says that they did it: "I have …", "we just …"."""
    words = _plain(sentence).split()
    return any(_at(words, deed) for deed in rules().deeds)


def is_withheld(sentence: str) -> bool:
    """Whether what sounds like a promise is denied, conditional or asked."""
    told, words = rules(), _plain(sentence).split()
    if sentence.rstrip(" \"'”").endswith("?") or _denied(words, told):
        return True
    conditional = any(_at(words, phrase) for phrase in told.conditions) or any(
        set(words[n + 1 : n + REACH]).intersection(told.happened)
        for word in told.times
        for n in _at(words, word)
    )
    return conditional and not _done(words, told)


def _denied(words: Sequence[str], told: Rules) -> bool:
    for n, word in enumerate(words):
        if word in told.denials and set(words[n + 1 : n + REACH]).intersection(told.vows):
            return True
        if word in told.speakers and not word.endswith("'ll"):
            behind = words[n + 1 : n + 1 + NEAR]
            denied = next((m for m, w in enumerate(behind) if w in told.denials), None)
            if denied is not None and "will" not in behind[:denied]:
                return True
        if word in told.denials and words[n + 1 : n + 2] in (["been"], ["yet"]):
            return True
    return False


def _done(words: Sequence[str], told: Rules) -> bool:
    """Whether a deed is told before any condition."""
    deeds = [n for deed in told.deeds for n in _at(words, deed)]
    conditions = [n for word in (*told.conditions, *told.times) for n in _at(words, word)]
    return bool(deeds) and min(deeds) < min(conditions, default=0)


def _plain(text: str) -> str:
    return " ".join(_WORD.findall(text.lower().replace("\u2019", "'")))


def _at(words: Sequence[str], phrase: str) -> list[int]:
    """Where a phrase stands among words."""
    wanted = list(_wanted(phrase))
    size = len(wanted)
    return [n for n in range(len(words) - size + 1) if list(words[n : n + size]) == wanted]


@cache
def _wanted(phrase: str) -> tuple[str, ...]:
    return tuple(_plain(phrase).split())
