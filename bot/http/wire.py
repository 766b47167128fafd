"""JSON in and out over HTTP, and what is refused on the way."""

import asyncio
import json
import logging
import re
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qsl

import orjson
from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

from bot.errors import BusyError, HastyError, SignedOutError
from bot.http.parts import LARGEST_BODY, STOPPING
from bot.logs import numbered_turn
from content.stored import NewerFormError

TOO_LARGE = f"the body is larger than {LARGEST_BODY // 1024} KiB"
FORM = "application/x-www-form-urlencoded"
# JSON by its names. Other types a page on another site can send without asking first.
JSON_TYPE = re.compile(r"application/(json|[\w.-]+\+json|vnd\.microsoft\.activity)", re.ASCII)
BODY_S = 10  # for a body to arrive
FILE_S = 60  # for a file to arrive, over a slow line
BYTES = "application/octet-stream"
DEEPEST = 40  # levels of JSON
MOST_FIELDS = 20  # of a form
COME_BACK_S = "2"  # when a busy tutor may be asked again

HEADERS = {
    # The pages have wider policies of their own; nothing else is for a browser to run or frame.
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    # What isn't said to be anybody's is one learner's.
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

# A browser that once came by TLS comes by nothing else for a year.
ALWAYS_TLS = {"Strict-Transport-Security": "max-age=31536000"}

JSON = {"Content-Type": "application/json; charset=utf-8"}

log = logging.getLogger(__name__)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def numbered(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Give the lines that are logged for a request one id."""
    with numbered_turn():
        return await handler(request)


@web.middleware
async def always_by_tls(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Tell browsers, on each answer, to come by TLS alone."""
    try:
        response = await handler(request)
    except web.HTTPException as error:
        error.headers.update(ALWAYS_TLS)
        raise
    if not response.prepared:
        response.headers.update(ALWAYS_TLS)
    return response


@web.middleware
async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Put the security headers on every answer, and turn our own faults into honest ones."""
    try:
        _check_headers(request)
        response = await handler(request)
    except web.HTTPException as error:
        error.headers.update(HEADERS)
        raise
    except BusyError:
        response = unavailable("the tutor is busy, please try again in a moment")
    except HastyError as hasty:
        response = refusal(429, str(hasty), **{"Retry-After": str(hasty.wait_s)})
    except SignedOutError as over:
        response = refusal(403, str(over))
    except NewerFormError as newer:
        log.warning("%s: %s", route(request), newer)
        response = unavailable("one moment: the tutor is being updated")
    except SQLAlchemyError:
        log.exception("%s could not be stored", route(request))
        response = unavailable("one moment: the tutor can't reach its database")
    except Exception:
        log.exception("%s failed", route(request))
        response = refusal(500, "something went wrong on our side; nothing was lost")
    if not response.prepared:
        if request.app[STOPPING].is_set():
            response.force_close()  # the next request finds another instance
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
    return response


def _check_headers(request: web.Request) -> None:
    """Refuse bytes that are no text: nothing else here could hash, compare or store them."""
    try:
        b"\n".join(value for _, value in request.raw_headers).decode()
    except UnicodeDecodeError:
        raise _refusal(web.HTTPBadRequest, "the headers must be UTF-8") from None


def route(request: web.Request) -> str:
    """Which of our routes was asked, without what the caller put into it."""
    resource = request.match_info.route.resource
    return resource.canonical if resource else "an unknown address"


def answer(body: object, status: int = 200) -> web.Response:
    """An answer as JSON."""
    return web.Response(body=orjson.dumps(body), status=status, headers=JSON)


def refusal(status: int, reason: str, **headers: str) -> web.Response:
    """A refusal with its reason, in the form that Bot Framework clients read."""
    return web.json_response(error_body(status, reason), status=status, headers=headers)


def error_body(status: int, reason: str) -> dict[str, object]:
    """The body of a refusal."""
    return {"error": {"code": str(status), "message": reason}}


def unavailable(reason: str) -> web.Response:
    """Not now: a channel comes again by itself."""
    return refusal(503, reason, **{"Retry-After": COME_BACK_S})


async def read_form(request: web.Request) -> dict[str, str]:
    """The fields of a page's form. Raises a 4xx with the reason."""
    if request.content_type != FORM or "Content-Encoding" in request.headers:
        raise _refusal(web.HTTPUnsupportedMediaType, "the form must be sent as a page sends it")
    raw = await _raw(request, BODY_S)
    try:
        return dict(parse_qsl(raw.decode(), errors="strict", max_num_fields=MOST_FIELDS))
    except ValueError:
        raise _refusal(web.HTTPBadRequest, "the form can't be read") from None


async def read_body(request: web.Request) -> dict[str, Any]:
    """The request's JSON object. Raises a 4xx with the reason."""
    if (request.content_length or 0) > LARGEST_BODY:
        raise _refusal(TooLarge, TOO_LARGE)
    if not JSON_TYPE.fullmatch(request.content_type):
        raise _refusal(web.HTTPUnsupportedMediaType, "the body must be sent as application/json")
    if "Content-Encoding" in request.headers:
        raise _refusal(web.HTTPUnsupportedMediaType, "the body must be sent as it is, not packed")
    raw = await _raw(request, BODY_S)
    try:
        try:
            body = orjson.loads(raw)
        except orjson.JSONDecodeError:
            body = orjson.loads(_mended(raw))
    except (ValueError, RecursionError):
        raise _refusal(web.HTTPBadRequest, "the body must be JSON in UTF-8") from None
    if not isinstance(body, dict):
        raise _refusal(web.HTTPBadRequest, "the body must be a JSON object")
    if raw.count(b"{") + raw.count(b"[") > DEEPEST and _depth(body) > DEEPEST:
        raise _refusal(web.HTTPBadRequest, f"the body is nested deeper than {DEEPEST} levels")
    return body


def _mended(raw: bytes) -> bytes:
    """JSON in which half a character, such as a cut emoji leaves, becomes a question mark."""
    text = json.dumps(json.loads(raw.decode("utf-8-sig")), ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8", "replace")


async def read_file(request: web.Request, largest: int) -> bytes:
    """A file of at most `largest` bytes, as the body. Raises a 4xx with the reason."""
    too_large = f"the file is larger than {largest // 1024} KiB"
    if (request.content_length or 0) > largest:
        raise _refusal(TooLarge, too_large)
    if request.content_type != BYTES or "Content-Encoding" in request.headers:
        raise _refusal(web.HTTPUnsupportedMediaType, f"the file must be sent as {BYTES}")
    return await _raw(request, FILE_S, largest, too_large)


async def _raw(
    request: web.Request,
    wait_s: int,
    largest: int = LARGEST_BODY,
    too_large: str = TOO_LARGE,
) -> bytes:
    content, raw = request.content, bytearray()
    try:
        if content.is_eof():  # it came with the headers, as most do
            raw += content.read_nowait()
        if not content.at_eof():
            async with asyncio.timeout(wait_s):
                while len(raw) <= largest and (part := await content.readany()):
                    raw += part
    except TimeoutError:
        raise _refusal(web.HTTPRequestTimeout, f"the body took over {wait_s} seconds") from None
    except (ConnectionError, web.RequestPayloadError):
        raise _refusal(web.HTTPBadRequest, "the body did not arrive whole") from None
    if len(raw) > largest:
        raise _refusal(TooLarge, too_large)
    return bytes(raw)


class TooLarge(web.HTTPClientError):
    """The body is larger than anything that a channel sends."""

    status_code = 413


def _refusal(kind: type[web.HTTPClientError], reason: str) -> web.HTTPException:
    text = json.dumps({"error": {"code": str(kind.status_code), "message": reason}})
    return kind(text=text, content_type="application/json")


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
