"""What the tutor says, as activities of the Bot Framework: cards, or text."""

from collections.abc import Sequence
from typing import assert_never

from cards.message import Activity, activities
from cards.surface import Links, Surface
from dialogs.values.replies import Message, Reply, Typing

__all__ = ["Activity", "Links", "Surface", "render"]


def render(replies: Sequence[Reply], surface: Surface, links: Links) -> list[Activity]:
    """Make the activities that show `replies`, in order; whoever sends them adds the ids.

    Where messages can be replaced, a message's slot is in its `channelData`, under `tutor`.
    """
    made: list[Activity] = []
    for reply in replies:
        match reply:
            case Typing():
                made.append({"type": "typing"})
            case Message():
                shown = reply.instead if reply.instead and surface.updates else reply
                if shown.blocks:
                    made += activities(shown, surface, links)
            case _:
                assert_never(reply)
    return made
