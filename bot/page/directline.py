"""Direct Line 3.0 for the own page: the part of it that Web Chat uses."""

import asyncio
import json
import logging
import time
from asyncio import FIRST_COMPLETED
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial

import orjson
from aiohttp import WSCloseCode, WSMsgType, web
from botbuilder.schema import ActivityTypes
from sqlalchemy import Connection

from bot.activity.address import Activity
from bot.errors import HastyError, SignedOutError
from bot.http.parts import SOCKETS
from bot.http.rate_limits import OPENING, POSTING, RateLimits
from bot.http.wire import read_body, refusal
from bot.page import own_page, tokens
from bot.page.tokens import Pass, Tokens
from bot.settings import Settings
from bot.store import conversations, credentials
from bot.store.conversations import Numbered
from bot.store.credentials import Holder
from bot.store.database import Store
from bot.turns.service import TutorService

ALIVE_S = 25  # between pings of a stream
LOOK_S = 2.0  # before it is looked again whether the sessions of open streams are over
BREATH_S = 0.7  # for a typing sign to be seen
MOST_STREAMS = 20  # of one learner: tabs, and sockets that broke and aren't noticed yet
HONEST_STREAMS = 2  # that a learner may have, whatever others at their address do
MOST_AT_ADDRESS = 4_000
LONGEST_FRAME = 65_536  # bytes; the page sends empty ones
MESSAGE, TYPING = ActivityTypes.message.value, ActivityTypes.typing.value
SIGNED_OUT = 4401  # to a stream's client: this session is over, another one may begin
KINDS = (MESSAGE, ActivityTypes.event.value, ActivityTypes.invoke.value, TYPING)

Part = Callable[[Connection, str], list[Numbered]]  # reads one of a conversation, by its name

log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class _Stream:
    """An open stream: whose session it is, and that there is news for it."""

    session: str
    news: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(frozen=True)
class _Ending:
    """With what a stream is closed."""

    code: int
    reason: bytes = b""


GONE = _Ending(WSCloseCode.GOING_AWAY, b"the token has ended")  # or the page, which doesn't hear it


