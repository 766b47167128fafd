"""Long texts are read by the workers before their turn, which then finds their vectors."""

import asyncio
import logging

from bot.turns.workers import Workers
from dialogs.reading import encoder
from dialogs.texts_ahead import texts_ahead
from dialogs.values.events import Event

log = logging.getLogger(__name__)


class Reading:
    """What is being read, by conversation: what comes later there waits, to stay in its order."""

    def __init__(self, workers: Workers) -> None:
        self._workers = workers
        self._under_way: dict[str, asyncio.Task[None]] = {}

    async def ahead(self, conversation: str, event: Event | None) -> None:
        """Have read what of an event takes too long for a turn; at once where nothing does."""
        before, texts = self._under_way.get(conversation), texts_ahead(event)
        if before is None and not texts:
            return
        task = asyncio.get_running_loop().create_task(self._read(before, texts))
        self._under_way[conversation] = task
        try:
            await asyncio.shield(task)
        finally:
            if self._under_way.get(conversation) is task:
                del self._under_way[conversation]

    async def _read(self, before: asyncio.Task[None] | None, texts: tuple[str, ...]) -> None:
        if before is not None:
            await before
        if not texts:
            return
        try:
            encoder.remember(await self._workers.read(texts))
        except Exception:
            log.exception("a text is read in its turn")
