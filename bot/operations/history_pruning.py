"""Forgets what is too old while the tutor runs, without ever holding the store for long."""

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
    """Deletes what is older than its days, learners who haven't come for theirs among it.

    Of several instances one does; `retention` is None where learners are kept until they delete
    themselves.
    """

    def __init__(
        self, store: Store, days: int, now: Callable[[], datetime], retention: int | None = None
    ) -> None:
        self._store, self._days, self._now, self._retention = store, days, now, retention

    async def prune(self) -> int:
        """Delete all that is too old; how many rows that were."""
        now = self._now().timestamp()
        rows = 0
        for walk, until in pruning.walks(now, self._days, self._retention):
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

    async def go_on(self) -> float:
        """Prune; in how many seconds to do it again."""
        rows = await self.prune()
        log.info("pruned", extra={"about": {"rows": rows}})
        return EVERY_S
