"""Where the figures in a lesson's words come from, and which of them nothing vouches for."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated

from pydantic import Field, model_validator

from content.frozen import Frozen
from content.lesson.base import Id, Words


class Source(Frozen):
    """What vouches for figures: a page of documentation, a paper, or the lesson's own invention.

    `dated` is the day that the page itself bears, `read` the one on which it was looked up. What
    is `lasting` never changes, so nobody has to look it up again. `figures` are by the place
    where they stand: a step's id or a glossary entry's.
    """

    id: Id
    title: Words
    section: str = ""
    url: Annotated[str, Field(pattern=r"^https://")] | None = None
    dated: date | None = None
    read: date | None = None
    lasting: bool = False
    figures: Mapping[Id, tuple[Words, ...]] = {}

    @model_validator(mode="after")
    def _says_when(self) -> "Source":
        if not self.lasting and self.read is None:
            message = 'it may change, so say when it was looked up ("read: 2026-11-29")'
            raise ValueError(message)
        return self


ENDS = {"0%", "100%"}  # of a scale
# In every language that there are editions in.
_MONTH = (
    "January|February|March|April|May|June|July|August|September|October|November|December"
    "|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
    "|Januar|Februar|März|Mai|Juni|Juli|Oktober|Dezember"
)
_UNIT = (
    "cents?|seconds?|minutes?|hours?|days?|weeks?|months?|years?"
    "|[KMG]B|tokens?|characters?|examples?"
    "|Sekunden?|Minuten?|Stunden?|Tagen?|Tage|Wochen?|Monaten?|Monate|Jahren?|Jahre|Zeichen|Beispielen?|Beispiele"
)
_NUMBER = r"\d+(?:[.,]\d+)*"
_FIGURE = re.compile(
    rf"""
      [$€£]{_NUMBER}                          # a price
    | {_NUMBER}\ ?%                           # a share
    | {_NUMBER}[ -](?:{_UNIT})\b              # a limit or a duration
    | (?:\d{{1,2}}\.?\ )?(?:{_MONTH})\ 20\d\d\b  # a day or a month
    | (?<![-\d])20\d\d\b(?!-)                 # a year
    """,
    re.VERBOSE,
)
# What isn't told as true: what customers and models say, code, and how answers are understood.
# (Of a quiz's questions the feedback is, and what is right.)
MATERIAL = frozenset(
    {
        "alt",
        "bank",
        "customer",
        "example",
        "frames",
        "queries",
        "query",
        "response",
        "system",
        "url",
        "wordings",
    }
)


def figures_in(text: str) -> Iterator[str]:
    """Each price, share, limit, duration and date in a text, as it stands there."""
    found = (one[0] for one in _FIGURE.finditer(text))
    return (one for one in found if one.replace(" ", "") not in ENDS)


def digits(figure: str) -> str:
    """What a figure has in every language: "1,224" and "1.224 Euro" are the same one."""
    return "".join(c for c in figure if c.isdigit())
