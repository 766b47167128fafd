"""What the tutor says, as activities of the Bot Framework: cards, or text."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from cards.message import Activity, activities
from cards.surface import Links, Surface
from dialogs.values.replies import Message, Reply, Typing

__all__ = ["Activity", "Drawn", "Links", "Surface", "render"]


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
                message = reply.instead if reply.instead and surface.updates else reply
                if message.blocks:
                    parts = activities(message, surface, links)
                    slot = message.slot if surface.updates and len(parts) == 1 else None
                    drawn += [Drawn(part, slot) for part in parts]
            case _:
                assert_never(reply)
    return drawn
