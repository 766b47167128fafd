"""What a step is given in tests: a press of its card, a typed answer."""

from collections.abc import Mapping

from cards import press
from dialogs.values import actions
from dialogs.values.events import Pressed, Typed
from dialogs.values.replies import Button, Stamp


def pressed(do: str, values: Mapping[str, str]) -> Pressed:
    """A press of the button that does `do`, as a client sends it: ids joined by commas."""
    button = Button("", actions.read(do), "")
    event = press.parse({**values, **press.data(Stamp("", "", 1, "", ""), button)})
    assert event
    return event


def said(text: str) -> Typed:
    """A typed answer."""
    return Typed(text=text)
