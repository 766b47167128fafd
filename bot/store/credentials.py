"""Secrets that bring a learner back, kept as hashes; and the installation's own keys."""

import time
from hashlib import sha256
from secrets import token_bytes, token_urlsafe

from sqlalchemy import Connection, delete, insert, select, update

from bot.store.tables import credential, secret

RESUME_S = 400 * 24 * 3600  # browsers keep a cookie no longer
LINK_S = 7 * 24 * 3600  # a resume link is good for a week, and once
ENDLESS = -1


def issue(db: Connection, learner: str, *, seconds: float = RESUME_S, uses: int = ENDLESS) -> str:
    """Make a secret that brings the learner back; only its hash is kept."""
    code = token_urlsafe(24)
    expires = time.time() + seconds
    row = {"hash": _hash(code), "learner": learner, "expires": expires, "uses": uses}
    db.execute(insert(credential).values(row))
    return code


def redeem(db: Connection, code: str) -> str | None:
    """The learner whom a secret brings back; None when it is unknown, spent or too old."""
    query = select(credential).where(credential.c.hash == _hash(code)).with_for_update()
    row = db.execute(query).first()
    if row is None or row.expires < time.time() or row.uses == 0:
        return None
    if row.uses > 0:
        spent = update(credential).where(credential.c.hash == row.hash)
        db.execute(spent.values(uses=row.uses - 1))
    return str(row.learner)


def whose(db: Connection, code: str) -> str | None:
    """The same without spending it."""
    good = (credential.c.expires >= time.time(), credential.c.uses != 0)
    query = select(credential.c.learner).where(credential.c.hash == _hash(code), *good)
    found = db.execute(query).scalar()
    return None if found is None else str(found)


def revoke(db: Connection, learner: str) -> None:
    """Make all of a learner's secrets worthless."""
    db.execute(delete(credential).where(credential.c.learner == learner))


def are_left(db: Connection, learner: str) -> bool:
    """Whether a learner has a secret that isn't revoked."""
    query = select(credential.c.hash).where(credential.c.learner == learner).limit(1)
    return db.execute(query).first() is not None


def key(db: Connection, name: str) -> bytes:
    """A secret key of the installation, made when it is first asked for."""
    found = db.execute(select(secret.c.value).where(secret.c.name == name)).scalar()
    if found is not None:
        return bytes(found)
    made = token_bytes(32)
    db.execute(insert(secret).values(name=name, value=made))
    return made


def _hash(code: str) -> str:
    return sha256(code.encode()).hexdigest()
