"""The running tutor: takes activities, minds the time, tells who listens."""

import asyncio
import logging
import random
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import partial

from sqlalchemy import Connection, select

from bot.activity.conversation_key import channel_of
from bot.activity.inbound import Inbound
from bot.errors import BusyError, SignedOutError
from bot.operations.turn_log import Entry, TurnLog
from bot.store.database import Store
from bot.store.tables import later
from bot.turns.computing import Computing
from bot.turns.reading import Reading
from bot.turns.transaction import StoredTurn, Turns
from bot.turns.workers import Workers
from dialogs.values import versions
from dialogs.values.events import Brought

LONGEST_QUEUE = 1000  # turns that may wait; more are turned away
TICK_S = 0.25  # how often the clock looks for what is due
AT_ONCE = 200  # due times that are read together
TOGETHER = 16  # learners who are answered at the same time; what others write waits for those

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]


def real_now() -> datetime:
    """The time of day."""
    return datetime.now(UTC)


class TutorService:
    """Joins store, turns and kitchen. `listeners` are told what each turn left behind."""

    def __init__(
        self, store: Store, turns: Turns, workers: Workers, turn_log: TurnLog, now: Clock = real_now
    ) -> None:
        self.listeners: list[Callable[[StoredTurn], None]] = []
        self._store, self._turns, self._workers, self._now = store, turns, workers, now
        self._turn_log = turn_log
        self._reading = Reading(workers)
        self._computing = Computing(store, workers, self._report, turn_log.watch)
        self._tasks: list[asyncio.Task[None]] = []

    async def on_activity(self, inbound: Inbound) -> StoredTurn:
        """Answer an activity; its replies are stored when this returns.

        Raises BusyError and SignedOutError.
        """
        now = self._now()
        kind = inbound.event.kind if inbound.event else "none"
        with self._turn_log.turn(kind, inbound.outlet.channel) as entry:
            if self._store.waiting >= LONGEST_QUEUE:
                entry.outcome = "busy"
                raise BusyError
            await self._reading.ahead(inbound.conversation, inbound.event)
            try:
                taken = await self._store.run(lambda db: self._turns.on_activity(db, inbound, now))
            except SignedOutError:
                entry.outcome = "refused"
                raise
            self._follow(taken, entry)
        return taken

    async def on_brought(self, learner: str, conversation: str, brought: Brought) -> StoredTurn:
        """Answer a file that a learner brought to one of their conversations."""
        take = partial(
            self._turns.on_brought,
            learner_id=learner,
            conversation=conversation,
            brought=brought,
            now=self._now(),
        )
        with self._turn_log.turn(brought.kind, channel_of(conversation)) as entry:
            taken = await self._store.run(take)
            self._follow(taken, entry)
        return taken

    async def computed(self, keys: Iterable[str], wait_s: float) -> None:
        """Wait until these recipes are computed and told, `wait_s` seconds at most."""
        await self._computing.computed(keys, wait_s)

    def compute(self, key: str, learner: str) -> None:
        """See that a recipe is computed which a learner waits for."""
        self._computing.compute(key, learner)

    async def run_due(self) -> None:
        """Answer what is due by now; for each learner and key once, the newest.

        Raises the last fault; what is due for others is answered all the same.
        """
        now, tried = self._now(), set[tuple[str, str]]()
        faults: list[BaseException] = []
        while True:
            due: dict[str, list[str]] = {}
            for learner, name in await self._store.run(lambda db: _due(db, now)):
                if (learner, name) not in tried:
                    due.setdefault(learner, []).append(name)
            # A hall that is told of something is told together: then its turns share commits.
            # Whom first is left to chance: so several instances seldom try the same learner.
            learners = random.sample(list(due), min(TOGETHER, len(due)))
            if not learners:
                break
            answering = [self._answer_due(one, due[one], now) for one in learners]
            outcomes = await asyncio.gather(*answering, return_exceptions=True)
            faults += [one for one in outcomes if isinstance(one, BaseException)]
            tried.update((one, name) for one in learners for name in due[one])
        if faults:
            raise faults[-1]

    async def _answer_due(self, learner: str, names: Iterable[str], now: datetime) -> None:
        """Answer what is due for one learner, one after the other. Raises the last fault."""
        fault: Exception | None = None
        for name in names:
            ring = partial(self._turns.on_due, learner_id=learner, name=name, now=now)
            try:
                with self._turn_log.turn("due") as entry:
                    self._follow(await self._store.run(ring), entry)
            except Exception as error:  # noqa: BLE001 (it is raised in the end)
                fault = error
        if fault is not None:
            raise fault

    async def start(self) -> None:
        """Take up what a former run left undone, and mind the time."""
        await self._computing.open()
        loop = asyncio.get_running_loop()
        self._tasks = [loop.create_task(self._mind_time()), loop.create_task(self._workers.warm())]

    async def stop(self) -> None:
        """Drop what is under way: all of it is stored, and taken up by the next start."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._computing.close()

    async def _report(self, learner: str, key: str, step: str, fault: str | None) -> None:
        tell = partial(
            self._turns.on_computed,
            learner_id=learner,
            key=key,
            step=step,
            fault=fault,
            now=self._now(),
        )
        with self._turn_log.turn("computed") as entry:
            self._follow(await self._store.run(tell), entry)

    def _follow(self, taken: StoredTurn | None, entry: Entry) -> None:
        if taken is None:
            entry.outcome = "silent"
            return
        channel = channel_of(taken.conversation)
        entry.answered(channel, taken.note, "repeated" if taken.repeated else "silent")
        if taken.repeated:
            return
        for key in taken.computations:
            self._computing.compute(key, taken.learner)
        for listener in self.listeners:
            listener(taken)

    async def _mind_time(self) -> None:
        while True:
            await asyncio.sleep(TICK_S)
            try:
                await self.run_due()
            except Exception:
                log.exception("what is due is tried again")
                await asyncio.sleep(1)


def _due(db: Connection, now: datetime) -> list[tuple[str, str]]:
    # What a newer version of the tutor asked for is for that one to answer.
    ours = later.c.form <= versions.TIMED.form
    query = select(later.c.learner, later.c.name).where(later.c.due <= now.timestamp(), ours)
    rows = db.execute(query.order_by(later.c.due).limit(AT_ONCE))
    return [(row.learner, row.name) for row in rows]
