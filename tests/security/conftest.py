"""Microsoft's side of Bot Framework authentication: its keys and tokens, over real HTTP."""

import asyncio
import json
import sqlite3
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import jwt
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from jwt.algorithms import RSAAlgorithm

from bot.channels.authentication import CHANNEL_ISSUER, EMULATOR_ISSUERS, Cloud
from bot.store import tables

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
V1, V2 = (issuer.format(TENANT) for issuer in EMULATOR_ISSUERS)
EVERY_TENANT = "https://login.microsoftonline.com/{tenantid}/v2.0"


@cache
def private(kid: str) -> RSAPrivateKey:
    """A key of this name; making one takes a while."""
    del kid
    return generate_private_key(public_exponent=65537, key_size=2048)


# Keys of other kinds, and broken ones, spoil none of the others.
ODD_KEYS: tuple[dict[str, Any], ...] = (
    {"kty": "EC", "kid": "ec", "crv": "P-256"},
    {"kid": 7},
    {},
    {"kty": "RSA", "n": "!"},
)


@dataclass
class Microsoft:
    """Publishes keys and gives tokens; can be slow, broken or garbled."""

    url: str = ""
    channel: dict[str, dict[str, Any]] = field(default_factory=dict)
    emulator: dict[str, dict[str, Any]] = field(default_factory=dict)
    odd: tuple[dict[str, Any], ...] = ODD_KEYS
    fetches: int = 0
    asked: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)
    token: dict[str, Any] = field(default_factory=lambda: {"expires_in": 3600})
    garbage: bytes | None = None
    status: int = 200
    delay_s: float = 0

    @property
    def cloud(self) -> Cloud:
        """The addresses at which the tutor finds this one."""
        return Cloud(f"{self.url}/channel", f"{self.url}/emulator", self.url)

    async def metadata(self, request: web.Request) -> web.Response:
        """Where the keys are."""
        self.fetches += 1
        await asyncio.sleep(self.delay_s)
        return self._answer({"issuer": "x", "jwks_uri": f"{self.url}{request.path}/keys"})

    async def keys(self, request: web.Request) -> web.Response:
        """The keys."""
        told = self.channel if request.path.startswith("/channel") else self.emulator
        keys: list[Any] = [
            {**RSAAlgorithm.to_jwk(private(kid).public_key(), as_dict=True), "kid": kid, **more}
            for kid, more in told.items()
        ]
        return web.json_response({"keys": [*self.odd, *keys]})

    async def give(self, request: web.Request) -> web.Response:
        """A token for the tutor's replies."""
        told = {**request.query, **{k: str(v) for k, v in (await request.post()).items()}}
        self.asked.append((request.path, {**told, **request.headers}))
        await asyncio.sleep(self.delay_s)
        value = f"our-own-token-{len(self.asked)}"
        return self._answer({"token_type": "Bearer", "access_token": value, **self.token})

    def _answer(self, body: dict[str, Any]) -> web.Response:
        if self.garbage is not None or self.status != 200:
            headers = {"Location": f"{self.url}/elsewhere"} if self.status // 100 == 3 else {}
            return web.Response(body=self.garbage or b"", status=self.status, headers=headers)
        return web.json_response(body)


def signed(kid: str = "one", key: RSAPrivateKey | None = None, **claims: Any) -> str:
    """A channel's token; a claim that is None is left out."""
    now = int(time.time())
    told = {"iss": CHANNEL_ISSUER, "aud": APP, "nbf": now - 10, "exp": now + 600, **claims}
    told = {name: value for name, value in told.items() if value is not None}
    signer = key or private(kid)
    # Signed as it is: a forger's claims may be of any type.
    body = json.dumps(told).encode()
    return jwt.api_jws.encode(body, signer, algorithm="RS256", headers={"kid": kid})


@pytest.fixture
async def microsoft() -> AsyncIterator[Microsoft]:
    """A running key server and token endpoint, which the tutor asks in place of Microsoft's."""
    made = Microsoft(
        channel={"one": {"endorsements": ["msteams", "emulator", "webchat"]}},
        emulator={"entra": {"issuer": EVERY_TENANT}},
    )
    app = web.Application()
    for issuer in ("channel", "emulator"):
        app.router.add_get(f"/{issuer}", made.metadata)
        app.router.add_get(f"/{issuer}/keys", made.keys)
    app.router.add_post("/{tenant}/oauth2/v2.0/token", made.give)
    app.router.add_get("/msi/token", made.give)
    server = TestServer(app)
    await server.start_server()
    made.url = str(server.make_url("/")).rstrip("/")
    yield made
    await server.close()


@pytest.fixture
def cloud(microsoft: Microsoft) -> Cloud:
    """The tutors that these tests start ask the double."""
    return microsoft.cloud


@pytest.fixture
def no_fault(caplog: pytest.LogCaptureFixture) -> Any:
    """Nothing that a test does is an error of ours."""
    yield
    told = [r.getMessage() for r in caplog.records if r.levelname in ("ERROR", "CRITICAL")]
    assert told == []


def rows(folder: Path) -> int:
    """How much is stored, keys aside."""
    with closing(sqlite3.connect(folder / "tutor.db")) as db:
        names = [t for t in tables.metadata.tables if t not in ("secret", "signing_key")]
        return sum(int(db.execute(f"SELECT count(*) FROM {n}").fetchone()[0]) for n in names)
