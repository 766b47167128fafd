"""How typed answers are read: numbers as shown, letters, or the words themselves."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Protocol
from unicodedata import category

from content.strings import TypingForms

ALIKE = 0.84  # share of equal characters from which a typed option counts as that option
RUN = 6  # words in a row from which a text counts as copied
LARGEST = 1e9  # that counts as a number: nobody means what is larger


class Named(Protocol):
    """An item that can be named by typing: by its place, its letter, or its words."""

    @property
    def id(self) -> str:
        """What stands for the item in an answer."""
        ...

    @property
    def text(self) -> str:
        """The item's words, as they are shown."""
        ...


@lru_cache(maxsize=500)  # each turn asks for the same text, and for the same forms, many times
def plain(text: str) -> str:
    """The words alone: lower case, no punctuation, quotes neither, single spaces."""
    return " ".join(re.findall(r"\w+(?:'\w+)*", text.lower().replace("’", "'")))


def is_emoji(text: str) -> bool:
    """Whether a text is pictures alone, with signs around them: nothing that can be judged."""
    signs = "".join(text.split())
    return not re.search(r"[\w\[\]{}\"“]", signs) and any(category(c) == "So" for c in signs)


def is_one_of(text: str, forms: Sequence[str]) -> bool:
    """Whether a text is one of the forms, and nothing more."""
    return plain(text) in map(plain, forms)


def after(text: str, forms: Sequence[str]) -> str | None:
    """What a text says, as it is written, after one of the forms that it begins with."""
    words = text.split()
    for form in map(plain, forms):
        for count in range(1, len(form.split()) + 1):  # "A/B" is one word as it is written
            if plain(" ".join(words[:count])) == form:
                return " ".join(words[count:])
    return None


def chosen(text: str, items: Sequence[Named], forms: TypingForms) -> tuple[str, ...] | None:
    """The ids of the items that `text` names, in its order; None when it names none.

    "1, 3" and "1 3" count the items as shown, "a c" letters them, and an item's own
    words may be written out (small slips allowed), several of them split by ";" or lines.
    A number that counts none may be what an item says: "45" for "45", "10" for "10 topics".
    """
    wanted = text.strip().lower()
    marks = re.findall(r"[0-9]+|[a-z]+", wanted)
    if _is_numbers(wanted, forms):
        counts = [float(n) for n in re.findall(r"\d+", wanted)]
        if counts and all(1 <= n <= len(items) for n in counts):
            return tuple(items[int(n) - 1].id for n in counts)
        said = [i.id for i in items if plain(i.text).split(" ", 1)[0] == plain(wanted)]
        return (said[0],) if len(said) == 1 else None
    if marks and all(len(m) == 1 and m.isalpha() for m in marks):
        places = [ord(m) - ord("a") for m in marks]
        if all(n < len(items) for n in places):
            return tuple(items[n].id for n in places)
    parts = [part for part in re.split(r"[;\n]", wanted) if part.strip()]
    ids: list[str] = []
    for part in parts if len(parts) <= 2 * len(items) else ():
        found = _named(part, items)
        if found is None:
            return None
        ids.append(found)
    return tuple(ids) or None


def beyond(text: str, items: Sequence[Named], forms: TypingForms) -> str | None:
    """The first number of a text of nothing but numbers that none of the items has."""
    is_meant = _is_numbers(text.strip().lower(), forms) and chosen(text, items, forms) is None
    found = re.findall(r"\d+", text) if is_meant else []
    return next((n for n in found if not 1 <= float(n) <= len(items)), None)


def _is_numbers(wanted: str, forms: TypingForms) -> bool:
    ands = "|".join(map(re.escape, forms.ands))
    return bool(re.fullmatch(rf"[\s\d.,;:&+()#>-]+((?:{ands})\s+\d+\W*)?", wanted))


def _named(part: str, items: Sequence[Named]) -> str | None:
    said = plain(part)
    if not said:
        return None
    exact = [i.id for i in items if said in (plain(i.text), i.id)]
    if len(exact) == 1:
        return exact[0]
    begun = [i.id for i in items if len(said) >= 4 and plain(i.text).startswith(said)]  # noqa: PLR2004
    if len(begun) == 1:
        return begun[0]
    alike = [(_likeness(said, plain(i.text)), i.id) for i in items]
    best, name = max(alike)
    return name if best >= ALIKE else None


def _likeness(said: str, text: str) -> float:
    """The share of equal characters; 0.0 where the lengths alone tell that it is too small."""
    compared = SequenceMatcher(None, said, text)
    return compared.ratio() if compared.real_quick_ratio() >= ALIKE else 0.0


def numbers(text: str) -> tuple[float, ...]:
    """All numbers in the text, with a point or a comma before decimals."""
    found = (float(n.replace(",", ".")) for n in re.findall(r"-?\d+(?:[.,]\d+)?", text))
    return tuple(n for n in found if abs(n) <= LARGEST)


def number(text: str) -> float | None:
    """The one number that the text is; None when it is something else."""
    found = re.fullmatch(r"\s*-?\d+(?:[.,]\d+)?\s*%?\s*", text)
    return next(iter(numbers(text)), None) if found else None


def unquoted(text: str, told: Sequence[str]) -> str:
    """What of a text is the writer's own: runs of `RUN` words or more of `told` are left out."""
    runs = {run for passage in told for run in _runs(_words(passage))}
    places = list(re.finditer(r"[\w']+", _straight(text)))
    copied = set[int]()
    for start, run in enumerate(_runs([p.group().lower() for p in places])):
        if run in runs:
            copied.update(range(start, start + RUN))
    kept = [text[: places[0].start()]] if places else [text]
    for at, place in enumerate(places):
        end = places[at + 1].start() if at + 1 < len(places) else len(text)
        kept.append(" " if at in copied else text[place.start() : end])
    return "".join(kept)


def _straight(text: str) -> str:
    return text.replace("’", "'")


def _words(text: str) -> list[str]:
    return re.findall(r"[\w']+", _straight(text).lower())


def _runs(words: Sequence[str]) -> list[tuple[str, ...]]:
    return [tuple(words[n : n + RUN]) for n in range(len(words) - RUN + 1)]


def without(text: str, patterns: Sequence[str]) -> str:
    """The text without what any of the patterns finds."""
    text = _straight(text)
    for pattern in patterns:
        text = re.sub(pattern, " ", text, flags=re.IGNORECASE)
    return text


def honest(text: str, question: str, forms: TypingForms, least: int = 4) -> str | None:
    """None for an honest try at a free text, else what it lacks: "empty", "noise" or "echo".

    A try has `least` different words or more, words that look like words, and is not the
    question again.
    """
    words = re.findall(r"[^\W\d_]{2,}", text.lower())
    if not words:
        return "empty"
    vowels = sum(any(letter in forms.vowels for letter in w) for w in words)
    if len(set(words)) < least or vowels < 0.6 * len(words):
        return "noise" if vowels < 0.6 * len(words) or len(set(words)) == 1 else "empty"
    asked = set(re.findall(r"[^\W\d_]{2,}", question.lower()))
    fresh = [w for w in words if w not in asked]
    if len(fresh) < least / 2 or SequenceMatcher(None, plain(text), plain(question)).ratio() > 0.85:  # noqa: PLR2004
        return "echo"
    return None
