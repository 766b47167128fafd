"""A queue in which nobody stands before others because they asked more often."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class FairQueue:
    """Lets in so many at once, one for each learner; the learners come in turn.

    What a learner asks for while something of theirs is under way waits behind the first of
    everybody else.
    """

    def __init__(self, at_once: int) -> None:
        self._free = at_once
        self._inside: set[str] = set()
        self._waiting: dict[str, deque[asyncio.Future[None]]] = {}  # who is next stands first

    @asynccontextmanager
    async def turn(self, learner: str) -> AsyncIterator[None]:
        """Wait for the learner's turn; it lasts as long as the block."""
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(learner, deque()).append(mine)
        self._let_in()
        try:
            await mine
            yield
        finally:
            if mine.done() and not mine.cancelled():
                self._leave(learner)
            else:
                self._give_up(learner, mine)

    def _let_in(self) -> None:
        while self._free:
            learner = next((one for one in self._waiting if one not in self._inside), None)
            if learner is None:
                return
            waiting = self._waiting[learner]
            waiting.popleft().set_result(None)
            if not waiting:
                del self._waiting[learner]
            self._inside.add(learner)
            self._free -= 1

    def _leave(self, learner: str) -> None:
        self._inside.discard(learner)
        self._free += 1
        if learner in self._waiting:
            self._waiting[learner] = self._waiting.pop(learner)  # behind all others
        self._let_in()

    def _give_up(self, learner: str, mine: asyncio.Future[None]) -> None:
        waiting = self._waiting.get(learner)
        if waiting is not None and mine in waiting:
            waiting.remove(mine)
            if not waiting:
                del self._waiting[learner]
