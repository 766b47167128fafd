"""Certificates as they were issued, and the keys that signed them."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, Row, insert, select, update

from bot.store.tables import certificate, signing_key
from content.stored import UnreadableError
from dialogs.values import versions
from dialogs.values.certificate import Certificate

# Why one is no longer valid: its name was corrected, or whoever runs the tutor withdrew it.
Why = Literal["corrected", "withdrawn"]

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class KeptCertificate:
    """A certificate with its signed credential; `why` it was revoked, if it was."""

    certificate: Certificate
    credential: str
    why: str | None = None


def keep(db: Connection, learner: str, issued: Certificate, credential: str) -> None:
    """Keep a certificate that was issued."""
    row = {
        "id": issued.id,
        "learner": learner,
        "lesson": issued.claim.lesson,
        "at": issued.issued_at.timestamp(),
        "doc": versions.CERTIFICATE.write(issued),
        "form": versions.CERTIFICATE.form,
        "credential": credential,
    }
    db.execute(insert(certificate).values(row))


def of(db: Connection, learner: str) -> list[KeptCertificate]:
    """All certificates of a learner, the newest first, of equal ones the valid first."""
    here = certificate.c.learner == learner
    order = (certificate.c.at.desc(), certificate.c.revoked.is_(None).desc(), certificate.c.id)
    rows = db.execute(select(certificate).where(here).order_by(*order))
    return [found for row in rows if (found := _read(row))]


def find(db: Connection, name: str) -> KeptCertificate | None:
    """The certificate of this id; None where there is none that can be read."""
    row = db.execute(select(certificate).where(certificate.c.id == name)).first()
    return None if row is None else _read(row)


def revoke(db: Connection, name: str, why: Why, now: datetime) -> bool:
    """Revoke a certificate; whether there was a valid one of this id."""
    here = (certificate.c.id == name, certificate.c.revoked.is_(None))
    changed = update(certificate).where(*here).values(revoked=now.timestamp(), why=why)
    return db.execute(changed).rowcount > 0


def _read(row: Row[tuple[object, ...]]) -> KeptCertificate | None:
    try:
        found = versions.CERTIFICATE.read(row.doc, row.form)
    except UnreadableError as error:
        log.error("certificate %s: %s", row.id, error)  # noqa: TRY400 (it says all)
        return None
    return KeptCertificate(found, row.credential, row.why)


# --- signing keys -------------------------------------------------------------------


def keep_key(
    db: Connection, thumbprint: str, public: bytes, private: bytes | None, now: datetime
) -> None:
    """Keep a signing key, of which there may be no private half here; one that is known stays."""
    known = select(signing_key.c.id).where(signing_key.c.id == thumbprint)
    if db.execute(known).first() is None:
        row = {"id": thumbprint, "public": public, "private": private, "made": now.timestamp()}
        db.execute(insert(signing_key).values(row))


def newest_private_key(db: Connection) -> bytes | None:
    """The private half of the key that was made here last; None before the first one."""
    query = select(signing_key.c.private).where(signing_key.c.private.is_not(None))
    found = db.execute(query.order_by(signing_key.c.made.desc(), signing_key.c.id)).scalar()
    return None if found is None else bytes(found)


def public_keys(db: Connection) -> Mapping[str, bytes]:
    """The public halves of all keys that ever signed, by their thumbprints."""
    rows = db.execute(select(signing_key.c.id, signing_key.c.public).order_by(signing_key.c.made))
    return {name: bytes(public) for name, public in rows}
