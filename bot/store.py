"""The store: whole turns as synchronous functions, run in transactions off the event loop."""

import asyncio
import contextlib
import queue
import sqlite3
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context, copy_context
from dataclasses import dataclass
from secrets import token_hex
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError

from bot import migrations
from bot.errors import SettingsError
from bot.instances import Alone, Instances, Together, introduce

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

    def settle(self) -> None:
        """Tell who waits, on their loop."""
        if self.done.done():
            return
        if self.fault is None:
            self.done.set_result(self.value)
        else:
            self.done.set_exception(self.fault)


class SqliteStore:
    """One thread on one file. All that waits, up to `GROUP`, shares one commit."""

    instances: Instances = Alone()

    def __init__(self, url: str) -> None:
        self._engine = create_engine(
            url, connect_args={"check_same_thread": False}, hide_parameters=True
        )
        _make_durable(self._engine)
        migrations.upgrade(self._engine)
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._serve, name="store", daemon=True)
        self._thread.start()

    @property
    def waiting(self) -> int:
        """How much work is queued."""
        return self._jobs.qsize()

    async def run(self, work: Work[T]) -> T:
        """Queue the work and wait for its commit."""
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._jobs.put(_Job(work, done, copy_context()))
        return await done

    def close(self) -> None:
        """Finish the queue and close the file."""
        self._jobs.put(None)
        self._thread.join()
        self._engine.dispose()

    def _serve(self) -> None:
        with self._engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            driver.execute(f"PRAGMA busy_timeout={LOCKED_S * 1000}")
            while (first := self._jobs.get()) is not None:
                group, last = [first], False
                while len(group) < GROUP and not self._jobs.empty():
                    job = self._jobs.get()
                    if job is None:
                        last = True
                        break
                    group.append(job)
                _commit_together(connection, group)
                if last:
                    return


def _commit_together(connection: Connection, group: list[_Job]) -> None:
    """One transaction, a savepoint for each job: a failed one undoes itself alone."""
    # Whoever stopped waiting wants nothing any more.
    group = [job for job in group if not job.done.cancelled()]
    try:
        with connection.begin():
            driver: Any = connection.connection.driver_connection
            for job in group:
                driver.execute("SAVEPOINT job")
                try:
                    job.value = job.context.run(job.work, connection)
                except Exception as error:  # noqa: BLE001 (it is the caller's)
                    job.fault = error
                    driver.execute("ROLLBACK TO job")
                driver.execute("RELEASE job")
    except Exception as error:  # noqa: BLE001 (the commit failed: nothing happened for anyone)
        # A full disk ends the whole transaction, savepoints too.
        told = isinstance(error, sqlite3.Error)
        fault = OperationalError("the transaction", None, error) if told else error
        for job in group:
            job.fault = fault
    _settle(group)


def _settle(group: list[_Job]) -> None:
    """Tell everybody who waits, all on one loop at once."""
    loops = {job.done.get_loop() for job in group}
    for loop in loops:
        mine = [job for job in group if job.done.get_loop() is loop]
        with contextlib.suppress(RuntimeError):  # nobody waits on a loop that is closed
            loop.call_soon_threadsafe(_tell, mine)


def _tell(group: list[_Job]) -> None:
    for job in group:
        job.settle()


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
            is_busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
            if not is_busy or time.monotonic() > until:
                raise
            time.sleep(LOOK_S)
        else:
            return


def _give_tokens(engine: Engine, identity: str) -> None:
    """Open each connection with a token of the managed identity."""
    from bot.passwordless import passwords  # noqa: PLC0415 (few need it, and it takes a while)

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
            pool_pre_ping=True,
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

    def close(self) -> None:
        """Finish what runs and close the pool."""
        self._threads.shutdown()
        self.instances.stop()
        self._engine.dispose()

    def _in_transaction(self, work: Work[T]) -> T:
        tried = 1
        while True:
            try:
                with self._engine.begin() as connection:
                    return work(connection)
            except DBAPIError as error:
                if tried == TRIES or getattr(error.orig, "sqlstate", None) not in OVERTAKEN:
                    raise
                tried += 1
