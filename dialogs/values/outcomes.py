"""What came of an errand: the turn's second event, which the shell makes and nobody stores."""

from dataclasses import dataclass
from typing import Literal

from dialogs.values.progress import Learner


@dataclass(frozen=True)
class CodeMade:
    """A code for another place; `path` opens the own page at the learner's place, once.

    `place` is where the learner is: on the own page they are told of chats, in a chat of the page.
    """

    code: str
    path: str
    place: Literal["page", "chat"]


@dataclass(frozen=True)
class CodeRead:
    """A code is another learner's, whose progress is this."""

    code: str
    other: Learner


@dataclass(frozen=True)
class CodeRefused:
    """A code is nobody's, or the very learner's who typed it."""

    why: Literal["unknown", "own"]


@dataclass(frozen=True)
class Joined:
    """Two learners are one, whose turn this is."""


@dataclass(frozen=True)
class Exported:
    """The learner's data are at this path, for some minutes."""

    path: str


@dataclass(frozen=True)
class Erased:
    """What was deleted: how many places in lessons, facts, results and messages."""

    lessons: int
    facts: int
    results: int
    messages: int


@dataclass(frozen=True)
class DeviceForgotten:
    """The browser knows the learner no longer."""


@dataclass(frozen=True)
class NoDevice:
    """The learner is known here by the channel, so there is no device to forget."""


@dataclass(frozen=True)
class SignedOut:
    """Nothing brings the learner back any more, on any device."""


@dataclass(frozen=True)
class OthersReadAlong:
    """It wasn't done, since what it gives is for the learner alone and this is a group."""


Outcome = (
    CodeMade
    | CodeRead
    | CodeRefused
    | Joined
    | Exported
    | Erased
    | DeviceForgotten
    | NoDevice
    | SignedOut
    | OthersReadAlong
)
