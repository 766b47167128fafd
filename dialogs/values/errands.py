"""What `converse` asks the shell to do at once, in the turn's own transaction.

What came of it (`dialogs/values/outcomes.py`) is answered in the same turn. Some wait for a yes:
the learner's document keeps which, and `str` names it for the button that agrees.
"""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

_STORED = ConfigDict(extra="forbid")


@dataclass(frozen=True)
class MakeCode:
    """Make a code that joins another place with this one."""


@dataclass(frozen=True)
class ReadCode:
    """See whose a code is."""

    code: str


@dataclass(frozen=True)
class Join:
    """Make one learner of whoever typed a code and whoever was given it; the code is spent."""

    __pydantic_config__ = _STORED

    code: str
    kind: Literal["join"] = "join"

    def __str__(self) -> str:
        return f"{self.kind} {self.code}"


@dataclass(frozen=True)
class Export:
    """Make a file of all that is kept about the learner."""


@dataclass(frozen=True)
class Erase:
    """Delete all that is kept about the learner."""

    __pydantic_config__ = _STORED

    kind: Literal["erase"] = "erase"

    def __str__(self) -> str:
        return self.kind


@dataclass(frozen=True)
class ForgetDevice:
    """Let the browser that the learner writes from no longer know them."""

    __pydantic_config__ = _STORED

    kind: Literal["forget-device"] = "forget-device"

    def __str__(self) -> str:
        return self.kind


@dataclass(frozen=True)
class SignOut:
    """Make everything worthless that brings the learner back, on all devices."""

    __pydantic_config__ = _STORED

    kind: Literal["sign-out"] = "sign-out"

    def __str__(self) -> str:
        return self.kind


@dataclass(frozen=True)
class SeeCertificate:
    """Find the certificate of the learner's lesson, or what it would be made of."""


@dataclass(frozen=True)
class SeeSeries:
    """Find the certificate for having completed every lesson, or what it would be made of."""


@dataclass(frozen=True)
class FindClock:
    """See whether the learner can be written to here, and by which clock they live."""

    lesson: str


@dataclass(frozen=True)
class CorrectCertificate:
    """Find the certificate whose name is wrong."""


@dataclass(frozen=True)
class CheckName:
    """See whether every sign of a name can be drawn on a certificate."""

    lesson: str
    name: str


@dataclass(frozen=True)
class Issue:
    """Issue the certificate of a lesson for this name; one with another name is revoked."""

    __pydantic_config__ = _STORED

    lesson: str
    name: str
    kind: Literal["issue"] = "issue"

    def __str__(self) -> str:
        return f"{self.kind} {self.lesson} {self.name}"

    @staticmethod
    def is_named(text: str) -> bool:
        """Whether a text names one of these, whichever."""
        return text.partition(" ")[0] == Issue.kind


@dataclass(frozen=True)
class EnterRoom:
    """Go into the room of a live session that has this code."""

    code: str


@dataclass(frozen=True)
class SeeRoom:
    """See what is open in the learner's room; `is_told`: it was the room that asked for it."""

    is_told: bool = False


@dataclass(frozen=True)
class CastVote:
    """Answer an activity in a room, with an option's id or as it was typed."""

    room: str
    activity: str
    text: str


@dataclass(frozen=True)
class AskHost:
    """Keep a question to the host of the learner's room."""

    text: str


@dataclass(frozen=True)
class NameInRoom:
    """Show the learner's scores in their room under a name; an empty one takes that back."""

    name: str


@dataclass(frozen=True)
class SeeQuestions:
    """See what was asked in the learner's room."""


@dataclass(frozen=True)
class BecomeHost:
    """Find the way to the host's page, for whom may host by typing it."""


@dataclass(frozen=True)
class LeaveRoom:
    """Be told nothing more of the room."""


RoomErrand = (
    EnterRoom | SeeRoom | CastVote | AskHost | NameInRoom | SeeQuestions | BecomeHost | LeaveRoom
)
Confirmed = Annotated[Join | Erase | ForgetDevice | SignOut | Issue, Field(discriminator="kind")]
Errand = (
    MakeCode
    | ReadCode
    | Export
    | Join
    | Erase
    | ForgetDevice
    | SignOut
    | SeeCertificate
    | SeeSeries
    | FindClock
    | CorrectCertificate
    | CheckName
    | Issue
    | RoomErrand
)
