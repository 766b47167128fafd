"""Trainings that were prepared for demonstrations, kept until they are prepared anew."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, insert, select

from bot.store.computations import StoredResult
from bot.store.tables import staged


@dataclass(frozen=True)
class StagedRun:
    """A prepared run; `at` is when it was prepared (Unix seconds)."""

    at: float
    result: StoredResult


def put(  # noqa: PLR0913 (which run, and what of it)
    db: Connection, run: str, session: str, *, locale: str, result: StoredResult, now: datetime
) -> None:
    """Keep a run in place of the one before."""
    db.execute(delete(staged).where(*_here(run, session, locale)))
    row = {"run": run, "session": session, "locale": locale, "at": now.timestamp()}
    kept = {"key": result.key, "kind": result.kind, "doc": result.doc, "form": result.form}
    db.execute(insert(staged).values(**row, **kept))


def get(db: Connection, run: str, session: str, locale: str) -> StagedRun | None:
    """The run of this name, where it was prepared."""
    row = db.execute(select(staged).where(*_here(run, session, locale))).first()
    if row is None:
        return None
    return StagedRun(row.at, StoredResult(row.key, row.kind, row.doc, row.form))


def _here(run: str, session: str, locale: str) -> tuple[ColumnElement[bool], ...]:
    return (staged.c.run == run, staged.c.session == session, staged.c.locale == locale)
