"""A trial: learners answer over a channel that retries, while the tutor is killed over and over."""

import asyncio
import json
import os
import random
import signal
import socket
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout, web
from aiohttp.test_utils import TestServer
from sqlalchemy import create_engine, select
from sqlalchemy.engine import make_url

from bot import learners, tables

ROOT = Path(__file__).parents[2]
LEARNERS = 6
START_S = 30
ANSWER = "2"  # a wrong answer: each one counts as an attempt, however often it is given
STEP = "requirements"
PATIENCE = ClientTimeout(total=5)


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
class Trial:
    """One tutor process on one database, and the learners that write to it."""

    database: str
    folder: Path
    dice: random.Random
    outcome: Outcome = field(default_factory=Outcome)
    process: asyncio.subprocess.Process | None = None
    port: int = 0

    async def run(self, kills: int) -> Outcome:
        """Let learners answer until the tutor was killed so often; then count."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        async with _serving(Channel(self.dice)) as channel, ClientSession() as session:
            await self._start()
            names = [f"learner-{n}" for n in range(LEARNERS)]
            for name in names:
                for text in ("hi", "begin", "next", "next"):
                    await self._say(session, channel, name, text)
            channel.faulty = True
            stop = asyncio.Event()
            answers = [asyncio.create_task(self._answer(session, channel, n, stop)) for n in names]
            for _ in range(kills):
                await self._ready(session)
                await asyncio.sleep(self.dice.uniform(0.02, 0.4))  # turns are under way
                await self._kill()
                await self._start()
            stop.set()
            given = dict(await asyncio.gather(*answers))
            channel.faulty = False
            await self._delivered()
            await self._stop()
            self._count(channel, given)
        return self.outcome

    # --- the tutor ------------------------------------------------------------------

    async def _start(self) -> None:
        log = (self.folder / "tutor.log").open("ab")
        environment = {
            **os.environ,
            "PORT": str(self.port),
            "DATABASE_URL": self.database,
            "LOG_FORMAT": "json",
        }
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, str(ROOT / "app.py"), cwd=ROOT, env=environment, stdout=log, stderr=log
        )
        log.close()

    async def _ready(self, session: ClientSession) -> None:
        """Wait until it takes turns."""
        for _ in range(START_S * 50):
            try:
                async with session.get(f"http://127.0.0.1:{self.port}/readyz") as answer:
                    if answer.status == 200:
                        return
            except (ClientError, OSError):
                pass
            await asyncio.sleep(0.02)
        raise AssertionError("the tutor doesn't start")

    async def _kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            await self.process.wait()
            self.outcome.kills += 1

    async def _stop(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            await self.process.wait()

    # --- the learners ---------------------------------------------------------------

    async def _answer(
        self, session: ClientSession, channel: Channel, name: str, stop: asyncio.Event
    ) -> tuple[str, int]:
        """Give the answer again and again; how often it was given."""
        given = 0
        while not stop.is_set():
            await self._say(session, channel, name, ANSWER)
            given += 1
            await asyncio.sleep(self.dice.uniform(0, 0.1))
        return name, given

    async def _say(self, session: ClientSession, channel: Channel, name: str, text: str) -> None:
        """Send one activity as a channel does: again, with the same id, until it is taken."""
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
        url = f"http://127.0.0.1:{self.port}/api/messages"
        while True:
            try:
                async with session.post(url, json=body, timeout=PATIENCE) as answer:
                    if answer.status < 300:
                        return
                    if answer.status < 500:
                        raise AssertionError(await answer.text())
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
