"""What is typed to move about, as opposed to what is typed to answer."""

import re
from dataclasses import dataclass

from content.strings import TutorStrings
from dialogs.typed import plain


@dataclass(frozen=True)
class Command:
    """A command by its name, with what follows it (a number, a term)."""

    name: str
    about: str = ""


def read(text: str, words: TutorStrings) -> Command | None:
    """The command that the text is; None when it is something else, an answer maybe."""
    said = plain(text) or text.strip()
    for name, forms in words.commands.items():
        if said in (plain(f) or f for f in forms):
            return Command(name)
    numbered = re.fullmatch(rf"{re.escape(words.review)}\s+(\d+)", said)
    if numbered:
        return Command("review", numbered.group(1))
    for form in words.what_is:
        start = plain(form) + " "
        if said.startswith(start) and len(said) > len(start):
            return Command("what-is", re.sub(r"^(an?|the)\s+", "", said[len(start) :]))
    return None