class DirectLine:
    """Our own Direct Line: what Web Chat asks of it.

    A token is good while its session is: each request looks, and streams that are open are
    closed at their token's end, or within seconds when the session is over, whoever ended it.
    """

    def __init__(
        self,
        settings: Settings,
        store: Store,
        service: TutorService,
        tokens: Tokens,
        limits: RateLimits,
    ) -> None:
        self._settings, self._store, self._service = settings, store, service
        self._tokens, self._limits = tokens, limits
        self._streams: defaultdict[str, set[_Stream]] = defaultdict(set)
        self._at: Counter[str] = Counter()  # streams by address
        self._looking: asyncio.Task[None] | None = None

    def routes(self) -> list[web.RouteDef]:
        """The routes under `/directline`."""
        conversations = "/directline/conversations"
        return [
            web.post("/directline/tokens/refresh", self.refresh),
            web.post(conversations, self.begin),
            web.get(conversations + "/{id}", self.reconnect),
            web.get(conversations + "/{id}/activities", self.read),
            web.post(conversations + "/{id}/activities", self.post),
            web.get(conversations + "/{id}/stream", self.stream),
        ]

    @property
    def streams(self) -> int:
        """The number of open streams, for telemetry."""
        return sum(len(open_ones) for open_ones in self._streams.values())

    async def start(self) -> None:
        """Look after the sessions of open streams."""
        self._looking = asyncio.get_running_loop().create_task(self._look())

    async def stop(self) -> None:
        """Look no more."""
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)

    async def open(
        self, holder: Holder, origin: str, body: Mapping[str, object]
    ) -> dict[str, object]:
        """Greet a learner who wasn't greeted before, and give them a token.

        Raises SignedOutError.
        """
        held = tokens.fresh(holder.learner, holder.session)
        await self._service.on_activity(own_page.arrival(held, origin, body))
        return self._tokens.grant(held)

    def wake(self, conversation: str | None) -> None:
        """Tell the streams of a conversation that there is news; None: there may be in each."""
        names = list(self._streams) if conversation is None else (conversation,)
        for name in names:
            for stream in self._streams.get(name, ()):
                stream.news.set()

    async def refresh(self, request: web.Request) -> web.Response:
        """Give a token that is good as long as the one that is shown."""
        page_pass = await self._opening(request)
        return web.json_response(self._tokens.grant(page_pass))

    async def begin(self, request: web.Request) -> web.Response:
        """Open the token's conversation."""
        page_pass = await self._opening(request)
        return web.json_response(self._opened(request, page_pass, None), status=201)

    async def reconnect(self, request: web.Request) -> web.Response:
        """Open it again, from a watermark on."""
        page_pass = await self._opening(request)
        return web.json_response(self._opened(request, page_pass, _watermark(request)))

    async def read(self, request: web.Request) -> web.Response:
        """The activities after a watermark, for clients that poll."""
        page_pass, after = self._admit(request), _watermark(request)
        before = _watermark(request, "before")
        self._limits.count(request, "read", POSTING, page_pass.learner)
        if before is not None:
            earlier = await self._part(page_pass, partial(conversations.earlier, before=before))
            return web.json_response(_frame(_settled(earlier), before))
        rows = await self._after(page_pass, after)
        return web.json_response(_frame(_settled(rows), rows[-1][0] if rows else after or 0))

    async def post(self, request: web.Request) -> web.Response:
        """Take what the learner wrote or pressed: echo it, answer it."""
        page_pass = self._admit(request)
        self._limits.count(request, "post", POSTING, page_pass.learner)
        self._limits.check_stored(request, page_pass.learner)
        body = await read_body(request)
        if body.get("type") not in KINDS:
            return refusal(400, f"type must be one of {', '.join(KINDS)}")
        here = own_page.origin(request, self._settings)
        inbound = own_page.message(page_pass, here, body, datetime.now(UTC))
        if len(orjson.dumps(inbound.echo)) > own_page.LARGEST_ECHO:
            return refusal(413, f"more than {own_page.LARGEST_ECHO} bytes would have to be kept")
        if body["type"] == MESSAGE:
            turn = await self._service.on_activity(inbound)
            self._limits.count_stored(request, page_pass.learner, turn.size)
        else:
            await self._check(page_pass)
        return web.json_response({"id": inbound.id})

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """Push the conversation's activities as they come, until the token ends."""
        page_pass = self._admit(request, request.query.get("t", ""))
        self._limits.count(request, "line", OPENING, page_pass.learner)
        own, address = len(self._streams.get(page_pass.name, ())), self._limits.address(request)
        is_full = self._at[address] >= MOST_AT_ADDRESS
        if own >= (HONEST_STREAMS if is_full else MOST_STREAMS):
            raise HastyError(ALIVE_S)
        await self._check(page_pass)
        socket = web.WebSocketResponse(heartbeat=ALIVE_S, max_msg_size=LONGEST_FRAME)
        await socket.prepare(request)
        stream = _Stream(page_pass.session)
        self._streams[page_pass.name].add(stream)
        self._at[address] += 1
        request.app[SOCKETS].add(socket)
        pushing = asyncio.create_task(self._push(socket, page_pass, stream, _watermark(request)))
        reading = asyncio.create_task(_read_out(socket))
        ending = GONE
        try:
            left_s = max(0.0, page_pass.ends - time.time())
            await asyncio.wait({pushing, reading}, timeout=left_s, return_when=FIRST_COMPLETED)
            if pushing.done():
                ending = pushing.result()
        finally:
            # First what needs no waiting: a handler may be cancelled while it waits.
            request.app[SOCKETS].discard(socket)
            self._at -= Counter([address])
            self._streams[page_pass.name].discard(stream)
            if not self._streams[page_pass.name]:
                del self._streams[page_pass.name]
            pushing.cancel()
            reading.cancel()
            await asyncio.gather(pushing, reading, return_exceptions=True)
        # Only while nobody reads is the client's own goodbye waited for; a line that is cut
        # before it looks like a fault of the network, whatever was sent.
        await socket.close(code=ending.code, message=ending.reason)
        return socket

    async def _push(
        self,
        socket: web.WebSocketResponse,
        page_pass: Pass,
        stream: _Stream,
        after: int | None,
    ) -> _Ending:
        """Send what is there, then what comes, and say how it ended; the page reconnects."""
        try:
            watermark = after
            while rows := await self._after(page_pass, watermark):
                watermark = rows[-1][0]
                await socket.send_json(_frame(_settled(rows), watermark))
            watermark = watermark or 0
            while True:
                await stream.news.wait()
                stream.news.clear()
                while rows := await self._after(page_pass, watermark):
                    for batch in _breaths(rows):
                        watermark = batch[-1][0]
                        await socket.send_json(_frame([one for _, one in batch], watermark))
                        if batch[-1][1]["type"] == TYPING:
                            await asyncio.sleep(BREATH_S)
        except ConnectionError:
            return GONE
        except SignedOutError:
            return _Ending(SIGNED_OUT, b"signed out")
        except Exception:
            log.exception("a stream ended")
            return _Ending(WSCloseCode.INTERNAL_ERROR)

    async def _look(self) -> None:
        """Let streams find out that their session is over, whoever ended it."""
        while True:
            await asyncio.sleep(LOOK_S)
            streams = [stream for some in self._streams.values() for stream in some]
            if not streams:
                continue
            sessions = {stream.session for stream in streams}
            try:
                good = await self._store.run(partial(credentials.open_ones, sessions=sessions))
            except Exception:
                log.exception("the sessions of open streams are looked at again")
                continue
            for stream in streams:
                if stream.session not in good:
                    stream.news.set()

    async def _after(self, page_pass: Pass, after: int | None) -> list[Numbered]:
        """The next part of a conversation. Raises SignedOutError."""
        return await self._part(page_pass, partial(conversations.history, after=after))

    async def _part(self, page_pass: Pass, part: Part) -> list[Numbered]:
        """A part of a conversation, each activity with its place. Raises SignedOutError."""

        def read(db: Connection) -> list[Numbered]:
            _check(db, page_pass)
            return [(seq, _placed(one, seq)) for seq, one in part(db, page_pass.name)]

        return await self._store.run(read)

    async def _opening(self, request: web.Request) -> Pass:
        """Let in who asks for a token or a conversation. Raises 403 and SignedOutError."""
        page_pass = self._admit(request)
        self._limits.count(request, "line", OPENING, page_pass.learner)
        await self._check(page_pass)
        return page_pass

    async def _check(self, page_pass: Pass) -> None:
        """See that the session isn't over. Raises SignedOutError."""
        await self._store.run(partial(_check, page_pass=page_pass))

    def _opened(
        self, request: web.Request, page_pass: Pass, watermark: int | None
    ) -> dict[str, object]:
        here = own_page.origin(request, self._settings).replace("http", "ws", 1)
        token = self._tokens.make(page_pass)
        url = f"{here}/directline/conversations/{page_pass.conversation}/stream?t={token}"
        if watermark is not None:
            url += f"&watermark={watermark}"
        return {**self._tokens.grant(page_pass), "streamUrl": url}

    def _admit(self, request: web.Request, token: str | None = None) -> Pass:
        """Check that the token is good, and for this conversation. Raises 403."""
        if token is None:
            scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
            token = bearer if scheme.lower() == "bearer" else ""
        page_pass = self._tokens.read(token)
        conversation = request.match_info.get("id")
        if page_pass is None or (
            conversation is not None and conversation != page_pass.conversation
        ):
            raise _forbidden()
        return page_pass


