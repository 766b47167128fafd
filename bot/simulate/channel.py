"""The channel's double: it brings activities to tutors, and takes what they reply.

Its HTTP is written by hand over asyncio's protocols, so that a crowd costs less than any server.
"""

import asyncio
import itertools
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import NamedTuple, Self
from urllib.parse import unquote, urlsplit

import orjson

from bot.activity.loopback import is_loopback
from content.errors import TutorError

BACKLOG = 1024
PATIENCE_S = 30.0  # for an answer
HTTP_OK = 200
REFUSED = range(400, 500)
PASSING = (408, 429)  # of these: another try may do
TIMED_OUT, CONNECTION_LOST = "timed out", "connection lost"


class SimulationError(TutorError):
    """The run can't be, or can't go on; the text is one sentence."""


def response(status: int, body: bytes = b"", head: bytes = b"") -> bytes:
    """What the channel answers to a reply; each line of `head` ends with a line break."""
    told = b"HTTP/1.1 %d \r\nContent-Type: application/json\r\nContent-Length: %d\r\n%b\r\n%b"
    return told % (status, len(body), head, body)


TAKEN = response(HTTP_OK, b'{"id": "m1"}')
UNAVAILABLE = response(503)

# Is given each reply's conversation and body, and says what to answer; None cuts the line.
Receive = Callable[[str, bytes], bytes | None]


class Answer(NamedTuple):
    """What a tutor answered to an activity."""

    status: int
    head: bytes
    body: bytes

    @property
    def is_taken(self) -> bool:
        """Whether the activity was."""
        return self.status < REFUSED.start

    @property
    def is_final(self) -> bool:
        """Whether another try will fare no better."""
        return self.status in REFUSED and self.status not in PASSING

    @property
    def reason(self) -> str:
        """Why it wasn't taken, in the tutor's words."""
        try:
            return str(orjson.loads(self.body)["error"]["message"])
        except (ValueError, KeyError, TypeError):
            return "no reason given"

    @property
    def says_when(self) -> bool:
        """Whether the tutor told when to try again."""
        return b"\r\nretry-after:" in self.head.lower()


class _Messages(asyncio.Protocol, ABC):
    """HTTP messages out of a stream of bytes."""

    def __init__(self) -> None:
        self._held = b""
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the connection to write to."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 (it is a stream's)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Hand over each message that is whole."""
        held = self._held + data if self._held else data
        while (end := held.find(b"\r\n\r\n")) >= 0:
            head = held[:end].lower()
            at = head.find(b"content-length:")
            length = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
            whole = end + 4 + length
            if len(held) < whole:
                break
            self.came(held[:end], held[end + 4 : whole])
            held = held[whole:]
        self._held = held

    @abstractmethod
    def came(self, head: bytes, body: bytes) -> None:
        """A whole message came."""


class _Inbound(_Messages):
    """A connection on which a tutor sends replies."""

    def __init__(self, receive: Receive, latency_s: float) -> None:
        super().__init__()
        self._receive, self._latency_s = receive, latency_s

    def came(self, head: bytes, body: bytes) -> None:
        """Take a reply: its path names the conversation."""
        answer = self._receive(unquote(head.split(b"/", 4)[3].decode()), body)
        if answer is None:
            self._transport.close()
        elif self._latency_s:
            asyncio.get_running_loop().call_later(self._latency_s, self._transport.write, answer)
        else:
            self._transport.write(answer)


class _Outbound(_Messages):
    """A connection to a tutor, for one request after the other."""

    def __init__(self) -> None:
        super().__init__()
        self._answer: asyncio.Future[Answer] | None = None
        self.is_open = True

    def ask(self, request: bytes) -> asyncio.Future[Answer]:
        """Send a request; its answer is to come."""
        self._transport.write(request)
        self._answer = asyncio.get_running_loop().create_future()
        return self._answer

    def came(self, head: bytes, body: bytes) -> None:
        """Take the answer."""
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(Answer(int(head[9:12]), head, body))

    def connection_lost(self, exc: Exception | None) -> None:
        """Say so to who waits for an answer."""
        del exc
        self.is_open = False
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(ConnectionError("the tutor hung up"))

    def close(self) -> None:
        """Hang up."""
        self._transport.close()


class Line:
    """The way to one tutor: as many kept connections as there are requests at once."""

    def __init__(self, url: str) -> None:
        """Raises SimulationError for an address that isn't on this machine."""
        try:
            parts = urlsplit(url)
            self._host, self._port = parts.hostname or "", parts.port or 80
        except ValueError:
            parts = urlsplit("")
        if parts.scheme != "http" or not is_loopback(self._host):
            msg = (
                f"{url} is not on this machine: simulated learners speak to a tutor without an "
                "app id, which takes http:// on loopback alone."
            )
            raise SimulationError(msg)
        self._idle: list[_Outbound] = []

    async def post(self, body: bytes) -> Answer:
        """Send an activity, and get its answer. Raises OSError."""
        return await self._ask(
            b"POST /api/messages HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)
        )

    async def readiness(self) -> int:
        """The status by which the tutor says whether it takes turns; 0 where nobody answers."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                answer = await self._ask(b"GET /readyz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        except (OSError, ValueError):
            return 0
        return answer.status

    async def _ask(self, request: bytes) -> Answer:
        connection = await self._connection()
        try:
            answer = await connection.ask(request)
        except BaseException:
            connection.close()
            raise
        self._idle.append(connection)
        return answer

    async def _connection(self) -> _Outbound:
        while self._idle:
            connection = self._idle.pop()
            if connection.is_open:
                return connection
        loop = asyncio.get_running_loop()
        _, made = await loop.create_connection(_Outbound, self._host, self._port)
        return made

    def close(self) -> None:
        """Hang all connections up."""
        for connection in self._idle:
            connection.close()
        self._idle.clear()


class Channel:
    """Takes replies at `url` while it is open; `errors` counts what made it send again."""

    def __init__(
        self, receive: Receive, latency_s: float = 0.0, patience_s: float = PATIENCE_S
    ) -> None:
        """Replies are answered `latency_s` after they came, answers awaited for `patience_s`."""
        self.url, self._patience_s = "", patience_s
        self.errors: Counter[str] = Counter()
        self._receive, self._latency_s = receive, latency_s
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        """Open it on a free port."""
        self._server = await asyncio.get_running_loop().create_server(
            lambda: _Inbound(self._receive, self._latency_s), "127.0.0.1", 0, backlog=BACKLOG
        )
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        """Take no more."""
        if self._server is not None:
            self._server.close()

    async def send(
        self, body: bytes, line: Callable[[], Line], again: Callable[[int], Awaitable[bool]]
    ) -> bytes | None:
        """Bring an activity, as a channel does: again, with the same id, until it is taken.

        `line` names the tutor of each try. `again` is asked after each failure, by its number from
        0, and takes the time that it wants. The answer's body; None when there were tries enough.
        Raises SimulationError when the tutor will never take it.
        """
        for count in itertools.count():
            try:
                async with asyncio.timeout(self._patience_s):
                    answer = await line().post(body)
            except TimeoutError:
                trouble = TIMED_OUT
            except OSError:
                trouble = CONNECTION_LOST
            else:
                if answer.is_taken:
                    return answer.body
                if answer.is_final:
                    msg = f"The tutor refuses what is sent ({answer.status}: {answer.reason})."
                    raise SimulationError(msg)
                trouble = f"{answer.status} {answer.reason}"
                if not answer.says_when:
                    trouble += ", for ever"
            self.errors[trouble] += 1
            if not await again(count):
                break
        return None
