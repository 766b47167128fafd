"""What a host does to a room. Each says what shall be, so that doing it twice does it once."""

from dataclasses import dataclass

from dialogs.room.state import Exchange, View


@dataclass(frozen=True)
class Start:
    """The talk begins: from now on the clock runs."""


@dataclass(frozen=True)
class MoveTo:
    """The talk is at this part."""

    part: str


@dataclass(frozen=True)
class Open:
    """Learners can answer this activity; one that was open is closed."""

    activity: str


@dataclass(frozen=True)
class Close:
    """An activity takes no more answers."""

    activity: str


@dataclass(frozen=True)
class Show:
    """The projector shows this."""

    view: View


@dataclass(frozen=True)
class Allot:
    """A part shall take so many minutes."""

    part: str
    minutes: int


@dataclass(frozen=True)
class Tick:
    """The host has done a preparation, or takes that back."""

    preparation: str


@dataclass(frozen=True)
class Asked:
    """The host has asked the staged models; the room sees what they said."""

    exchange: Exchange


@dataclass(frozen=True)
class End:
    """The session is over: nobody joins or answers any more."""


HostEvent = Start | MoveTo | Open | Close | Show | Allot | Tick | Asked | End
