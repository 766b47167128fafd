"""The digest of a press."""

from hashlib import sha256

from dialogs.values.actions import Say
from dialogs.values.events import Pressed


def of_press(pressed: Pressed) -> str:
    """Make two presses of a double click equal: by ticket, action and values."""
    picks = {name: ",".join(ids) for name, ids in pressed.picks.items()}
    said = {"text": pressed.do.text} if isinstance(pressed.do, Say) else {}
    values = sorted({**pressed.texts, **picks, **said}.items())
    told = repr((pressed.step, pressed.ticket, str(pressed.do), values))
    return sha256(told.encode()).hexdigest()[:16]
