"""Computes what turns ask for, in the workers, and reports it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from functools import partial

from sqlalchemy.exc import SQLAlchemyError

from bot.operations.turn_log import Watch
from bot.store import computations
from bot.store.database import Store
from bot.turns.workers import Workers

PAUSES_S = (0.5, 2, 10, 30)  # before the store is tried again; the last one for ever

log = logging.getLogger(__name__)

Report = Callable[[str, str, str, str | None], Awaitable[None]]  # learner, key, step, fault


class Computing:
    """One task for each recipe, however many learners wait for it."""

    def __init__(self, store: Store, workers: Workers, report: Report, watch: Watch) -> None:
        self._store, self._workers, self._report, self._watch = store, workers, report, watch
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()

    async def open(self) -> None:
        """Take up what a former run left undone."""
        for key in await self._store.run(computations.open_keys):
            self.compute(key)

    async def close(self) -> None:
        """Stop; what is not reported stays stored."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def compute(self, key: str) -> None:
        """See that an ordered recipe is computed and reported."""
        if key in self._tasks:
            self._again.add(key)  # it may have reported to those who waited before
        else:
            self._tasks[key] = asyncio.get_running_loop().create_task(self._work(key))

    async def computed(self, keys: Iterable[str], wait_s: float) -> None:
        """Wait until these recipes are reported, `wait_s` seconds at most."""
        tasks = [self._tasks[key] for key in keys if key in self._tasks]
        if tasks:
            await asyncio.wait(tasks, timeout=wait_s)

    async def _work(self, key: str) -> None:
        failures = 0
        try:
            while True:
                self._again.discard(key)
                try:
                    await self._compute_and_report(key)
                except Exception:
                    log.exception("recipe %s is tried again", key)
                    self._again.add(key)
                    await asyncio.sleep(PAUSES_S[min(failures, len(PAUSES_S) - 1)])
                    failures += 1
                if key not in self._again:
                    return
        finally:
            del self._tasks[key]

    async def _compute_and_report(self, key: str) -> None:
        fault = None
        try:
            await self._compute_all(key)
        except (SQLAlchemyError, asyncio.CancelledError):
            raise
        except Exception:
            log.exception("recipe %s can't be computed", key)
            fault = "failed"
        for learner, step in await self._store.run(lambda db: computations.who_waits(db, key)):
            await self._report(learner, key, step, fault)

    async def _compute_all(self, key: str) -> None:
        """Compute a recipe, after what it rests on."""
        while True:
            job = await self._store.run(partial(computations.next_job, key=key))
            if job is None:
                return
            with self._watch.span("compute"):
                made = await self._workers.compute(job)
            await self._store.run(partial(computations.keep, made=made, recipe=job.recipe))
