"""What nobody does any more: an instance died, or gave up for a while; it is found, and done."""

import asyncio
import logging
from collections.abc import Callable
from functools import partial

from bot.store import computations, conversations
from bot.store.database import Store

LOOK_S = 15.0  # what is still undone at the second look is nobody's any more

log = logging.getLogger(__name__)


class Recovery:
    """Looks for recipes that nobody cooks, replies that nobody delivers, addresses of nobody."""

    def __init__(
        self, store: Store, compute: Callable[[str, str], None], deliver: Callable[[str], None]
    ) -> None:
        self._store, self._compute, self._deliver = store, compute, deliver
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Look now and then."""
        self._task = asyncio.get_running_loop().create_task(self._mind())

    async def stop(self) -> None:
        """Look no more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _mind(self) -> None:
        cooking: set[tuple[str, str]] = set()
        waiting: set[str] = set()
        parted: set[str] = set()
        while True:
            await asyncio.sleep(LOOK_S)
            try:
                now_cooking = set(await self._store.run(computations.open_keys))
                now_waiting = set(await self._store.run(conversations.all_waiting))
                now_parted = set(await self._store.run(conversations.parted))
                if left := now_parted & parted:
                    await self._store.run(partial(conversations.forget, names=left))
            except Exception:
                log.exception("what was left undone is looked for later")
                continue
            # Who still does it isn't hurt: a recipe gives the same again, a delivery is locked.
            for key, learner in now_cooking & cooking:
                self._compute(key, learner)
            for name in now_waiting & waiting:
                self._deliver(name)
            cooking, waiting, parted = now_cooking, now_waiting, now_parted
