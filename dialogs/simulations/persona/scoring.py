"""The rubric applied: any reply's scales from 1 to 5, its flags and the reasons."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import tanh

from content.world import Flag, Measure, Relation, Rubric, Scale, Sign
from dialogs.reading.tone import ReplyActs, is_turned
from dialogs.simulations.persona.phrase import bare, sentences

LONGEST = 4000  # characters of a reply that are read
MOST = 30  # sentences of a reply that are looked at
LONG_WORD = 10  # letters
MIDDLE, SPREAD, LOWEST, HIGHEST = 3.0, 2.0, 1.0, 5.0

_MARKUP = re.compile(r"<(script|style)\b.*?</\1>|<[^>]*>", re.IGNORECASE | re.DOTALL)
_EXACT = re.compile(r"""\d+(?:[.,:]\d+)*|\w > \w|["“„][^"“”„]+["“”]""")
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a scale stands where it does, in words for a learner.

    `delta` is what the sign adds to the scale's sum; where `found` is False, what it would
    have added.
    """

    scale: str
    id: str
    delta: float
    words: str
    found: bool


@dataclass(frozen=True, slots=True)
class Score:
    """Each scale as 1 to 5 (`raw` before rounding), the flags, the signs as "scale.sign".

    A scale that can't be judged is in neither.
    """

    values: Mapping[str, int]
    raw: Mapping[str, float]
    flags: frozenset[str]
    signs: frozenset[str]
    reasons: tuple[Reason, ...]


class Words:
    """A list of words as an author writes it: whole ones, "office*" for what begins so."""

    def __init__(self, words: Iterable[str]) -> None:
        parts = [re.escape(w.removesuffix("*")) + r"\w*" * w.endswith("*") for w in words]
        self._found = re.compile(rf"(?<!\w)(?:{'|'.join(parts) or '(?!)'})(?!\w)", re.IGNORECASE)

    def occur(self, text: str) -> bool:
        """Whether one of them stands in a text."""
        return bool(self._found.search(text))

    def count(self, text: str) -> int:
        """How many words of a text they are."""
        return sum(len(_WORD.findall(found.group())) for found in self._found.finditer(text))


class PreparedReply:
    """A reply made ready for looking: no markup, sentences, words, measures."""

    def __init__(self, reply: str) -> None:
        self.text = _MARKUP.sub(" ", reply[:LONGEST]).strip().replace("\u2019", "'")
        self.words: list[str] = _WORD.findall(self.text)
        self.sentences = sentences(self.text)[:MOST] or [self.text]

    def measure(self, measure: Measure, words: Words, common: Words) -> float:
        """One of the rubric's measures; shares are 0.0 to 1.0."""
        count = max(1, len(self.words))
        match measure:
            case "words":
                return len(self.words)
            case "sentences":
                return len(self.sentences)
            case "sentence_words":
                return max(len(_WORD.findall(s)) for s in self.sentences)
            case "long_words":
                return sum(len(w) >= LONG_WORD for w in self.words) / count
            case "capitals":
                return sum(w.isupper() and len(w) > 1 for w in self.words) / count
            case "lines":
                return sum(bool(line.strip()) for line in self.text.splitlines())
            case "share":
                return words.count(self.text) / count
            case "common":
                return common.count(self.text) / count
            case "repeated":
                return self._repeated() / count
            case "exact":
                return len(_EXACT.findall(self.text))

    def _repeated(self) -> int:
        """How many words stand twice in a row, or in a sentence that was said before."""
        small = [word.lower() for word in self.words]
        twice = sum(a == b for a, b in pairwise(small))
        said: set[str] = set()
        for sentence in map(bare, self.sentences):
            twice += len(sentence.split()) * (sentence in said)
            said.add(sentence)
        return twice


