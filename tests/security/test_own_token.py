"""Our own token: how it is asked for, how long it is kept, and what happens without it."""

import asyncio

import pytest

from bot.channels import own_token, renewal
from bot.settings import Settings
from tests.channel.conftest import Connector, Start, Talk
from tests.security.conftest import APP, SETTINGS, TENANT, Microsoft, signed
from tests.security.test_authentication import hello, send

pytestmark = pytest.mark.usefixtures("no_fault")


@pytest.mark.parametrize(
    ("kind", "tenant"), [("SingleTenant", TENANT), ("MultiTenant", "botframework.com")]
)
async def test_a_bot_with_a_password_asks_in_its_tenant(
    start: Start, connector: Connector, microsoft: Microsoft, kind: str, tenant: str
) -> None:
    client = await start(**SETTINGS, MicrosoftAppType=kind)
    talk = Talk(client, connector)
    await send(client, hello(talk), signed(serviceurl=connector.url))
    await connector.until(1)
    ((path, told),) = microsoft.asked
    assert path == f"/{tenant}/oauth2/v2.0/token"
    assert told["grant_type"] == "client_credentials"
    assert (told["client_id"], told["client_secret"]) == (APP, SETTINGS["MicrosoftAppPassword"])
    assert told["scope"] == "https://api.botframework.com/.default"


async def test_a_managed_identity_asks_its_platform(
    start: Start, connector: Connector, microsoft: Microsoft, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IDENTITY_ENDPOINT", f"{microsoft.url}/msi/token")
    monkeypatch.setenv("IDENTITY_HEADER", "the-container's-own")
    # As platforms write it: no `expires_in`, numbers as texts.
    microsoft.token = {"expires_on": "99999999999", "resource": "x"}
    told = {**SETTINGS, "MicrosoftAppPassword": "", "MicrosoftAppType": "UserAssignedMSI"}
    client = await start(**told)
    await send(client, hello(Talk(client, connector)), signed(serviceurl=connector.url))
    await connector.until(1)
    ((_, asked),) = microsoft.asked
    assert asked["resource"] == "https://api.botframework.com"
    assert asked["client_id"] == APP
    assert asked["api-version"] == "2019-08-01"
    assert asked["X-IDENTITY-HEADER"] == "the-container's-own"


def test_a_managed_identity_of_a_virtual_machine_asks_its_metadata_service(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("IDENTITY_ENDPOINT", raising=False)
    told = {**SETTINGS, "MicrosoftAppType": "UserAssignedMSI"}
    asked = own_token.request(Settings.model_validate(told))
    assert asked.url == "http://169.254.169.254/metadata/identity/oauth2/token"
    assert asked.headers == {"Metadata": "true"}
    assert asked.query["client_id"] == APP


async def test_a_token_is_renewed_before_its_end_while_it_serves(
    start: Start, connector: Connector, microsoft: Microsoft
) -> None:
    microsoft.token = {"expires_in": 2}
    client = await start(**SETTINGS)
    talk = Talk(client, connector)
    token = signed(serviceurl=connector.url)
    await send(client, hello(talk), token)
    await connector.until(1)
    await asyncio.sleep(1.1)
    microsoft.delay_s = 0.5
    await send(client, hello(talk), token)
    await connector.until(2)
    assert connector.bearers[-1] == "Bearer our-own-token-1", "nobody waits for the renewal"
    await asyncio.sleep(0.6)
    await send(client, hello(talk), token)
    await connector.until(3)
    assert connector.bearers[-1] == "Bearer our-own-token-2"


async def test_a_token_that_a_channel_refuses_is_asked_for_anew(
    start: Start, connector: Connector, microsoft: Microsoft, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_token, "YOUNG_S", 0)
    client = await start(**SETTINGS)
    connector.statuses = [401]
    await send(client, hello(Talk(client, connector)), signed(serviceurl=connector.url))
    await connector.until(1)
    assert connector.bearers == ["Bearer our-own-token-1", "Bearer our-own-token-2"]
    assert len(microsoft.asked) == 2


@pytest.mark.parametrize(
    ("status", "garbage"),
    [
        (401, b'{"error": "invalid_client", "error_description": "AADSTS7000215: no such secret"}'),
        (500, None),
        (307, None),
        (200, b"<html>"),
        (200, b'{"access_token": "x"}'),
        (200, b'{"access_token": "", "expires_in": 3600}'),
        (200, b'{"access_token": ["x"], "expires_in": 3600}'),
        (200, b'{"access_token": "x", "expires_in": "soon"}'),
        (200, b'{"access_token": "x", "expires_in": -5}'),
    ],
)
async def test_replies_stay_stored_while_there_is_no_token(  # noqa: PLR0913, PLR0917
    start: Start,
    connector: Connector,
    microsoft: Microsoft,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    status: int,
    garbage: bytes | None,
) -> None:
    monkeypatch.setattr(renewal, "RETRY_S", 0.1)
    client = await start(**SETTINGS)
    talk = Talk(client, connector)
    token = signed(serviceurl=connector.url)
    assert (await send(client, {**hello(talk), "channelId": "slack"}, token))[0] == 403
    microsoft.status, microsoft.garbage = status, garbage
    # The keys are known; only the token is missing.
    assert (await send(client, hello(talk), token))[0] == 202
    await asyncio.sleep(0.2)
    assert connector.tried == []
    microsoft.status, microsoft.garbage = 200, None
    await connector.until(1)
    told = [r.getMessage() for r in caplog.records]
    assert any("our token for replies" in line for line in told)
    if garbage and b"AADSTS" in garbage:
        assert any("AADSTS7000215" in line for line in told), "operators can look it up"
    assert not any("no such secret" in line for line in told)


async def test_a_token_endpoint_that_is_away_is_asked_once_for_all(
    start: Start, connector: Connector, microsoft: Microsoft
) -> None:
    client = await start(**SETTINGS)
    token = signed(serviceurl=connector.url)
    assert (await send(client, {"serviceUrl": connector.url}, token))[0] == 403
    microsoft.status = 503
    talks = [Talk(client, connector, f"user-{n}") for n in range(30)]
    await asyncio.gather(*(send(client, hello(talk), token) for talk in talks))
    await asyncio.sleep(0.8)
    assert len(microsoft.asked) <= 2
    microsoft.status = 200
    await connector.until(30)


async def test_secrets_are_in_no_log_and_no_repr(
    start: Start,
    connector: Connector,
    microsoft: Microsoft,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level("DEBUG")
    client = await start(**SETTINGS)
    talk = Talk(client, connector)
    token = signed(serviceurl=connector.url)
    await send(client, hello(talk), token)
    await send(client, hello(talk), f"{token}x")
    connector.statuses = [500, 401]
    await send(client, hello(talk), token)
    await connector.until(2)
    microsoft.status, microsoft.garbage = 400, token.encode()
    await send(client, hello(talk), signed("nobodys", serviceurl=connector.url))
    settings = Settings.model_validate(SETTINGS)
    asked = own_token.request(settings)
    # The access log is of the test's servers: the tutor runs without one.
    ours = [r for r in caplog.records if r.name != "aiohttp.access"]
    logged = "\n".join(f"{r.getMessage()} {r.__dict__}" for r in ours)
    assert "turn" in logged
    shown = "".join(capsys.readouterr()) + logged + f"{settings!r} {asked!r}"
    for secret in (SETTINGS["MicrosoftAppPassword"], token, "our-own-token", "user1"):
        assert secret not in shown
