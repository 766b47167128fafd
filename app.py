"""The composition root: settings, store, the parts, and the application made of them."""

import asyncio
import logging
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

from aiohttp import ClientSession, DummyCookieJar, TCPConnector

from bot.activity.links import Signer
from bot.channels import messages
from bot.channels.admission import Admission, LoopbackOnly
from bot.channels.authentication import PUBLIC, BotFramework, Cloud
from bot.channels.delivery import Sender
from bot.errors import SettingsError
from bot.http.access import Access
from bot.http.cors import shared_with
from bot.http.forwarded import unforwarded
from bot.http.parts import Part, application, running
from bot.http.rate_limits import RateLimits
from bot.http.serving import raise_file_limit, serve_until_stopped
from bot.http.wire import always_by_tls, guarded, numbered
from bot.logs import LoopFaults, set_up
from bot.operations import readiness
from bot.operations.history_pruning import HistoryPruning
from bot.operations.turn_log import TurnLog, Unwatched, Watch
from bot.page import notices
from bot.page.azure_line import AzureLine
from bot.page.directline import DirectLine
from bot.page.embedding import Embedding
from bot.page.my_data import MyData
from bot.page.own_files import OwnFiles
from bot.page.pages import Pages
from bot.page.resume import Resume
from bot.page.tokens import Tokens
from bot.settings import Settings, read
from bot.store import counters, credentials
from bot.store.database import Store, open_store
from bot.turns.recovery import Recovery
from bot.turns.service import TutorService, real_now
from bot.turns.transaction import Turns
from bot.turns.workers import Workers
from content.faults import ContentError
from content.loader import load
from dialogs.reading import encoder
from dialogs.tutor import Tutor
from dialogs.values.operator import Operator

CALLS = 1000  # that may be under way to channels
READERS = (counters.count,)  # of what happens in each turn, inside its transaction
KEYS = ("links", "directline", "access")  # that the installation makes for itself

log = logging.getLogger(__name__)


async def parts(
    settings: Settings,
    store: Store,
    workers: Workers,
    now: Callable[[], datetime] = real_now,
    cloud: Cloud = PUBLIC,
) -> list[Part]:
    """Make each object once and join them; the store is closed with its part.

    A part stands behind those that it leans on. `now` tells the time; `cloud` is where
    Microsoft's keys and tokens come from.
    """
    watch = observer(settings)
    keys = await store.run(lambda db: {use: credentials.key(db, use) for use in KEYS})
    operator = Operator(settings.operator, settings.contact)
    tutor, signer = Tutor(load(), operator), Signer(settings.address, keys["links"])
    limits = RateLimits(settings.proxies)
    languages = tutor.library.languages.values()
    turns = Turns(tutor, signer, READERS)
    service = TutorService(store, turns, workers, TurnLog(watch), now)
    session = ClientSession(
        connector=TCPConnector(limit=CALLS),
        cookie_jar=DummyCookieJar(),  # nothing that one channel sets goes to another
        trace_configs=list(watch.calls),
    )
    to_read = {one.locale: one.strings.notices for one in languages}
    to_sign_in = {one.locale: one.strings.access for one in languages}
    access = Access(settings, keys["access"], limits, to_sign_in)
    admission = admission_for(settings, session, cloud)
    sender = Sender(store, session, admission)
    line: AzureLine | DirectLine
    if settings.direct_line_secret:
        line = AzureLine(settings, store, session)
    else:
        line = DirectLine(settings, store, service, Tokens(keys["directline"]), limits)
    watch.gauge("store.queue", lambda: store.waiting)
    watch.gauge("sockets", lambda: line.streams)
    service.listeners += [sender.offer, lambda turn: line.wake(turn.conversation)]
    if settings.channels == "web":
        channels = messages.closed_routes()
    else:
        channels = messages.routes(service, store, sender, admission, settings.app_id)
    return [
        Part(middlewares=[always_by_tls] if settings.address.startswith("https://") else []),
        Part(middlewares=[numbered, shared_with(settings.embedders), guarded]),
        Part(middlewares=[unforwarded] if settings.is_at_home else []),
        Part(middlewares=watch.middlewares, life=measuring(watch)),
        Part(readiness.routes(store), life=storing(store, line.wake, sender.hear)),
        Part(life=session),
        Part(channels, life=running(sender)),
        Part(life=teaching(service, tutor)),
        Part(life=running(Recovery(store, service.compute, sender.wake))),
        Part(life=running(HistoryPruning(store, settings.history_days, now))),
        Part(line.routes(), life=running(line)),
        Part(Resume(settings, store, line, limits, tutor).routes()),
        Part(OwnFiles(tutor, store, service, signer, limits).routes()),
        Part(Pages(settings, tutor, store, signer, limits).routes()),
        Part(Embedding(settings, {one.locale: one.strings.page for one in languages}).routes()),
        Part(notices.routes(to_read, operator, settings.history_days)),
        Part(MyData(store, limits, {one.locale: one.strings for one in languages}).routes()),
        Part(access.routes()),
    ]


@asynccontextmanager
async def teaching(service: TutorService, tutor: Tutor) -> AsyncIterator[None]:
    """Answer turns; what the first one needs is made ready meanwhile, at the very first before."""
    is_first = not encoder.is_prepared()
    warming = asyncio.get_running_loop().run_in_executor(None, tutor.warm)
    if is_first:
        log.info("the first start makes what reading needs, in up to a minute")
        await warming
    async with running(service):
        yield


@asynccontextmanager
async def storing(store: Store, *hear: Callable[[str | None], None]) -> AsyncIterator[None]:
    """Use the store, and let those `hear` who want to know what other instances put into it."""

    def hear_all(conversation: str | None) -> None:
        for one in hear:
            one(conversation)

    store.instances.start(hear_all)
    try:
        yield
    finally:
        store.close()


@asynccontextmanager
async def measuring(watch: Watch) -> AsyncIterator[None]:
    """Hand over in the end what was measured."""
    try:
        yield
    finally:
        await asyncio.to_thread(watch.close)


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
    asyncio.get_running_loop().set_exception_handler(LoopFaults())
    store = open_store(settings.database_url, settings.database_identity)
    workers = Workers()
    try:
        app = application(await parts(settings, store, workers))
        await serve_until_stopped(app, settings)
    finally:
        workers.close()


def main() -> int:
    """Start the tutor; a fault that an operator or author can mend is told in plain words."""
    try:
        settings = read()
        set_up(settings.log_format)
        for doubt in settings.doubts:
            log.warning(doubt)
        raise_file_limit()
        asyncio.run(serve(settings))
    except (SettingsError, ContentError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
