"""Who may speak for a channel: real keys, a real key server, every way to get a token wrong."""

import asyncio
import base64
import json
import time
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bot import authentication
from tests.channel.conftest import Client, Connector, Start, Talk
from tests.security.conftest import APP, SETTINGS, TENANT, KeyServer, Purse

TENANT_ALONE = {"MicrosoftAppTenantId": TENANT}
V1, V2 = (issuer.format(TENANT) for issuer in authentication.EMULATOR_ISSUERS)


async def send(client: Client, body: dict[str, Any], token: str | None) -> tuple[int, str]:
    """Post an activity with a token: the status and the reason."""
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    async with client.post("/api/messages", json=body, headers=headers) as answer:
        text = await answer.text()
        return answer.status, json.loads(text)["error"]["message"] if answer.status >= 400 else text


def hello(talk: Talk, **parts: Any) -> dict[str, Any]:
    return talk.activity(text="hi", channelId="msteams", **parts)


async def test_a_channel_with_a_good_token_is_answered_with_our_own(
    start: Start, connector: Connector, authority: KeyServer, purse: Purse
) -> None:
    client = await start(**SETTINGS)
    talk = Talk(client, connector)
    token = authority.token(serviceurl=connector.url)
    for _ in range(3):
        assert (await send(client, hello(talk), token))[0] == 202
    await connector.until(3)
    assert connector.bearers == ["Bearer our-own-token-1"] * 3
    assert purse.given == 1, "our token is kept"
    assert authority.fetches == 1, "the keys are kept"


def bad_tokens(authority: KeyServer, url: str) -> dict[str, str]:
    """Tokens that are nearly right."""
    now = int(time.time())
    good = authority.token(serviceurl=url)
    head, middle, signature = good.split(".")
    claims = jwt.decode(good, options={"verify_signature": False})
    public = authority.keys["one"].public_key()
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    def forged(header: dict[str, Any], key: bytes = b"") -> str:
        """Sign by hand: PyJWT refuses to misuse a public key."""
        first = part(header)
        body = f"{first}.{middle}"
        mac = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256)
        sign = base64.urlsafe_b64encode(mac.sign(body.encode(), key)).decode().rstrip("=")
        return f"{body}.{sign if key else ''}"

    def part(value: dict[str, Any]) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    stranger = generate_private_key(public_exponent=65537, key_size=2048)
    return {
        "garbage": "garbage",
        "two parts": f"{head}.{middle}",
        "not base64": "a.b.c",
        "unsigned": forged({"alg": "none", "typ": "JWT", "kid": "one"}),
        "HMAC with the public key": forged({"alg": "HS256", "typ": "JWT", "kid": "one"}, pem),
        "another's signature": authority.token(key=stranger, serviceurl=url),
        "changed claims": f"{head}.{part({**claims, 'exp': now + 9999})}.{signature}",
        "unknown key": authority.token(kid="nobodys", key=stranger, serviceurl=url),
        "no key": jwt.encode(claims, authority.keys["one"], algorithm="RS256"),
        "expired": authority.token(serviceurl=url, exp=now - 301, nbf=now - 900),
        "without an end": authority.token(serviceurl=url, exp=None),
        "not yet": authority.token(serviceurl=url, nbf=now + 400, exp=now + 900),
        "another bot's": authority.token(serviceurl=url, aud="someone-else"),
        "for many, us among them not": authority.token(serviceurl=url, aud=["a", "b"]),
        "another issuer": authority.token(serviceurl=url, iss="https://evil.example"),
        "a list of issuers": authority.token(serviceurl=url, iss=[authentication.CHANNEL_ISSUER]),
        "without an issuer": authority.token(serviceurl=url, iss=None),
        "another service URL": authority.token(serviceurl="https://smba.example/"),
        "no service URL": authority.token(),
        "emulator, another application": authority.token(iss=V1, ver="1.0", appid="someone-else"),
        "emulator, no application": authority.token(iss=V1, ver="1.0"),
        "emulator, wrong claim for its version": authority.token(iss=V2, ver="2.0", appid=APP),
        "emulator, another tenant": authority.token(
            iss=V2.replace(TENANT, "evil"), ver="2.0", azp=APP
        ),
    }