def _check(db: Connection, page_pass: Pass) -> None:
    if credentials.ask(db, page_pass.learner, page_pass.session).row() is None:
        raise SignedOutError


async def _read_out(socket: web.WebSocketResponse) -> None:
    """Read what the page sends, which says nothing, until it goes away."""
    async for frame in socket:
        if frame.type is WSMsgType.ERROR:
            return


def _forbidden() -> web.HTTPForbidden:
    reason = {"error": {"code": "BadArgument", "message": "the token is not valid here"}}
    return web.HTTPForbidden(text=json.dumps(reason), content_type="application/json")


def _watermark(request: web.Request, name: str = "watermark") -> int | None:
    text = request.query.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 19 else None  # noqa: PLR2004 (63 bits)


def _placed(one: Activity, seq: int) -> Activity:
    """An activity that tells its number and its place, by which Web Chat puts it among others."""
    known = one.get("channelData")
    told = known if isinstance(known, dict) else {}
    return {**one, "channelData": {conversations.PLACE: seq, **told, "number": seq}}


def _frame(activities: Sequence[Activity], mark: int) -> dict[str, object]:
    return {"activities": activities, "watermark": str(mark)}


def _settled(rows: Sequence[Numbered]) -> list[Activity]:
    """What is past, at once: no typing signs, and no waiting for what is not shown.

    Web Chat holds a reply back until it has seen what `replyToId` names.
    """
    shown = {one["id"] for _, one in rows}
    return [
        one if one.get("replyToId") in shown else {k: v for k, v in one.items() if k != "replyToId"}
        for _, one in rows
        if one["type"] != TYPING
    ]


def _breaths(rows: Sequence[Numbered]) -> Iterator[Sequence[Numbered]]:
    """Parts of what comes, each up to a typing sign, so that it is seen before what follows."""
    first = 0
    for n, (_, one) in enumerate(rows, 1):
        if one["type"] == TYPING or n == len(rows):
            yield rows[first:n]
            first = n
