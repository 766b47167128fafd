"""Commands: words that are typed to move about, and answer nothing."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from content.cached import cached_by_identity
from content.strings import CommandName, TutorStrings
from dialogs.reading.typed import plain
from dialogs.values.actions import Command, Speak

LONGEST = 300  # characters of a command, with a term to explain
TERM = "{term}"  # where the term stands in a form
LONGEST_NUMBER = 9  # digits of a number that are read
# Codes have no vowels and nothing that looks like something else, so no word is taken for one;
# after "link" and with the hyphen anything is, so that a mistyped one is told so.
CODE_LETTERS = "23456789BCDFGHJKMNPQRSTVWXZ"
_HALF = rf"[{CODE_LETTERS}]{{4}}"
_CODE = re.compile(rf"({_HALF})[-\s]?({_HALF})", re.IGNORECASE)
_HYPHENED = re.compile(r"([A-Z0-9]{4})-([A-Z0-9]{4})", re.IGNORECASE)


@dataclass(frozen=True)
class Review:
    """Look at a finished step again, by its number in the overview."""

    number: int


@dataclass(frozen=True)
class WhatIs:
    """Explain a term."""

    term: str


@dataclass(frozen=True)
class LinkCode:
    """Join another place with this one, by the code that was given there."""

    code: str


TypedCommand = Command | Review | WhatIs | Speak | LinkCode


def read(text: str, *languages: TutorStrings) -> TypedCommand | None:
    """What the text tells the tutor to do, in the first of the languages that knows it.

    None when it is something else, an answer maybe.
    """
    if len(text) > LONGEST:
        return None
    return next((found for words in languages if (found := _read(text, words))), None)


def _read(text: str, words: TutorStrings) -> TypedCommand | None:
    code = _code(text.strip(), words)
    if code is not None:
        return code
    said = plain(text) or text.strip()
    forms = _forms(words)
    name = forms.names.get(said)
    if name is not None:
        return Command(name)
    numbered = forms.review.fullmatch(said)
    if numbered:
        return Review(int(numbered.group(1)[:LONGEST_NUMBER]))
    for form in words.commands["language"]:
        if said.startswith(f"{form} "):
            return Speak(said.removeprefix(f"{form} "))
    for start, end in forms.terms:
        term = said.removeprefix(start).removesuffix(end)
        if len(term) + len(start) + len(end) == len(said) and term:
            return WhatIs(term)
    return None


def _code(text: str, words: TutorStrings) -> LinkCode | None:
    """The code that a text is: with the word for it, or alone where it is plainly one."""
    first, _, rest = text.partition(" ")
    if first.casefold() == words.link_word:
        found = _CODE.fullmatch(rest.strip()) or _HYPHENED.fullmatch(rest.strip())
    else:
        is_plain = "-" in text and any(map(str.isalpha, text))
        found = _CODE.fullmatch(text) if is_plain else None
    return LinkCode(f"{found[1]}-{found[2]}".upper()) if found else None


@dataclass(frozen=True)
class _Forms:
    """A language's words for commands, ready to be compared with what is typed.

    `names` are the commands by what is typed for them; the first one of a form has it. `terms` are
    what stands before and behind a term to explain.
    """

    names: Mapping[str, CommandName]
    review: re.Pattern[str]
    terms: tuple[tuple[str, str], ...]


@cached_by_identity(64)
def _forms(words: TutorStrings) -> _Forms:
    names: dict[str, CommandName] = {}
    for name, forms in words.commands.items():
        for form in forms:
            names.setdefault(plain(form) or form, name)
    cut = [form.partition(TERM) for form in words.what_means]
    around = [(f"{plain(a)} ".lstrip(), f" {plain(b)}".rstrip()) for a, _, b in cut]
    before = [(f"{plain(form)} ", "") for form in words.what_is]
    review = re.compile(rf"{re.escape(words.review)}\s+(\d+)")
    return _Forms(names, review, (*around, *before))
