"""A crowd: players on their seats, at tutors of this machine, and what came of it."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from time import perf_counter, process_time
from typing import Literal, Protocol

from bot.simulate.channel import HTTP_OK, TAKEN, Channel, Line, SimulationError
from bot.simulate.report import Figures

Pace = Literal["human", "hasty", "fast"]

PAUSES_S = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0)  # before the channel sends again
LAST_REPLIES_S = 5.0  # that are waited for at the end
LAST_TURNS_S = 5.0  # for turns that are under way at the end
TICK_S = 0.05  # how often it is looked how late the loop is


@dataclass(frozen=True)
class Plan:
    """Who does what: `seconds` is None until every learner has finished the lesson.

    With `seconds` whoever finishes makes room for somebody new. `pace`: human learners read and
    consider, hasty ones press after some seconds, fast ones at once. `arrive_s`: within which all
    have arrived. `lesson`: None for the one that the tutor offers first. `turns`: after which a
    learner leaves, None at the lesson's end. `latency_s`: of the channel, to take a reply.
    """

    urls: Sequence[str]
    learners: int
    pace: Pace = "fast"
    seconds: float | None = None
    arrive_s: float = 0.0
    seed: int = 1
    lesson: str | None = None
    turns: int | None = None
    expects_replies: bool = False
    latency_s: float = 0.0


class Player(Protocol):
    """Who sits in a crowd. `name` is their conversation's."""

    @property
    def name(self) -> str:
        """Theirs alone."""
        ...

    @property
    def missing(self) -> int:
        """Replies that are still to come."""
        ...

    async def play(self) -> None:
        """Do what they came for, or as much of it as there is time for."""
        ...

    def receive(self, body: bytes) -> bytes | None:
        """Take a reply; what the channel answers to it, None to cut the line."""
        ...


class Crowd:
    """Runs a plan. `figures` and `share` may be looked at meanwhile.

    `newcomer` is asked for a player when a seat is free, by the seat's number and dice, and by how
    many have sat there; None leaves the seat free.
    """

    def __init__(self, plan: Plan, newcomer: "Newcomer") -> None:
        self.plan, self.figures = plan, Figures()
        self.channel = Channel(self._receive, plan.latency_s)
        self.is_over = False
        self._newcomer = newcomer
        self._lines = [Line(url) for url in plan.urls]
        self._dice = Random(plan.seed)
        self._players: dict[str, Player] = {}
        self._pausing: set[asyncio.Future[None]] = set()
        self._began = self._cpu = 0.0

    @property
    def share(self) -> float:
        """How much of the run is done, 0.0 to 1.0."""
        if self.plan.seconds is not None:
            return min(1.0, (perf_counter() - self._began) / self.plan.seconds)
        return (self.figures.finished + self.figures.stuck) / self.plan.learners

    async def run(self) -> Figures:
        """Let everybody play. Raises SimulationError."""
        plan = self.plan
        try:
            async with self.channel:
                self.measure()
                watch = asyncio.create_task(self._watch())
                seats = [asyncio.create_task(self._sit(n)) for n in range(plan.learners)]
                # Whoever raises ends the run for all.
                await asyncio.wait(seats, timeout=plan.seconds, return_when=asyncio.FIRST_EXCEPTION)
                self.end()
                done, left = await asyncio.wait(seats, timeout=LAST_TURNS_S)
                watch.cancel()
                await _cancelled(left)
                for seat in done:
                    seat.result()
                await self._last_replies()
        finally:
            for line in self._lines:
                line.close()
        self.figures.missing = sum(one.missing for one in self._players.values())
        return self.figures

    def measure(self) -> None:
        """Begin to count, from nothing."""
        self.figures = Figures(errors=self.channel.errors)
        self.channel.errors.clear()
        self._began, self._cpu = perf_counter(), process_time()

    def end(self) -> None:
        """Let everybody finish the turn that they are at, and no more."""
        if self.is_over:
            return
        self.is_over = True
        self.figures.seconds = perf_counter() - self._began
        self.figures.cpu = process_time() - self._cpu
        for pause in self._pausing:
            _wake(pause)

    async def _sit(self, number: int) -> None:
        """One seat: who has finished makes room for somebody else."""
        dice = Random(self._dice.random())
        await self.pause(dice.uniform(0, self.plan.arrive_s))
        visit = 0
        while not self.is_over and (player := self._newcomer(self, number, visit, dice)):
            self._players[player.name] = player
            self.figures.learners += 1
            await player.play()
            visit += 1

    async def _watch(self) -> None:
        """Note how late the own loop is: with it all times are too long."""
        while True:
            due = perf_counter() + TICK_S
            await asyncio.sleep(TICK_S)
            self.figures.late_ms = max(self.figures.late_ms, (perf_counter() - due) * 1000)

    async def _last_replies(self) -> None:
        for _ in range(round(LAST_REPLIES_S / TICK_S)):
            if not any(one.missing for one in self._players.values()):
                return
            await asyncio.sleep(TICK_S)

    # --- what players do ------------------------------------------------------------

    def line(self) -> Line:
        """The way to one of the tutors, as behind a load balancer."""
        return self._dice.choice(self._lines)

    async def send(self, body: bytes) -> bytes | None:
        """Have an activity delivered; the answer's body, or None when it could not be."""
        answer = await self.channel.send(body, self.line, self._again)
        if answer is None:
            self.figures.given_up += 1
        else:
            self.figures.turns += 1
        return answer

    async def _again(self, failures: int) -> bool:
        if self.is_over or failures >= len(PAUSES_S):
            return False
        await self.pause(PAUSES_S[failures])
        return True

    async def pause(self, seconds: float) -> None:
        """Wait, at most until the run is over."""
        if seconds <= 0 or self.is_over:
            return
        loop = asyncio.get_running_loop()
        waiting: asyncio.Future[None] = loop.create_future()
        timer = loop.call_later(seconds, _wake, waiting)
        self._pausing.add(waiting)
        try:
            await waiting
        finally:
            timer.cancel()
            self._pausing.discard(waiting)

    def _receive(self, name: str, body: bytes) -> bytes | None:
        """A reply of a tutor: its conversation is the player's name."""
        player = self._players.get(name)
        return TAKEN if player is None else player.receive(body)


Newcomer = Callable[[Crowd, int, int, Random], Player | None]


async def _cancelled(tasks: "set[asyncio.Task[None]]") -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _wake(waiting: "asyncio.Future[None]") -> None:
    if not waiting.done():
        waiting.set_result(None)


async def look(urls: Sequence[str]) -> None:
    """See that a tutor answers at each address. Raises SimulationError."""
    for url in urls:
        line = Line(url)
        status = await line.readiness()
        line.close()
        if status != HTTP_OK:
            told = f"answers {status}" if status else "does not answer"
            msg = f"The tutor at {url} {told}: start one with `python app.py`."
            raise SimulationError(msg)
