"""Short digests: of a step's content, and of a press."""

from hashlib import sha256

from content.digest import digest
from content.lesson import Step
from dialogs.events import Pressed


def of_step(step: Step) -> str:
    """Changes when the step's content does: a button made for other words is stale."""
    return digest(step)


def of_press(pressed: Pressed) -> str:
    """The same for a double click: the ticket, what it does, and its values."""
    values = sorted(pressed.values.items())
    told = repr((pressed.step, pressed.ticket, pressed.do, values))
    return sha256(told.encode()).hexdigest()[:16]
