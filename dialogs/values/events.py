"""What a learner, or time, or a worker did: the events that the tutor answers."""

from typing import Annotated, Literal

from pydantic import Field

from content.frozen import Frozen
from dialogs.jsonl.conversion import Form
from dialogs.jsonl.encoding import Encoding
from dialogs.values.actions import Action


class Arrived(Frozen):
    """The learner was added to a conversation, or opened the page.

    `event` names the event whose page they came from.
    """

    kind: Literal["arrived"] = "arrived"
    event: str | None = None


class Installed(Frozen):
    """The tutor was added to a conversation of several people, who call it `name`.

    `personal_chat` is the address at which each of them can speak to it alone, where it has one.
    """

    kind: Literal["installed"] = "installed"
    name: str
    personal_chat: str | None = None


class Typed(Frozen):
    """The learner wrote something; `elsewhere`: not where the step was shown to them last.

    `by_button`: a button of a card wrote it, and the channel shows nothing of it.
    """

    kind: Literal["typed"] = "typed"
    text: str
    elsewhere: bool = False
    by_button: bool = False


class Pressed(Frozen):
    """The learner pressed a button: its stamp, what it does, and what the card's inputs held.

    `picks` are the ids of what was chosen or put into an order, by input; `texts` is the rest.
    """

    kind: Literal["pressed"] = "pressed"
    lesson: str
    step: str
    ticket: int
    digest: str
    learner: str
    do: Action
    texts: dict[str, str] = {}
    picks: dict[str, tuple[str, ...]] = {}

    def picked(self, name: str) -> str:
        """The one id that was chosen in an input; empty where none was, or several."""
        ids = self.picks.get(name, ())
        return ids[0] if len(ids) == 1 else ""


class Brought(Frozen):
    """The learner brought a file: its text and how it was saved (`not_utf8`: the first such line).

    `forms` and `mapping` tell what the text was converted from, if it was.
    """

    kind: Literal["brought"] = "brought"
    lesson: str
    name: str
    text: str
    encoding: Encoding
    not_utf8: int
    forms: tuple[Form, ...] = ()
    mapping: tuple[tuple[str, str], ...] = ()


class Called(Frozen):
    """The learner mentioned the tutor and said nothing more."""

    kind: Literal["called"] = "called"


class Wordless(Frozen):
    """The learner sent a picture, a sticker, a file: nothing that can be read."""

    kind: Literal["wordless"] = "wordless"


class Edited(Frozen):
    """The learner changed a message that they had written before."""

    kind: Literal["edited"] = "edited"


class Computed(Frozen):
    """A worker finished the recipe of this key for a step; `fault` says why it could not."""

    kind: Literal["computed"] = "computed"
    lesson: str
    run: int
    step: str
    key: str
    fault: str | None = None


class Due(Frozen):
    """A time that was asked for has come."""

    kind: Literal["due"] = "due"
    lesson: str
    run: int
    step: str
    name: str


class Reminder(Frozen):
    """A time has come that belongs to no step; `name` says what for, `lesson` which it is about."""

    kind: Literal["reminder"] = "reminder"
    name: str
    lesson: str = ""


Timed = Annotated[Due | Reminder, Field(discriminator="kind")]
Event = Annotated[
    Arrived
    | Installed
    | Called
    | Typed
    | Pressed
    | Wordless
    | Brought
    | Edited
    | Computed
    | Due
    | Reminder,
    Field(discriminator="kind"),
]
