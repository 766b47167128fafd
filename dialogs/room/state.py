"""What is kept of a room, apart from who is in it and what they answered."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from pydantic import ConfigDict, TypeAdapter

from content.session import Session
from content.stored import Stored

STORED = ConfigDict(extra="forbid")

# What the projector shows: how to join, what was opened last, what is taken home, or questions.
View = Literal["join", "activity", "recap", "questions", "models"]


@dataclass(frozen=True)
class Reply:
    """What a staged model said, or why it didn't; `scores` are by scale, where they are sure."""

    __pydantic_config__ = STORED

    text: str
    failure: str | None = None
    scores: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Exchange:
    """A question that was put to both models of a prepared run, and their replies."""

    __pydantic_config__ = STORED

    question: str
    base: Reply
    tuned: Reply
    run: str = "basic"


@dataclass(frozen=True)
class Room:
    """A room: the talk that is held in it, and where that is.

    `started` is when the talk began; None while people arrive. `part` is the part that the host is
    at, since `part_since`. `minutes` are the host's own where they differ from the run sheet's.
    `open` is the activity that takes answers; `last` the one that was opened last. `opened_at`
    is when. `exchange` is what a host asked the staged models last. `told` counts what learners are
    to be told of; `ended` is when the room closed for good.
    """

    __pydantic_config__ = STORED

    id: str
    code: str
    session: str
    locale: str
    opened: datetime
    part: str
    part_since: datetime
    started: datetime | None = None
    minutes: Mapping[str, int] = field(default_factory=dict)
    view: View = "join"
    open: str | None = None
    opened_at: datetime | None = None
    exchange: Exchange | None = None
    last: str | None = None
    opened_once: tuple[str, ...] = ()
    done: tuple[str, ...] = ()
    told: int = 0
    ended: datetime | None = None

    def minutes_of(self, part: str, session: Session) -> int:
        """How long a part shall take: the host's minutes, or the run sheet's."""
        found = session.part(part)
        return self.minutes.get(part, found.minutes if found else 0)

    def telling(self) -> "Room":
        """The same, of which learners are to be told."""
        return replace(self, told=self.told + 1)

    @property
    def is_over(self) -> bool:
        """Whether nobody can join or answer any more."""
        return self.ended is not None


ROOM: Stored[Room] = Stored("room", TypeAdapter(Room))
