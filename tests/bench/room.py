"""A room full of learners: a poll opens, all answer within twenty seconds, the big screen follows.

The learners speak by a Bot Framework channel whose service runs here, as does what watches the big
screen. An answer's time is from its sending until the screen counts it: the k-th that was sent is
on the screen when the screen counts k. With two instances every other learner is at each; the host
is at the first, the big screen at the second.
"""

import asyncio
import json
import os
import re
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from random import Random
from time import perf_counter, process_time
from typing import Any

from aiohttp import ClientSession, ClientTimeout, TCPConnector, web

from bot.simulate.report import percentile
from tests.bench import servers
from tests.pace import slowness
from tests.waiting import until

ANSWER_S = 20.0
ROOMS = (("sqlite", 500, 1), ("postgresql", 500, 1), ("postgresql", 2000, 2))
ASKED = {"poll": "try-first", "cloud": "expect"}  # what the host opens, by its kind
# What is typed into the cloud: two of each are put together, and some say the same.
WANTS = (
    "lower cost",
    "polite answers",
    "faster replies",
    "our tone",
    "fewer mistakes",
    "less text",
)
WHOM = ("for us", "for customers", "in German", "at night", "on phones", "by email", "in reports")
TOKEN = "the-token-of-the-bench"
HOST = {"Authorization": f"Bearer {TOKEN}"}
COUNTED = re.compile(r"(\d+) of \d+ answered")
HEAD = (
    "| database | instances | learners | asked | told within s | votes | on the screen p50 ms "
    "| p95 ms | max ms | turn p95 ms | CPU ms a learner | of it the database's | crowd's CPU "
    "| slowness of the machine |"
)


def measure(kind: str | None, learners: int | None, asked: str) -> None:
    """Fill the rooms, on this database alone or with so many alone; prints a row for each.

    A learner's CPU is what all servers need to tell them of the poll and to count their answer.
    """
    os.environ["HOST_TOKEN"] = TOKEN
    print(f"{HEAD}\n{'|---' * (HEAD.count('|') - 1)}|", flush=True)
    for database, usual, instances in ROOMS:
        if kind in (None, database) and (learners is None or instances == 1):
            print(_row(database, instances, learners or usual, asked), flush=True)


def _row(kind: str, instances: int, learners: int, asked: str) -> str:
    with tempfile.TemporaryDirectory() as folder, ExitStack() as running:
        url, others = running.enter_context(servers.database(kind, Path(folder)))
        tutors = [running.enter_context(servers.tutor(url, f"tutor-{n}")) for n in range(instances)]
        for server in tutors:
            servers.rest(server)
        slow = slowness()
        used = _Used([one.process for one in tutors], others)
        cells = asyncio.run(_filled([one.port for one in tutors], learners, asked, used))
    told, *rest = cells
    row = (kind, str(instances), f"{learners:,}", asked, told, *rest, f"{slow:.1f}")
    return f"| {' | '.join(row)} |"


@dataclass
class _Used:
    """The CPU of tutors, database and crowd since it was last begun."""

    tutors: list[int]
    database: list[int]
    before: tuple[float, float, float] = (0.0, 0.0, 0.0)
    began: float = 0.0

    def begin(self) -> None:
        """Count from now on."""
        self.before, self.began = self._now(), perf_counter()

    def cells(self, learners: int) -> tuple[str, str, str]:
        """What was used since then: by all servers, of it by the database; the crowd's share."""
        pairs = zip(self._now(), self.before, strict=True)
        tutors, database, crowd = (now - before for now, before in pairs)
        share = crowd / (perf_counter() - self.began)
        each = (1000 * (tutors + database) / learners, 1000 * database / learners)
        return f"{each[0]:.1f}", f"{each[1]:.1f}", f"{share:.0%}"

    def _now(self) -> tuple[float, float, float]:
        return servers.used(self.tutors), servers.used(self.database), process_time()


