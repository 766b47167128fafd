"""Direct Line 3.0 for the own page: the part of it that Web Chat uses."""

import asyncio
import json
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime
from secrets import token_hex
from typing import Any
from urllib.parse import urlsplit

from aiohttp import WSCloseCode, WSMsgType, web
from sqlalchemy import Connection, select

from bot import parse, sessions, tables
from bot.channel import busy, fault, read_body
from bot.errors import BusyError
from bot.parse import OWN_BOT, OWN_PAGE
from bot.sessions import Pass, Tokens
from bot.settings import Settings
from bot.store import Store
from bot.turns import Activity, append
from bot.tutoring import Tutoring
from cards import Surface

HISTORY = 30  # activities that a page gets which has no watermark
ALIVE_S = 25  # between pings of a stream


class DirectLine:
    """The routes under `/directline` and `/api/session`."""

    def __init__(
        self, settings: Settings, store: Store, tutoring: Tutoring, tokens: Tokens
    ) -> None:
        self._settings, self._store, self._tutoring = settings, store, tutoring
        self._tokens = tokens
        self._news: defaultdict[str, set[asyncio.Event]] = defaultdict(set)
        self._streams: set[web.WebSocketResponse] = set()

    def routes(self) -> list[web.RouteDef]:
        """What is served."""
        base = "/directline"
        conversations = f"{base}/conversations"
        return [
            web.post("/api/session", self.session),
            web.post("/api/session/link", self.link),
            web.post("/api/session/revoke", self.revoke),
            web.post(f"{base}/tokens/refresh", self.refresh),
            web.post(conversations, self.start),
            web.get(conversations + "/{id}", self.reconnect),
            web.get(conversations + "/{id}/activities", self.read),
            web.post(conversations + "/{id}/activities", self.post),
            web.get(conversations + "/{id}/stream", self.stream),
        ]

    def wake(self, conversation: str) -> None:
        """Tell the streams of a conversation that there is news."""
        for event in self._news.get(conversation, ()):
            event.set()

    async def stop(self) -> None:
        """Close the streams; pages reconnect when the tutor is back."""
        for stream in list(self._streams):
            await stream.close(code=WSCloseCode.GOING_AWAY, message=b"the tutor restarts")

    # --- who is there ---------------------------------------------------------------

    async def session(self, request: web.Request) -> web.Response:
        """Recognise a learner by cookie or resume code, or enrol a new one; give a token."""
        refusal = _from_elsewhere(request)
        if refusal:
            return refusal
        body = await read_body(request)
        code, resume = request.cookies.get(sessions.COOKIE, ""), body.get("resume")

        def recognise(db: Connection) -> tuple[str, str | None]:
            if isinstance(resume, str) and resume:
                learner = sessions.redeem(db, resume[:200])
                if learner:
                    return learner, sessions.issue(db, learner)
            learner = sessions.redeem(db, code) if code else None
            if learner:
                return learner, None
            learner = self._tutoring.turns.enrol(db)
            return learner, sessions.issue(db, learner)

        try:
            learner, fresh = await self._store.run(recognise)
            await self._greet(
                learner, parse.surface({**body, "channelId": OWN_PAGE, "channelData": body})
            )
        except BusyError:
            return busy()
        response = web.json_response(self._token(learner))
        response.headers["Cache-Control"] = "no-store"
        if fresh:
            response.set_cookie(
                sessions.COOKIE,
                fresh,
                max_age=sessions.RESUME_S,
                httponly=True,
                secure=self._settings.secure,
                samesite="Lax",
            )
        return response

    async def link(self, request: web.Request) -> web.Response:
        """Make a link that carries the learner's progress to another device."""
        refusal = _from_elsewhere(request)
        if refusal:
            return refusal
        code = request.cookies.get(sessions.COOKIE, "")

        def make(db: Connection) -> str | None:
            learner = sessions.redeem(db, code)
            if learner is None:
                return None
            return sessions.issue(db, learner, seconds=sessions.LINK_S, uses=1)

        made = await self._store.run(make)
        if made is None:
            return fault(403, "nobody is recognised here")
        return web.json_response({"link": f"{self._settings.address}/?resume={made}"})

    async def revoke(self, request: web.Request) -> web.Response:
        """Forget this learner's browsers and links: their secrets are worth nothing any more."""
        refusal = _from_elsewhere(request)
        if refusal:
            return refusal
        code = request.cookies.get(sessions.COOKIE, "")

        def forget(db: Connection) -> None:
            learner = sessions.redeem(db, code)
            if learner:
                sessions.revoke(db, learner)

        await self._store.run(forget)
        response = web.json_response({"revoked": True})
        response.del_cookie(sessions.COOKIE)
        return response

    async def _greet(self, learner: str, surface: Surface) -> None:
        """Let the learner arrive; who was greeted before hears nothing."""
        inbound = self._inbound(learner, None, surface, {"type": "conversationUpdate"})
        await self._tutoring.take(inbound)

    def _inbound(
        self, learner: str, activity: str | None, surface: Surface, body: dict[str, Any]
    ) -> parse.Inbound:
        conversation = sessions.conversation_of(learner)
        whole = {
            **body,
            "id": activity,
            "channelId": OWN_PAGE,
            "serviceUrl": self._settings.address,
            "conversation": {"id": conversation},
            "from": {"id": f"dl_{learner}", "role": "user"},
            "recipient": {"id": OWN_BOT, "name": OWN_BOT, "role": "bot"},
        }
        if body["type"] == "conversationUpdate":
            whole["membersAdded"] = [{"id": f"dl_{learner}"}]
        found = parse.inbound(whole)
        return replace(found, surface=surface, learner=learner)

    def _token(self, learner: str) -> dict[str, object]:
        return {
            "token": self._tokens.make(learner),
            "conversationId": sessions.conversation_of(learner),
            "userId": f"dl_{learner}",
            "expiresIn": sessions.TOKEN_S,
            "domain": "/directline",
        }

    # --- the protocol ---------------------------------------------------------------

    async def refresh(self, request: web.Request) -> web.Response:
        """Trade a token that is still good for a fresh one."""
        held = self._admit(request)
        return web.json_response(self._token(held.learner))

    async def start(self, request: web.Request) -> web.Response:
        """Open the token's conversation."""
        held = self._admit(request)
        return web.json_response(self._opened(request, held, None), status=201)

    async def reconnect(self, request: web.Request) -> web.Response:
        """Open it again from a watermark on."""
        held = self._admit(request)
        return web.json_response(self._opened(request, held, request.query.get("watermark")))

    def _opened(self, request: web.Request, held: Pass, watermark: str | None) -> dict[str, object]:
        scheme = "wss" if request.secure or self._settings.secure else "ws"
        token = self._tokens.make(held.learner)
        url = f"{scheme}://{request.host}/directline/conversations/{held.conversation}/stream?t={token}"
        if watermark and watermark.isdigit():
            url += f"&watermark={watermark}"
        return {**self._token(held.learner), "streamUrl": url}

    async def read(self, request: web.Request) -> web.Response:
        """The activities after a watermark, for clients that poll."""
        held = self._admit(request)
        after = _watermark(request.query.get("watermark"))
        activities, mark = await self._store.run(lambda db: history(db, _name(held), after))
        return web.json_response({"activities": activities, "watermark": str(mark)})

    async def post(self, request: web.Request) -> web.Response:
        """Take what the learner wrote or pressed: echo it, answer it."""
        held = self._admit(request)
        body = await read_body(request)
        if body.get("type") not in ("message", "event", "invoke", "typing"):
            return fault(400, "type must be message, event, invoke or typing")
        surface = parse.surface({**body, "channelId": OWN_PAGE})
        activity = f"{held.conversation}|in-{_client_id(body)}"
        if body["type"] != "message":
            return web.json_response({"id": activity})
        inbound = self._inbound(held.learner, activity, surface, body)
        echo = _echo(body, inbound, activity)
        try:
            fresh = await self._store.run(lambda db: _keep_echo(db, inbound, echo))
            if fresh:
                self.wake(inbound.conversation)
            await self._tutoring.take(inbound)
        except BusyError:
            return busy()
        return web.json_response({"id": activity})

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """Push the conversation's activities as they come."""
        held = self._admit(request, request.query.get("t"))
        socket = web.WebSocketResponse(heartbeat=ALIVE_S, max_msg_size=65_536)
        await socket.prepare(request)
        name, news = _name(held), asyncio.Event()
        self._news[name].add(news)
        self._streams.add(socket)
        pushing = asyncio.create_task(
            self._push(socket, name, news, _watermark(request.query.get("watermark")))
        )
        try:
            async for frame in socket:
                if frame.type is WSMsgType.ERROR:
                    break
        finally:
            pushing.cancel()
            self._streams.discard(socket)
            self._news[name].discard(news)
            if not self._news[name]:
                del self._news[name]
        return socket

    async def _push(
        self, socket: web.WebSocketResponse, name: str, news: asyncio.Event, after: int | None
    ) -> None:
        while not socket.closed:
            news.clear()
            mark = after
            activities, after = await self._store.run(lambda db, m=mark: history(db, name, m))  # type: ignore[misc]
            if activities:
                await socket.send_json({"activities": activities, "watermark": str(after)})
            await news.wait()

    def _admit(self, request: web.Request, token: str | None = None) -> Pass:
        """Check the token, and that it is for this conversation. Raises 403."""
        if token is None:
            scheme, _, token = request.headers.get("Authorization", "").partition(" ")
            if scheme != "Bearer":
                token = ""
        held = self._tokens.read(token)
        wanted = request.match_info.get("id")
        if held is None or (wanted is not None and wanted != held.conversation):
            reason = {"error": {"code": "BadArgument", "message": "the token is not valid here"}}
            raise web.HTTPForbidden(text=json.dumps(reason), content_type="application/json")
        return held


