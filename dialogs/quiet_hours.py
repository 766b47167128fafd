"""When a learner may be written to who isn't here: by day, where they are."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

OPENS, CLOSES = time(9), time(20)  # by the learner's clock
LATE = timedelta(hours=2)  # after the hour at which somebody learned, where no clock is known
DAY = timedelta(days=1)


def planned(since: datetime, days: int, zone: str | None) -> datetime:
    """So many days after `since`, at the same hour by the learner's clock, but by day."""
    there = _zone(zone)
    if there is None:
        return since + days * DAY
    local = since.astimezone(there)
    hour = min(max(local.time(), OPENS), time(CLOSES.hour - 1, 59))
    day = local.date() + days * DAY
    # A clock that was changed meanwhile shows the same hour: that is what counts.
    return datetime.combine(day, hour, there).astimezone(UTC)


def opens(now: datetime, since: datetime, zone: str | None) -> datetime | None:
    """When the learner may be written to; None for now.

    Where no clock is known, somebody who learned at an hour is awake at that hour.
    """
    there = _zone(zone)
    if there is None:
        past = (now - since) % DAY
        return None if past <= LATE else now + (DAY - past)
    local = now.astimezone(there)
    if OPENS <= local.time() < CLOSES:
        return None
    day = local.date() + (DAY if local.time() >= CLOSES else timedelta())
    return datetime.combine(day, OPENS, there).astimezone(UTC)


def _zone(name: str | None) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ValueError, OSError, ZoneInfoNotFoundError):  # a name of other days, or none
        return None
