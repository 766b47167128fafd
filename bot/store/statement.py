"""Statements that run in every turn: SQLAlchemy's, compiled once and given to the driver.

SQLAlchemy's own way from a statement to its rows costs several times what SQLite needs for
them. All values of such a statement are named parameters.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.compiler import SQLCompiler

from bot.store import pipeline as pipelines
from bot.store.pipeline import Pipeline

Rows = list[tuple[Any, ...]]


@dataclass(frozen=True)
class _Compiled:
    """The text for one database; `order` of its parameters where they have no names there."""

    text: str
    order: tuple[str, ...] | None
    fixed: Mapping[str, object]

    def values(self, given: Mapping[str, object]) -> Any:  # noqa: ANN401 (as the driver likes it)
        every = {**self.fixed, **given} if self.fixed else given
        return every if self.order is None else tuple([every[name] for name in self.order])


@dataclass(frozen=True, eq=False)
class CompiledStatement:
    """A statement for any of our databases. What the driver raises is SQLAlchemy's DBAPIError."""

    clause: ClauseElement
    _compiled: dict[str, _Compiled] = field(default_factory=dict)

    def rows(self, db: Connection, **values: object) -> Rows:
        """All rows that it gives."""
        return self.ask(db, **values).rows()

    def ask(self, db: Connection, **values: object) -> "Asked":
        """Send it; who wants the rows waits for them, after other statements were sent."""
        compiled = self._for(db.dialect)
        try:
            cursor = _driver(db).execute(compiled.text, compiled.values(values))
        except db.dialect.loaded_dbapi.Error as error:
            raise _told(db, compiled.text, error) from error
        return Asked(db, compiled.text, cursor)

    def row(self, db: Connection, **values: object) -> tuple[Any, ...] | None:
        """Its first row."""
        found = self.rows(db, **values)
        return found[0] if found else None

    def run(self, db: Connection, **values: object) -> None:
        """Let it change what it changes; on PostgreSQL nobody waits for that but the commit."""
        compiled = self._for(db.dialect)
        try:
            _driver(db).execute(compiled.text, compiled.values(values))
        except db.dialect.loaded_dbapi.Error as error:
            raise _told(db, compiled.text, error) from error

    def run_each(self, db: Connection, values: Iterable[Mapping[str, object]]) -> None:
        """Run it for each of the values."""
        compiled = self._for(db.dialect)
        try:
            _driver(db).cursor().executemany(compiled.text, [compiled.values(v) for v in values])
        except db.dialect.loaded_dbapi.Error as error:
            raise _told(db, compiled.text, error) from error

    def _for(self, dialect: Dialect) -> _Compiled:
        found = self._compiled.get(dialect.name)
        if found is None:
            made = self.clause.compile(dialect=dialect)
            assert isinstance(made, SQLCompiler)  # noqa: S101 (no definition of a table)
            order = tuple(made.positiontup) if made.positiontup is not None else None
            fixed = {name: value for name, value in made.params.items() if value is not None}
            found = self._compiled[dialect.name] = _Compiled(made.string, order, fixed)
        return found


@dataclass(frozen=True)
class Asked:
    """A statement that was sent. On SQLite its rows are there at once."""

    db: Connection
    text: str
    cursor: Any

    def rows(self) -> Rows:
        """All rows that it gives."""
        try:
            found: Rows = self.cursor.fetchall()
        except self.db.dialect.loaded_dbapi.Error as error:
            raise _told(self.db, self.text, error) from error
        return found

    def row(self) -> tuple[Any, ...] | None:
        """Its first row."""
        found = self.rows()
        return found[0] if found else None


def _driver(db: Connection) -> Any:  # noqa: ANN401 (sqlite3's or psycopg's)
    pipeline: Pipeline | None = db.info.get(pipelines.KEY)
    return pipeline.enter() if pipeline else db.connection.driver_connection


def _told(db: Connection, text: str, error: Exception) -> Exception:
    """The driver's error as SQLAlchemy raises it, without the values."""
    base: type[Exception] = db.dialect.loaded_dbapi.Error
    return DBAPIError.instance(text, None, error, base, hide_parameters=True, dialect=db.dialect)
