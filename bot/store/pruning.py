"""Forgets what is too old, a little at a time; what learners have done and made stays with them.

Of each conversation the newest activities stay, however old they are: a page shows them when it is
opened again.
"""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, and_, case, delete, func, select, text, update

from bot.store import own_data
from bot.store.conversations import HISTORY, stored_size
from bot.store.tables import (
    activity,
    certificate,
    claim,
    computed_for,
    conversation,
    credential,
    fact,
    learner,
    progress,
    result,
)

KEPT = HISTORY  # activities of a conversation that are never too old
MOST_BYTES = 16 * 1024 * 1024  # of a conversation; what is above them goes, however new it is
LOOKED_AT = 50  # conversations in one transaction
DAY_S = 24 * 3600
TOGETHER = 100  # rows that are deleted in one transaction
ALONE = text("SELECT pg_try_advisory_xact_lock(hashtextextended('tutor pruning', 0))")


@dataclass(frozen=True)
class Pruned:
    """What one transaction did: the rows that it deleted, and where the next one goes on.

    `after` is None when nothing is left to look at.
    """

    rows: int
    after: str | None


Walk = Callable[[Connection, float, str], Pruned]


def walks(now: float, days: int, retention: int | None) -> tuple[tuple[Walk, float], ...]:
    """What is pruned, each with the time (Unix seconds) before which it is too old.

    History goes after so many `days`, who hasn't come for `retention` days with all that is theirs.
    """
    gone = () if retention is None else ((learners, now - retention * DAY_S),)
    return (*gone, (history, now - days * DAY_S), (results, now), (credentials, now))


def step(db: Connection, walk: Walk, until: float, after: str) -> Pruned | None:
    """One transaction's part of a walk; None while another instance prunes."""
    if db.dialect.name == "postgresql" and not db.execute(ALONE).scalar():
        return None
    return walk(db, until, after)


def history(db: Connection, before: float, after: str) -> Pruned:
    """Delete activities from before a time (Unix seconds), and what a conversation has too much."""
    any_one = activity.alias()
    oldest = select(func.min(any_one.c.seq)).where(
        any_one.c.conversation == conversation.c.id, ~any_one.c.waiting
    )
    first = and_(
        activity.c.conversation == conversation.c.id, activity.c.seq == oldest.scalar_subquery()
    )
    query = (
        select(conversation.c.id, conversation.c.seq, conversation.c.bytes, activity.c.at)
        .outerjoin_from(conversation, activity, first)
        .where(conversation.c.id > after)
        .order_by(conversation.c.id)
        .limit(LOOKED_AT)
    )
    deleted, passed = 0, after
    rows = db.execute(query).all()
    for name, seq, size, at in rows:
        too_much = size > MOST_BYTES
        if at is not None and (at < before or too_much):
            gone = _delete_oldest(db, name, seq - KEPT, None if too_much else before)
            deleted += gone
            if gone == TOGETHER:
                return Pruned(deleted, passed)  # there may be more here
        passed = name
        if deleted >= TOGETHER:
            return Pruned(deleted, passed)
    return Pruned(deleted, passed if len(rows) == LOOKED_AT else None)


def _delete_oldest(db: Connection, name: str, last: int, before: float | None) -> int:
    """Delete a conversation's oldest activities, with what they answered; how many these were."""
    here = [activity.c.conversation == name, ~activity.c.waiting, activity.c.seq <= last]
    if before is not None:
        here.append(activity.c.at < before)
    query = select(activity.c.seq, activity.c.doc).where(*here).order_by(activity.c.seq)
    rows = db.execute(query.limit(TOGETHER)).all()
    if not rows:
        return 0
    until = rows[-1].seq
    db.execute(delete(activity).where(*here, activity.c.seq <= until))
    db.execute(delete(claim).where(claim.c.conversation == name, claim.c.last <= until))
    freed, held = sum(stored_size(row.doc) for row in rows), conversation.c.bytes
    left = case((held > freed, held - freed), else_=0)
    db.execute(update(conversation).where(conversation.c.id == name).values(bytes=left))
    return len(rows)


def results(db: Connection, now: float, after: str) -> Pruned:
    """Delete results that nobody reads any more; one that progress names after all is kept."""
    del after  # what is deleted isn't found again
    query = select(computed_for.c.learner, computed_for.c.key).where(computed_for.c.until < now)
    rows = db.execute(query.limit(TOGETHER)).all()
    deleted = 0
    for who, key in rows:
        mine = (computed_for.c.learner == who, computed_for.c.key == key)
        named = progress.c.doc.contains(key, autoescape=True)
        theirs = select(progress.c.lesson).where(progress.c.learner == who, named)
        if db.execute(theirs.limit(1)).first() is not None:
            db.execute(update(computed_for).where(*mine).values(until=None))
            continue
        db.execute(delete(computed_for).where(*mine))
        deleted += 1
        others = select(computed_for.c.key).where(computed_for.c.key == key)
        db.execute(delete(result).where(result.c.key == key, ~others.exists()))
    return Pruned(deleted, "" if len(rows) == TOGETHER else None)


def credentials(db: Connection, now: float, after: str) -> Pruned:
    """Delete secrets that are good for nothing any more."""
    query = select(credential.c.hash, credential.c.expires).where(credential.c.hash > after)
    rows = db.execute(query.order_by(credential.c.hash).limit(TOGETHER)).all()
    old = [row.hash for row in rows if row.expires < now]
    if old:
        db.execute(delete(credential).where(credential.c.hash.in_(old)))
    return Pruned(len(old), rows[-1].hash if len(rows) == TOGETHER else None)


def learners(db: Connection, before: float, after: str) -> Pruned:
    """Delete one who hasn't come since a time (Unix seconds), with all that is stored of them."""
    query = select(learner.c.id).where(learner.c.id > after).order_by(learner.c.id)
    names = list(db.execute(query.limit(LOOKED_AT)).scalars())
    for name in names:
        if _seen(db, name) < before and _is_ours(db, name) and _seen(db, name) < before:
            return Pruned(sum(own_data.erase(db, name).values()), name)
    return Pruned(0, names[-1] if len(names) == LOOKED_AT else None)


def _is_ours(db: Connection, name: str) -> bool:
    """Whether nobody answers a learner just now; nobody does until the transaction ends, then."""
    locked = select(learner.c.id).where(learner.c.id == name).with_for_update(skip_locked=True)
    return db.execute(locked).first() is not None


def _seen(db: Connection, name: str) -> float:
    """When a learner was here last, or something was said to them (Unix seconds).

    Where nothing of that is left, their browser's secret tells until when they might come.
    """
    theirs = conversation.c.learner == name
    newest = (
        select(activity.c.at)
        .where(activity.c.conversation == conversation.c.id)
        .order_by(activity.c.seq.desc())
        .limit(1)
    )
    said = select(func.max(newest.scalar_subquery())).select_from(conversation).where(theirs)
    did = select(fact.c.at).where(fact.c.learner == name).order_by(fact.c.version.desc()).limit(1)
    given = select(func.max(certificate.c.at)).where(certificate.c.learner == name)
    times = [db.execute(query).scalar() for query in (said, did, given)]
    if any(times):
        return max(float(time or 0.0) for time in times)
    ends = select(func.max(credential.c.expires)).where(credential.c.learner == name)
    return float(db.execute(ends).scalar() or 0.0)
