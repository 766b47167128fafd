"""PostgreSQL opened with tokens of a managed identity, in the way that Azure gives them."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import psycopg
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from sqlalchemy import make_url, text

from bot.errors import SettingsError
from bot.store.database import open_store

TOKEN = "a-token-of-the-identity"
ROLE = "tutor-identity"


@pytest.fixture
async def asked(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[list[web.Request]]:
    """The endpoint that a container of Azure has for its identities: what it was asked."""
    requests: list[web.Request] = []

    async def answer(request: web.Request) -> web.Response:
        requests.append(request)
        until = str(int(time.time()) + 3600)
        return web.json_response(
            {"access_token": TOKEN, "expires_on": until, "token_type": "Bearer"}
        )

    app = web.Application()
    app.router.add_get("/msi/token", answer)
    server = TestServer(app)
    await server.start_server()
    monkeypatch.setenv("IDENTITY_ENDPOINT", str(server.make_url("/msi/token")))
    monkeypatch.setenv("IDENTITY_HEADER", "the-container's-own")
    yield requests
    await server.close()


def wanting_a_password(address: str) -> str:
    """Make a role that the server asks for its password, and give its address."""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE \"{ROLE}\" LOGIN SUPERUSER PASSWORD '{TOKEN}'")
        found = connection.execute("SHOW hba_file").fetchone()
        assert found is not None
        rules = Path(found[0])
        rules.write_text(f"local all {ROLE} scram-sha-256\n{rules.read_text('utf-8')}", "utf-8")
        connection.execute("SELECT pg_reload_conf()")
    url = make_url(address).set(username=ROLE, password=None)
    return url.render_as_string(hide_password=False)


async def test_a_managed_identitys_token_opens_the_database(
    asked: list[web.Request], database: str
) -> None:
    address = await asyncio.to_thread(wanting_a_password, database)
    with pytest.raises(SettingsError, match="password"):
        await asyncio.to_thread(open_store, address)
    store = await asyncio.to_thread(open_store, address, "the-client-id")
    role = await store.run(lambda db: db.execute(text("SELECT current_user")).scalar())
    store.close()
    assert role == ROLE
    assert len(asked) == 1  # kept for the connections that follow
    assert asked[0].query["resource"] == "https://ossrdbms-aad.database.windows.net"
    assert asked[0].query["client_id"] == "the-client-id"
    assert asked[0].headers["X-IDENTITY-HEADER"] == "the-container's-own"


async def test_an_identity_that_gives_no_token_stops_the_start_with_one_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("IDENTITY_ENDPOINT", "http://127.0.0.1:1/msi/token")
    monkeypatch.setenv("IDENTITY_HEADER", "x")
    with pytest.raises(SettingsError, match="managed identity"):
        await asyncio.to_thread(open_store, "postgresql://me@127.0.0.1:1/tutor", "the-client-id")
