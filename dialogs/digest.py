"""The digest of a press."""

from hashlib import sha256

from dialogs.values.events import Pressed


def of_press(pressed: Pressed) -> str:
    """The same for a double click: the ticket, what it does, and its values."""
    values = sorted(pressed.values.items())
    told = repr((pressed.step, pressed.ticket, pressed.do, values))
    return sha256(told.encode()).hexdigest()[:16]
