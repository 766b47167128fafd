"""Issues certificates: signs what the facts say, for a name that the learner confirmed."""

from dataclasses import dataclass
from datetime import datetime
from secrets import token_bytes, token_urlsafe

from sqlalchemy import Connection

from bot.errors import SettingsError
from bot.records.signing import SEED, SigningKey
from bot.store import certificates
from bot.store.certificates import KeptCertificate
from dialogs.records import badge
from dialogs.values.certificate import Certificate, Claim

KEYS = "/keys"  # where each public key is, by its thumbprint
ID_BYTES = 16  # nobody guesses as many


@dataclass(frozen=True)
class Issuer:
    """Who vouches: where they are reached, what they are called, and the key that settings hold.

    Without one in the settings the newest in the database signs.
    """

    address: str = ""
    name: str = ""
    seed: bytes | None = None

    def prepare(self, db: Connection, now: datetime) -> None:
        """See that there is a key to sign with, and that what it signs can be checked.

        Raises SettingsError.
        """
        if self.seed is not None:
            key = SigningKey(self.seed)
            certificates.keep_key(db, key.thumbprint, key.public, None, now)
            return
        seed = certificates.newest_private_key(db)
        if seed is None:
            rotate(db, now)
        elif len(seed) != SEED:
            raise SettingsError(
                "The key in the database that signs certificates is broken: make another one with "
                "python -m bot.admin rotate."
            )

    def issue(  # noqa: PLR0913 (what, to whom)
        self,
        db: Connection,
        learner: str,
        claim: Claim,
        name: str,
        *,
        zone: str | None,
        now: datetime,
    ) -> Certificate:
        """Issue the one valid certificate of a lesson; one for the same name stays as it is.

        The learner's row is locked, so it can't happen twice at once.
        """
        for kept in valid(db, learner, claim.lesson):
            if kept.certificate.name == name:
                return kept.certificate
            certificates.revoke(db, kept.certificate.id, "corrected", now)
        issued = Certificate(
            id=token_urlsafe(ID_BYTES),
            name=name,
            claim=claim,
            issuer=self.name,
            issued_at=now,
            zone=zone,
        )
        certificates.keep(db, learner, issued, self._signed(db, issued, now))
        return issued

    def _signed(self, db: Connection, issued: Certificate, now: datetime) -> str:
        seed = self.seed or certificates.newest_private_key(db) or rotate(db, now)
        key = SigningKey(seed)
        claims = badge.credential(issued, self.address)
        return key.signed(claims, f"{self.address}{KEYS}/{key.thumbprint}")


def valid(db: Connection, learner: str, lesson: str) -> list[KeptCertificate]:
    """A learner's valid certificates of a lesson, the newest first: two where two became one."""
    found = certificates.of(db, learner)
    return [one for one in found if one.certificate.claim.lesson == lesson and one.why is None]


def rotate(db: Connection, now: datetime) -> bytes:
    """Make a new key to sign with; what older ones signed can still be checked."""
    key = SigningKey(token_bytes(SEED))
    certificates.keep_key(db, key.thumbprint, key.public, key.seed, now)
    return key.seed
