"""What is typed to move about, as opposed to what is typed to answer."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from content.cached import cached_by_identity
from content.strings import TutorStrings
from dialogs.reading.typed import plain


@dataclass(frozen=True)
class Command:
    """A command by its name, with what follows it (a number, a term)."""

    name: str
    about: str = ""


def read(text: str, words: TutorStrings) -> Command | None:
    """The command that the text is; None when it is something else, an answer maybe."""
    said = plain(text) or text.strip()
    name = _names(words).get(said)
    if name is not None:
        return Command(name)
    numbered = re.fullmatch(rf"{re.escape(words.review)}\s+(\d+)", said)
    if numbered:
        return Command("review", numbered.group(1))
    for form in words.what_is:
        start = plain(form) + " "
        if said.startswith(start) and len(said) > len(start):
            return Command("what-is", said[len(start) :])
    return None


@cached_by_identity(64)
def _names(words: TutorStrings) -> Mapping[str, str]:
    """The commands by what is typed for them; the first one of a form has it."""
    found: dict[str, str] = {}
    for name, forms in words.commands.items():
        for form in forms:
            found.setdefault(plain(form) or form, name)
    return found
