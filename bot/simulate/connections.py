"""HTTP by hand over asyncio's protocols, so that a crowd costs less than any server."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable

Answer = tuple[int, bytes]  # a status, and the body that came with it

OK = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 12\r\n\r\n{"id": "m1"}'
AWAY = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"


class Pieces(asyncio.Protocol, ABC):
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


class Connector(Pieces):
    """The channel's side: `take` is given each reply's head and body, and says what to answer.

    The answer goes out after `latency` seconds; without one the connection is closed.
    """

    def __init__(self, take: Callable[[bytes, bytes], bytes | None], latency: float = 0.0) -> None:
        super().__init__()
        self._take, self._latency = take, latency

    def came(self, head: bytes, body: bytes) -> None:
        """Take a reply."""
        answer = self._take(head, body)
        if answer is None:
            self._transport.close()
        elif self._latency:
            asyncio.get_running_loop().call_later(self._latency, self._transport.write, answer)
        else:
            self._transport.write(answer)


class Caller(Pieces):
    """One connection to the server, for one request after the other."""

    def __init__(self) -> None:
        super().__init__()
        self.answer: asyncio.Future[Answer] | None = None
        self.is_open = True

    def ask(self, body: bytes) -> asyncio.Future[Answer]:
        """Send an activity; its answer is to come."""
        self._transport.write(
            b"POST /api/messages HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)
        )
        self.answer = asyncio.get_running_loop().create_future()
        return self.answer

    def came(self, head: bytes, body: bytes) -> None:
        """Take the answer."""
        if self.answer is not None and not self.answer.done():
            self.answer.set_result((int(head[9:12]), body))

    def connection_lost(self, exc: Exception | None) -> None:
        """Say so to who waits for an answer."""
        del exc
        self.is_open = False
        if self.answer is not None and not self.answer.done():
            self.answer.set_exception(ConnectionError("the server hung up"))

    def close(self) -> None:
        """Hang up."""
        self._transport.close()


class Line:
    """Kept connections to one server: as many as there are requests at once."""

    def __init__(self, host: str, port: int) -> None:
        self.host, self.port = host, port
        self._idle: list[Caller] = []

    async def post(self, body: bytes, patience_s: float) -> Answer:
        """Send an activity, and get its answer. Raises OSError or TimeoutError."""
        caller = await self._caller()
        try:
            async with asyncio.timeout(patience_s):
                found = await caller.ask(body)
        except BaseException:
            caller.close()
            raise
        self._idle.append(caller)
        return found

    async def _caller(self) -> Caller:
        while self._idle:
            caller = self._idle.pop()
            if caller.is_open:
                return caller
        loop = asyncio.get_running_loop()
        _, made = await loop.create_connection(Caller, self.host, self.port)
        return made

    def close(self) -> None:
        """Hang all connections up."""
        for caller in self._idle:
            caller.close()
        self._idle.clear()
