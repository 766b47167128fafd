"""The composition root: settings, store, the parts, and the application made of them."""

import asyncio
import logging
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass
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
from bot.http.parts import Part, application, repeated, running
from bot.http.rate_limits import RateLimits
from bot.http.serving import raise_file_limit, serve_until_stopped
from bot.http.wire import always_by_tls, guarded, numbered
from bot.logs import LoopFaults, set_up
from bot.operations import history_pruning, readiness
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
from bot.records.insights import Insights
from bot.records.issuing import Issuer
from bot.records.learning_records import LearningRecords, Outbox
from bot.records.rollup import Rollup
from bot.records.signing import seed_of
from bot.records.verification import Verification
from bot.rooms.endpoint import Endpoint
from bot.rooms.host import Host
from bot.rooms.host_by_link import HostByLink
from bot.rooms.joining import Joining
from bot.rooms.models import Models
from bot.rooms.pruning import RoomPruning
from bot.rooms.report import Reports
from bot.rooms.resources import Resources
from bot.rooms.screen import Screen
from bot.rooms.snapshot import Snapshots
from bot.rooms.staging import Staging
from bot.settings import Settings, read
from bot.store import counters, credentials
from bot.store.database import Store, open_store
from bot.store.facts import FactReader
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
READERS: tuple[FactReader, ...] = (
    counters.count,
)  # of what happens in each turn, inside its transaction
KEYS = ("links", "directline", "access", "records")  # that the installation makes for itself

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class World:
    """What is outside: who tells the time, and where Microsoft's keys and tokens come from."""

    now: Callable[[], datetime] = real_now
    cloud: Cloud = PUBLIC


async def parts(
    settings: Settings, store: Store, workers: Workers, tutor: Tutor, world: World
) -> list[Part]:
    """Make each object once and join them; the store is closed with its part.

    A part stands behind those that it leans on.
    """
    now = world.now
    watch = observer(settings)
    keys = await store.run(lambda db: {use: credentials.key(db, use) for use in KEYS})
    operator = Operator(
        settings.operator,
        settings.contact,
        settings.paper_url,
        settings.repository_url,
        is_hosting=bool(settings.host_token or settings.hosts),
    )
    tutor, signer = tutor.run_by(operator), Signer(settings.address, keys["links"])
    issuer = issuer_for(settings, tutor)
    await store.run(lambda db: issuer.prepare(db, now()))
    limits = RateLimits(settings.proxies)
    languages = tutor.library.languages.values()
    readers = READERS
    if settings.lrs_endpoint:
        readers = (*readers, Outbox(settings.address, keys["records"], tutor.library))
    turns = Turns(tutor, signer, readers, issuer, settings.hosts)
    service = TutorService(store, turns, workers, TurnLog(watch), now)
    session = ClientSession(
        connector=TCPConnector(limit=CALLS),
        cookie_jar=DummyCookieJar(),  # nothing that one channel sets goes to another
        trace_configs=list(watch.calls),
    )
    to_read = {one.locale: one.strings.notices for one in languages}
    to_check = {one.locale: one.strings.certificate for one in languages}
    to_sign_in = {one.locale: one.strings.access for one in languages}
    access = Access(settings, keys["access"], limits, to_sign_in)
    admission = admission_for(settings, session, world.cloud)
    sender = Sender(store, session, admission)
    line: AzureLine | DirectLine
    if settings.direct_line_secret:
        line = AzureLine(settings, store, session)
    else:
        line = DirectLine(settings, store, service, Tokens(keys["directline"]), limits)
    snapshots = Snapshots(
        store, {name: one.sessions for name, one in tutor.library.languages.items()}
    )
    deployments = (settings.staged_base, settings.staged_tuned)
    staging = Staging(
        store,
        tutor,
        workers,
        endpoint=endpoint_for(settings, session),
        deployments=deployments,
        calls=settings.staged_calls,
        now=now,
    )
    screen = Screen(
        settings, store, tutor.library, snapshots=snapshots, limits=limits, staging=staging, now=now
    )
    host = Host(
        settings,
        store,
        access,
        tutor.library,
        snapshots=snapshots,
        screen=screen,
        staging=staging,
        now=now,
    )
    models = Models(
        settings,
        tutor.library,
        screen=screen,
        snapshots=snapshots,
        staging=staging,
        limits=limits,
    )
    watch.gauge("store.queue", lambda: store.waiting)
    watch.gauge("sockets", lambda: line.streams)
    recovery = Recovery(store, service.compute, sender.wake)
    forgetting = HistoryPruning(store, settings.history_days, now, settings.retention_days)
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
        Part(life=repeated(recovery.look)),
        Part(life=repeated(forgetting.go_on, history_pruning.FIRST_S)),
        Part(life=recording(settings, store, session, now)),
        Part(line.routes(), life=running(line)),
        Part(Resume(settings, store, line, limits, tutor).routes()),
        Part(OwnFiles(tutor, store, service, signer, limits).routes()),
        Part(Pages(settings, tutor, store, signer, limits).routes()),
        Part(Embedding(settings, {one.locale: one.strings.page for one in languages}).routes()),
        Part(notices.routes(to_read, operator, settings)),
        Part(MyData(store, limits, tutor.library).routes()),
        Part(Verification(store, limits, settings.address, to_check).routes()),
        Part(access.routes()),
        Part(life=repeated(Rollup(store, tutor.library).go_on)),
        Part(Insights(store, access, tutor.library, now).routes()),
        Part(HostByLink(settings, store, access, limits, tutor.library, now=now).routes()),
        Part(Resources(access, tutor.library).routes()),
        Part(host.routes(), life=running(RoomPruning(store, settings.room_days, now))),
        Part(Reports(store, access, tutor.library).routes()),
        Part(screen.routes(), life=running(staging)),
        Part(models.routes()),
        Part(Joining(settings, store, tutor.library, limits).routes()),
    ]


