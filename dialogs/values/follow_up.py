"""What is asked of a learner some days after a lesson, and what they still knew."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from pydantic import ConfigDict

_STORED = ConfigDict(extra="forbid")

Rating = Literal[1, 2, 3, 4]  # how well something was known, as FSRS rates: again, hard, good, easy


@dataclass(frozen=True)
class Reviewed:
    """That a learner showed how well they know what a step teaches."""

    __pydantic_config__ = _STORED

    step: str
    rating: Rating
    at: datetime


@dataclass(frozen=True)
class FollowUp:
    """The follow-up of one lesson, which its learner asked for in `run`, at `since`.

    `zone` is the learner's time zone then, by its name in the IANA database, where it is known.
    `sent` counts the days of the plan that have come. `asked` are the questions of the newest one
    in their order, `right` how the first of them were answered; `used` are all that were answered.
    """

    __pydantic_config__ = _STORED

    run: int
    since: datetime
    zone: str | None = None
    is_on: bool = True
    sent: int = 0
    reviewed: tuple[Reviewed, ...] = ()
    used: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    right: tuple[bool, ...] = ()

    @property
    def open(self) -> str | None:
        """The question that waits for an answer; None where none does."""
        return self.asked[len(self.right)] if len(self.right) < len(self.asked) else None

    def put(self, asked: Sequence[str], sent: int) -> "FollowUp":
        """The same with new questions; what wasn't answered of the ones before may come again."""
        return replace(self, asked=tuple(asked), right=(), sent=sent)

    def answered(self, reviewed: Reviewed, *, right: bool) -> "FollowUp":
        """The same with the open question answered."""
        name = self.asked[len(self.right)]
        return replace(
            self,
            reviewed=(*self.reviewed, reviewed),
            used=(*self.used, name),
            right=(*self.right, right),
        )

    def off(self) -> "FollowUp":
        """The same, and nothing comes any more; what was put can still be answered."""
        return replace(self, is_on=False)