def _name(held: Pass) -> str:
    return f"{OWN_PAGE}|{held.conversation}"


def _watermark(text: str | None) -> int | None:
    return int(text) if text is not None and text.isdigit() and len(text) < 19 else None  # noqa: PLR2004


def history(db: Connection, conversation: str, after: int | None) -> tuple[list[Activity], int]:
    """The activities after a watermark, or the last ones without; and the new watermark."""
    table = tables.activity
    query = select(table.c.seq, table.c.doc).where(table.c.conversation == conversation)
    if after is None:
        newest = query.order_by(table.c.seq.desc()).limit(HISTORY)
        rows = list(reversed(db.execute(newest).all()))
    else:
        rows = list(db.execute(query.where(table.c.seq > after).order_by(table.c.seq)).all())
    kept = [json.loads(row.doc) for row in rows]
    mark = rows[-1].seq if rows else after or 0
    # A typing sign of the past would never end.
    last = len(kept) - 1
    return [a for n, a in enumerate(kept) if a["type"] != "typing" or n == last - 1 or after], mark


def _client_id(body: dict[str, Any]) -> str:
    """The client's own id makes a repeated post known; without one each post is new."""
    data = body.get("channelData")
    given = data.get("clientActivityID") if isinstance(data, dict) else None
    if isinstance(given, str) and 0 < len(given) <= 80 and given.isascii() and given.isprintable():  # noqa: PLR2004
        return given
    return token_hex(8)


