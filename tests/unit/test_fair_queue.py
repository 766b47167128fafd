"""Who is let in next when several learners wait."""

import asyncio

from bot.turns.fair_queue import FairQueue


class Room:
    """Learners who ask for turns; each turn lasts until it is told to end."""

    def __init__(self, at_once: int) -> None:
        self.queue = FairQueue(at_once)
        self.inside: list[str] = []
        self.tasks: dict[str, asyncio.Task[None]] = {}
        self.ends: dict[str, asyncio.Event] = {}

    async def ask(self, *whats: str) -> None:
        """Each begins with the letter of its learner."""
        for what in whats:
            self.ends[what] = asyncio.Event()
            self.tasks[what] = asyncio.create_task(self._take(what))
        await self.settled()

    async def end(self, what: str) -> None:
        """What is inside is done."""
        self.ends[what].set()
        await self.settled()

    async def give_up(self, what: str) -> None:
        """Who asked wants it no more."""
        self.tasks[what].cancel()
        await self.settled()

    async def settled(self) -> None:
        for _ in range(5):
            await asyncio.sleep(0)

    async def _take(self, what: str) -> None:
        async with self.queue.turn(what[0]):
            self.inside.append(what)
            try:
                await self.ends[what].wait()
            finally:
                self.inside.remove(what)


async def test_one_who_asks_often_stands_before_nobody() -> None:
    room = Room(2)
    await room.ask("a1", "a2", "a3", "b1", "c1", "d1")
    assert room.inside == ["a1", "b1"]  # of each learner one, though a asked first for three
    await room.end("a1")
    assert room.inside == ["b1", "c1"]  # what a asked for before is behind everybody's first
    await room.end("b1")
    assert room.inside == ["c1", "d1"]
    await room.end("c1")
    assert room.inside == ["d1", "a2"]
    await room.end("d1")
    assert room.inside == ["a2"]  # one at a time, even where there is room
    await room.end("a2")
    assert room.inside == ["a3"]


async def test_who_gives_up_takes_nobodys_place() -> None:
    room = Room(1)
    await room.ask("a1", "b1", "b2", "c1")
    await room.give_up("b1")
    await room.give_up("c1")
    await room.give_up("a1")
    assert room.inside == ["b2"]
    await room.end("b2")
    await room.ask("d1")
    assert room.inside == ["d1"]
