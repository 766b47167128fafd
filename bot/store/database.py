"""The store: whole turns as synchronous functions, each in a transaction."""

import asyncio
import sqlite3
import threading
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from functools import partial
from secrets import token_hex
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, RootTransaction, create_engine, event
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError

from bot.errors import SettingsError
from bot.store import migrations
from bot.store.after_commit import Call, collect
from bot.store.instances import Alone, Instances, Together, introduce
from bot.store.pipeline import Pipeline

T = TypeVar("T")
Work = Callable[[Connection], T]

GROUP = 32  # turns that share one commit on SQLite
LOCKED_S = 5  # how long a turn waits for another process that writes to the file
STARTING_S = 30  # the same for a start: another one may be taking the schema's steps
LOOK_S = 0.02  # before it is looked again where SQLite itself doesn't wait
CONNECTIONS = 8  # for turns on PostgreSQL
HELD = 2  # for locks and news
# A server that says nothing for so long is away, unless the address says otherwise.
PATIENCE: Mapping[str, int] = {
    "connect_timeout": 5,  # seconds
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,  # milliseconds
}
# So is an instance of ours to the server, which then frees what it has locked.
HOLDING_ON = (
    "SET idle_in_transaction_session_timeout = '30s'",
    "SET tcp_keepalives_idle = 10",
    "SET tcp_keepalives_interval = 5",
    "SET tcp_keepalives_count = 3",
)
TRIES = 4  # of a transaction that others got in the way of, on PostgreSQL
# Somebody else inserted the same row, or locked what we had in another order: look again.
OVERTAKEN = frozenset({"23505", "40001", "40P01"})


class Store(Protocol):
    """Runs work in a transaction of its own; what it raises undoes it, and is raised again.

    The work sees the caller's context variables, so that its log lines name the turn.
    """

    @property
    def waiting(self) -> int:
        """How much work was given and isn't begun."""
        ...

    async def run(self, work: Work[T]) -> T:
        """Do the work; it is durable once this returns."""
        ...

    async def look(self, work: Work[T]) -> T:
        """Read, beside the turns and without holding them up; the work changes nothing."""
        ...

    @property
    def instances(self) -> Instances:
        """The tutors that share this database."""
        ...

    def close(self) -> None:
        """Finish what was taken, then let go of the database."""
        ...


def open_store(url: str, identity: str = "") -> Store:
    """Connect and bring the schema to the newest. Raises SettingsError when that can't be done.

    `identity` is the client id of the managed identity that stands in for a missing password.
    """
    try:
        if url.startswith("sqlite:"):
            return SqliteStore(url)
        return PooledStore(url, identity)
    except SQLAlchemyError as error:
        cause = str(getattr(error, "orig", error)).strip().splitlines()[0]
        address = make_url(url).render_as_string(hide_password=True)
        way = ", or let the tutor write there" if url.startswith("sqlite:") else ""
        msg = f"Change DATABASE_URL{way}: {address} can't be used ({cause})."
        raise SettingsError(msg) from None


@dataclass
class _Job:
    """Work that somebody waits for on an event loop."""

    work: Work[Any]
    done: asyncio.Future[Any]
    context: Context
    value: Any = None
    fault: BaseException | None = None
    committed: list[Call] = field(default_factory=list)

    def do(self, connection: Connection) -> None:
        """Do the work behind a savepoint: if it fails it undoes itself alone."""
        driver: Any = connection.connection.driver_connection
        driver.execute("SAVEPOINT job")
        self.committed = collect(connection)
        try:
            self.value = self.context.run(self.work, connection)
        except Exception as error:  # noqa: BLE001 (it is the caller's)
            self.fault = error
            driver.execute("ROLLBACK TO job")
        driver.execute("RELEASE job")

    def settle(self) -> None:
        """Do what was left until it is stored, and tell who waits."""
        if self.fault is None:
            for call in self.committed:
                call()
        if self.done.done():
            return
        if self.fault is None:
            self.done.set_result(self.value)
        else:
            self.done.set_exception(self.fault)


