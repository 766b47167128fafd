"""Secrets that bring a learner back, kept as hashes; and the installation's own keys.

A browser has a secret, and a session that its tokens name and are worth nothing without. A link
is a secret that is good once; it belongs to the session of the browser that made it.
"""

import time
from collections.abc import Collection
from dataclasses import dataclass
from hashlib import sha256
from secrets import token_bytes, token_hex, token_urlsafe

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from bot.store import codes
from bot.store.statement import Asked, CompiledStatement
from bot.store.tables import credential, direct_line, identity, revocation, secret

RESUME_S = 400 * 24 * 3600  # browsers keep a cookie no longer
LINK_S = 7 * 24 * 3600  # a resume link is good for a week, and once
VISIT_S = 600  # for which a browser that didn't get its answer may ask again
ENDLESS = -1

SESSION = CompiledStatement(
    select(credential.c.session).where(
        credential.c.session == bindparam("which"),
        credential.c.learner == bindparam("who"),
        credential.c.uses < 0,
        credential.c.expires >= bindparam("now"),
    )
)


@dataclass(frozen=True)
class Holder:
    """Whom a secret brings back. `by_link`: it is a link's, which is good once."""

    learner: str
    session: str
    by_link: bool = False


def issue(db: Connection, learner: str, visit: str = "") -> tuple[str, Holder]:
    """Make a secret for a browser, and a session; only the secret's hash is kept.

    A browser that shows the same `visit` within `VISIT_S` is the same one.
    """
    holder = Holder(learner, token_hex(12))
    return _make(db, holder, RESUME_S, ENDLESS, _hash(visit) if visit else None), holder


def make_link(db: Connection, holder: Holder, seconds: float = LINK_S) -> str:
    """Make a secret for another device of the learner's."""
    return _make(db, holder, seconds, 1, None)


def redeem(db: Connection, code: str) -> Holder | None:
    """Whom a secret brings back; a link is spent. None when it is unknown, spent or too old."""
    row = _good(db, code)
    if row is None:
        return None
    if row.uses > 0:
        spent = update(credential).where(credential.c.hash == row.hash)
        db.execute(spent.values(uses=row.uses - 1))
    return Holder(row.learner, row.session, row.uses > 0)


def find(db: Connection, code: str) -> Holder | None:
    """The same without spending it."""
    row = _good(db, code)
    return Holder(row.learner, row.session, row.uses > 0) if row else None


def recall(db: Connection, visit: str) -> tuple[str, Holder] | None:
    """A new secret for a browser that was given one at this visit, and may not have got it."""
    young = credential.c.expires >= time.time() + RESUME_S - VISIT_S
    here = (credential.c.visit == _hash(visit), credential.c.uses < 0, young)
    row = db.execute(select(credential).where(*here).with_for_update()).first()
    if row is None:
        return None
    db.execute(delete(credential).where(credential.c.hash == row.hash))
    holder = Holder(row.learner, row.session)
    return _make(db, holder, RESUME_S, ENDLESS, row.visit), holder


def ask(db: Connection, learner: str, session: str) -> Asked:
    """Ask for a learner's session: no row says that it is over."""
    return SESSION.ask(db, which=session, who=learner, now=time.time())


def open_ones(db: Connection, sessions: Collection[str]) -> set[str]:
    """Which of these sessions are good."""
    good = (credential.c.uses < 0, credential.c.expires >= time.time())
    query = select(credential.c.session).where(credential.c.session.in_(sessions), *good)
    return set(db.execute(query).scalars())


def revoke(db: Connection, learner: str, session: str | None = None) -> None:
    """End one session of a learner, with the links made there; or all, and their file links.

    Short-lived codes end with either.

    Azure's tokens can't be ended: whoever has one is another learner from then on.
    """
    codes.forget(db, learner)
    theirs = credential.c.learner == learner
    if session is not None:
        db.execute(delete(credential).where(theirs, credential.c.session == session))
        return
    db.execute(delete(credential).where(theirs))
    db.execute(delete(revocation).where(revocation.c.learner == learner))
    db.execute(insert(revocation).values(learner=learner, at=time.time()))
    users = select(direct_line.c.external).where(direct_line.c.learner == learner)
    db.execute(
        delete(identity).where(identity.c.learner == learner, identity.c.external.in_(users))
    )
    db.execute(delete(direct_line).where(direct_line.c.learner == learner))


def revoked_at(db: Connection, learner: str) -> float:
    """When all of a learner's sessions were ended last, in seconds since 1970; 0 for never."""
    query = select(revocation.c.at).where(revocation.c.learner == learner)
    return float(db.execute(query).scalar() or 0)


def _make(db: Connection, holder: Holder, seconds: float, uses: int, visit: str | None) -> str:
    code = token_urlsafe(24)
    row = {
        "hash": _hash(code),
        "learner": holder.learner,
        "expires": time.time() + seconds,
        "uses": uses,
        "session": holder.session,
        "visit": visit,
    }
    db.execute(insert(credential).values(row))
    return code


def _good(db: Connection, code: str) -> Row[tuple[str, str, float, int, str, str]] | None:
    query = select(credential).where(credential.c.hash == _hash(code)).with_for_update()
    row = db.execute(query).first()
    return None if row is None or row.expires < time.time() or row.uses == 0 else row


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
