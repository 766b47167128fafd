"""A room as the pages show it: its counts, answers and questions, without names."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from bot.store import rooms
from bot.store.database import Store
from bot.store.rooms import Question
from content.session import Cloud, Session, Train
from dialogs.room.grouping import Grouped, grouped
from dialogs.room.scores import Scoreboard, scoreboard
from dialogs.room.state import Room

FRESH_S = 0.2  # for which all pages of a room share one look at the store
MOST_KEPT = 100  # rooms
AWAY_S = 25.0  # without a host's page, until the host counts as away


@dataclass(frozen=True)
class QuestionGroup:
    """Questions that mean the same: one that stands for them, how many there are, their votes."""

    text: str
    alike: int
    votes: int


@dataclass(frozen=True)
class Snapshot:
    """What is in a room at one moment.

    `present` counts who is there, `answered` the answers by activity; `tally` those to the
    activity that was opened last, by option, and `cloud` the same in words; `scores` are those of
    the models that were trained since the room was opened, where that is what was opened.
    """

    room: Room
    host_seen: float
    present: int
    answered: Mapping[str, int]
    tally: Mapping[str, int]
    cloud: Grouped | None
    questions: tuple[QuestionGroup, ...]
    questions_hidden: tuple[str, ...] = ()
    scores: Scoreboard | None = None

    def is_host_away(self, now: datetime) -> bool:
        """Whether no host's page is connected."""
        return now.timestamp() - self.host_seen > AWAY_S


@dataclass
class _Kept:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    at: float = 0.0
    mark: object = None
    snapshot: Snapshot | None = None


class Snapshots:
    """Looks at rooms for all pages that show them, several times a second.

    It asks the store: so it shows what any instance has taken, and nothing is lost when one stops.
    """

    def __init__(self, store: Store, sessions: Mapping[str, Mapping[str, Session]]) -> None:
        self._store, self._sessions = store, sessions
        self._kept: dict[str, _Kept] = {}

    def session(self, room: Room) -> Session:
        """The run sheet in the language of the room's big screen."""
        return self._sessions[room.locale][room.session]

    async def of(self, name: str) -> Snapshot | None:
        """The room of this id, as it was a fifth of a second ago at most."""
        if name not in self._kept and len(self._kept) >= MOST_KEPT:
            self._kept.clear()
        kept = self._kept.setdefault(name, _Kept())
        async with kept.lock:
            if time.monotonic() - kept.at < FRESH_S:
                return kept.snapshot
            mark = await self._store.look(lambda db: rooms.mark(db, name))
            if mark != kept.mark:
                kept.snapshot = await self._make(name)
                kept.mark = mark
            kept.at = time.monotonic()
            return kept.snapshot

    def forget(self, name: str) -> None:
        """Look at a room anew: it was changed here."""
        if name in self._kept:
            self._kept[name].at = 0.0

    async def _make(self, name: str) -> Snapshot | None:
        found = await self._store.look(lambda db: _look(db, name))
        if found is None:
            return None
        stored, present, answered, tally, asked = found
        activity = self.session(stored.room).activity(stored.room.last or "")
        cloud = None
        if isinstance(activity, Cloud):
            cloud = await asyncio.to_thread(grouped, tally)
        scores = None
        if isinstance(activity, Train):
            reached = partial(rooms.scores, here=stored.room, train=activity)
            scores = scoreboard(await self._store.look(reached))
        questions, hidden = await asyncio.to_thread(together, asked)
        return Snapshot(
            stored.room,
            stored.host_seen,
            present,
            answered,
            tally,
            cloud,
            questions,
            hidden,
            scores,
        )


_Looked = tuple[rooms.StoredRoom, int, dict[str, int], dict[str, int], list[Question]]


def _look(db: Connection, name: str) -> _Looked | None:
    stored = rooms.by_id(db, name)
    if stored is None:
        return None
    return (
        stored,
        rooms.present(db, name),
        rooms.answered(db, name),
        rooms.tally(db, name, stored.room.last) if stored.room.last else {},
        rooms.questions(db, name),
    )


def together(asked: list[Question]) -> tuple[tuple[QuestionGroup, ...], tuple[str, ...]]:
    """Questions that mean the same as one, the most wanted first; and those that aren't shown.

    Each counts for itself and for the votes of others.
    """
    counts: dict[str, int] = {}
    votes: dict[str, int] = {}
    for one in asked:
        counts[one.text] = counts.get(one.text, 0) + 1
        votes[one.text] = votes.get(one.text, 0) + one.votes
    found = grouped(counts)
    groups = [
        QuestionGroup(one.text, one.count, sum(votes.get(t, 0) for t in (one.text, *one.others)))
        for one in found.groups
    ]
    return tuple(sorted(groups, key=lambda one: -(one.alike + one.votes))), found.kept_back
