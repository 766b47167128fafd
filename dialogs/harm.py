"""Harm in what a learner wrote to the tutor, looked for before it is taken as an answer."""

from content.reading import HarmKind
from dialogs.reading.harm import harm_of, prepare
from dialogs.values.events import Pressed, Typed

__all__ = ["prepare", "shown_in"]

DATA = ("{", "[")  # begins a line of data, whose texts its own step reads


def shown_in(event: Typed | Pressed) -> HarmKind | None:
    """The kind of harm that a typed text, or one in a card's field, shows."""
    texts = (event.text,) if isinstance(event, Typed) else tuple(event.texts.values())
    prose = (text for text in texts if not text.lstrip().startswith(DATA))
    return next(filter(None, map(harm_of, prose)), None)
