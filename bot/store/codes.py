"""Short-lived codes that a learner is given, kept as hashes: each is good for one use."""

from datetime import datetime
from hashlib import sha256
from typing import Literal

from sqlalchemy import Connection, delete, insert, select

from bot.store.tables import code as codes

Use = Literal["join", "export", "host"]


def put(db: Connection, learner: str, use: Use, code: str, until: datetime) -> None:
    """Note a code that was given to a learner, in place of the one before."""
    db.execute(delete(codes).where(codes.c.learner == learner, codes.c.use == use))
    row = {"learner": learner, "use": use, "hash": _hash(use, code), "expires": until.timestamp()}
    db.execute(insert(codes).values(row))


def whose(db: Connection, use: Use, code: str, now: datetime) -> str | None:
    """The learner who was given a code; None when it is nobody's, spent or too old."""
    here = (codes.c.hash == _hash(use, code), codes.c.expires > now.timestamp())
    found = db.execute(select(codes.c.learner).where(*here)).scalar()
    return None if found is None else str(found)


def spend(db: Connection, use: Use, code: str) -> None:
    """Make a code worthless."""
    db.execute(delete(codes).where(codes.c.hash == _hash(use, code)))


def forget(db: Connection, learner: str) -> None:
    """Make all of a learner's codes worthless."""
    db.execute(delete(codes).where(codes.c.learner == learner))


def _hash(use: Use, code: str) -> str:
    return sha256(f"{use} {code}".encode()).hexdigest()