async def test_every_way_to_get_a_token_wrong_is_refused(
    start: Start,
    connector: Connector,
    authority: KeyServer,
    purse: Purse,
    caplog: pytest.LogCaptureFixture,
) -> None:
    client = await start(**SETTINGS)
    talk = Talk(client, connector)
    for name, token in bad_tokens(authority, connector.url).items():
        status, reason = await send(client, hello(talk), token)
        assert status in (401, 403), name
        assert reason, name
    assert (await send(client, hello(talk), None))[0] == 401
    headers: list[dict[str, str]] = [
        {"Authorization": "Basic dXNlcjpwYXNz"},
        {"Authorization": "Bearer"},
        {"Authorization": ""},
    ]
    for header in headers:
        async with client.post("/api/messages", json=hello(talk), headers=header) as answer:
            assert answer.status == 401
    await asyncio.sleep(0.2)
    assert connector.sent == []
    assert purse.given == 0
    assert not [r for r in caplog.records if r.levelname in ("ERROR", "CRITICAL")]


async def test_a_key_speaks_only_for_the_channels_that_it_is_endorsed_for(
    start: Start, connector: Connector, authority: KeyServer, purse: Purse
) -> None:
    del purse
    client = await start(**SETTINGS)
    talk = Talk(client, connector)
    token = authority.token(serviceurl=connector.url)
    assert (await send(client, talk.activity(text="hi", channelId="slack"), token))[0] == 403
    assert (await send(client, hello(talk), token))[0] == 202


@pytest.mark.parametrize(
    "registration",
    [
        SETTINGS,
        {**SETTINGS, "MicrosoftAppType": "SingleTenant"},
        {"MicrosoftAppId": APP, "MicrosoftAppType": "UserAssignedMSI", **TENANT_ALONE},
        {"MicrosoftAppId": APP, "MicrosoftAppType": "MultiTenant", "MicrosoftAppPassword": "x"},
    ],
    ids=["default", "single tenant", "managed identity", "multi-tenant"],
)
async def test_each_kind_of_registration_needs_nothing_more_to_start(
    start: Start, connector: Connector, authority: KeyServer, registration: dict[str, str]
) -> None:
    client = await start(**registration)
    talk = Talk(client, connector)
    token = authority.token(serviceurl=connector.url)
    assert (await send(client, hello(talk), token))[0] == 202
    assert (await send(client, hello(talk), "garbage"))[0] == 401


@pytest.mark.parametrize(
    "claims", [{"iss": V1, "ver": "1.0", "appid": APP}, {"iss": V2, "ver": "2.0", "azp": APP}]
)
async def test_the_emulator_proves_that_it_knows_our_password(
    start: Start,
    connector: Connector,
    authority: KeyServer,
    purse: Purse,
    claims: dict[str, Any],
) -> None:
    del purse
    client = await start(**SETTINGS)
    talk = Talk(client, connector)
    status, _ = await send(client, talk.activity(text="hi"), authority.token(**claims))
    assert status == 202
    await connector.until(1)


