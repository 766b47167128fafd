"""Conditions on what a trial was set to and what came of it, as an author writes them.

    precision >= 0.8 and oracle == 0
    precision > previous.precision + 0.05
    rules == quote and count.rules >= 2

A figure and a number that was set are compared with `<`, `<=`, `>`, `>=`, `==` and `!=`. `==`
says of a setting that an option is among those chosen, `none` that nothing was; options whose ids
are numbers are compared like numbers, too. `count.rules` is how many options are chosen,
`previous.` looks at the trial before: where there is none, nothing holds of it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from content.nearest import did_you_mean

Value = float | tuple[str, ...]  # a figure or a number; the ids of the options that are chosen
Known = Mapping[str, Value]  # by the names of figures and settings

SIGNS = ("<=", ">=", "==", "!=", "<", ">")
AND, NONE, BEFORE, COUNT = "and", "none", "previous.", "count."
_EQUAL = 1e-9


@dataclass(frozen=True)
class Term:
    """One side of a comparison: a number, or a name; `plus` is added to its value."""

    name: str
    number: float | None = None
    plus: float = 0.0
    before: bool = False
    counted: bool = False


@dataclass(frozen=True)
class Comparison:
    """Two sides and what must hold between them."""

    left: Term
    sign: str
    right: Term

    def holds(self, now: Known, before: Known | None) -> bool:
        """Whether it holds; not where something that it names isn't there."""
        left, right = _value(self.left, now, before), _value(self.right, now, before)
        if isinstance(left, tuple) and right is None and not self.right.before:
            right = () if self.right.name == NONE else (self.right.name,)
        if left is None or right is None:
            return False
        if self.sign in ("==", "!="):
            return _same(left, right) == (self.sign == "==")
        a, b = _number(left), _number(right)
        if a is None or b is None:
            return False
        match self.sign:
            case "<":
                return a < b
            case "<=":
                return a <= b + _EQUAL
            case ">":
                return a > b
            case _:
                return a >= b - _EQUAL


@dataclass(frozen=True)
class Condition:
    """Comparisons that must hold together."""

    parts: tuple[Comparison, ...]

    def holds(self, now: Known, before: Known | None = None) -> bool:
        """Whether it holds of a trial, given the one before it."""
        return all(part.holds(now, before) for part in self.parts)

    @property
    def looks_back(self) -> bool:
        """Whether it speaks of the trial before."""
        return any(side.before for part in self.parts for side in (part.left, part.right))

    def faults(
        self, figures: Mapping[str, object], settings: Mapping[str, tuple[str, ...] | None]
    ) -> Iterator[str]:
        """Names that nothing has, and options that a setting doesn't have.

        `settings` have the ids of their options, None for a number.
        """
        known = {*figures, *settings}
        for part in self.parts:
            left, right = part.left, part.right
            if left.number is None and left.name not in known:
                yield f'nothing here is called "{left.name}"{did_you_mean(left.name, known)}'
                continue
            for side in (left, right):
                if side.counted and settings.get(side.name) is None:
                    yield f'"{side.name}" has no options to count'
            options = settings.get(left.name)
            if right.number is None and right.name in known:
                continue
            if options is not None and not left.counted:
                if right.name not in (*options, NONE):
                    near = did_you_mean(right.name, options)
                    yield f'"{left.name}" has no option "{right.name}"{near}'
            elif right.number is None:
                near = did_you_mean(right.name, known)
                yield f'nothing here is called "{right.name}"{near}'


@lru_cache(maxsize=2000)
def condition(text: str) -> Condition:
    """Read a condition. Raises ValueError, in words for its author."""
    parts: list[list[str]] = [[]]
    for word in text.split():
        if word == AND:
            parts.append([])
        else:
            parts[-1].append(word)
    return Condition(tuple(_comparison(words, text) for words in parts))


def _comparison(words: list[str], text: str) -> Comparison:
    signs = [at for at, word in enumerate(words) if word in SIGNS]
    if len(signs) != 1:
        msg = f'"{" ".join(words) or text}" compares nothing; write it like: precision >= 0.8'
        raise ValueError(msg)
    at = signs[0]
    return Comparison(_term(words[:at], text), words[at], _term(words[at + 1 :], text))


def _term(words: list[str], text: str) -> Term:
    if not words or (len(words) != 1 and not (len(words) == 3 and words[1] in "+-")):  # noqa: PLR2004
        msg = f'"{text}": beside a sign stands one name or number, or a name + a number'
        raise ValueError(msg)
    plus = 0.0
    if len(words) > 1:
        added = _as_number(words[2])
        if added is None:
            msg = f'"{words[2]}" is no number that could be added'
            raise ValueError(msg)
        plus = added if words[1] == "+" else -added
    name = words[0]
    before = name.startswith(BEFORE)
    name = name.removeprefix(BEFORE)
    counted = name.startswith(COUNT)
    name = name.removeprefix(COUNT)
    return Term(name, _as_number(name), plus, before, counted)


def _as_number(word: str) -> float | None:
    try:
        return float(word)
    except ValueError:
        return None


def _value(term: Term, now: Known, before: Known | None) -> Value | None:
    if term.number is not None:
        return term.number + term.plus
    trial = before if term.before else now
    found = None if trial is None else trial.get(term.name)
    if term.counted and isinstance(found, tuple):
        return float(len(found)) + term.plus
    return found + term.plus if isinstance(found, float | int) else found


def _number(value: Value) -> float | None:
    if not isinstance(value, tuple):
        return value
    return _as_number(value[0]) if len(value) == 1 else None


def _same(left: Value, right: Value) -> bool:
    if isinstance(left, tuple) and isinstance(right, tuple):
        return set(right) <= set(left) if len(right) == 1 else set(left) == set(right)
    if isinstance(left, tuple) and isinstance(right, float):
        return any(_as_number(one) == right for one in left)
    a, b = _number(left), _number(right)
    return a is not None and b is not None and abs(a - b) <= _EQUAL
