"""A trial: learners answer over a channel that retries, while something is in trouble."""

import asyncio
import json
import os
import random
import signal
import socket
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, select
from sqlalchemy.engine import make_url

from bot.simulate.channel import (
    CONNECTION_LOST,
    TIMED_OUT,
    UNAVAILABLE,
    Channel,
    Line,
    response,
)
from bot.store import learners, tables

ROOT = Path(__file__).parents[2]
APP = ROOT / "app.py"
LEARNERS = 6
START_S = 180
# Wrong answers: each one counts as an attempt, however often it is given. The same text again
# before the reply has arrived would be a channel's retry.
ANSWERS = ("2", "4")
STEP = "requirements"
PATIENCE_S = 15.0  # as a channel has


@dataclass
class Outcome:
    """What a trial counted. `twice`: replies that came again, which at least once allows."""

    kills: int = 0
    given: int = 0
    lost: int = 0
    doubled: int = 0
    missing: int = 0
    disordered: int = 0
    twice: int = 0
    replies: int = 0


@dataclass
class Arrived:
    """What came to the channel, each reply by its id; a `faulty` channel refuses some."""

    dice: random.Random
    faulty: bool = False
    seen: dict[str, list[str]] = field(default_factory=dict)
    again: int = 0

    def receive(self, conversation: str, body: bytes) -> bytes | None:
        """A reply of the tutor; now and then it is refused, or the answer is lost."""
        reply = json.loads(body)
        fault = self.dice.random() if self.faulty else 1.0
        if fault < 0.05:
            return UNAVAILABLE
        if fault < 0.1:
            return response(429, head=b"Retry-After: 0\r\n")
        if reply["type"] == "message":
            known = self.seen.setdefault(conversation, [])
            if reply["id"] in known:
                self.again += 1
            else:
                known.append(reply["id"])
        if fault < 0.13:
            return None  # it took the reply, and the tutor can't know
        return response(200, json.dumps({"id": reply["id"]}).encode())


