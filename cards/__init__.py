"""What the tutor says, as activities of the Bot Framework: cards, or text."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from cards.message import Activity, activities
from cards.standing import as_it_stays
from cards.surface import Links, Surface
from dialogs.values.replies import Message, Reply, Typing

__all__ = ["Activity", "Drawn", "Links", "Surface", "as_it_stays", "render"]


@dataclass(frozen=True)
class Drawn:
    """An activity; the next one with the same `slot` is shown in its place."""

    activity: Activity
    slot: str | None = None


def render(replies: Sequence[Reply], surface: Surface, links: Links) -> list[Drawn]:
    """Make the activities that show `replies`, in order; whoever sends them adds the ids.

    There are slots where messages can be replaced.
    """
    drawn: list[Drawn] = []
    for reply in replies:
        match reply:
            case Typing():
                drawn.append(Drawn({"type": "typing"}))
            case Message():
                drawn += _drawn(reply, surface, links)
            case _:
                assert_never(reply)
    return drawn


def _drawn(message: Message, surface: Surface, links: Links) -> list[Drawn]:
    if surface.updates and message.instead is not None:
        parts = activities(message.instead, surface, links)
        # What doesn't fit in one card isn't said again.
        if len(parts) == 1 or not message.blocks:
            return _slotted(parts, message.instead, surface)
    if not message.blocks:
        return []
    return _slotted(activities(message, surface, links), message, surface)


def _slotted(parts: Sequence[Activity], message: Message, surface: Surface) -> list[Drawn]:
    slot = message.slot if surface.updates and len(parts) == 1 else None
    return [Drawn(part, slot) for part in parts]