class SqliteStore:
    """One connection to one file. All that waits, up to `GROUP`, shares one commit.

    Committing, which waits for the disk, has a thread. The work itself is done on the event
    loop's: elsewhere the two would pass Python's lock to and fro at each statement, which costs
    half as much as a turn (docs/performance.md).
    """

    instances: Instances = Alone()

    def __init__(self, url: str) -> None:
        self._engine = create_engine(
            url, connect_args={"check_same_thread": False}, hide_parameters=True
        )
        _make_durable(self._engine)
        migrations.upgrade(self._engine)
        self._connection = self._engine.connect()
        driver: Any = self._connection.connection.driver_connection
        driver.execute("PRAGMA busy_timeout=0")  # the loop waits in its own way
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="store")
        self._looking = create_engine(url, hide_parameters=True)
        _only_read(self._looking)
        self._jobs: deque[_Job] = deque()
        self._serving: asyncio.Task[None] | None = None

    @property
    def waiting(self) -> int:
        """How much work is queued."""
        return len(self._jobs)

    async def run(self, work: Work[T]) -> T:
        """Queue the work and wait for its commit."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[T] = loop.create_future()
        self._jobs.append(_Job(work, done, copy_context()))
        if self._serving is None or self._serving.done():
            self._serving = loop.create_task(self._serve(loop))
        return await done

    async def look(self, work: Work[T]) -> T:
        """Read on a thread and a connection of its own, as of the last commit."""
        return await asyncio.to_thread(self._look, work)

    def _look(self, work: Work[T]) -> T:
        with self._looking.connect() as connection:
            return work(connection)

    def close(self) -> None:
        """Close the file; what is being committed is finished first."""
        self._thread.shutdown()
        self._looking.dispose()
        self._connection.close()
        self._engine.dispose()

    async def _serve(self, loop: asyncio.AbstractEventLoop) -> None:
        while self._jobs:
            group: list[_Job] = []
            try:
                transaction = await self._begin()
                try:
                    async for job in self._next():
                        group.append(job)
                        job.do(self._connection)
                    await loop.run_in_executor(self._thread, transaction.commit)
                finally:
                    transaction.close()
            except Exception as error:  # noqa: BLE001 (nothing happened for anyone)
                # A full disk ends the whole transaction, savepoints too.
                told = isinstance(error, sqlite3.Error)
                fault = OperationalError("the transaction", None, error) if told else error
                group = group or [job async for job in self._next()]
                for job in group:
                    job.fault = fault
            for job in group:
                job.settle()

    async def _begin(self) -> RootTransaction:
        """Take the write lock. Raises OperationalError when another process keeps it."""
        until = time.monotonic() + LOCKED_S
        while True:
            try:
                return self._connection.begin()
            except OperationalError as error:
                if not _is_busy(error.orig) or time.monotonic() > until:
                    raise
                await asyncio.sleep(LOOK_S)

    async def _next(self) -> AsyncIterator[_Job]:
        """The next jobs for one commit; between two of them the loop may do other things."""
        for _ in range(GROUP):
            if not self._jobs:
                return
            job = self._jobs.popleft()
            # Whoever stopped waiting wants nothing any more.
            if not job.done.cancelled():
                yield job
                await asyncio.sleep(0)


def _make_durable(engine: Engine) -> None:
    """Write-ahead log, full sync, and transactions that begin by taking the write lock."""

    @event.listens_for(engine, "connect")
    def _(connection: Any, _record: object) -> None:  # noqa: ANN401 (the driver's own)
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout={STARTING_S * 1000}")
        _write_ahead(connection)
        connection.execute("PRAGMA synchronous=FULL")

    @event.listens_for(engine, "begin")
    def _(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _only_read(engine: Engine) -> None:
    """Connections that change nothing."""

    @event.listens_for(engine, "connect")
    def _(connection: Any, _record: object) -> None:  # noqa: ANN401 (the driver's own)
        connection.execute("PRAGMA query_only=ON")


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Switch to the write-ahead log.

    Two that switch a new file at once are in each other's way, and SQLite tells one of them
    at once that it is locked, whatever the time-out.
    """
    until = time.monotonic() + STARTING_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if not _is_busy(error) or time.monotonic() > until:
                raise
            time.sleep(LOOK_S)
        else:
            return


