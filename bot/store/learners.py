"""Learners as rows: who they are to a channel, what they know, what happened."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace
from secrets import randbelow, token_hex
from threading import Lock

from pydantic import TypeAdapter
from sqlalchemy import Connection, Integer, Row, bindparam, case, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.activity.inbound import Party
from bot.logs import pseudonym
from bot.store.statement import CompiledStatement
from bot.store.tables import fact, identity, learner, progress
from dialogs.values import versions
from dialogs.values.facts import Fact
from dialogs.values.progress import Learner

FACT: TypeAdapter[Fact] = TypeAdapter(Fact)
REMEMBERED = 200  # learners in memory; one is about 25 KiB

IDENTITY = CompiledStatement(
    select(identity.c.learner).where(
        identity.c.channel == bindparam("channel"),
        identity.c.tenant == bindparam("tenant"),
        identity.c.external == bindparam("external"),
    )
)
VERSION = CompiledStatement(
    select(learner.c.version).where(learner.c.id == bindparam("who")).with_for_update()
)
# Over another version than the one that was read there is none, and a version must not be null:
# on PostgreSQL, too, where a turn waits for its commit alone, a stale save undoes everything.
_SAVED = (
    update(learner)
    .where(learner.c.id == bindparam("who"))
    .values(version=case((learner.c.version == bindparam("old"), bindparam("new", type_=Integer))))
)
RAISED = CompiledStatement(_SAVED)
RENEWED = CompiledStatement(_SAVED.values(doc=bindparam("told"), form=versions.LEARNER))
PROGRESSED = CompiledStatement(
    update(progress)
    .where(progress.c.learner == bindparam("who"), progress.c.lesson == bindparam("which"))
    .values(doc=bindparam("told"), form=versions.PROGRESS)
)
BEGUN = CompiledStatement(insert(progress))
HAPPENED = CompiledStatement(insert(fact))


class StaleProgressError(versions.ProgressError):
    """A learner was saved by two turns at once: the gate failed, our fault."""


def enrol(db: Connection) -> str:
    """Make a new learner; their id."""
    fresh = Learner(id=token_hex(12), seed=randbelow(2**31))
    doc = versions.write_learner(fresh)
    db.execute(insert(learner).values(id=fresh.id, version=0, doc=doc, form=versions.LEARNER))
    return fresh.id


def identify(db: Connection, party: Party) -> str:
    """Our own id of who wrote; a new learner for somebody new."""
    who = {"channel": party.channel, "tenant": party.tenant, "external": party.external}
    found = IDENTITY.row(db, **who)
    if found is not None:
        return str(found[0])
    made = enrol(db)
    db.execute(insert(identity).values(**who, learner=made))
    return made


def introduce(db: Connection, party: Party, learner_id: str) -> None:
    """Note that a channel's user is a learner whom we know."""
    who = {"channel": party.channel, "tenant": party.tenant, "external": party.external}
    if IDENTITY.row(db, **who) is None:
        db.execute(insert(identity).values(**who, learner=learner_id))


def find(db: Connection, learner_id: str) -> Learner | None:
    """A learner as stored; None when there is none of this id."""
    row = db.execute(select(learner).where(learner.c.id == learner_id)).first()
    return _whole(db, row) if row else None


class Remembered:
    """Learners as they were saved last, the last used ones. Store threads share it.

    Whoever writes a learner's rows raises the version, so a version is always the same learner;
    what was rolled back never was one, so only what is committed may be put in here.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[int, Learner]] = OrderedDict()
        self._lock = Lock()

    def get(self, learner_id: str, version: int) -> Learner | None:
        """The learner of this version."""
        with self._lock:
            found = self._kept.get(learner_id)
            if found is None or found[0] != version:
                return None
            self._kept.move_to_end(learner_id)
            return found[1]

    def put(self, saved: Learner, version: int) -> None:
        """Remember a learner whose version is committed."""
        with self._lock:
            known = self._kept.get(saved.id)
            if known is None or known[0] < version:
                self._kept[saved.id] = (version, saved)
            while len(self._kept) > REMEMBERED:
                self._kept.popitem(last=False)


def hold(
    db: Connection, learner_id: str, remembered: Remembered | None = None
) -> tuple[Learner, int]:
    """A learner and their version, with the row locked until the transaction's end.

    This lock is the gate: a learner's turns run one after the other.
    """
    if remembered is not None:
        held = VERSION.row(db, who=learner_id)
        known = remembered.get(learner_id, int(held[0])) if held else None
        if held and known:
            return known, int(held[0])
    query = select(learner).where(learner.c.id == learner_id).with_for_update()
    row = db.execute(query).one()
    return _whole(db, row), int(row.version)


def save(
    db: Connection, before: Learner, after: Learner, version: int, facts: Sequence[Fact]
) -> int:
    """Write what a turn changed, over the version that it began with; the version since."""
    if after is before and not facts:
        return version
    try:
        if _is_same(before, after):
            RAISED.run(db, who=after.id, old=version, new=version + 1)
        else:
            doc = versions.write_learner(after)
            RENEWED.run(db, who=after.id, old=version, new=version + 1, told=doc)
    except IntegrityError as error:
        msg = f"learner {pseudonym(after.id)} was saved by two turns at once"
        raise StaleProgressError(msg) from error
    for lesson, now in after.progress.items():
        known = before.progress.get(lesson)
        if known is now:
            continue
        doc = versions.write_progress(now)
        if known is not None:
            PROGRESSED.run(db, who=after.id, which=lesson, told=doc)
        else:
            BEGUN.run(db, learner=after.id, lesson=lesson, doc=doc, form=versions.PROGRESS)
    if facts:
        rows = [
            {
                "learner": after.id,
                "version": version + 1,
                "place": place,
                "kind": happened.kind,
                "doc": FACT.dump_json(happened).decode(),
            }
            for place, happened in enumerate(facts)
        ]
        HAPPENED.run_each(db, rows)
    return version + 1


def _is_same(before: Learner, after: Learner) -> bool:
    """Whether nothing changed but progress."""
    return replace(before, progress={}) == replace(after, progress={})


def _whole(db: Connection, row: Row[tuple[str, int, str, int]]) -> Learner:
    query = select(progress.c.lesson, progress.c.doc, progress.c.form)
    rows = db.execute(query.where(progress.c.learner == row.id))
    found = {lesson: versions.read_progress(doc, form) for lesson, doc, form in rows}
    return replace(versions.read_learner(row.doc, row.form), progress=found)
