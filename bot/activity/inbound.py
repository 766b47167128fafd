"""An activity that came in, as far as the tutor is concerned."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from bot.activity.address import Activity, Address
from dialogs.values.events import Event, Typed


@dataclass(frozen=True)
class Party:
    """Who wrote, on which channel: what an identity is made of."""

    channel: str
    tenant: str
    external: str


@dataclass(frozen=True)
class KnownLearner:
    """A learner whom a token of ours named."""

    learner: str


@dataclass(frozen=True)
class Inbound:
    """An activity as far as the tutor is concerned; `event` is None for what needs no answer.

    `echo` is the learner's own activity where the client gets it back in its history. `card`
    is the message whose card was pressed, where it can be replaced; `standing` is the pressed
    button's data where the card stays and the answer comes below. `leaves`: the tutor was taken
    out of the conversation. `session`: the own page's that it came by, which must not be revoked.
    `arrived` is the number of the last reply that arrived there, as far as is known: it is stored
    a little later.
    """

    id: str | None
    who: Party | KnownLearner
    outlet: Address
    event: Event | None
    expects_replies: bool = False
    echo: Activity | None = None
    card: str | None = None
    standing: Mapping[str, object] | None = None
    leaves: bool = False
    session: str | None = None
    arrived: int = 0

    @property
    def conversation(self) -> str:
        """Our name of the conversation."""
        return self.outlet.conversation

    @property
    def heard(self) -> str | None:
        """A digest of what a channel's user wrote, whatever id the channel gave it."""
        if not isinstance(self.event, Typed) or not isinstance(self.who, Party):
            return None
        told = f"{self.who.external} {self.event.text}"
        return sha256(told.encode("utf-8", "replace")).hexdigest()
