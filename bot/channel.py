"""`/api/messages`: any Bot Framework channel."""

import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol
from urllib.parse import urlsplit

from aiohttp import web
from sqlalchemy import Connection

from bot import parse, sender, turns
from bot.errors import BusyError
from bot.settings import Settings, is_loopback
from bot.store import Store
from bot.tutoring import Tutoring

LARGEST_BODY = 256 * 1024  # bytes
DEEPEST = 40  # levels of JSON
COOKING_S = 5.0  # how long `expectReplies` waits for a training

log = logging.getLogger(__name__)


class RefusedError(Exception):
    """Who calls isn't allowed to; `status` is 401 or 403."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


class Doorkeeper(Protocol):
    """Decides who may speak for a channel, and holds our own token for it."""

    async def admit(self, header: str, body: Mapping[str, Any]) -> None:
        """Let the request in, or raise RefusedError."""
        ...

    async def token(self, service: str) -> str | None:
        """The token to send with replies; None where none is wanted."""
        ...


class Loopback:
    """Development without an app id: only this machine may call, only it is answered."""

    async def admit(self, header: str, body: Mapping[str, Any]) -> None:
        """Admit replies to loopback addresses alone."""
        del header
        try:
            host = urlsplit(str(body.get("serviceUrl", ""))).hostname or ""
        except ValueError:
            host = ""
        if not is_loopback(host):
            raise RefusedError(403, "without an app id only loopback service URLs are served")

    async def token(self, service: str) -> str | None:
        """No token is needed."""
        del service
        return None


def doorkeeper(settings: Settings) -> Doorkeeper:
    """The one for these settings."""
    if not settings.app_id:
        return Loopback()
    # Its imports take longer than the whole start without it.
    from bot.authentication import BotFramework  # noqa: PLC0415

    return BotFramework(settings)


Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def messages(tutoring: Tutoring, store: Store, post: sender.Sender, door: Doorkeeper) -> Handler:
    """The handler of `/api/messages`."""

    async def handle(request: web.Request) -> web.Response:
        body = await read_body(request)
        try:
            await door.admit(request.headers.get("Authorization", ""), body)
            inbound = parse.inbound(body)
        except RefusedError as refused:
            return fault(refused.status, str(refused))
        except parse.MalformedError as malformed:
            return fault(400, str(malformed))
        if not inbound.expects_replies:
            try:
                await tutoring.take(inbound)
            except BusyError:
                return busy()
            return _invoked() if inbound.is_invoke else web.Response(status=202)
        return await _with_replies(inbound)

    async def _with_replies(inbound: parse.Inbound) -> web.Response:
        name = inbound.conversation
        post.hold(name)
        try:
            taken = await tutoring.take(inbound)
            if taken.orders:
                await tutoring.cooked(taken.orders, COOKING_S)
            more = await store.run(lambda db: _collect(db, inbound))
        except BusyError:
            return busy()
        finally:
            post.release(name)
        replies = {a["id"]: a for a in (*more, *taken.activities)}
        return web.json_response({"activities": [replies[name] for name in sorted(replies)]})

    return handle


def _collect(db: Connection, inbound: parse.Inbound) -> list[dict[str, Any]]:
    """Take what waits along, so that a repeated request is answered with it too."""
    rows = sender.waiting(db, inbound.conversation)
    if rows:
        sender.delivered(db, inbound.conversation, [seq for seq, _ in rows])
        turns.extend(db, inbound, rows[-1][0])
    return [activity for _, activity in rows]


def closed() -> Handler:
    """The handler where the own page alone is served."""

    async def handle(request: web.Request) -> web.Response:
        del request
        return fault(403, "this tutor serves its own page alone (CHANNELS=web)")

    return handle


async def read_body(request: web.Request) -> dict[str, Any]:
    """The request's JSON object. Raises a 4xx with the reason."""
    if (request.content_length or 0) > LARGEST_BODY:
        raise _as_error(web.HTTPRequestEntityTooLarge, "the body is larger than 256 KiB")
    try:
        raw = await request.content.read(LARGEST_BODY + 1)
        while len(raw) <= LARGEST_BODY and not request.content.at_eof():
            raw += await request.content.read(LARGEST_BODY + 1 - len(raw))
    except ConnectionError:
        raise _as_error(web.HTTPBadRequest, "the body did not arrive whole") from None
    if len(raw) > LARGEST_BODY:
        raise _as_error(web.HTTPRequestEntityTooLarge, "the body is larger than 256 KiB")
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        raise _as_error(web.HTTPBadRequest, "the body must be JSON in UTF-8") from None
    if not isinstance(body, dict):
        raise _as_error(web.HTTPBadRequest, "the body must be a JSON object")
    if _depth(body) > DEEPEST:
        raise _as_error(web.HTTPBadRequest, f"the body is nested deeper than {DEEPEST} levels")
    return _storable(body)


def _storable(body: dict[str, Any]) -> dict[str, Any]:
    """The same, of what can be written down again: whole characters, finite numbers."""
    try:
        text = json.dumps(body, ensure_ascii=False, allow_nan=False)
    except ValueError:
        raise _as_error(web.HTTPBadRequest, "numbers in the body must be finite") from None
    # Half a character, such as a cut emoji leaves, becomes a question mark.
    found: dict[str, Any] = json.loads(text.encode("utf-8", "replace"))
    return found


def _depth(value: object) -> int:
    """How deep JSON is nested, without recursion: the depth is the sender's choice."""
    deepest, level = 0, [value]
    while level and deepest <= DEEPEST:
        below: list[object] = []
        for item in level:
            if isinstance(item, dict):
                below += item.values()
            elif isinstance(item, list):
                below += item
        level, deepest = below, deepest + 1
    return deepest


def _as_error(kind: Callable[..., web.HTTPException], reason: str) -> web.HTTPException:
    text = json.dumps({"error": {"code": "BadRequest", "message": reason}})
    if kind is web.HTTPRequestEntityTooLarge:
        return web.HTTPRequestEntityTooLarge(
            LARGEST_BODY, text=text, content_type="application/json"
        )
    return kind(text=text, content_type="application/json")


def fault(status: int, reason: str, **headers: str) -> web.Response:
    """A refusal with its reason."""
    return web.json_response(
        {"error": {"code": str(status), "message": reason}}, status=status, headers=headers
    )


def busy() -> web.Response:
    """Too much waits: come back in a moment."""
    return fault(503, "the tutor is busy, please try again in a moment", **{"Retry-After": "2"})


def _invoked() -> web.Response:
    return web.json_response(
        {"statusCode": 200, "type": "application/vnd.microsoft.activity.message", "value": ""}
    )
