"""Learners as rows: who they are to a channel, what they know, what happened."""

from collections.abc import Sequence
from hashlib import sha256
from secrets import randbelow, token_hex

from pydantic import TypeAdapter
from sqlalchemy import Connection, Row, insert, select, update

from bot.parse import Party
from bot.tables import fact, identity, learner, progress
from dialogs.facts import Fact
from dialogs.progress import Learner, Progress

FACT: TypeAdapter[Fact] = TypeAdapter(Fact)


def enrol(db: Connection) -> str:
    """Make a new learner; their id."""
    fresh = Learner(id=token_hex(12), seed=randbelow(2**31))
    doc = fresh.model_dump_json(exclude={"progress"})
    db.execute(insert(learner).values(id=fresh.id, version=0, doc=doc))
    return fresh.id


def identify(db: Connection, party: Party) -> str:
    """Our own id of who wrote; a new learner for somebody new."""
    query = select(identity.c.learner).where(
        identity.c.channel == party.channel,
        identity.c.tenant == party.tenant,
        identity.c.external == party.external,
    )
    found = db.execute(query).scalar()
    if found is not None:
        return str(found)
    made = enrol(db)
    db.execute(
        insert(identity).values(
            channel=party.channel, tenant=party.tenant, external=party.external, learner=made
        )
    )
    return made


def find(db: Connection, learner_id: str) -> Learner | None:
    """A learner as stored; None when there is none of this id."""
    row = db.execute(select(learner).where(learner.c.id == learner_id)).first()
    return _whole(db, row) if row else None


def hold(db: Connection, learner_id: str) -> tuple[Learner, int]:
    """A learner and their version, with the row locked until the transaction's end.

    This lock is the gate: a learner's turns run one after the other.
    """
    query = select(learner).where(learner.c.id == learner_id).with_for_update()
    row = db.execute(query).one()
    return _whole(db, row), int(row.version)


def save(
    db: Connection, before: Learner, after: Learner, version: int, facts: Sequence[Fact]
) -> None:
    """Write what a turn changed, over the version that it began with."""
    written = db.execute(
        update(learner)
        .where(learner.c.id == after.id, learner.c.version == version)
        .values(version=version + 1, doc=after.model_dump_json(exclude={"progress"}))
    )
    if written.rowcount != 1:
        msg = f"learner {pseudonym(after.id)} was saved by two turns at once"
        raise RuntimeError(msg)
    for lesson, now in after.progress.items():
        if before.progress.get(lesson) == now:
            continue
        doc = now.model_dump_json(exclude_defaults=True)
        if lesson in before.progress:
            here = (progress.c.learner == after.id, progress.c.lesson == lesson)
            db.execute(update(progress).where(*here).values(doc=doc))
        else:
            db.execute(insert(progress).values(learner=after.id, lesson=lesson, doc=doc))
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
        db.execute(insert(fact), rows)


def pseudonym(learner_id: str) -> str:
    """A learner as logs name them."""
    return sha256(learner_id.encode()).hexdigest()[:8]


def _whole(db: Connection, row: Row[tuple[str, int, str]]) -> Learner:
    query = select(progress.c.lesson, progress.c.doc).where(progress.c.learner == row.id)
    found = {lesson: Progress.model_validate_json(doc) for lesson, doc in db.execute(query)}
    return Learner.model_validate_json(row.doc).model_copy(update={"progress": found})
