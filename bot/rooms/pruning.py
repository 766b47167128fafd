"""Forgets old rooms while the tutor runs, with all that was said in them."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.store import rooms
from bot.store.database import Store

EVERY_S = 3600.0
FIRST_S = 90.0  # after the start, which has other things to do

log = logging.getLogger(__name__)


class RoomPruning:
    """Deletes, each hour, rooms that were opened more than so many days ago."""

    def __init__(self, store: Store, days: int, now: Callable[[], datetime]) -> None:
        self._store, self._days, self._now = store, days, now
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Prune now and then."""
        self._task = asyncio.get_running_loop().create_task(self._mind())

    async def stop(self) -> None:
        """Prune no more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def prune(self) -> int:
        """Delete what is too old; how many rows that were."""
        before = (self._now() - timedelta(days=self._days)).timestamp()
        return await self._store.run(lambda db: rooms.prune(db, before))

    async def _mind(self) -> None:
        await asyncio.sleep(FIRST_S)
        while True:
            try:
                rows = await self.prune()
            except Exception:
                log.exception("old rooms are pruned later")
            else:
                log.info("rooms pruned", extra={"about": {"rows": rows}})
            await asyncio.sleep(EVERY_S)
