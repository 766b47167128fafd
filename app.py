"""The composition root: settings, lessons, store, channels, and the application made of them."""

import asyncio
import gc
import logging
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from datetime import datetime

from aiohttp import ClientSession, DummyCookieJar, TCPConnector, web

from bot.activity.links import Signer
from bot.channels import messages
from bot.channels.admission import Admission, LoopbackOnly
from bot.channels.authentication import PUBLIC, BotFramework, Cloud
from bot.channels.delivery import Sender
from bot.errors import SettingsError
from bot.http.cors import shared_with
from bot.http.rate_limits import RateLimits
from bot.http.wire import LARGEST_BODY, STOPPING, guarded, numbered
from bot.logs import lost, set_up
from bot.operations.turn_log import TurnLog, Unwatched, Watch
from bot.page import notices
from bot.page.azure_line import AzureLine
from bot.page.directline import DirectLine
from bot.page.embedding import Embedding
from bot.page.pages import Pages
from bot.page.resume import Resume
from bot.page.tokens import Tokens
from bot.settings import Settings, read
from bot.store import credentials
from bot.store.database import Store, open_store
from bot.turns.recovery import Recovery
from bot.turns.service import TutorService, real_now
from bot.turns.transaction import Turns
from bot.turns.workers import Workers, warm
from content.faults import ContentError
from content.loader import load
from dialogs.tutor import Tutor

CALLS = 1000  # that may be under way to channels
LAST_TURNS_S = 10.0  # how long running turns may take to finish
IDLE_S = 75.0  # after which a connection is closed that sends no whole first line and headers

log = logging.getLogger("app")


async def build(
    settings: Settings,
    store: Store,
    workers: Workers,
    now: Callable[[], datetime] = real_now,
    cloud: Cloud = PUBLIC,
) -> web.Application:
    """Make each object once and join them; the store is closed with it.

    `now` tells the time; `cloud` is where Microsoft's keys and tokens come from.
    """
    watch = observer(settings)
    tutor = Tutor(load())
    address = Signer(settings.address, await store.run(lambda db: credentials.key(db, "links")))
    tokens = Tokens(await store.run(lambda db: credentials.key(db, "directline")))
    service = TutorService(store, Turns(tutor, address), workers, TurnLog(watch), now)
    session = ClientSession(
        connector=TCPConnector(limit=CALLS),
        cookie_jar=DummyCookieJar(),  # nothing that one channel sets goes to another
        trace_configs=list(watch.calls),
    )
    admission = admission_for(settings, session, cloud)
    sender = Sender(store, session, admission)
    recovery = Recovery(store, service.compute, sender.wake)
    limits = RateLimits(settings.proxies)
    line = DirectLine(settings, store, service, tokens, limits)
    azure = AzureLine(settings, store, session) if settings.direct_line_secret else None
    watch.gauge("store.queue", lambda: store.waiting)
    watch.gauge("sockets", lambda: line.sockets)
    service.listeners += [sender.offer, lambda taken: line.wake(taken.conversation)]

    middlewares = [numbered, shared_with(settings.embedders), guarded, *watch.middlewares]
    app = web.Application(middlewares=middlewares, client_max_size=LARGEST_BODY)
    app[STOPPING] = asyncio.Event()
    own_page_alone = settings.channels == "web"
    handler = (
        messages.closed()
        if own_page_alone
        else messages.messages(service, store, sender, admission)
    )
    app.router.add_post("/api/messages", handler)
    app.add_routes([] if azure else line.routes())
    app.add_routes(Resume(settings, store, azure or line, limits).routes())
    app.add_routes(Pages(settings, tutor, store, address, limits).routes())
    app.add_routes(Embedding(settings, tutor.library.strings.page).routes())
    app.add_routes(notices.routes(tutor.library.strings.notices))

    def hear(conversation: str | None) -> None:
        """Another instance has stored something, which may be for a page or sender of ours."""
        if conversation is None:
            line.wake_all()
        else:
            line.wake(conversation)

    async def living(_: web.Application) -> AsyncIterator[None]:
        store.instances.start(hear)
        asyncio.get_running_loop().run_in_executor(None, warm, tutor)
        await service.start()
        await sender.start()
        recovery.start()
        yield
        await recovery.stop()
        await service.stop()
        await sender.stop()
        await session.close()
        store.close()
        await asyncio.to_thread(watch.close)

    async def closing(_: web.Application) -> None:
        await line.stop()

    app.cleanup_ctx.append(living)
    app.on_shutdown.append(closing)
    return app


def admission_for(settings: Settings, session: ClientSession, cloud: Cloud) -> Admission:
    """Whom `/api/messages` lets in."""
    return BotFramework(settings, session, cloud) if settings.app_id else LoopbackOnly()


def observer(settings: Settings) -> Watch:
    """Who measures. Raises SettingsError when the packages for it aren't installed."""
    if not (settings.otlp_endpoint or settings.app_insights):
        return Unwatched()
    from bot.operations.telemetry import Telemetry  # noqa: PLC0415 (an extra that few install)

    return Telemetry(settings)


async def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT. Raises SettingsError when the start can't be."""
    asyncio.get_running_loop().set_exception_handler(lost)
    store = open_store(settings.database_url, settings.database_identity)
    workers = Workers()
    app = await build(settings, store, workers)
    runner = web.AppRunner(
        app,
        access_log=None,
        auto_decompress=False,  # no client of ours packs what it sends; attackers do
        keepalive_timeout=IDLE_S,
        shutdown_timeout=LAST_TURNS_S,
    )
    await runner.setup()
    try:
        await web.TCPSite(runner, settings.host, settings.port).start()
    except OSError as error:
        await runner.cleanup()
        workers.close()
        place = f"{settings.host}:{settings.port}"
        msg = f"Change PORT or HOST: {place} can't be used ({error.strerror})."
        raise SettingsError(msg) from None
    sys.stdout.write(
        f"The tutor is ready.\n"
        f"  Open it in a browser:           {settings.address}/\n"
        f"  Emulator / Agents Playground:   {settings.address}/api/messages\n"
    )
    sys.stdout.flush()
    gc.collect()
    gc.freeze()  # the lessons stay for ever: no later collection looks through them
    await drained(app[STOPPING], settings.drain_s)
    await runner.cleanup()
    workers.close()


async def drained(stopping: asyncio.Event, drain_s: float) -> None:
    """Wait for SIGTERM, then `drain_s` seconds in which turns are taken but /readyz says no.

    Load balancers learn meanwhile to send nothing more. SIGINT, or a second SIGTERM, is for
    who doesn't want to wait.
    """
    at_once = asyncio.Event()

    def stop() -> None:
        if stopping.is_set():
            at_once.set()
        stopping.set()

    def interrupt() -> None:
        at_once.set()
        stopping.set()

    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stop)
    loop.add_signal_handler(signal.SIGINT, interrupt)
    await stopping.wait()
    log.info("stopping")
    with suppress(TimeoutError):
        await asyncio.wait_for(at_once.wait(), drain_s)


def main() -> int:
    """Start the tutor; a fault that an operator or author can mend is told in plain words."""
    try:
        settings = read()
        set_up(settings.log_format)
        asyncio.run(serve(settings))
    except (SettingsError, ContentError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
