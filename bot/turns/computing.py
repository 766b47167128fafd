"""Cooks what turns ask for, in the workers, and lets it be told."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable

from bot.operations.turn_log import Watch
from bot.store import computations
from bot.store.database import Store
from bot.turns.workers import Workers

PAUSES_S = (0.5, 2, 10, 30)  # before the store is tried again; the last one for ever

log = logging.getLogger(__name__)

Tell = Callable[[str, str, str, str | None], Awaitable[None]]  # learner, key, step, fault


class Computing:
    """One task for each recipe, however many learners wait for it."""

    def __init__(self, store: Store, workers: Workers, tell: Tell, watch: Watch) -> None:
        self._store, self._workers, self._tell, self._watch = store, workers, tell, watch
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()

    async def open(self) -> None:
        """Take up what a former run left undone."""
        for key in await self._store.run(computations.open_keys):
            self.cook(key)

    async def close(self) -> None:
        """Stop; what isn't told stays ordered."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def cook(self, key: str) -> None:
        """See that an ordered recipe is cooked and told."""
        if key in self._tasks:
            self._again.add(key)  # it may have told those who waited before this order
        else:
            self._tasks[key] = asyncio.get_running_loop().create_task(self._work(key))

    async def told(self, keys: Iterable[str], wait_s: float) -> None:
        """Wait until these recipes are told, `wait_s` seconds at most."""
        tasks = [self._tasks[key] for key in keys if key in self._tasks]
        if tasks:
            await asyncio.wait(tasks, timeout=wait_s)

    async def _work(self, key: str) -> None:
        failures = 0
        try:
            while True:
                self._again.discard(key)
                try:
                    await self._cook_and_tell(key)
                except Exception:
                    log.exception("recipe %s is tried again", key)
                    self._again.add(key)
                    await asyncio.sleep(PAUSES_S[min(failures, len(PAUSES_S) - 1)])
                    failures += 1
                if key not in self._again:
                    return
        finally:
            del self._tasks[key]

    async def _cook_and_tell(self, key: str) -> None:
        fault = None
        batch = await self._store.run(lambda db: computations.batch(db, key))
        if batch is not None:
            try:
                with self._watch.span("compute"):
                    doc = await self._workers.cook(batch.recipe, batch.training)
            except Exception:
                log.exception("recipe %s can't be cooked", key)
                fault = "failed"
            else:
                await self._store.run(lambda db: computations.keep(db, key, batch.kind, doc))
        for learner, step in await self._store.run(lambda db: computations.who_waits(db, key)):
            await self._tell(learner, key, step, fault)
