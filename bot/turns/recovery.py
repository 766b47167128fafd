"""What nobody does any more: an instance died, or gave up for a while; it is found, and done."""

from collections.abc import Callable
from functools import partial

from bot.store import computations, conversations
from bot.store.database import Store

LOOK_S = 15.0  # what is still undone at the second look is nobody's any more


class Recovery:
    """Looks for recipes that nobody cooks, replies that nobody delivers, addresses of nobody."""

    def __init__(
        self, store: Store, compute: Callable[[str, str], None], deliver: Callable[[str], None]
    ) -> None:
        self._store, self._compute, self._deliver = store, compute, deliver
        self._cooking: set[tuple[str, str]] = set()
        self._waiting: set[str] = set()
        self._parted: set[str] = set()

    async def look(self) -> float:
        """Take up what was undone at the last look already; in how many seconds to look again."""
        cooking = set(await self._store.run(computations.open_keys))
        waiting = set(await self._store.run(conversations.all_waiting))
        parted = set(await self._store.run(conversations.parted))
        if left := parted & self._parted:
            await self._store.run(partial(conversations.forget, names=left))
        # Who still does it isn't hurt: a recipe gives the same again, a delivery is locked.
        for key, learner in cooking & self._cooking:
            self._compute(key, learner)
        for name in waiting & self._waiting:
            self._deliver(name)
        self._cooking, self._waiting, self._parted = cooking, waiting, parted
        return LOOK_S
