"""A crowd of simulated learners, and the channel between them and the tutor."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from secrets import token_hex
from time import perf_counter, process_time
from typing import Any
from urllib.parse import unquote_to_bytes

import orjson
from yarl import URL

from bot.activity.origins import is_near
from bot.simulate.connections import AWAY, OK, Connector, Line
from bot.simulate.learner import PATIENCE_S, Learner, Pace, Parts
from bot.simulate.report import Figures
from content.errors import TutorError
from content.loader import Library

CHANNEL = "emulator"
HTTP_OK = 200
REFUSED = range(400, 500)
PASSING = (408, 429)  # of these: another try may do
PAUSES_S = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0)  # before the channel sends again
LAST_REPLIES_S = 5.0  # that are waited for at the end
LAST_TURNS_S = 5.0  # for turns that are under way at the end
TICK_S = 0.05  # how often it is looked how late the loop is
BACKLOG = 1024


class SimulationError(TutorError):
    """The run can't be, or can't go on; the text is one sentence."""


@dataclass(frozen=True)
class Plan:
    """Who does what: `seconds` is None until every learner has finished the lesson.

    With `seconds` whoever finishes makes room for somebody new. `pace`: human learners read and
    consider, hasty ones press after some seconds, fast ones at once. `arrive_s`: within which all
    have arrived. `lesson`: None for the one that the tutor offers first. `turns`: after which a
    learner leaves, None at the lesson's end.
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


class Crowd:
    """Runs a plan. `figures` and `share` may be looked at meanwhile."""

    def __init__(self, plan: Plan, library: Library) -> None:
        self.plan, self.figures = plan, Figures()
        self.is_over = False
        self.pace, self.expects_replies = plan.pace, plan.expects_replies
        self.most_turns = plan.turns
        self._library = library
        self._lines = [_line(url) for url in plan.urls]
        self._dice = Random(plan.seed)
        self._run = token_hex(3)  # so that nobody of a former run is met
        self._learners: dict[str, Learner] = {}
        self._pausing: set[asyncio.Future[None]] = set()
        self._service = ""
        self._began = 0.0

    @property
    def share(self) -> float:
        """How much of the run is done, 0.0 to 1.0."""
        if self.plan.seconds is not None:
            return min(1.0, (perf_counter() - self._began) / self.plan.seconds)
        return (self.figures.finished + self.figures.stuck) / self.plan.learners

    async def run(self) -> Figures:
        """Let everybody learn. Raises SimulationError."""
        plan, figures = self.plan, self.figures
        loop = asyncio.get_running_loop()
        server = await loop.create_server(
            lambda: Connector(self._take), "127.0.0.1", 0, backlog=BACKLOG
        )
        self._service = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        self._began, cpu = perf_counter(), process_time()
        watch = asyncio.create_task(self._watch())
        seats = [asyncio.create_task(self._sit(n)) for n in range(plan.learners)]
        try:
            # Whoever raises ends the run for all.
            await asyncio.wait(seats, timeout=plan.seconds, return_when=asyncio.FIRST_EXCEPTION)
            self.end()
            done, left = await asyncio.wait(seats, timeout=LAST_TURNS_S)
            figures.cpu = process_time() - cpu
            watch.cancel()
            await _cancelled(left)
            for seat in done:
                seat.result()
            await self._last_replies()
        finally:
            server.close()
            for line in self._lines:
                line.close()
        figures.missing = sum(one.missing for one in self._learners.values())
        return figures

    def end(self) -> None:
        """Let everybody finish the turn that they are at, and no more."""
        if self.is_over:
            return
        self.is_over = True
        self.figures.seconds = perf_counter() - self._began
        for pause in self._pausing:
            if not pause.done():
                pause.set_result(None)

    async def _sit(self, number: int) -> None:
        """One learner; who has finished makes room for another one."""
        dice = Random(self._dice.random())
        await self.pause(dice.uniform(0, self.plan.arrive_s))
        visit = 0
        while not self.is_over:
            name = f"learner-{self._run}-{number}-{visit}"
            learner = Learner(name, self, self._library, self.plan.lesson, dice)
            self._learners[name] = learner
            self.figures.learners += 1
            await learner.learn()
            if self.plan.seconds is None or self.plan.turns is not None:
                return
            visit += 1

    async def _watch(self) -> None:
        """Note how late the own loop is: with it all times are too long."""
        while True:
            due = perf_counter() + TICK_S
            await asyncio.sleep(TICK_S)
            self.figures.late_ms = max(self.figures.late_ms, (perf_counter() - due) * 1000)

    async def _last_replies(self) -> None:
        for _ in range(round(LAST_REPLIES_S / TICK_S)):
            if not any(one.missing for one in self._learners.values()):
                return
            await asyncio.sleep(TICK_S)

    # --- the channel ----------------------------------------------------------------

    async def send(self, who: str, parts: Parts) -> bytes | None:
        """Deliver an activity, as a channel does: again, with the same id, until it is taken."""
        body = orjson.dumps(self._activity(who, parts))
        for pause in (*PAUSES_S, None):
            line = self._dice.choice(self._lines)
            try:
                status, answer = await line.post(body, PATIENCE_S)
            except TimeoutError:
                kind = "timed out"
            except OSError:
                kind = "connection lost"
            else:
                if status < REFUSED.start:
                    self.figures.turns += 1
                    return answer
                kind = str(status)
                if status in REFUSED and status not in PASSING:
                    msg = f"The tutor refuses what is sent ({status}: {_reason(answer)})."
                    raise SimulationError(msg)
            self.figures.errors[kind] += 1
            if pause is None or self.is_over:
                break
            await self.pause(pause)
        self.figures.given_up += 1
        return None

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

    def replies(self, body: bytes) -> list[dict[str, Any]]:
        """The activities in an `expectReplies` answer."""
        if not self.expects_replies or not body:
            return []
        found: list[dict[str, Any]] = orjson.loads(body)["activities"]
        return found

    def _activity(self, who: str, parts: Parts) -> Parts:
        activity = {
            "channelId": CHANNEL,
            "serviceUrl": self._service,
            "from": {"id": who, "role": "user"},
            "recipient": {"id": "tutor", "role": "bot"},
            "conversation": {"id": who},
            "locale": "en-US",
            **parts,
        }
        if self.expects_replies:
            activity["deliveryMode"] = "expectReplies"
        return activity

    def _take(self, head: bytes, body: bytes) -> bytes | None:
        """A reply of the tutor: its path has the conversation, which is the learner's name."""
        name = unquote_to_bytes(head.split(b"/", 4)[3]).decode()
        learner = self._learners.get(name)
        if learner is None:
            return OK
        if learner.is_away:
            return AWAY
        learner.heard(orjson.loads(body))
        return None if learner.drops() else OK


