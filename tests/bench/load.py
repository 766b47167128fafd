"""Drives one server as a crowd of learners who replay recorded walks.

A program of its own: reads a task as JSON from standard input, writes its figures as JSON. It
reads no card, so that it costs little.
"""

import asyncio
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

from bot.simulate.channel import TAKEN
from bot.simulate.crowd import Crowd, Plan

TICKS = os.sysconf("SC_CLK_TCK")
SPREAD = 0x9E3779B97F4A7C15F39CC0605CEDC835  # odd, so that no two numbers give one id
SLOWEST_S = 30.0  # after which a turn counts as lost

Turn = tuple[str, int]  # a request's template, and the number of its replies


@dataclass(frozen=True)
class Task:
    """What to do to whom. Times are in seconds; `think` is nothing for a crowd without a pause.

    `walks` is a file of walks. With `echo` every turn has one reply. CPU is measured of
    `processes`.
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


class Walker:
    """A player who takes one learner's walk. A turn ends when its last reply has arrived."""

    missing = 0  # a turn that lacks a reply never ends

    def __init__(self, number: int, turns: list[Turn], crowd: Crowd, task: Task) -> None:
        self.name, self._awaited = f"c{number}", 0
        self._number, self._turns = number, turns
        self._crowd, self._task = crowd, task
        self._arrived: asyncio.Future[None] | None = None

    async def play(self) -> None:
        """Take the walk's turns, or those that are asked for."""
        task, crowd = self._task, self._crowd
        names = {
            "learner": learner_id(self._number),
            "user": f"u{self._number}",
            "conversation": self.name,
            "service": crowd.channel.url,
        }
        dice = Random(self._number)
        end = task.skip + task.turns_each if task.turns_each else None
        for count, (template, replies) in enumerate(self._turns[task.skip : end], task.skip):
            body = (template % {**names, "count": count}).encode()
            began = perf_counter()
            async with asyncio.timeout(SLOWEST_S):
                await self._turn(body, 1 if task.echo else replies)
            if crowd.is_over:
                return
            crowd.figures.turns += 1
            crowd.figures.latencies_ms.append((perf_counter() - began) * 1000)
            if task.think:
                await crowd.pause(dice.uniform(*task.think))

    async def _turn(self, body: bytes, replies: int) -> None:
        """Send it, and wait for the answer and the replies."""
        arrived = None
        if not self._task.expect_replies and replies:
            arrived = self._arrived = asyncio.get_running_loop().create_future()
            self._awaited = replies
        answer = await self._crowd.line().post(body)
        if not answer.is_taken:
            raise AssertionError(f"the server answered {answer.status}: {answer.body[:200]!r}")
        if arrived is not None:
            await arrived
        if self._task.expect_replies:
            got = len(json.loads(answer.body)["activities"])
            assert got == replies, f"{got} replies, not {replies}: {answer.body[:400]!r}"

    def receive(self, body: bytes) -> bytes:
        """Count a reply."""
        del body
        self._awaited -= 1
        if self._awaited == 0 and self._arrived is not None and not self._arrived.done():
            self._arrived.set_result(None)
        return TAKEN


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


async def drive(task: Task, walks: list[list[Turn]]) -> dict[str, Any]:
    """Let the crowd loose; turns done in `seconds`, CPU seconds, and milliseconds of each turn."""
    came = 0

    def newcomer(crowd: Crowd, *_: object) -> Walker | None:
        nonlocal came
        if task.learners and came == task.learners:
            return None
        number = task.first + came * task.stride
        came += 1
        return Walker(number, walks[number % len(walks)], crowd, task)

    crowd = Crowd(
        Plan(
            urls=[f"http://127.0.0.1:{task.port}"],
            learners=task.seats,
            arrive_s=task.think[1] if task.think else 0.0,
            seed=task.first,
            latency_s=task.latency,
        ),
        newcomer,
    )
    run = asyncio.create_task(crowd.run())
    await asyncio.wait([run], timeout=task.warmup)
    crowd.measure()
    cpu = used(task.processes)
    await asyncio.wait([run], timeout=task.seconds)
    spent = used(task.processes) - cpu
    crowd.end()
    figures = await run
    return {
        "turns": figures.turns,
        "seconds": figures.seconds,
        "cpu": spent,
        "own_cpu": figures.cpu,
        "learners": came,
        "times": figures.latencies_ms,
    }


def main() -> None:
    """Do the task that is read."""
    told: dict[str, Any] = json.load(sys.stdin)
    if told.get("think"):
        told["think"] = tuple(told["think"])
    task = Task(**told)
    walks = json.loads(Path(task.walks).read_text("utf-8"))
    json.dump(asyncio.run(drive(task, walks)), sys.stdout)


if __name__ == "__main__":
    main()
