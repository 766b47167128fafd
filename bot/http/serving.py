"""The process around the application: from listening to the last answer."""

import asyncio
import gc
import logging
import signal
import sys
from contextlib import suppress

from aiohttp import web

from bot.errors import SettingsError
from bot.http.parts import STOPPING
from bot.settings import Settings

LAST_TURNS_S = 10.0  # how long running turns may take to finish
MANY_FILES = 10_240
IDLE_S = 75.0  # after which a connection is closed that sends no whole first line and headers

log = logging.getLogger(__name__)


async def serve_until_stopped(app: web.Application, settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT. Raises SettingsError when nothing can listen there."""
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
        place = f"{settings.host}:{settings.port}"
        msg = f"Change PORT or HOST: {place} can't be used ({error.strerror})."
        raise SettingsError(msg) from None
    sys.stdout.write(_greeting(settings))
    sys.stdout.flush()
    gc.collect()
    gc.freeze()  # the lessons stay for ever: no later collection looks through them
    await drained(app[STOPPING], settings.drain_s)
    await runner.cleanup()


def _greeting(settings: Settings) -> str:
    """Where the tutor is found, as far as it answers there."""
    lines = ["The tutor is ready.", f"  Open it in a browser:           {settings.address}/"]
    messages = f"{settings.address}/api/messages"
    if settings.app_id:
        lines.append(f"  Messaging endpoint of the bot:  {messages}")
    elif settings.channels == "all":
        lines.append(f"  Emulator / Agents Playground:   {messages}")
    return "".join(f"{line}\n" for line in lines)


def raise_file_limit() -> None:
    """Take as many open files as the system allows: each page holds several sockets."""
    try:
        import resource  # noqa: PLC0415 (Windows has neither it nor the limit)
    except ImportError:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    unlimited = resource.RLIM_INFINITY
    for wanted in (hard, MANY_FILES):  # not every system gives what it says
        if soft != unlimited and (wanted == unlimited or wanted > soft):
            with suppress(ValueError, OSError):
                resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
                return


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