async def _cancelled(tasks: "set[asyncio.Task[None]]") -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _wake(waiting: "asyncio.Future[None]") -> None:
    if not waiting.done():
        waiting.set_result(None)


def _reason(answer: bytes) -> str:
    try:
        return str(orjson.loads(answer)["error"]["message"])
    except (ValueError, KeyError, TypeError):
        return "no reason given"


def _line(told: str) -> Line:
    """A way to the tutor at this address. Raises SimulationError for what isn't near."""
    try:
        url = URL(told)
    except ValueError:
        url = URL()
    if url.scheme != "http" or not url.host or not is_near(told):
        msg = (
            f"{told} is not on this machine: simulated learners speak to a tutor without an app "
            "id, which takes http:// on loopback alone."
        )
        raise SimulationError(msg)
    return Line(url.host, url.port or 80)


async def look(urls: Sequence[str]) -> None:
    """See that a tutor answers at each address. Raises SimulationError."""
    for url in urls:
        line = _line(url)
        try:
            status = await _status(line)
        except (OSError, ValueError):
            status = 0
        if status != HTTP_OK:
            told = f"answers {status}" if status else "does not answer"
            msg = f"The tutor at {url} {told}: start one with `python app.py`."
            raise SimulationError(msg)


async def _status(line: Line) -> int:
    reader, writer = await asyncio.open_connection(line.host, line.port)
    writer.write(b"GET /readyz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
    head = await reader.readline()
    writer.close()
    await writer.wait_closed()
    return int(head.split()[1]) if head.startswith(b"HTTP/") else 0
