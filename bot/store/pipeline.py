"""Transactions on PostgreSQL in few round trips: statements are sent without waiting for each.

A turn makes a dozen statements. Each wait for the server changes threads and passes Python's
lock on, which costs more than the statement itself. In psycopg's pipeline a turn waits for the
rows that it reads, and once for all that it writes.
"""

import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from typing import Any, TypeVar

from sqlalchemy import Connection, event
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

T = TypeVar("T")

IDLE_S = 5.0  # after which a connection is tried before it is used
KEY = "pipeline"  # under which a connection knows its pipeline


class Pipeline:
    """A connection that one thread keeps open, and the pipeline that it is in or not.

    Compiled statements enter the pipeline; SQLAlchemy's own, whose results it reads at once,
    leave it before. `is_committing`: the last transaction got as far as its commit, so that
    nobody knows whether it happened if the connection was cut.
    """

    def __init__(self, engine: Engine) -> None:
        self._connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        self._driver: Any = self._connection.connection.driver_connection
        self._driver_error: type[Exception] = self._connection.dialect.loaded_dbapi.Error
        self._entered = ExitStack()
        self._pipeline: Any = None
        self._used = time.monotonic()
        self.is_committing = False
        self._connection.info[KEY] = self
        event.listen(self._connection, "before_cursor_execute", self._before_others)

    @property
    def is_lost(self) -> bool:
        """Whether the connection was cut."""
        return bool(self._driver.closed)

    def is_alive(self) -> bool:
        """Whether the server is there; it is asked when nothing was for some time."""
        if not self.is_lost and time.monotonic() - self._used > IDLE_S:
            with suppress(self._driver_error):
                self._driver.execute("")
        return not self.is_lost

    def transaction(self, work: Callable[[Connection], T]) -> T:
        """Do the work in a transaction of its own.

        Raises what the work raises, and DBAPIError for what the database refuses, at the
        latest at the commit.
        """
        try:
            self._begin()
            value = work(self._connection)
            self._commit()
        except BaseException as error:
            self._roll_back()
            if isinstance(error, self._driver_error):
                raise self._told(error) from error
            raise
        finally:
            self._used = time.monotonic()
            if self._connection.in_transaction():
                self._connection.rollback()  # SQLAlchemy's own idea of a transaction
        return value

    def enter(self) -> Any:  # noqa: ANN401 (psycopg's connection)
        """The driver's connection, in its pipeline mode."""
        if self._pipeline is None:
            self._pipeline = self._entered.enter_context(self._driver.pipeline())
        return self._driver

    def leave(self) -> None:
        """Wait for all that was sent; from now on each statement is waited for."""
        self._pipeline = None
        self._entered.close()

    def close(self) -> None:
        """Give the connection back."""
        with suppress(self._driver_error):
            self.leave()
        self._connection.info.pop(KEY, None)
        if self.is_lost:
            self._connection.invalidate()
        with suppress(SQLAlchemyError):
            self._connection.close()

    def _begin(self) -> None:
        self.is_committing = False
        self.enter().execute("BEGIN")

    def _commit(self) -> None:
        self.enter().execute("COMMIT")
        self.is_committing = True
        self._pipeline.sync()

    def _roll_back(self) -> None:
        with suppress(self._driver_error):
            self.leave()
            if not self.is_lost:
                self._driver.execute("ROLLBACK")

    def _before_others(self, *_: object) -> None:
        try:
            self.leave()
        except self._driver_error as error:
            raise self._told(error) from error

    def _told(self, error: Exception) -> Exception:
        """The driver's error as SQLAlchemy raises it, without the values."""
        return DBAPIError.instance(
            None,
            None,
            error,
            self._driver_error,
            hide_parameters=True,
            dialect=self._connection.dialect,
        )
