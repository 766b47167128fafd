"""A name as its owner writes it: read, and never judged for what a name may be."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

LONGEST = 100  # characters
JOINERS = "\u200c\u200d"  # without them some scripts are misspelt
_UNSEEN = ("Cc", "Cf", "Co", "Cs")  # control and format characters, private ones, halves


@dataclass(frozen=True)
class NotAName:
    """Why something can't stand on a certificate."""

    why: Literal["empty", "long", "wordless"]


def read(text: str, leads: Sequence[str] = ()) -> str | NotAName:
    """The name that a text gives, composed and in one line, without what nobody sees.

    `leads` are beginnings of sentences in which people give their name.
    """
    composed = unicodedata.normalize("NFC", " ".join(text.split()))
    name = "".join(one for one in composed if one in JOINERS or _is_seen(one)).strip()
    for lead in leads:
        name = re.sub(rf"^{re.escape(lead)}[\s:]+(?=\S)", "", name, flags=re.IGNORECASE)
    if not name.strip(JOINERS):
        return NotAName("empty")
    if len(name) > LONGEST:
        return NotAName("long")
    if not any(map(str.isalpha, name)):
        return NotAName("wordless")
    return name


def _is_seen(character: str) -> bool:
    return unicodedata.category(character) not in _UNSEEN
