"""The composition root: settings, lessons, store, channels, and the application made of them."""

import asyncio
import logging
import signal
import sys
from collections.abc import AsyncIterator, Callable
from datetime import datetime

from aiohttp import ClientSession, web

from bot import channel, credentials
from bot.directline import DirectLine
from bot.doors import Door, Loopback
from bot.errors import SettingsError
from bot.links import Address
from bot.pages import Pages
from bot.sender import Sender
from bot.sessions import Sessions
from bot.settings import Settings, read
from bot.store import Store, open_store
from bot.tokens import Tokens
from bot.turns import Turns
from bot.tutoring import Tutoring, real_now
from bot.wire import LARGEST_BODY, guarded
from bot.workers import Workers, warm
from content.faults import ContentError
from content.loader import load
from dialogs.lobby import Tutor

DRAIN_S = 10.0  # how long running turns may take to finish after SIGTERM


async def build(
    settings: Settings, store: Store, workers: Workers, now: Callable[[], datetime] = real_now
) -> web.Application:
    """Make each object once and join them; the store is closed with it. `now` tells the time."""
    tutor = Tutor(load())
    address = Address(settings.address, await store.run(lambda db: credentials.key(db, "links")))
    tokens = Tokens(await store.run(lambda db: credentials.key(db, "directline")))
    tutoring = Tutoring(store, Turns(tutor, address), workers, now)
    session = ClientSession()
    door = doorkeeper(settings, session)
    sender = Sender(store, session, door)
    line = DirectLine(settings, store, tutoring, tokens)
    tutoring.listeners += [sender.wake, line.wake]

    app = web.Application(middlewares=[guarded], client_max_size=LARGEST_BODY)
    own_page_alone = settings.channels == "web"
    messages = (
        channel.closed() if own_page_alone else channel.messages(tutoring, store, sender, door)
    )
    app.router.add_post("/api/messages", messages)
    app.add_routes(line.routes())
    app.add_routes(Sessions(settings, store, tutoring, tokens).routes())
    app.add_routes(Pages(tutor, store, address).routes())

    async def living(_: web.Application) -> AsyncIterator[None]:
        asyncio.get_running_loop().run_in_executor(None, warm, tutor)
        await tutoring.start()
        await sender.start()
        yield
        await tutoring.stop()
        await sender.stop()
        await session.close()
        store.close()

    async def closing(_: web.Application) -> None:
        await line.stop()

    app.cleanup_ctx.append(living)
    app.on_shutdown.append(closing)
    return app


def doorkeeper(settings: Settings, session: ClientSession) -> Door:
    """Whom `/api/messages` lets in."""
    if not settings.app_id:
        return Loopback()
    # Its imports take longer than the whole start without it.
    from bot.authentication import BotFramework  # noqa: PLC0415

    return BotFramework(settings, session)


async def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT. Raises SettingsError when the start can't be."""
    store, workers = open_store(settings.database_url), Workers()
    runner = web.AppRunner(
        await build(settings, store, workers), access_log=None, shutdown_timeout=DRAIN_S
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
    stopped = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stopped.set)
    await stopped.wait()
    await runner.cleanup()
    workers.close()


def main() -> int:
    """Start the tutor; a fault that an operator or author can mend is told in plain words."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("transitions").setLevel(logging.WARNING)
    try:
        asyncio.run(serve(read()))
    except (SettingsError, ContentError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
