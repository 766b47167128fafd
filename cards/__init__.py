"""What the tutor says, as activities of the Bot Framework: cards, or text."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import assert_never

from cards.message import Activity, activities
from cards.standing import as_it_stays
from cards.surface import Links, Surface
from dialogs.values.replies import Message, ProgressBar, Reply, Typing

__all__ = ["Activity", "Drawn", "Links", "Surface", "as_it_stays", "render"]


@dataclass(frozen=True)
class Drawn:
    """An activity; the next one with the same `slot` is shown in its place.

    One that `renews` is of use in that place alone.
    """

    activity: Activity
    slot: str | None = None
    renews: bool = False


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
    if (surface.updates or surface.folds) and message.instead is not None:
        parts = activities(message.instead, surface, links)
        # What doesn't fit in one card isn't said again.
        if len(parts) == 1 or not message.blocks:
            drawn = _slotted(parts, message.instead, surface)
            return drawn if message.blocks else [replace(one, renews=True) for one in drawn]
    if not message.blocks:
        return []
    return _slotted(activities(message, surface, links), message, surface)


def _slotted(parts: Sequence[Activity], message: Message, surface: Surface) -> list[Drawn]:
    slot = _slot(message, surface) if len(parts) == 1 else None
    if slot and surface.folds:
        parts = [{**part, "channelData": {"step": _step(message, slot)}} for part in parts]
    return [Drawn(part, slot) for part in parts]


def _step(message: Message, slot: str) -> dict[str, object]:
    """What the page shows of a step beside its card: in its header, and once it was left."""
    bars = (asdict(block) for block in message.blocks if isinstance(block, ProgressBar))
    line = asdict(message.line) if message.line else {}
    return {"id": slot, **line, "bar": next(bars, None)}


def _slot(message: Message, surface: Surface) -> str | None:
    if surface.updates:
        return message.slot
    if surface.folds and message.line and message.stamp:
        return f"{message.stamp.lesson} {message.stamp.step}"
    return None
