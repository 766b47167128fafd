"""Sums facts up for figures while the tutor runs, without holding turns up."""

from functools import partial

from bot.store import journeys
from bot.store.database import Store
from content.lesson import Lesson
from content.loader import Library

LOOK_S = 5.0  # between two looks for new facts
PAUSE_S = 0.05  # between two transactions, for turns


class Rollup:
    """Reads on in the facts; of several instances one does at a time."""

    def __init__(self, store: Store, library: Library) -> None:
        self._store, self._library = store, library

    async def go_on(self) -> float:
        """Sum up the next facts; in how many seconds to look again."""
        return PAUSE_S if await self.read_on() else LOOK_S

    async def read_on(self) -> int:
        """Sum up the next facts; how many these were."""
        return await self._store.run(partial(journeys.roll, lessons=self._lesson))

    def _lesson(self, name: str) -> Lesson | None:
        return self._library.lessons.get(name)
