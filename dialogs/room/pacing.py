"""Whether a talk is on time, and what can be left out when it is late."""

from dataclasses import dataclass
from datetime import datetime

from content.session import Drop, Session
from dialogs.room.state import Room

LATE_S = 60.0  # from when on it is said that the talk is late, or early


@dataclass(frozen=True)
class Pace:
    """Seconds of a talk: since it began, that its part and it have left, and that it is late.

    `left` and `talk_left` fall below nought when the time is over; `late` is below nought while
    the talk is ahead. `drops` save the delay, the nearest slides first; with `is_enough` false
    they don't save all of it.
    """

    elapsed: float
    left: float
    talk_left: float
    late: float
    drops: tuple[Drop, ...] = ()
    is_enough: bool = True

    @property
    def state(self) -> str:
        """`late`, `early` or `on-time`."""
        if self.late >= LATE_S:
            return "late"
        return "early" if self.late <= -LATE_S else "on-time"


def pace(session: Session, room: Room, now: datetime) -> Pace:
    """Hold the talk against its run sheet.

    A clock that was set back counts as one that stands still.
    """
    total = 60.0 * sum(room.minutes_of(part.id, session) for part in session.parts)
    if room.started is None:
        return Pace(0.0, 60.0 * room.minutes_of(room.part, session), total, 0.0)
    until = room.ended or now
    elapsed = max(0.0, (until - room.started).total_seconds())
    in_part = max(0.0, (until - room.part_since).total_seconds())
    begins = 0.0  # of the part, as planned
    for part in session.parts:
        if part.id == room.part:
            break
        begins += 60.0 * room.minutes_of(part.id, session)
    takes = 60.0 * room.minutes_of(room.part, session)
    late_at_start = elapsed - in_part - begins
    late = max(late_at_start, elapsed - begins - takes)
    drops, saved = _drops(session, room, late) if late >= LATE_S else ((), late)
    return Pace(elapsed, takes - in_part, total - elapsed, late, drops, saved >= late)


def _drops(session: Session, room: Room, late: float) -> tuple[tuple[Drop, ...], float]:
    """Slides of this part and those to come, until they save so many seconds; demos stay."""
    parts = [part.id for part in session.parts]
    ahead = session.parts[parts.index(room.part) :]
    chosen: list[Drop] = []
    saved = 0.0
    for drop in (drop for part in ahead if not part.demo for drop in part.drop):
        if saved >= late:
            break
        chosen.append(drop)
        saved += 60.0 * drop.minutes
    return tuple(chosen), saved
