"""What a learner, or time, or a worker did: the events that the tutor answers."""

from typing import Annotated, Literal

from pydantic import Field

from content.frozen import Frozen


class Arrived(Frozen):
    """The learner was added to a conversation, or opened the page.

    `event` names the event whose page they came from.
    """

    kind: Literal["arrived"] = "arrived"
    event: str | None = None


class Typed(Frozen):
    """The learner wrote something."""

    kind: Literal["typed"] = "typed"
    text: str


SAY = "say"  # what a button does that says its value `text` for the learner


class Pressed(Frozen):
    """The learner pressed a button: its stamp, what it does, and the card's input values."""

    kind: Literal["pressed"] = "pressed"
    lesson: str
    step: str
    ticket: int
    digest: str
    learner: str
    do: str
    values: dict[str, str] = {}


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


Event = Annotated[Arrived | Typed | Pressed | Edited | Computed | Due, Field(discriminator="kind")]
