"""The room's state machine: what a host does, and what comes of it."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, assert_never

from content.session import Poll, Session
from dialogs.room.events import Allot, Asked, Close, End, HostEvent, MoveTo, Open, Show, Start, Tick
from dialogs.room.state import Room

LONGEST_PART = 120  # minutes
Refusal = Literal["over", "unknown"]


@dataclass(frozen=True)
class RoomTurn:
    """The room afterwards. `tells`: learners in it are told; `refused` says why nothing changed."""

    room: Room
    tells: bool = False
    refused: Refusal | None = None


def opened(room_id: str, code: str, session: Session, locale: str, now: datetime) -> Room:
    """A new room, at the talk's first part, while people arrive."""
    return Room(room_id, code, session.id, locale, now, session.parts[0].id, now)


def advance_room(session: Session, room: Room, event: HostEvent, now: datetime) -> RoomTurn:
    """Answer what a host did. Pure; an event that is repeated changes nothing more."""
    if room.is_over and not isinstance(event, Show | Asked):
        return RoomTurn(room, refused="over")
    match event:
        case Start():
            return _changed(room, room if room.started else _started(room, now))
        case MoveTo(part=part):
            return _moved(session, room, part, now)
        case Open(activity=name):
            return _opened(session, room, name, now)
        case Close(activity=name):
            if room.open != name:
                return RoomTurn(room)
            activity = session.activity(name)
            # What was right is told, and at the end what is taken home; others end silently.
            is_quiz = isinstance(activity, Poll) and activity.right is not None
            tells = is_quiz or is_wrap_up(session, room.part)
            return _changed(room, replace(room, open=None), tells=tells)
        case Show(view=view):
            return _changed(room, replace(room, view=view))
        case Allot(part=part, minutes=minutes):
            if session.part(part) is None or not 1 <= minutes <= LONGEST_PART:
                return RoomTurn(room, refused="unknown")
            return _changed(room, replace(room, minutes={**room.minutes, part: minutes}))
        case Tick(preparation=name):
            if name not in {one.id for one in session.preparations}:
                return RoomTurn(room, refused="unknown")
            others = tuple(one for one in room.done if one != name)
            done = others if name in room.done else (*others, name)
            return _changed(room, replace(room, done=done))
        case Asked(exchange=exchange):
            return _changed(room, replace(room, exchange=exchange, view="models"))
        case End():
            over = replace(room, open=None, ended=now, view="recap")
            return _changed(room, over, tells=True)
        case _:
            assert_never(event)


def _changed(before: Room, after: Room, *, tells: bool = False) -> RoomTurn:
    if after == before:
        return RoomTurn(before)
    return RoomTurn(after.telling() if tells else after, tells)


def _started(room: Room, now: datetime) -> Room:
    return replace(room, started=now, part_since=now)


def _moved(session: Session, room: Room, part: str, now: datetime) -> RoomTurn:
    """Go to a part; the talk's last one is the wrap-up, of which everybody is told."""
    if session.part(part) is None:
        return RoomTurn(room, refused="unknown")
    if room.part == part and room.started:
        return RoomTurn(room)
    begun = room if room.started else _started(room, now)
    moved = replace(begun, part=part, part_since=now)
    if is_wrap_up(session, part):
        return _changed(room, replace(moved, open=None, view="recap"), tells=True)
    return _changed(room, moved)


def _opened(session: Session, room: Room, name: str, now: datetime) -> RoomTurn:
    if session.activity(name) is None:
        return RoomTurn(room, refused="unknown")
    begun = room if room.started else _started(room, now)
    once = begun.opened_once if name in begun.opened_once else (*begun.opened_once, name)
    if room.open == name:
        return _changed(room, replace(begun, view="activity"))
    after = replace(begun, open=name, opened_at=now, last=name, view="activity", opened_once=once)
    return _changed(room, after, tells=True)


def is_wrap_up(session: Session, part: str) -> bool:
    """Whether a part is the talk's last."""
    return session.parts[-1].id == part