def _echo(body: dict[str, Any], inbound: parse.Inbound, activity: str) -> Activity:
    """The learner's own activity, as the stream gives it back to all their tabs."""
    kept = ("type", "text", "textFormat", "value", "locale", "channelData", "attachments")
    return {
        **{k: body[k] for k in kept if k in body},
        "id": activity,
        "timestamp": datetime.now(UTC).isoformat().replace("+00:00", "Z"),
        "channelId": OWN_PAGE,
        "conversation": inbound.reference["conversation"],
        "from": inbound.reference["user"],
    }


def _keep_echo(db: Connection, inbound: parse.Inbound, echo: Activity) -> bool:
    """Store the learner's activity before its answer; False when it is there already."""
    claim, table = tables.claim, tables.conversation
    taken = select(claim.c.first).where(
        claim.c.conversation == inbound.conversation, claim.c.activity == f"echo {inbound.id}"
    )
    seq = db.execute(
        select(table.c.seq).where(table.c.id == inbound.conversation).with_for_update()
    ).scalar()
    if seq is None or db.execute(taken).first() is not None:
        return False
    append(db, inbound.conversation, [echo], int(seq), waiting=False)
    db.execute(
        claim.insert().values(
            conversation=inbound.conversation,
            activity=f"echo {inbound.id}",
            first=seq,
            last=seq + 1,
        )
    )
    return True


def _from_elsewhere(request: web.Request) -> web.Response | None:
    """Refuse what another site's page sends with this learner's cookie."""
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    origin = request.headers.get("Origin")
    if site not in ("same-origin", "none") or (origin and urlsplit(origin).netloc != request.host):
        return fault(403, "another site's page can't open a session here")
    return None
