"""Forgets old history while the tutor runs, without ever holding the store for long."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial

from bot.store import pruning
from bot.store.database import Store

EVERY_S = 3600.0
FIRST_S = 60.0  # after the start, which has other things to do
PAUSE_S = 0.05  # between two transactions, for turns

log = logging.getLogger(__name__)


class HistoryPruning:
    """Deletes, each hour, what is older than so many days; of several instances one does."""

    def __init__(self, store: Store, days: int, now: Callable[[], datetime]) -> None:
        self._store, self._days, self._now = store, days, now
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Prune now and then."""
        self._task = asyncio.get_running_loop().create_task(self._mind())

    async def stop(self) -> None:
        """Prune no more; what is left is found by the next start."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def prune(self) -> int:
        """Delete all that is too old; how many rows that were."""
        now = self._now().timestamp()
        rows = 0
        for walk, until in pruning.walks(now, self._days):
            after: str | None = ""
            while after is not None:
                pruned = await self._store.run(
                    partial(pruning.step, walk=walk, until=until, after=after)
                )
                if pruned is None:
                    return rows
                rows, after = rows + pruned.rows, pruned.after
                await asyncio.sleep(PAUSE_S)
        return rows

    async def _mind(self) -> None:
        await asyncio.sleep(FIRST_S)
        while True:
            try:
                rows = await self.prune()
            except Exception:
                log.exception("old history is pruned later")
            else:
                log.info("pruned", extra={"about": {"rows": rows}})
            await asyncio.sleep(EVERY_S)
