"""Fetches keys and tokens anew before they end: one request for all who wait."""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable

from content.errors import TutorError

FETCH_S = 8  # for one fetch: a channel waits 15 seconds for its answer
RETRY_S = 1  # after a fetch that failed
OFTEN = 5  # fetches that may succeed in `WINDOW_S` seconds, however many want more
WINDOW_S = 60

log = logging.getLogger(__name__)


class Renewal:
    """One fetch at a time for all who want its outcome, and not too many of them.

    `fetch` keeps what it got by itself, and raises when it got nothing.
    """

    def __init__(self, what: str, fetch: Callable[[], Awaitable[None]]) -> None:
        self._what, self._fetch = what, fetch
        self._task: asyncio.Task[None] | None = None
        self._succeeded: deque[float] = deque(maxlen=OFTEN)
        self._next = 0.0

    def begin(self) -> None:
        """Fetch in the background, unless that goes on already or was done too often."""
        if self._task is None and time.monotonic() >= self._next:
            self._task = asyncio.get_running_loop().create_task(self._run())

    async def done(self) -> None:
        """Begin a fetch unless one is under way, and wait for its end."""
        self.begin()
        if self._task is not None:
            # Whoever stops waiting takes it from nobody else.
            await asyncio.shield(self._task)

    async def _run(self) -> None:
        try:
            async with asyncio.timeout(FETCH_S):
                await self._fetch()
        except Exception as error:  # noqa: BLE001 (the net has many kinds; none is worth more)
            # Other messages may quote what was fetched.
            reason = error if isinstance(error, TutorError) else type(error).__name__
            log.warning("%s can't be fetched: %s", self._what, reason)
            self._next = time.monotonic() + RETRY_S
        else:
            self._succeeded.append(time.monotonic())
            if len(self._succeeded) == OFTEN:
                self._next = self._succeeded[0] + WINDOW_S
        finally:
            self._task = None