@dataclass
class Tutor:
    """One instance, as a process of its own."""

    database: str
    log: Path
    environment: dict[str, str]
    port: int = 0
    process: asyncio.subprocess.Process | None = None

    def __post_init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]

        self.line = Line(self.url)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Start it as an operator does."""
        environment = {
            **os.environ,
            "PORT": str(self.port),
            "DATABASE_URL": self.database,
            "LOG_FORMAT": "json",
            **self.environment,
        }
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable, str(APP), cwd=ROOT, env=environment, stdout=log, stderr=log
            )

    async def is_ready(self) -> bool:
        """Whether it takes turns."""
        return await self.line.readiness() == 200

    async def ready(self) -> None:
        """Wait until it takes turns."""
        until = time.monotonic() + START_S
        while not await self.is_ready():
            if time.monotonic() > until:
                raise AssertionError(f"the tutor isn't ready: {self.log.read_text()[-2000:]}")
            await asyncio.sleep(0.02)

    async def kill(self) -> None:
        """End it as a power cut does."""
        if self.process is not None and self.process.returncode is None:
            self.process.kill()
            await self.process.wait()
        self.line.close()

    async def stop(self) -> None:
        """End it as an operator does."""
        if self.process is not None and self.process.returncode is None:
            self.process.send_signal(signal.SIGTERM)
            await self.process.wait()


@dataclass
class Trial:
    """Tutors on one database, and the learners that write to all of them."""

    database: str
    folder: Path
    dice: random.Random
    instances: int = 1
    environment: dict[str, str] = field(default_factory=dict)
    outcome: Outcome = field(default_factory=Outcome)
    errors: Counter[str] = field(default_factory=Counter)
    pause_s: float = 0.1
    tutors: list[Tutor] = field(default_factory=list)

    async def run(self, trouble: "Trouble") -> Outcome:
        """Let learners answer while there is trouble; then count."""
        arrived = Arrived(self.dice)
        async with Channel(arrived.receive, patience_s=PATIENCE_S) as channel:
            for n in range(self.instances):
                log = self.folder / f"tutor-{n}.log"
                self.tutors.append(Tutor(self.database, log, self.environment))
            try:
                await asyncio.gather(*(tutor.start() for tutor in self.tutors))
                for tutor in self.tutors:
                    await tutor.ready()
                await self._trouble(channel, arrived, trouble)
            finally:
                await asyncio.gather(*(tutor.kill() for tutor in self.tutors))
        return self.outcome

    async def _trouble(self, channel: Channel, arrived: Arrived, trouble: "Trouble") -> None:
        self.errors = channel.errors
        names = [f"learner-{n}" for n in range(LEARNERS)]
        for name in names:
            for text in ("hi", "begin", "next", "n"):
                await self._say(channel, name, text)
        arrived.faulty = True
        stop = asyncio.Event()
        answers = [asyncio.create_task(self._answer(channel, name, stop)) for name in names]
        try:
            await trouble(self)
            stop.set()
            given = dict(await asyncio.gather(*answers))
        finally:
            for answer in answers:
                answer.cancel()
        arrived.faulty = False
        await self._delivered()
        await asyncio.gather(*(tutor.stop() for tutor in self.tutors))
        self._count(arrived, given)

    @property
    def refused(self) -> set[str]:
        """How tutors answered what they didn't take."""
        return set(self.errors) - {TIMED_OUT, CONNECTION_LOST}

    # --- the learners ---------------------------------------------------------------

    async def _answer(self, channel: Channel, name: str, stop: asyncio.Event) -> tuple[str, int]:
        """Give the answer again and again; how often it was given."""
        given = 0
        while not stop.is_set():
            await self._say(channel, name, ANSWERS[given % len(ANSWERS)])
            given += 1
            await asyncio.sleep(self.dice.uniform(0, self.pause_s))
        return name, given

    async def _say(self, channel: Channel, name: str, text: str) -> None:
        """Send one activity to each instance."""
        activity = {
            "type": "message",
            "id": f"{name}-{self.dice.getrandbits(60):x}",
            "channelId": "emulator",
            "serviceUrl": channel.url,
            "from": {"id": name},
            "recipient": {"id": "bot"},
            "conversation": {"id": name},
            "text": text,
        }
        body = json.dumps(activity).encode()
        await asyncio.gather(*(self._bring(channel, tutor, body) for tutor in self.tutors))

    async def _bring(self, channel: Channel, tutor: Tutor, body: bytes) -> None:
        await channel.send(body, lambda: tutor.line, self._again)

    async def _again(self, _: int) -> bool:
        """However often it takes."""
        await asyncio.sleep(self.dice.uniform(0.02, 0.2))
        return True

    # --- the count ------------------------------------------------------------------

    async def _delivered(self) -> None:
        """Wait until nothing waits for delivery."""
        engine = create_engine(_driver(self.database))
        query = select(tables.activity.c.seq).where(tables.activity.c.waiting).limit(1)
        for _ in range(START_S * 10):
            with engine.connect() as db:
                if db.execute(query).first() is None:
                    break
            await asyncio.sleep(0.1)
        engine.dispose()

    def _count(self, arrived: Arrived, given: dict[str, int]) -> None:
        engine, found = create_engine(_driver(self.database)), self.outcome
        with engine.connect() as db:
            for name, times in given.items():
                attempts = self._attempts(db, name)
                found.given += times
                found.lost += max(0, times - attempts)
                found.doubled += max(0, attempts - times)
                query = select(tables.activity.c.doc).where(
                    tables.activity.c.conversation == f"emulator|{name}"
                )
                docs = [
                    json.loads(d)
                    for d in db.execute(query.order_by(tables.activity.c.seq)).scalars()
                ]
                said = [d["id"] for d in docs if d["type"] == "message"]
                seen = arrived.seen.get(name, [])
                found.replies += len(said)
                found.missing += sum((Counter(said) - Counter(seen)).values())
                found.disordered += seen != sorted(seen)
        found.twice = arrived.again
        engine.dispose()

    def _attempts(self, db: Any, name: str) -> int:
        query = select(tables.identity.c.learner).where(tables.identity.c.external == name)
        learner = learners.find(db, db.execute(query).scalar_one())
        assert learner
        return learner.progress["polite-chatbot"].record(STEP).attempts


Trouble = Callable[[Trial], Awaitable[None]]


def kills(times: int) -> Trouble:
    """Kill a tutor while turns are under way, and start it again."""

    async def trouble(trial: Trial) -> None:
        for _ in range(times):
            tutor = trial.dice.choice(trial.tutors)
            await tutor.ready()
            await asyncio.sleep(trial.dice.uniform(0.02, 0.4))  # turns are under way
            await tutor.kill()
            trial.outcome.kills += 1
            await tutor.start()

    return trouble


def _driver(url: str) -> Any:
    address = make_url(url)
    if address.drivername == "postgresql":
        address = address.set(drivername="postgresql+psycopg")
    return address
