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
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout, web
from aiohttp.test_utils import TestServer
from sqlalchemy import create_engine, select
from sqlalchemy.engine import make_url

from bot.store import learners, tables

ROOT = Path(__file__).parents[2]
APP = ROOT / "app.py"
LEARNERS = 6
START_S = 60
ANSWER = "2"  # a wrong answer: each one counts as an attempt, however often it is given
STEP = "requirements"
PATIENCE = ClientTimeout(total=15)  # as a channel has


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
class Channel:
    """A channel's connector: keeps each reply by its id, and sometimes is a fault itself."""

    dice: random.Random
    url: str = ""
    faulty: bool = False
    seen: dict[str, list[str]] = field(default_factory=dict)
    again: int = 0

    async def take(self, request: web.Request) -> web.Response:
        """A reply of the tutor; now and then it is refused, or the answer is lost."""
        body = await request.json()
        fault = self.dice.random() if self.faulty else 1.0
        if fault < 0.05:
            return web.Response(status=503)
        if fault < 0.1:
            return web.Response(status=429, headers={"Retry-After": "0"})
        name = body["conversation"]["id"]
        if body["type"] == "message":
            known = self.seen.setdefault(name, [])
            if body["id"] in known:
                self.again += 1
            else:
                known.append(body["id"])
        if fault < 0.13 and request.transport is not None:
            request.transport.close()  # it took the reply, and the tutor can't know
        return web.json_response({"id": body["id"]})


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

    async def is_ready(self, session: ClientSession) -> bool:
        """Whether it takes turns."""
        try:
            async with session.get(f"{self.url}/readyz", timeout=PATIENCE) as answer:
                return answer.status == 200
        except (ClientError, TimeoutError, OSError):
            return False

    async def ready(self, session: ClientSession) -> None:
        """Wait until it takes turns."""
        until = time.monotonic() + START_S
        while not await self.is_ready(session):
            if time.monotonic() > until:
                raise AssertionError(f"the tutor isn't ready: {self.log.read_text()[-2000:]}")
            await asyncio.sleep(0.02)

    async def kill(self) -> None:
        """End it as a power cut does."""
        if self.process is not None and self.process.returncode is None:
            self.process.kill()
            await self.process.wait()

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
    refused: Counter[str] = field(default_factory=Counter)
    pause_s: float = 0.1
    tutors: list[Tutor] = field(default_factory=list)

    async def run(self, trouble: "Trouble") -> Outcome:
        """Let learners answer while there is trouble; then count."""
        async with _serving(Channel(self.dice)) as channel, ClientSession() as session:
            for n in range(self.instances):
                log = self.folder / f"tutor-{n}.log"
                self.tutors.append(Tutor(self.database, log, self.environment))
            try:
                await asyncio.gather(*(tutor.start() for tutor in self.tutors))
                for tutor in self.tutors:
                    await tutor.ready(session)
                await self._trouble(session, channel, trouble)
            finally:
                await asyncio.gather(*(tutor.kill() for tutor in self.tutors))
        return self.outcome

    async def _trouble(self, session: ClientSession, channel: Channel, trouble: "Trouble") -> None:
        names = [f"learner-{n}" for n in range(LEARNERS)]
        for name in names:
            for text in ("hi", "begin", "next", "next"):
                await self._say(session, channel, name, text)
        channel.faulty = True
        stop = asyncio.Event()
        answers = [asyncio.create_task(self._answer(session, channel, n, stop)) for n in names]
        try:
            await trouble(self, session)
            stop.set()
            given = dict(await asyncio.gather(*answers))
        finally:
            for answer in answers:
                answer.cancel()
        channel.faulty = False
        await self._delivered()
        await asyncio.gather(*(tutor.stop() for tutor in self.tutors))
        self._count(channel, given)

    # --- the learners ---------------------------------------------------------------

    async def _answer(
        self, session: ClientSession, channel: Channel, name: str, stop: asyncio.Event
    ) -> tuple[str, int]:
        """Give the answer again and again; how often it was given."""
        given = 0
        while not stop.is_set():
            await self._say(session, channel, name, ANSWER)
            given += 1
            await asyncio.sleep(self.dice.uniform(0, self.pause_s))
        return name, given

    async def _say(self, session: ClientSession, channel: Channel, name: str, text: str) -> None:
        """Send one activity as a channel does, to each instance: again until it is taken."""
        body = {
            "type": "message",
            "id": f"{name}-{self.dice.getrandbits(60):x}",
            "channelId": "emulator",
            "serviceUrl": channel.url,
            "from": {"id": name},
            "recipient": {"id": "bot"},
            "conversation": {"id": name},
            "text": text,
        }
        await asyncio.gather(*(self._bring(session, tutor, body) for tutor in self.tutors))

    async def _bring(self, session: ClientSession, tutor: Tutor, body: dict[str, Any]) -> None:
        url = f"{tutor.url}/api/messages"
        while True:
            try:
                async with session.post(url, json=body, timeout=PATIENCE) as answer:
                    if answer.status < 300:
                        return
                    told = (await answer.json())["error"]["message"]
                    if "Retry-After" not in answer.headers:
                        told += ", for ever"
                    self.refused[f"{answer.status} {told}"] += 1
                    if answer.status < 500:
                        raise AssertionError(told)
            except (ClientError, TimeoutError, OSError):
                pass
            await asyncio.sleep(self.dice.uniform(0.02, 0.2))

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

    def _count(self, channel: Channel, given: dict[str, int]) -> None:
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
                seen = channel.seen.get(name, [])
                found.replies += len(said)
                found.missing += sum((Counter(said) - Counter(seen)).values())
                found.disordered += seen != sorted(seen)
        found.twice = channel.again
        engine.dispose()

    def _attempts(self, db: Any, name: str) -> int:
        query = select(tables.identity.c.learner).where(tables.identity.c.external == name)
        learner = learners.find(db, db.execute(query).scalar_one())
        assert learner
        return learner.progress["polite-chatbot"].record(STEP).attempts


Trouble = Callable[[Trial, ClientSession], Awaitable[None]]


def kills(times: int) -> Trouble:
    """Kill a tutor while turns are under way, and start it again."""

    async def trouble(trial: Trial, session: ClientSession) -> None:
        for _ in range(times):
            tutor = trial.dice.choice(trial.tutors)
            await tutor.ready(session)
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


@asynccontextmanager
async def _serving(channel: Channel) -> AsyncIterator[Channel]:
    app = web.Application()
    app.router.add_post("/v3/conversations/{conversation}/activities", channel.take)
    app.router.add_post("/v3/conversations/{conversation}/activities/{reply}", channel.take)
    server = TestServer(app)
    await server.start_server()
    channel.url = str(server.make_url("/")).rstrip("/")
    try:
        yield channel
    finally:
        await server.close()
