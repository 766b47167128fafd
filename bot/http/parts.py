"""Parts: what the application is a list of."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import (
    AbstractAsyncContextManager,
    AsyncExitStack,
    asynccontextmanager,
    nullcontext,
)
from dataclasses import dataclass, field
from typing import Protocol

from aiohttp import WSCloseCode, web, web_response
from aiohttp.typedefs import Middleware

# aiohttp's own would tell the versions of what is served with. It has no setting for it, and
# adds it to what it answers before any of our code is asked.
vars(web_response)["SERVER_SOFTWARE"] = "tutor"

LARGEST_BODY = 256 * 1024  # bytes
STOPPING = web.AppKey("stopping", asyncio.Event)  # set as soon as the tutor is told to stop
# WebSockets that are open. Whoever opens one puts it here, and is never asked to close it.
SOCKETS: web.AppKey[set[web.WebSocketResponse]] = web.AppKey("sockets", set)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Part:
    """Something that the tutor does: the routes that it serves, and its life time.

    `life` is entered before the first request and left after the last one. `middlewares` see
    the requests of all parts, those of the first part before the others.
    """

    routes: Iterable[web.AbstractRouteDef] = ()
    life: AbstractAsyncContextManager[object] = field(default_factory=nullcontext)
    middlewares: Sequence[Middleware] = ()


def application(parts: Sequence[Part]) -> web.Application:
    """Serve all parts: they open in their order, and close in reverse.

    When one can't open, those before it are closed again and the start fails.
    """
    middlewares = [middleware for part in parts for middleware in part.middlewares]
    app = web.Application(middlewares=middlewares, client_max_size=LARGEST_BODY)
    app[SOCKETS] = set()
    app[STOPPING] = asyncio.Event()
    for part in parts:
        app.add_routes(part.routes)

    async def living(_: web.Application) -> AsyncIterator[None]:
        async with AsyncExitStack() as lives:
            for part in parts:
                await lives.enter_async_context(part.life)
            yield

    app.cleanup_ctx.append(living)
    app.on_shutdown.append(_close_sockets)
    return app


async def _close_sockets(app: web.Application) -> None:
    """Let go of pages, whose streams would not end by themselves; they find another instance."""
    for socket in app[SOCKETS].copy():
        await socket.close(code=WSCloseCode.GOING_AWAY, message=b"the tutor restarts")


class Runs(Protocol):
    """What works by itself between `start` and `stop`."""

    async def start(self) -> None:
        """Begin."""
        ...

    async def stop(self) -> None:
        """Stop; nothing that is stored is lost."""
        ...


@asynccontextmanager
async def running(work: Runs) -> AsyncIterator[None]:
    """Let something work that starts and stops."""
    await work.start()
    try:
        yield
    finally:
        await work.stop()


@asynccontextmanager
async def repeated(
    work: Callable[[], Awaitable[float]], first_s: float = 0.0, after_fault_s: float = 5.0
) -> AsyncIterator[None]:
    """Do a work in the background again and again, first in `first_s` seconds.

    It says in how many seconds it is to be done next; one that fails is logged, and done again
    `after_fault_s` seconds later. At the end it is cut off: nothing that is stored is lost by that.
    """

    async def go_on() -> None:
        pause = first_s
        while True:
            await asyncio.sleep(pause)
            try:
                pause = await work()
            except Exception:
                log.exception("%s is done later", getattr(work, "__qualname__", work))
                pause = after_fault_s

    task = asyncio.get_running_loop().create_task(go_on())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