@asynccontextmanager
async def teaching(service: TutorService, tutor: Tutor) -> AsyncIterator[None]:
    """Answer turns; what the first one needs is made ready meanwhile, at the very first before."""
    is_first = not encoder.is_prepared()
    warming = asyncio.get_running_loop().run_in_executor(None, tutor.warm)
    if is_first:
        log.info("the first start makes what reading needs, in a minute or two")
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


def recording(
    settings: Settings, store: Store, session: ClientSession, now: Callable[[], datetime]
) -> AbstractAsyncContextManager[None]:
    """Tell a learning record store what happens, where one is named."""
    if not settings.lrs_endpoint:
        return nullcontext()
    return repeated(LearningRecords(settings, store, session, now).send)


def admission_for(settings: Settings, session: ClientSession, cloud: Cloud) -> Admission:
    """Whom `/api/messages` lets in."""
    return BotFramework(settings, session, cloud) if settings.app_id else LoopbackOnly()


def endpoint_for(settings: Settings, session: ClientSession) -> Endpoint | None:
    """The real service whose models are staged, where one is named."""
    if not settings.staged_url:
        return None
    return Endpoint(session, settings.staged_url, settings.staged_key, settings.staged_wait_s)


def issuer_for(settings: Settings, tutor: Tutor) -> Issuer:
    """Who vouches for certificates. Raises SettingsError when the configured key is none."""
    name = settings.operator or tutor.library.strings.teams.full_name
    if not settings.badge_key:
        return Issuer(settings.address, name)
    try:
        return Issuer(settings.address, name, seed_of(settings.badge_key))
    except ValueError as error:
        msg = f"Change BADGE_KEY: it is 32 random bytes in base64, and {error}."
        raise SettingsError(msg) from None


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
        app = application(await parts(settings, store, workers, Tutor(load()), World()))
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
