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
_MONTH = (
    "January|February|March|April|May|June|July|August|September|October|November|December"
    "|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
)
_UNIT = (
    "cents?|seconds?|minutes?|hours?|days?|weeks?|months?|years?"
    "|[KMG]B|tokens?|characters?|examples?"
)
_NUMBER = r"\d+(?:,\d{3})*(?:\.\d+)?"
_FIGURE = re.compile(
    rf"""
      [$€£]{_NUMBER}                          # a price
    | {_NUMBER}\ ?%                           # a share
    | {_NUMBER}[ -](?:{_UNIT})\b              # a limit or a duration
    | (?:\d{{1,2}}\ )?(?:{_MONTH})\ 20\d\d\b  # a day or a month
    | (?<![-\d])20\d\d\b(?!-)                 # a year
    """,
    re.VERBOSE,
)
# What isn't told as true: what customers and models say, code, and how answers are understood.
# A quiz's questions are about cases of their own.
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
    return (found[0] for found in _FIGURE.finditer(text) if found[0] not in ENDS)
