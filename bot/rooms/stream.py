"""Pages that change by themselves: their parts as server-sent events, those that have changed."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import orjson
from aiohttp import web

from bot.http.parts import STOPPING
from bot.http.wire import HEADERS

TICK_S = 0.25  # how often a page's parts are looked at
ALIVE_S = 10.0  # after which a silent connection says that it is there
AGAIN_MS = 1000  # after which a page that lost its connection tries again

Parts = Callable[[], Awaitable[Mapping[str, str] | None]]
STREAM = {
    **HEADERS,
    "Content-Type": "text/event-stream",
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",
}


async def stream(request: web.Request, parts: Parts) -> web.StreamResponse:
    """Send a page's parts, by the ids of their places, and each again when it has changed.

    It ends when the tutor stops, or `parts` has none any more; the page comes again by itself.
    """
    response = web.StreamResponse(headers=STREAM)
    await response.prepare(request)
    sent: dict[str, str] = {}
    silent_s = 0.0
    try:
        await response.write(f"retry: {AGAIN_MS}\n\n".encode())
        while not request.app[STOPPING].is_set():
            now = await parts()
            if now is None:
                break
            changed = {name: text for name, text in now.items() if sent.get(name) != text}
            if changed:
                await response.write(b"data: " + orjson.dumps(changed) + b"\n\n")
                sent.update(changed)
                silent_s = 0.0
            elif silent_s >= ALIVE_S:
                await response.write(b": here\n\n")
                silent_s = 0.0
            await asyncio.sleep(TICK_S)
            silent_s += TICK_S
    except ConnectionError:
        pass  # the page is closed, or comes again
    return response
