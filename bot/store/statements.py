"""What a learning record store still has to be told: an outbox, emptied by any instance."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from bot.store.statement import CompiledStatement
from bot.store.tables import statement

PUT = CompiledStatement(
    insert(statement)
    .values(learner=bindparam("learner"), due=bindparam("due"), tries=0, doc=bindparam("doc"))
    .inline()
)


@dataclass(frozen=True)
class Waiting:
    """A statement, as JSON, and how often telling it has failed."""

    seq: int
    doc: str
    tries: int


def put(db: Connection, rows: Sequence[tuple[str, float, str]]) -> None:
    """Keep statements until they are told: whose each is, since when (Unix seconds), its JSON."""
    PUT.run_each(db, [{"learner": who, "due": due, "doc": doc} for who, due, doc in rows])


def take(db: Connection, now: float, until: float, most: int) -> list[Waiting]:
    """The next statements that are due, the oldest first; other instances leave them until then."""
    mine = select(statement).where(statement.c.due <= now).order_by(statement.c.seq).limit(most)
    found = [
        Waiting(r.seq, r.doc, r.tries) for r in db.execute(mine.with_for_update(skip_locked=True))
    ]
    put_off(db, [one.seq for one in found], until)
    return found


def told(db: Connection, names: Collection[int]) -> None:
    """Forget statements that were accepted."""
    db.execute(delete(statement).where(statement.c.seq.in_(names)))


def put_off(db: Connection, names: Collection[int], due: float) -> None:
    """Try statements again at a time (Unix seconds)."""
    db.execute(update(statement).where(statement.c.seq.in_(names)).values(due=due))


def failed(db: Connection, one: Waiting, due: float) -> None:
    """Count one more try that failed, and try again at a time (Unix seconds)."""
    mine = statement.c.seq == one.seq
    db.execute(update(statement).where(mine).values(due=due, tries=one.tries + 1))


def waiting(db: Connection) -> int:
    """How many statements are still to be told."""
    return db.execute(select(func.count()).select_from(statement)).scalar() or 0
