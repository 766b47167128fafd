"""Who is on the own page: resume credentials and the short-lived tokens that they buy."""

import time
from dataclasses import dataclass
from hashlib import sha256
from secrets import token_bytes, token_urlsafe

import jwt
from sqlalchemy import Connection, delete, insert, select, update

from bot import tables
from bot.parse import OWN_PAGE

COOKIE = "tutor_resume"
RESUME_S = 400 * 24 * 3600  # browsers keep a cookie no longer
LINK_S = 7 * 24 * 3600  # a resume link is good for a week, and once
TOKEN_S = 1800  # as Direct Line's own
ENDLESS = -1


@dataclass(frozen=True)
class Pass:
    """What a token says: whose it is, and the one conversation that it opens."""

    learner: str
    conversation: str

    @property
    def user(self) -> str:
        """The learner's Direct Line user id."""
        return f"dl_{self.learner}"


def key(db: Connection, name: str) -> bytes:
    """A secret key of the installation, made when it is first asked for."""
    table = tables.secret
    found = db.execute(select(table.c.value).where(table.c.name == name)).scalar()
    if found is not None:
        return bytes(found)
    made = token_bytes(32)
    db.execute(insert(table).values(name=name, value=made))
    return made


def issue(db: Connection, learner: str, *, seconds: float = RESUME_S, uses: int = ENDLESS) -> str:
    """Make a secret that brings the learner back; only its hash is kept."""
    code = token_urlsafe(24)
    db.execute(
        insert(tables.credential).values(
            hash=_hash(code), learner=learner, expires=time.time() + seconds, uses=uses
        )
    )
    return code


def redeem(db: Connection, code: str) -> str | None:
    """The learner whom a secret brings back; None when it is unknown, spent or too old."""
    table = tables.credential
    query = select(table).where(table.c.hash == _hash(code)).with_for_update()
    row = db.execute(query).first()
    if row is None or row.expires < time.time() or row.uses == 0:
        return None
    if row.uses > 0:
        db.execute(update(table).where(table.c.hash == row.hash).values(uses=row.uses - 1))
    return str(row.learner)


def revoke(db: Connection, learner: str) -> None:
    """Make all of a learner's secrets worthless."""
    db.execute(delete(tables.credential).where(tables.credential.c.learner == learner))


def _hash(code: str) -> str:
    return sha256(code.encode()).hexdigest()


def conversation_of(learner: str) -> str:
    """The one conversation that a learner has on the own page."""
    return f"page-{learner}"


@dataclass(frozen=True)
class Tokens:
    """Makes and checks Direct Line tokens."""

    secret: bytes

    def make(self, learner: str) -> str:
        """A token for the learner's conversation, good for `TOKEN_S` seconds."""
        now = int(time.time())
        claims = {
            "sub": learner,
            "user": f"dl_{learner}",  # Web Chat takes such a name from here alone
            "conv": conversation_of(learner),
            "aud": OWN_PAGE,
            "iat": now,
            "exp": now + TOKEN_S,
        }
        return jwt.encode(claims, self.secret, algorithm="HS256")

    def read(self, token: str) -> Pass | None:
        """What a token says; None when it isn't ours or is too old."""
        try:
            claims = jwt.decode(
                token,
                self.secret,
                algorithms=["HS256"],
                audience=OWN_PAGE,
                options={"require": ["exp", "sub", "aud"]},
            )
        except jwt.PyJWTError:
            return None
        return Pass(str(claims["sub"]), str(claims["conv"]))