class _Room:
    """The learners, their channel's service, and who watches the screen."""

    def __init__(self, session: ClientSession, ports: list[int], service: str) -> None:
        self.session, self.service = session, service
        self.urls = [f"http://127.0.0.1:{port}" for port in ports]
        self.told: list[float] = []
        self.sent: list[float] = []
        self.turns: list[float] = []
        self.shown: list[float] = []  # when the screen counted so many
        self.count = 0

    async def say(self, learner: int, text: str) -> None:
        """One message of a learner; their replies come in the answer."""
        self.count += 1
        body = {
            "type": "message",
            "id": f"m{self.count}",
            "text": text,
            "channelId": "emulator",
            "serviceUrl": self.service,
            "deliveryMode": "expectReplies",
            "from": {"id": f"u{learner}"},
            "recipient": {"id": "bot"},
            "conversation": {"id": f"c{learner}"},
        }
        began = perf_counter()
        url = self.urls[learner % len(self.urls)]
        async with self.session.post(f"{url}/api/messages", json=body) as answer:
            await answer.read()
            assert answer.status == 200, answer.status
        self.turns.append(perf_counter() - began)

    async def do(self, path: str, **form: str) -> str:
        """What a host's form does; where it leads."""
        async with self.session.post(
            f"{self.urls[0]}{path}", data=form, headers=HOST, allow_redirects=False
        ) as answer:
            assert answer.status == 303, answer.status
            return answer.headers["Location"]

    async def watch(self, code: str) -> None:
        """Follow the big screen."""
        timeout = ClientTimeout(total=None)
        async with self.session.get(
            f"{self.urls[-1]}/screen/{code}/stream", timeout=timeout
        ) as stream:
            async for line in stream.content:
                if not line.startswith(b"data: "):
                    continue
                found = COUNTED.search(json.loads(line[6:])["screen"])
                now, counted = perf_counter(), int(found[1]) if found else 0
                self.shown += [now] * (counted - len(self.shown))


async def _filled(ports: list[int], learners: int, kind: str, used: _Used) -> tuple[str, ...]:
    told: list[float] = []
    asked = [asyncio.Event() for _ in range(learners)]

    async def take(request: web.Request) -> web.Response:
        await request.read()
        told.append(perf_counter())
        asked[int(request.match_info["conversation"].removeprefix("c"))].set()
        return web.json_response({"id": f"r{len(told)}"})

    app = web.Application()
    app.router.add_post("/v3/conversations/{conversation}/activities{more:.*}", take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    addresses: Any = runner.addresses
    dice = Random(7)
    async with ClientSession(connector=TCPConnector(limit=0)) as session:
        room = _Room(session, ports, f"http://127.0.0.1:{addresses[0][1]}")
        code = (await room.do("/host", session="fine-tuning", locale="en")).rpartition("/")[2]
        gate = asyncio.Semaphore(32)

        async def join(learner: int) -> None:
            async with gate:
                await room.say(learner, code)

        await asyncio.gather(*map(join, range(learners)))
        watching = asyncio.create_task(room.watch(code))
        room.turns.clear()
        used.begin()
        opened = perf_counter()
        await room.do(f"/host/{code}", do="open", value=ASKED[kind])

        async def answer(learner: int) -> None:
            await asked[learner].wait()  # nobody answers before they were asked
            await asyncio.sleep(dice.random() * (opened + ANSWER_S - perf_counter()))
            room.sent.append(perf_counter())
            words = f"{dice.choice(WANTS)} {dice.choice(WHOM)} {learner % 9}"
            await room.say(learner, str(dice.randrange(1, 5)) if kind == "poll" else words)

        await asyncio.gather(*map(answer, range(learners)))
        await until(lambda: len(room.shown) >= learners, what="the last answer on the screen")
        cpu = used.cells(learners)
        watching.cancel()
    await runner.cleanup()
    pairs = zip(sorted(room.sent), room.shown, strict=True)
    lags = sorted(1000 * (shown - sent) for sent, shown in pairs)
    return (
        f"{max(told) - opened:.1f}",
        str(len(room.shown)),
        f"{percentile(lags, 50):.0f}",
        f"{percentile(lags, 95):.0f}",
        f"{max(lags):.0f}",
        f"{1000 * percentile(sorted(room.turns), 95):.0f}",
        *cpu,
    )
