"""Drives one server as a crowd of learners, and is the channel that it answers to.

A program of its own: reads a task as JSON from standard input, writes its figures as JSON.
Its HTTP is that of the simulated learners.
"""

import asyncio
import json
import os
import sys
from collections import deque
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random
from time import perf_counter, process_time
from typing import Any

from bot.simulate.connections import OK, Caller, Connector

TICKS = os.sysconf("SC_CLK_TCK")
SPREAD = 0x9E3779B97F4A7C15F39CC0605CEDC835  # odd, so that no two numbers give one id
SLOWEST_S = 30.0  # after which a turn counts as lost


@dataclass(frozen=True)
class Task:
    """What to do to whom. Times are in seconds; `think` is nothing for a crowd without a pause.

    `walks` is a file of walks: lists of a request's template and the number of its replies.
    With `echo` every turn has one reply. CPU is measured of `processes`.
    """

    port: int
    walks: str
    first: int
    seats: int
    warmup: float
    seconds: float
    processes: Sequence[int]
    expect_replies: bool = False
    echo: bool = False
    latency: float = 0.0
    think: tuple[float, float] | None = None
    learners: int = 0  # that are to come at all; 0: one after the other without end
    turns_each: int = 0  # of each learner; 0: the whole walk
    skip: int = 0  # turns of each walk that were taken before
    stride: int = 1  # from one learner's number to the next one's


@dataclass
class Figures:
    """What came of it: turns done in `seconds`, CPU seconds, and milliseconds of each turn."""

    turns: int = 0
    seconds: float = 0.0
    cpu: float = 0.0
    own_cpu: float = 0.0
    lost: int = 0
    learners: int = 0
    times: list[float] = field(default_factory=list)
    fault: str = ""


class Crowd:
    """Learners on their seats; who has finished a walk makes room for a new learner."""

    def __init__(self, task: Task) -> None:
        self.task = task
        walks = json.loads(Path(task.walks).read_text("utf-8"))
        self._walks: list[list[tuple[str, int]]] = walks
        self._next = task.first
        self._random = Random(task.first)
        self._missing: dict[bytes, int] = {}
        self._arrived: dict[bytes, asyncio.Future[None]] = {}
        self._figures = Figures()
        self._measuring = False
        self._service = ""

    async def run(self) -> Figures:
        task, figures = self.task, self._figures
        loop = asyncio.get_running_loop()
        server = await loop.create_server(
            lambda: Connector(self._take, task.latency), "127.0.0.1", 0, backlog=1024
        )
        self._service = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        seats = [asyncio.create_task(self._sit()) for _ in range(task.seats)]
        await asyncio.sleep(task.warmup)
        began, cpu, own = perf_counter(), used(task.processes), process_time()
        self._measuring = True
        done, _ = await asyncio.wait(
            seats, timeout=task.seconds, return_when=asyncio.FIRST_EXCEPTION
        )
        self._measuring = False
        figures.seconds = perf_counter() - began
        figures.cpu = used(task.processes) - cpu
        figures.own_cpu = process_time() - own
        figures.learners = (self._next - task.first) // task.stride
        faults = [str(one.exception()) for one in done if one.exception()]
        figures.fault = faults[0] if faults else ""
        for seat in seats:
            seat.cancel()
        await asyncio.gather(*seats, return_exceptions=True)
        server.close()
        return figures

    def _take(self, head: bytes, body: bytes) -> bytes:
        """A reply arrived."""
        del body
        conversation = head.split(b"/", 4)[3]
        left = self._missing[conversation] = self._missing.get(conversation, 0) - 1
        if left == 0 and conversation in self._arrived:
            arrived = self._arrived.pop(conversation)
            if not arrived.done():
                arrived.set_result(None)
        return OK

    async def _sit(self) -> None:
        caller = Caller()
        await asyncio.get_running_loop().create_connection(
            lambda: caller, "127.0.0.1", self.task.port
        )
        if self.task.think:
            await asyncio.sleep(self._random.uniform(0, self.task.think[1]))
        try:
            end = self.task.first + self.task.learners * self.task.stride
            while not self.task.learners or self._next < end:
                await self._learn(caller)
        finally:
            caller.close()

    async def _learn(self, caller: Caller) -> None:
        """Walk one learner's walk."""
        number, task = self._next, self.task
        self._next += task.stride
        turns = self._walks[number % len(self._walks)]
        names = {
            "learner": learner_id(number),
            "user": f"u{number}",
            "conversation": f"c{number}",
            "service": self._service,
        }
        pauses = deque(self._pauses(len(turns)))
        end = task.skip + task.turns_each if task.turns_each else None
        for count, (template, replies) in enumerate(turns[task.skip : end], task.skip):
            body = (template % {**names, "count": count}).encode()
            began = perf_counter()
            await self._turn(caller, names["conversation"].encode(), body, replies)
            if self._measuring:
                self._figures.turns += 1
                self._figures.times.append((perf_counter() - began) * 1000)
            if task.think:
                await asyncio.sleep(pauses.popleft())

    def _pauses(self, count: int) -> list[float]:
        if not self.task.think:
            return []
        return [self._random.uniform(*self.task.think) for _ in range(count)]

    async def _turn(self, caller: Caller, conversation: bytes, body: bytes, replies: int) -> None:
        """One turn: done when the server has answered and the last reply has arrived."""
        replies = 1 if self.task.echo else replies
        arrived = None
        if not self.task.expect_replies and replies:
            arrived = asyncio.get_running_loop().create_future()
            self._missing[conversation], self._arrived[conversation] = replies, arrived
        async with asyncio.timeout(SLOWEST_S):
            status, answer = await caller.ask(body)
            if arrived is not None:
                await arrived
        if status not in (200, 201, 202):
            raise AssertionError(f"the server answered {status}: {answer[:200]!r}")
        if self.task.expect_replies:
            got = len(json.loads(answer)["activities"])
            assert got == replies, f"{got} replies, not {replies}: {answer[:400]!r}"


def learner_id(number: int) -> str:
    """The id of a learner: as long as real ones, and as little in order."""
    return f"{number * SPREAD % 2**96:024x}"


def used(processes: Sequence[int]) -> float:
    """The CPU seconds of some processes so far."""
    total = 0
    for one in processes:
        fields = Path(f"/proc/{one}/stat").read_text("utf-8").rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total / TICKS


def main() -> None:
    told: dict[str, Any] = json.load(sys.stdin)
    if told.get("think"):
        told["think"] = tuple(told["think"])
    figures = asyncio.run(Crowd(Task(**told)).run())
    json.dump(asdict(figures), sys.stdout)


if __name__ == "__main__":
    main()
