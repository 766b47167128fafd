"""The rubric applied: any reply's scales from 1 to 5, its flags and the reasons."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import tanh

from content.world import Flag, Measure, Relation, Rubric, Scale, Sign
from dialogs.simulations.persona.phrase import sentences

LONGEST = 4000  # characters of a reply that are read
LONG_WORD = 10  # letters
MIDDLE, SPREAD, LOWEST, HIGHEST = 3.0, 2.0, 1.0, 5.0

_MARKUP = re.compile(r"<(script|style)\b.*?</\1>|<[^>]*>", re.IGNORECASE | re.DOTALL)
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
    """Each scale as 1 to 5 (`raw` before rounding), the flags, the signs as "scale.sign"."""

    values: Mapping[str, int]
    raw: Mapping[str, float]
    flags: frozenset[str]
    signs: frozenset[str]
    reasons: tuple[Reason, ...]


class PreparedReply:
    """A reply made ready for looking: no markup, sentences, words, measures."""

    def __init__(self, reply: str) -> None:
        self.text = _MARKUP.sub(" ", reply[:LONGEST]).strip().replace("\u2019", "'")
        self.words: list[str] = _WORD.findall(self.text)
        self.sentences = sentences(self.text) or [self.text]

    def measure(self, measure: Measure, pattern: re.Pattern[str] | None) -> float:
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
                found = pattern.finditer(self.text) if pattern else ()
                return sum(len(_WORD.findall(m.group())) for m in found) / count


class Scorer:
    """A rubric with its patterns compiled. `relate` says if a text is about an intent."""

    def __init__(self, rubric: Rubric, relate: Callable[[str, str | None], Relation]) -> None:
        self._relate = relate
        self._scales = rubric.scales
        self._patterns = {
            (scale, name): re.compile(sign.pattern, re.IGNORECASE)
            for scale, s in rubric.scales.items()
            for name, sign in s.signs.items()
            if sign.pattern
        }
        self._flags = {n: _flag(f) for n, f in rubric.flags.items()}

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
            found = self._found(name, scale, text, relation, marks)
            signs += [f"{name}.{s}" for s in found]
            raw[name] = _value(scale, found)
            reasons += _reasons(name, scale, found, marks)
        values = {n: int(v + 0.5) for n, v in raw.items()}
        flags = frozenset(n for n, p in self._flags.items() if p.search(text.text))
        return Score(values, raw, flags, frozenset(signs), tuple(reasons))

    def _found(
        self,
        scale: str,
        rules: Scale,
        text: PreparedReply,
        relation: Relation,
        marks: frozenset[str],
    ) -> list[str]:
        found: list[str] = []
        for name, sign in rules.signs.items():
            if sign.topic and relation not in sign.topic:
                continue
            if sign.mark and sign.mark not in marks:
                continue
            if not all(n in found for n in sign.needs) or any(n in found for n in sign.without):
                continue
            pattern = self._patterns.get((scale, name))
            if not all(r.holds(text.measure(m, pattern)) for m, r in sign.measures.items()):
                continue
            if pattern and "share" not in sign.measures and not _occurs(pattern, sign, text):
                continue
            found.append(name)
        return found


def _flag(flag: Flag) -> re.Pattern[str]:
    return re.compile(flag.pattern, re.IGNORECASE)


def _occurs(pattern: re.Pattern[str], sign: Sign, text: PreparedReply) -> bool:
    if sign.scope == "text":
        return bool(pattern.search(text.text))
    return any(pattern.search(s) for s in text.sentences)


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