async def test_a_new_key_is_known_without_a_restart(
    start: Start,
    connector: Connector,
    authority: KeyServer,
    purse: Purse,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    del purse
    monkeypatch.setattr(authentication, "KEYS_REST_S", 1.5)
    client = await start(**SETTINGS)
    talk = Talk(client, connector)
    assert (await send(client, hello(talk), authority.token(serviceurl=connector.url)))[0] == 202
    authority.add("two")
    rotated = authority.token(kid="two", serviceurl=connector.url)
    # Right after a fetch unknown keys bring no other one about, however many are named.
    stranger = generate_private_key(public_exponent=65537, key_size=2048)
    for n in range(20):
        token = authority.token(kid=f"made-up-{n}", key=stranger, serviceurl=connector.url)
        assert (await send(client, hello(talk), token))[0] == 401
    assert authority.fetches == 1
    await asyncio.sleep(2)
    assert (await send(client, hello(talk), rotated))[0] == 202
    assert authority.fetches == 2


@pytest.mark.usefixtures("purse")
@pytest.mark.parametrize(
    ("status", "garbage"),
    [(500, None), (404, None), (200, b"<html>"), (200, b"{}"), (200, b'{"jwks_uri": "no"}')],
)
async def test_without_its_keys_nobody_is_believed_and_soon_they_are_asked_for_again(  # noqa: PLR0913, PLR0917
    start: Start,
    connector: Connector,
    authority: KeyServer,
    monkeypatch: pytest.MonkeyPatch,
    status: int,
    garbage: bytes | None,
) -> None:
    client = await start(**SETTINGS)
    talk = Talk(client, connector)
    token = authority.token(serviceurl=connector.url)
    monkeypatch.setattr(authentication, "KEYS_RETRY_S", 0.2)
    authority.status, authority.garbage = status, garbage
    for _ in range(3):
        assert (await send(client, hello(talk), token))[0] == 401
    authority.status, authority.garbage = 200, None
    await asyncio.sleep(0.3)
    assert (await send(client, hello(talk), token))[0] == 202


async def test_a_key_server_that_is_away_is_no_fault_of_ours(
    start: Start,
    connector: Connector,
    authority: KeyServer,
    purse: Purse,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    del purse
    monkeypatch.setattr(authentication, "CHANNEL_KEYS", "http://127.0.0.1:9/metadata")
    client = await start(**SETTINGS)
    token = authority.token(serviceurl=connector.url)
    assert (await send(client, hello(Talk(client, connector)), token))[0] == 401


async def test_replies_stay_stored_while_our_token_can_not_be_had(
    start: Start,
    connector: Connector,
    authority: KeyServer,
    purse: Purse,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refused() -> str:
        raise ConnectionError("Azure is away")

    given = purse.get_access_token
    monkeypatch.setattr(purse, "get_access_token", refused)
    client = await start(**SETTINGS)
    talk = Talk(client, connector)
    token = authority.token(serviceurl=connector.url)
    assert (await send(client, hello(talk), token))[0] == 202
    await asyncio.sleep(0.3)
    assert connector.sent == []
    monkeypatch.setattr(purse, "get_access_token", given)
    await connector.until(1)


async def test_an_address_of_the_open_net_is_never_written_to_from_development(
    start: Start, connector: Connector
) -> None:
    client = await start()
    talk = Talk(client, connector)
    for url in (
        "http://127.0.0.1@evil.example",
        "http://evil.example/127.0.0.1",
        "http://localhost.evil.example",
        "http://2130706433.evil.example",
        "http://169.254.169.254/latest",
        "http://[fd00::1]/",
        "http://0.0.0.0:80/",
        "file:///etc/passwd",
    ):
        status, reason = await send(client, talk.activity(text="hi", serviceUrl=url), None)
        assert status in (400, 403), url
        assert reason
    await asyncio.sleep(0.1)
    assert connector.sent == []


async def test_a_browser_can_not_speak_as_a_channel(start: Start, connector: Connector) -> None:
    client = await start()
    body = Talk(client, connector).activity(text="hi")
    headers = {"Origin": "https://evil.example"}
    async with client.post("/api/messages", json=body, headers=headers) as answer:
        assert answer.status == 403


async def test_what_was_stored_in_development_is_not_sent_with_a_token_in_the_clear(
    start: Start, authority: KeyServer, purse: Purse
) -> None:
    del authority, purse
    client = await start(**SETTINGS)
    del client
    from bot.authentication import BotFramework  # noqa: PLC0415

    door = BotFramework.__new__(BotFramework)
    assert door.reaches("https://smba.trafficmanager.net/emea/")
    assert door.reaches("http://127.0.0.1:5000")
    assert not door.reaches("http://smba.trafficmanager.net/emea/")


async def test_secrets_are_in_no_log(
    start: Start,
    connector: Connector,
    authority: KeyServer,
    purse: Purse,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("DEBUG")
    client = await start(**SETTINGS)
    talk = Talk(client, connector)
    token = authority.token(serviceurl=connector.url)
    await send(client, hello(talk), token)
    await send(client, hello(talk), f"{token}x")
    connector.statuses = [500]
    await send(client, hello(talk), token)
    await connector.until(2)
    assert purse.given
    # The access log is of the test's servers: the tutor runs without one.
    ours = [r for r in caplog.records if r.name != "aiohttp.access"]
    logged = "\n".join(f"{r.getMessage()} {r.__dict__}" for r in ours)
    assert "turn" in logged
    for secret in (SETTINGS["MicrosoftAppPassword"], token, "our-own-token", "user1"):
        assert secret not in logged
