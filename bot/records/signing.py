"""Signs credentials and checks their signatures: JWTs by EdDSA, with keys on Ed25519."""

import binascii
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

ALGORITHM = "EdDSA"
SEED = 32  # bytes of a private key


def seed_of(text: str) -> bytes:
    """A private key as settings write it: its 32 bytes in base64, of either alphabet.

    Raises ValueError where it is none.
    """
    plain = text.strip().rstrip("=").replace("+", "-").replace("/", "_")
    try:
        seed = urlsafe_b64decode(plain + "=" * (-len(plain) % 4))
    except binascii.Error as error:
        raise ValueError("it is not base64") from error
    if len(seed) != SEED:
        msg = f"it has {len(seed)} bytes"
        raise ValueError(msg)
    return seed


@dataclass(frozen=True)
class SigningKey:
    """A private key."""

    seed: bytes

    @cached_property
    def _key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)

    @property
    def public(self) -> bytes:
        """Its public half."""
        return self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    @property
    def thumbprint(self) -> str:
        """The name of the pair (RFC 7638)."""
        return thumbprint(self.public)

    def signed(self, claims: dict[str, Any], key_id: str) -> str:
        """The claims as a JWT; `key_id` is the address of the public half."""
        return jwt.encode(claims, self._key, algorithm=ALGORITHM, headers={"kid": key_id})


def jwk(public: bytes) -> dict[str, str]:
    """A public key as JSON (RFC 8037)."""
    return {"kty": "OKP", "crv": "Ed25519", "x": _base64(public)}


def thumbprint(public: bytes) -> str:
    """The name of a public key (RFC 7638): it is the same wherever it is computed."""
    told = json.dumps(jwk(public), sort_keys=True, separators=(",", ":"))
    return _base64(sha256(told.encode()).digest())


def checked(token: str, keys: Mapping[str, bytes]) -> dict[str, Any] | None:
    """The claims of a credential that one of `keys` signed and that is good now; else None.

    It must say of whom it is, twice the same. The key is found by the last part of the address
    that the token names.
    """
    try:
        name = str(jwt.get_unverified_header(token).get("kid")).rpartition("/")[2]
        public = keys.get(name)
        if public is None:
            return None
        key = Ed25519PublicKey.from_public_bytes(public)
        claims: dict[str, Any] = jwt.decode(
            token, key, algorithms=[ALGORITHM], options={"require": ["iss", "sub", "jti", "nbf"]}
        )
    except (jwt.InvalidTokenError, ValueError):
        return None
    subject = claims.get("credentialSubject")
    is_somebodys = isinstance(subject, dict) and subject.get("id") == claims["sub"]
    return claims if is_somebodys else None


def _base64(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
