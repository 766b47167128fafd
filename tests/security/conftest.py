"""Microsoft's side of Bot Framework authentication: keys, and a server that tells them."""

import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import jwt
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from jwt.algorithms import RSAAlgorithm

from bot import authentication

# The channels' doubles and the tutor over HTTP are the same as in the channel tests.
from tests.channel.conftest import clock, connector, start, workers

__all__ = ["clock", "connector", "start", "workers"]

APP = "11111111-2222-3333-4444-555555555555"
TENANT = "99999999-8888-7777-6666-555555555555"
SETTINGS = {
    "MicrosoftAppId": APP,
    "MicrosoftAppPassword": "a-secret-nobody-may-see",
    "MicrosoftAppTenantId": TENANT,
}


@dataclass
class KeyServer:
    """Publishes public keys; can be slow, broken, or garbled."""

    url: str = ""
    keys: dict[str, RSAPrivateKey] = field(default_factory=dict)
    endorsements: tuple[str, ...] = ("msteams", "emulator", "webchat")
    fetches: int = 0
    garbage: bytes | None = None
    status: int = 200

    def add(self, kid: str) -> None:
        """Make a key and publish it."""
        self.keys[kid] = generate_private_key(public_exponent=65537, key_size=2048)

    def published(self) -> list[dict[str, Any]]:
        """The keys as they are published."""
        return [
            {
                **RSAAlgorithm.to_jwk(key.public_key(), as_dict=True),
                "kid": kid,
                "use": "sig",
                "endorsements": list(self.endorsements),
            }
            for kid, key in self.keys.items()
        ]

    async def metadata(self, request: web.Request) -> web.Response:
        """Where the keys are."""
        del request
        self.fetches += 1
        if self.garbage is not None or self.status != 200:
            return web.Response(body=self.garbage or b"", status=self.status)
        return web.json_response({"issuer": "x", "jwks_uri": f"{self.url}/keys"})

    async def jwks(self, request: web.Request) -> web.Response:
        """The keys."""
        del request
        return web.json_response({"keys": self.published()})

    def token(self, kid: str = "one", key: RSAPrivateKey | None = None, **claims: Any) -> str:
        """A channel's token; a claim that is None is left out."""
        now = int(time.time())
        told = {
            "iss": authentication.CHANNEL_ISSUER,
            "aud": APP,
            "nbf": now - 10,
            "exp": now + 600,
            **claims,
        }
        told = {name: value for name, value in told.items() if value is not None}
        signer = key or self.keys[kid]
        # Signed as it is: a forger's claims may be of any type.
        return jwt.api_jws.encode(
            json.dumps(told).encode(), signer, algorithm="RS256", headers={"kid": kid}
        )


@pytest.fixture
async def authority(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[KeyServer]:
    """A running key server that the tutor asks in place of Microsoft's."""
    made = KeyServer()
    made.add("one")
    app = web.Application()
    app.router.add_get("/metadata", made.metadata)
    app.router.add_get("/keys", made.jwks)
    server = TestServer(app)
    await server.start_server()
    made.url = str(server.make_url("/")).rstrip("/")
    for name in ("CHANNEL_KEYS", "EMULATOR_KEYS"):
        monkeypatch.setattr(authentication, name, f"{made.url}/metadata")
    yield made
    await server.close()


class Purse:
    """Gives the tutor's own tokens, as Microsoft's library does, and counts them."""

    def __init__(self) -> None:
        self.given = 0

    def get_access_token(self) -> str:
        """A token for replies."""
        self.given += 1
        return f"our-own-token-{self.given}"


@pytest.fixture
def purse(monkeypatch: pytest.MonkeyPatch) -> Purse:
    """Stands in for Azure's token endpoint, which only Azure has."""
    made = Purse()
    monkeypatch.setattr(authentication, "_credentials", lambda _: made)
    return made
