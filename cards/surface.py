"""A client's abilities, and the addresses that its cards point at."""

from dataclasses import dataclass
from typing import Protocol

from dialogs.values.replies import Bars, Chart, Screen

MOST_ACTIONS = 6  # that one card may have, all its buttons counted: Teams' own limit


STEP = "Tutor.Step"


@dataclass(frozen=True)
class Surface:
    """What the client of a conversation can show.

    `elements` are the custom card elements that the page knows, by their type. Without
    `cards` everything is said as text. `updates`: a sent message can be replaced, and a card
    that is pressed is replaced by the answer. `figures`: it draws charts and progress bars
    itself. `suggests`: it shows suggested actions below a card, where it is the newest message.
    `locale` and `zone` are its language and time zone (IANA), where it tells one.
    """

    elements: frozenset[str] = frozenset()
    cards: bool = True
    updates: bool = False
    figures: bool = False
    suggests: bool = True
    locale: str = "en"
    zone: str | None = None

    @property
    def folds(self) -> bool:
        """Whether it shows a step as one card that changes in place, and folds up what is left."""
        return STEP in self.elements


class Links(Protocol):
    """Addresses of what a card shows but doesn't hold. `check` is a path on our own page."""

    def chart(self, chart: Chart | Bars | Screen) -> str:
        """The address of the chart, or of a screen, as a picture."""
        ...

    def media(self, lesson: str, source: str) -> str:
        """The address of a picture of the lesson's files."""
        ...

    def file(self, lesson: str, name: str) -> str:
        """The address of a file to download, made for the learner who sees the card."""
        ...

    def page(self, path: str) -> str:
        """The address of a page of the tutor's own."""
        ...

    def bring_url(self, lesson: str) -> str:
        """The address that takes a file of the learner's own."""
        ...

    def check_url(self, lesson: str, step: str) -> str:
        """The address that checks a line while it is written for the step."""
        ...
