"""A certificate as an Open Badge 3.0: the claims of a verifiable credential.

Open Badges Specification 3.0 (1EdTech), with the Verifiable Credentials Data Model 2.0 (W3C). As a
JWT its claims stand at the top, beside those that a JWT has of its own.
"""

from datetime import UTC, datetime
from urllib.parse import urlencode
from uuid import NAMESPACE_URL, uuid5

from dialogs.values.certificate import Certificate

CONTEXTS = (  # their order counts
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
)
LINKEDIN = "https://www.linkedin.com/profile/add"


def credential(certificate: Certificate, address: str) -> dict[str, object]:
    """The claims to sign. `address` is where the issuer is reached, without a slash at the end."""
    where, claim = f"{address}{certificate.path}", certificate.claim
    since = claim.completed_at.astimezone(UTC)
    subject = f"urn:uuid:{uuid5(NAMESPACE_URL, where)}"
    achievement = f"urn:uuid:{uuid5(NAMESPACE_URL, f'{address}/lessons/{claim.lesson}')}"
    score = f"{achievement}#score"
    points = "\n".join(f"- {point}" for one in claim.demonstrated for point in one.points)
    phases = "; ".join(one.phase for one in claim.demonstrated)
    about: dict[str, object] = {
        "id": achievement,
        "type": ["Achievement"],
        "name": claim.title,
        "description": f"{claim.title}: {phases}",
        "criteria": {"narrative": points},
        "inLanguage": claim.locale,
    }
    of_subject: dict[str, object] = {
        "id": subject,
        "type": ["AchievementSubject"],
        "identifier": [
            {
                "type": "IdentityObject",
                "identityType": "name",
                "identityHash": certificate.name,
                "hashed": False,
            }
        ],
        "achievement": about,
    }
    if certificate.percent is not None:
        described = {"id": score, "type": ["ResultDescription"], "name": "Score"}
        about["resultDescription"] = [{**described, "resultType": "Percent"}]
        result = {"type": ["Result"], "resultDescription": score, "value": certificate.percent}
        of_subject["result"] = [result]
    return {
        "@context": list(CONTEXTS),
        "id": where,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": claim.title,
        "issuer": {"id": address, "type": ["Profile"], "name": certificate.issuer, "url": address},
        "validFrom": _instant(since),
        "credentialSubject": of_subject,
        "credentialStatus": {"id": f"{where}/status", "type": "1EdTechRevocationList"},
        "iss": address,
        "sub": subject,
        "jti": where,
        "nbf": int(since.timestamp()),
        "iat": int(certificate.issued_at.timestamp()),
    }


def status(certificate_path: str, address: str, reason: str | None) -> dict[str, object]:
    """The list in which a revoked credential stands, with the reason; None: it isn't revoked."""
    where = f"{address}{certificate_path}"
    revoked = {"id": where, "revoked": True, "revocationReason": reason}
    return {
        "id": f"{where}/status",
        "issuer": address,
        "revokedCredential": [] if reason is None else [revoked],
    }


def on_linkedin(certificate: Certificate, address: str) -> str:
    """The address at LinkedIn that adds the certificate to the profile of whoever opens it."""
    given = {
        "startTask": "CERTIFICATION_NAME",
        "name": certificate.claim.title,
        "organizationName": certificate.issuer,
        "issueYear": certificate.day.year,
        "issueMonth": certificate.day.month,
        "certUrl": f"{address}{certificate.path}",
        "certId": certificate.id,
    }
    return f"{LINKEDIN}?{urlencode(given)}"


def _instant(at: datetime) -> str:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")
