"""The digest of a press."""

from hashlib import sha256

from dialogs.values.actions import Say
from dialogs.values.events import Pressed


def of_press(pressed: Pressed) -> str:
    """The same for a double click: the ticket, what it does, and its values."""
    picks = {name: ",".join(ids) for name, ids in pressed.picks.items()}
    said = {"text": pressed.do.text} if isinstance(pressed.do, Say) else {}
    values = sorted({**pressed.texts, **picks, **said}.items())
    told = repr((pressed.step, pressed.ticket, str(pressed.do), values))
    return sha256(told.encode()).hexdigest()[:16]
