"""Computes what turns ask for, in the workers, and reports it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from functools import partial

from sqlalchemy.exc import SQLAlchemyError

from bot.operations.turn_log import Watch
from bot.store import computations
from bot.store.database import Store
from bot.turns.fair_queue import FairQueue
from bot.turns.workers import PROCESSES, Workers

AT_ONCE = PROCESSES + 1  # one waits at the workers, so that none of them has to wait for the store
PAUSES_S = (0.5, 2, 10, 30)  # before the store is tried again; the last one for ever

log = logging.getLogger(__name__)

Report = Callable[[str, str, str, str | None], Awaitable[None]]  # learner, key, step, fault


class Computing:
    """One task for each recipe, however many learners wait for it.

    It has its turn among the learners as what the first of them asked for.
    """

    def __init__(self, store: Store, workers: Workers, report: Report, watch: Watch) -> None:
        self._store, self._workers, self._report, self._watch = store, workers, report, watch
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()
        self._queue = FairQueue(AT_ONCE)

    async def open(self) -> None:
        """Take up what a former run left undone."""
        for key, learner in await self._store.run(computations.open_keys):
            self.compute(key, learner)

    async def close(self) -> None:
        """Stop; what is not reported stays stored."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def compute(self, key: str, learner: str) -> None:
        """See that a recipe is computed and reported which this learner ordered."""
        if key in self._tasks:
            self._again.add(key)  # it may have reported to those who waited before
        else:
            self._tasks[key] = asyncio.get_running_loop().create_task(self._work(key, learner))

    async def computed(self, keys: Iterable[str], wait_s: float) -> None:
        """Wait until these recipes are reported, `wait_s` seconds at most."""
        tasks = [self._tasks[key] for key in keys if key in self._tasks]
        if tasks:
            await asyncio.wait(tasks, timeout=wait_s)

    async def _work(self, key: str, learner: str) -> None:
        failures = 0
        try:
            while True:
                self._again.discard(key)
                try:
                    await self._compute_and_report(key, learner)
                except Exception:
                    log.exception("recipe %s is tried again", key)
                    self._again.add(key)
                    await asyncio.sleep(PAUSES_S[min(failures, len(PAUSES_S) - 1)])
                    failures += 1
                if key not in self._again:
                    return
        finally:
            del self._tasks[key]

    async def _compute_and_report(self, key: str, learner: str) -> None:
        fault = None
        try:
            async with self._queue.turn(learner):
                await self._compute_all(key)
        except (SQLAlchemyError, asyncio.CancelledError):
            raise
        except Exception:
            log.exception("recipe %s can't be computed", key)
            fault = "failed"
        for who, step in await self._store.run(lambda db: computations.who_waits(db, key)):
            await self._report(who, key, step, fault)

    async def _compute_all(self, key: str) -> None:
        """Compute a recipe, after what it rests on; nothing if nobody waits for it any more."""
        while True:
            job = await self._store.run(partial(computations.next_job, key=key))
            if job is None:
                return
            with self._watch.span("compute"):
                made = await self._workers.compute(job)
            await self._store.run(partial(computations.keep, made=made, recipe=job.recipe))
