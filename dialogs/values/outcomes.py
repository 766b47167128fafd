"""What came of an errand: the turn's second event, which the shell makes and nobody stores."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from dialogs.room.answers import Why
from dialogs.room.state import Room
from dialogs.values.certificate import Certificate
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


@dataclass(frozen=True)
class ClockFound:
    """Where reminders of a lesson come: to a chat, or to the own page, which waits for a visit.

    `zone` is the learner's time zone by its name in the IANA database, where their client says it.
    """

    lesson: str
    place: Literal["page", "chat"]
    zone: str | None


@dataclass(frozen=True)
class NothingCompleted:
    """There is no certificate, and nothing to make one of."""


@dataclass(frozen=True)
class SeriesOpen:
    """Not every lesson is completed: the titles of those that are left."""

    left: tuple[str, ...]


@dataclass(frozen=True)
class NameWanted:
    """A certificate can be issued for a lesson; `suggested` is what the learner may be called."""

    lesson: str
    title: str
    suggested: str


@dataclass(frozen=True)
class NameChecked:
    """A name as it would stand on a certificate; `undrawable` is its first sign that can't."""

    lesson: str
    name: str
    undrawable: str | None


@dataclass(frozen=True)
class CertificateHeld:
    """The learner's certificate; `linkedin` is the address that adds it to their profile there."""

    certificate: Certificate
    linkedin: str


@dataclass(frozen=True)
class CertificateWithdrawn:
    """Whoever runs the tutor has revoked the learner's certificate for a lesson."""

    title: str


# What brought a room up: the learner went in, looked, answered, asked or left, or it has changed.
Came = Literal["entered", "told", "looked", "voted", "refused", "asked", "named", "left"]


@dataclass(frozen=True)
class NoRoom:
    """There is no such room, it is over, or the learner is in none."""

    why: Literal["unknown", "over", "none"]


@dataclass(frozen=True)
class RoomSeen:
    """The learner's room as it is: `votes` are their own answers, by activity.

    `activity` is what an answer was meant for, and `refused` why
    it doesn't count. `is_host_away`: no page of a host is connected.
    """

    came: Came
    room: Room
    votes: Mapping[str, str]
    activity: str | None = None
    refused: Why | Literal["many"] | None = None
    is_host_away: bool = False


@dataclass(frozen=True)
class AskedInRoom:
    """A question to the host, by its number, with the votes of others, and whether one is mine."""

    number: int
    text: str
    votes: int
    is_voted: bool


@dataclass(frozen=True)
class QuestionsSeen:
    """What was asked in a room, the most wanted first."""

    room: Room
    questions: tuple[AskedInRoom, ...]


@dataclass(frozen=True)
class HostPage:
    """Where sessions are led: by a `path` that signs one in once, or by the operator's token."""

    path: str | None = None


RoomOutcome = NoRoom | RoomSeen | QuestionsSeen | HostPage
CertificateOutcome = (
    NothingCompleted
    | SeriesOpen
    | NameWanted
    | NameChecked
    | CertificateHeld
    | CertificateWithdrawn
)
AccountOutcome = (
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
Outcome = AccountOutcome | CertificateOutcome | ClockFound | RoomOutcome
