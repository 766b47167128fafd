"""Facts as rows, for those who make certificates, records and figures of them.

There are two ways to read them. A `FactReader` runs inside the turn's transaction: what it
writes is stored with the facts or not at all. Who reads later, at a time of their own, goes
through `after` with the number of the last fact that they have seen; no fact is missed so.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, func, insert, select, text

from bot.store.statement import CompiledStatement
from bot.store.tables import fact
from content.stored import UnreadableError
from dialogs.values import versions
from dialogs.values.facts import Fact

WAIT_S = 2  # for turns under way to end, before a reader gives up for now
_GIVEN = [column.name for column in fact.columns if column is not fact.c.seq]
HAPPENED = CompiledStatement(
    insert(fact).values({name: bindparam(name) for name in _GIVEN}).inline()
)


@dataclass(frozen=True)
class StoredFact:
    """A fact with what dialogs doesn't know of it, or doesn't say again in each.

    `version` is the learner's since the turn, `place` counts its facts from 0. `event` names the
    event that the learner came from last. What was stored before the third schema says nothing
    of channel, event and locale.
    """

    fact: Fact
    learner: str
    version: int
    place: int
    channel: str | None
    event: str | None
    locale: str | None
    lesson_version: str | None

    @property
    def id(self) -> str:
        """What names this fact for ever, whoever passes it on, and however often."""
        return f"{self.learner}-{self.version}-{self.place}"


FactReader = Callable[[Connection, Sequence[StoredFact]], None]


def append(db: Connection, facts: Sequence[StoredFact]) -> None:
    """Store what happened in a turn."""
    HAPPENED.run_each(
        db,
        [
            {
                "learner": one.learner,
                "version": one.version,
                "place": one.place,
                "kind": one.fact.kind,
                "at": one.fact.at.timestamp(),
                "lesson": one.fact.lesson,
                "run": one.fact.run,
                "step": getattr(one.fact, "step", None),
                "lesson_version": one.lesson_version,
                "channel": one.channel,
                "event": one.event,
                "locale": one.locale,
                "doc": versions.FACT.write(one.fact),
                "form": versions.FACT.form,
            }
            for one in facts
        ],
    )


def of(db: Connection, learner: str) -> list[Fact]:
    """All that happened to a learner, in the order of writing; what can't be read is left out."""
    query = select(fact.c.doc, fact.c.form).where(fact.c.learner == learner).order_by(fact.c.seq)
    found = []
    for doc, form in db.execute(query):
        with suppress(UnreadableError):
            found.append(versions.FACT.read(doc, form))
    return found


def are_there(db: Connection, seq: int) -> bool:
    """Whether any fact has a higher number: this holds nobody up, as `after` does."""
    query = select(fact.c.seq).where(fact.c.seq > seq).limit(1)
    return db.execute(query).first() is not None


def last(db: Connection, seq: int, limit: int) -> int:
    """The number of the last of the next facts, readable or not; `seq` where there is none."""
    numbers = select(fact.c.seq).where(fact.c.seq > seq).order_by(fact.c.seq).limit(limit)
    found = db.execute(select(func.max(numbers.subquery().c.seq))).scalar()
    return seq if found is None else int(found)


def after(db: Connection, seq: int, limit: int = 1000) -> list[tuple[int, StoredFact]]:
    """The next facts after a number, in the order of writing, each with its number.

    The last number is a safe cursor. On PostgreSQL a turn may commit a lower number later than
    another one commits a higher: so this waits for the turns that are writing facts just now,
    and holds up new ones until its transaction ends. Read, and commit. Raises OperationalError
    where that takes longer than `WAIT_S`; facts that can't be read are left out.
    """
    if db.dialect.name == "postgresql":
        db.execute(text(f"SET LOCAL lock_timeout = '{WAIT_S}s'"))
        db.execute(text("LOCK TABLE fact IN SHARE MODE"))
    query = select(fact).where(fact.c.seq > seq).order_by(fact.c.seq).limit(limit)
    found = []
    for row in db.execute(query):
        try:
            happened = versions.FACT.read(row.doc, row.form)
        except UnreadableError:
            continue
        stored = StoredFact(
            place=row.place,
            fact=happened,
            learner=row.learner,
            version=row.version,
            channel=row.channel,
            event=row.event,
            locale=row.locale,
            lesson_version=row.lesson_version,
        )
        found.append((int(row.seq), stored))
    return found
