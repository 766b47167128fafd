"""Several tutors on one database: who of them delivers for a conversation, and news of the others.

On PostgreSQL a delivering instance holds an advisory lock, which the server frees when its
holder dies. What an instance stores it tells the others by NOTIFY, in the same transaction.
On SQLite there is one instance.
"""

import asyncio
import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, Protocol

from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.exc import SQLAlchemyError

NEWS = "tutor_news"  # PostgreSQL's channel
LISTEN_S = 1.0  # how long a listener waits before it looks whether it shall stop
RETRY_S = 2.0  # before a lost listener listens again
TELL = text(f"SELECT pg_notify('{NEWS}', :told)")

log = logging.getLogger(__name__)

Hear = Callable[[str | None], None]  # a conversation; None: anything may have been missed


class Instances(Protocol):
    """The tutors that share a database."""

    @property
    def are_several(self) -> bool:
        """Whether there may be others."""
        ...

    def start(self, hear: Hear) -> None:
        """Listen for what the others store."""
        ...

    async def hold(self, conversation: str) -> bool:
        """Be the one who delivers there; False while somebody else is."""
        ...

    async def free(self, conversation: str) -> None:
        """Let others deliver there."""
        ...

    def stop(self) -> None:
        """Listen no more, and hold nothing."""
        ...


class Alone:
    """The one tutor on an SQLite file."""

    are_several = False

    def start(self, hear: Hear) -> None:
        """There is nobody to be heard."""

    async def hold(self, conversation: str) -> bool:
        """Nobody else could deliver."""
        del conversation
        return True

    async def free(self, conversation: str) -> None:
        """Nobody waits for it."""

    def stop(self) -> None:
        """Nothing is held."""


class Together:
    """One of the tutors on a PostgreSQL server; `name` tells its news from the others'."""

    are_several = True

    def __init__(self, engine: Engine, name: str) -> None:
        # These two connections are held as long as the instance lives.
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._name = name
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="locks")
        self._locks: Connection | None = None
        self._stopped = threading.Event()
        self._listener: threading.Thread | None = None

    def start(self, hear: Hear) -> None:
        """Listen on a connection and a thread of its own."""
        loop = asyncio.get_running_loop()
        self._listener = threading.Thread(
            target=self._listen, args=(loop, hear), name="news", daemon=True
        )
        self._listener.start()

    async def hold(self, conversation: str) -> bool:
        """Take the conversation's lock, if nobody has it."""
        return await self._ask("pg_try_advisory_lock", conversation)

    async def free(self, conversation: str) -> None:
        """Give the conversation's lock back."""
        await self._ask("pg_advisory_unlock", conversation)

    def stop(self) -> None:
        """End the listener and the connection that holds the locks."""
        self._stopped.set()
        if self._listener is not None:
            self._listener.join()
        self._thread.shutdown()
        if self._locks is not None:
            with suppress(SQLAlchemyError):
                self._locks.close()

    async def _ask(self, function: str, conversation: str) -> bool:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, self._run, function, conversation)

    def _run(self, function: str, conversation: str) -> bool:
        query = text(f"SELECT {function}(hashtextextended(:name, 0))")
        try:
            if self._locks is None:
                self._locks = self._engine.connect()
            return bool(self._locks.execute(query, {"name": conversation}).scalar())
        except SQLAlchemyError:
            # With the connection all locks are gone: the next caller makes a new one.
            self._locks = None
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