class Scorer:
    """A rubric that reads. `relate` says if a text is about an intent."""

    def __init__(
        self, rubric: Rubric, acts: ReplyActs, relate: Callable[[str, str | None], Relation]
    ) -> None:
        self._acts = acts
        self._relate = relate
        self._scales = rubric.scales
        self._flags = rubric.flags
        self._common = Words(rubric.common)
        told: list[Sign | Flag] = [*rubric.flags.values()]
        told += [sign for scale in rubric.scales.values() for sign in scale.signs.values()]
        self._words = {id(one): Words(one.words) for one in told}

    def score(self, reply: str, intent: str | None, marks: frozenset[str]) -> Score:
        """Score a reply to a message of this intent (None: not placed) with these marks."""
        text = PreparedReply(reply)
        relation = self._relate(text.text, intent)
        raw: dict[str, float] = {}
        signs: list[str] = []
        reasons: list[Reason] = []
        for name, scale in self._scales.items():
            if not text.words:
                raw[name] = LOWEST
                reasons.append(Reason(name, "wordless", 0.0, scale.wordless, found=True))
                continue
            if scale.topical and intent is None:
                continue
            found = self._found(scale, text, relation, marks)
            signs += [f"{name}.{s}" for s in found]
            raw[name] = _value(scale, found)
            reasons += _reasons(name, scale, found, marks)
        values = {n: int(v + 0.5) for n, v in raw.items()}
        flags = frozenset(n for n, f in self._flags.items() if self._carries(text, f, signs))
        return Score(values, raw, flags, frozenset(signs), tuple(reasons))

    def does(self, sentence: str, told: Sign | Flag) -> bool:
        """Whether a sentence does one of the acts, and holds one of the words, that are stated."""
        if told.acts and not self._acts.does(sentence, told.acts):
            return False
        if isinstance(told, Sign) and told.unless and self._acts.does(sentence, told.unless):
            return False
        return not told.words or self._words[id(told)].occur(sentence)

    def _found(
        self, rules: Scale, text: PreparedReply, relation: Relation, marks: frozenset[str]
    ) -> list[str]:
        found: list[str] = []
        for name, sign in rules.signs.items():
            if sign.topic and relation not in sign.topic:
                continue
            if sign.mark and sign.mark not in marks:
                continue
            if not all(n in found for n in sign.needs) or any(n in found for n in sign.without):
                continue
            words = self._words[id(sign)]
            measured = (
                r.holds(text.measure(m, words, self._common)) for m, r in sign.measures.items()
            )
            if all(measured) and ("share" in sign.measures or self._occurs(text, sign)):
                found.append(name)
        return found

    def _occurs(self, text: PreparedReply, sign: Sign) -> bool:
        if not (sign.acts or sign.words or sign.turned):
            return True
        told = bool(sign.acts or sign.words)
        return any(
            (told and self.does(s, sign)) or (sign.turned and is_turned(s)) for s in text.sentences
        )

    def _carries(self, text: PreparedReply, flag: Flag, signs: list[str]) -> bool:
        if set(flag.signs).intersection(signs):
            return True
        return any(
            (flag.acts and self._acts.does(s, flag.acts))
            or (flag.words and self._words[id(flag)].occur(s))
            for s in text.sentences
        )


def _value(scale: Scale, found: list[str]) -> float:
    """The scale's value, 1.0 to 5.0, of its found signs."""
    signs = [scale.signs[n] for n in found]
    good = sum(s.weight for s in signs if s.weight > 0)
    for sign in signs:
        good *= sign.keeps
    total = scale.start + good + sum(s.weight for s in signs if s.weight < 0)
    total = min([total, *(s.cap for s in signs if s.cap is not None)])
    if scale.curve == "tanh":
        return MIDDLE + SPREAD * tanh(total)
    return min(HIGHEST, max(LOWEST, total))


def _reasons(name: str, scale: Scale, found: list[str], marks: frozenset[str]) -> list[Reason]:
    reasons = []
    for sign_name, sign in scale.signs.items():
        if sign_name in found:
            if sign.found:
                reasons.append(Reason(name, sign_name, sign.weight, sign.found, found=True))
        elif sign.missing and (sign.mark is None or sign.mark in marks):
            reasons.append(Reason(name, sign_name, sign.weight, sign.missing, found=False))
    return reasons