def _is_busy(error: BaseException | None) -> bool:
    """Whether another process holds the file."""
    code = error.sqlite_errorcode if isinstance(error, sqlite3.Error) else 0
    return code & 0xFF == sqlite3.SQLITE_BUSY


def _give_tokens(engine: Engine, identity: str) -> None:
    """Open each connection with a token of the managed identity."""
    from bot.store.passwordless import passwords  # noqa: PLC0415 (few need it, and it takes a while)

    password = passwords(identity)

    @event.listens_for(engine, "do_connect")
    def _(_dialect: object, _record: object, _args: object, wanted: dict[str, Any]) -> None:
        wanted["password"] = password()


def _die_soon(engine: Engine) -> None:
    """Let the server find out soon that an instance is gone, though nobody said goodbye."""

    @event.listens_for(engine, "connect")
    def _(connection: Any, _record: object) -> None:  # noqa: ANN401 (the driver's own)
        for setting in HOLDING_ON:
            connection.execute(setting)
        connection.commit()


class PooledStore:
    """A small pool on PostgreSQL; rows are locked by the work itself."""

    def __init__(self, url: str, identity: str) -> None:
        driver = make_url(url).set(drivername="postgresql+psycopg")
        self._engine = create_engine(
            driver,
            pool_size=CONNECTIONS + HELD,
            hide_parameters=True,
            connect_args={name: PATIENCE[name] for name in PATIENCE if name not in driver.query},
        )
        _die_soon(self._engine)
        if identity and not driver.password:
            _give_tokens(self._engine, identity)
        migrations.upgrade(self._engine)
        name = token_hex(4)
        introduce(self._engine, name)
        self._engine.dispose()  # connections from before have no name
        self.instances: Instances = Together(self._engine, name)
        self._threads = ThreadPoolExecutor(CONNECTIONS, thread_name_prefix="store")
        self._own = threading.local()
        self._pipelines: set[Pipeline] = set()
        self._given = 0

    @property
    def waiting(self) -> int:
        """How much work found no free connection."""
        return max(0, self._given - CONNECTIONS)

    async def run(self, work: Work[T]) -> T:
        """Do the work on a thread of the pool."""
        self._given += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(
                self._threads, copy_context().run, self._in_transaction, work
            )
        finally:
            self._given -= 1

    async def look(self, work: Work[T]) -> T:
        """Read; the server lets readers hold nobody up."""
        return await self.run(work)

    def close(self) -> None:
        """Finish what runs and close the pool."""
        self._threads.shutdown()
        for pipeline in self._pipelines:
            pipeline.close()
        self.instances.stop()
        self._engine.dispose()

    def _in_transaction(self, work: Work[T]) -> T:
        tried = 1
        while True:
            pipeline = self._pipeline()
            try:
                value, committed = pipeline.transaction(partial(_collecting, work))
            except DBAPIError as error:
                is_lost = pipeline.is_lost
                if is_lost:
                    self._drop(pipeline)
                nothing_happened = not pipeline.is_committing if is_lost else _is_overtaken(error)
                if tried == TRIES or not nothing_happened:
                    raise
                tried += 1
            else:
                for call in committed:
                    call()
                return value

    def _pipeline(self) -> Pipeline:
        """The thread's own connection, which stays open."""
        own: Pipeline | None = getattr(self._own, "pipeline", None)
        if own is not None and not own.is_alive():
            self._drop(own)
            own = None
        if own is None:
            own = self._own.pipeline = Pipeline(self._engine)
            self._pipelines.add(own)
        return own

    def _drop(self, pipeline: Pipeline) -> None:
        self._own.pipeline = None
        self._pipelines.discard(pipeline)
        pipeline.close()


def _collecting(work: Work[T], connection: Connection) -> tuple[T, list[Call]]:
    """Do the work; what it gives, and what it leaves to be done after the commit."""
    calls = collect(connection)
    return work(connection), calls


def _is_overtaken(error: DBAPIError) -> bool:
    return getattr(error.orig, "sqlstate", None) in OVERTAKEN
