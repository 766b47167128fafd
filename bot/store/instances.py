"""Several tutors on one database: who of them delivers for a conversation, and news of the others.

On PostgreSQL a delivering instance holds an advisory lock, which the server frees when its
holder dies. It keeps the lock for a while after its last delivery: the next turn there most
often comes to the same instance. Who finds a lock taken tells its holder that there is news.
What an instance stores for pages it tells the others by NOTIFY, in the same transaction.
On SQLite there is one instance.
"""

import asyncio
import logging
import math
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, Engine, TextClause, event, text
from sqlalchemy.exc import SQLAlchemyError

NEWS = "tutor_news"  # PostgreSQL's channel
LISTEN_S = 1.0  # how long a listener waits before it looks whether it shall stop
RETRY_S = 2.0  # before a lost listener listens again
KEPT_S = 5.0  # how long a lock is kept after the last delivery
TELL = text(f"SELECT pg_notify('{NEWS}', :told)")
TAKE = text("SELECT pg_try_advisory_lock(hashtextextended(:name, 0))")
UNLOCK = text(
    "SELECT count(pg_advisory_unlock(hashtextextended(name, 0)))"
    " FROM unnest(CAST(:names AS text[])) AS given(name)"
)

T = TypeVar("T")
R = TypeVar("R")

log = logging.getLogger(__name__)

Hear = Callable[[str | None], None]  # a conversation; None: anything may have been missed


class Instances(Protocol):
    """The tutors that share a database."""

    def start(self, hear: Hear) -> None:
        """Listen for what the others store."""
        ...

    async def hold(self, conversation: str) -> bool:
        """Be the one who delivers there; False while somebody else is, who is told of it."""
        ...

    def free(self, conversation: str) -> None:
        """Let others deliver there, in a while."""
        ...

    def holds(self, conversation: str) -> bool:
        """Whether it is this instance that delivers there."""
        ...

    def stop(self) -> None:
        """Listen no more, and hold nothing."""
        ...


class Alone:
    """The one tutor on an SQLite file."""

    def start(self, hear: Hear) -> None:
        """There is nobody to be heard."""

    async def hold(self, conversation: str) -> bool:
        """Nobody else could deliver."""
        del conversation
        return True

    def free(self, conversation: str) -> None:
        """Nobody waits for it."""

    def holds(self, conversation: str) -> bool:
        """Nobody else does."""
        del conversation
        return True

    def stop(self) -> None:
        """Nothing is held."""


class Together:
    """One of the tutors on a PostgreSQL server; `name` tells its news from the others'."""

    def __init__(self, engine: Engine, name: str) -> None:
        # These two connections are held as long as the instance lives.
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._name = name
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="locks")
        self._locks: Connection | None = None
        self._stopped = threading.Event()
        self._listener: threading.Thread | None = None
        self._kept: dict[str, float] = {}  # locks, and until when they are kept
        self._giving_back: asyncio.Task[None] | None = None

    def start(self, hear: Hear) -> None:
        """Listen on a connection and a thread of its own."""
        loop = asyncio.get_running_loop()
        self._listener = threading.Thread(
            target=self._listen, args=(loop, hear), name="news", daemon=True
        )
        self._listener.start()
        self._giving_back = loop.create_task(self._give_back())

    async def hold(self, conversation: str) -> bool:
        """Take the conversation's lock, if nobody has it; else tell who has it."""
        if conversation not in self._kept and not await self._in_thread(self._take, conversation):
            return False
        self._kept[conversation] = math.inf
        return True

    def free(self, conversation: str) -> None:
        """Give the conversation's lock back, unless it is wanted again soon."""
        if conversation in self._kept:
            self._kept[conversation] = time.monotonic() + KEPT_S

    def holds(self, conversation: str) -> bool:
        """Whether the conversation's lock is here."""
        return conversation in self._kept

    def stop(self) -> None:
        """End the listener and the connection that holds the locks."""
        self._stopped.set()
        if self._giving_back is not None:
            self._giving_back.cancel()
        if self._listener is not None:
            self._listener.join()
        self._thread.shutdown()
        if self._locks is not None:
            with suppress(SQLAlchemyError):
                self._locks.close()

    async def _give_back(self) -> None:
        """Unlock what wasn't wanted for a while, and see that the locks are still there."""
        while True:
            await asyncio.sleep(KEPT_S / 2)
            now = time.monotonic()
            idle = [name for name, until in self._kept.items() if until <= now]
            for name in idle:
                del self._kept[name]
            with suppress(SQLAlchemyError):
                await self._in_thread(self._unlock, idle)

    async def _in_thread(self, work: Callable[[T], R], given: T) -> R:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, given)

    def _take(self, conversation: str) -> bool:
        if self._run(TAKE, {"name": conversation}):
            return True
        self._run(TELL, {"told": f"{self._name} {conversation}"})
        return False

    def _unlock(self, conversations: Sequence[str]) -> None:
        if self._kept or conversations:
            self._run(UNLOCK, {"names": list(conversations)})

    def _run(self, query: TextClause, values: Mapping[str, object]) -> object:
        try:
            if self._locks is None:
                self._locks = self._engine.connect()
            return self._locks.execute(query, values).scalar()
        except SQLAlchemyError:
            # With the connection all locks are gone: the next caller makes a new one.
            self._locks = None
            self._kept.clear()
            raise

    def _listen(self, loop: asyncio.AbstractEventLoop, hear: Hear) -> None:
        while not self._stopped.is_set():
            try:
                with self._engine.connect() as connection:
                    try:
                        self._hear_all(connection.connection.driver_connection, loop, hear)
                    except Exception:
                        connection.invalidate()  # nobody shall get it from the pool
                        raise
            except Exception as error:  # noqa: BLE001 (whatever it is, it is tried again)
                log.warning("news of other instances are lost: %s", type(error).__name__)
                self._stopped.wait(RETRY_S)

    def _hear_all(
        self,
        driver: Any,  # noqa: ANN401 (psycopg's own connection)
        loop: asyncio.AbstractEventLoop,
        hear: Hear,
    ) -> None:
        driver.execute(f"LISTEN {NEWS}")
        loop.call_soon_threadsafe(hear, None)
        while not self._stopped.is_set():
            for note in driver.notifies(timeout=LISTEN_S):
                name, _, conversation = note.payload.partition(" ")
                if name != self._name:
                    loop.call_soon_threadsafe(hear, conversation)


def introduce(engine: Engine, name: str) -> None:
    """Let each connection of an instance know whose it is."""

    @event.listens_for(engine, "connect")
    def _(_connection: object, record: Any) -> None:  # noqa: ANN401 (SQLAlchemy's own)
        record.info["instance"] = name


def tell(db: Connection, conversation: str) -> None:
    """Tell the other instances, once this transaction is committed, that there is news."""
    name = db.info.get("instance")
    if name is not None:
        db.execute(TELL, {"told": f"{name} {conversation}"})
