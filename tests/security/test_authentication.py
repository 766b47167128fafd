"""Who may speak for a channel: real keys, a real key server, every way to get a token wrong."""

import asyncio
import base64
import json
import time
from itertools import count
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bot.channels import authentication, renewal
from bot.channels.authentication import Cloud
from tests.channel.conftest import Client, Connector, Start, Talk
from tests.security.conftest import APP, SETTINGS, TENANT, V1, V2, Microsoft, private, rows, signed

pytestmark = pytest.mark.usefixtures("no_fault")

NUMBERS = count(1)


async def send(client: Client, body: dict[str, Any], token: str | None) -> tuple[int, str]:
    """Post an activity with a token: the status and the reason."""
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    async with client.post("/api/messages", json=body, headers=headers) as answer:
        text = await answer.text()
        return answer.status, json.loads(text)["error"]["message"] if answer.status >= 400 else text


def hello(talk: Talk, **parts: Any) -> dict[str, Any]:
    """Other words each time: the same ones again would be a channel's retry."""
    return talk.activity(text=f"hi {next(NUMBERS)}", **{"channelId": "msteams", **parts})


# --- tokens of channels -------------------------------------------------------------


@pytest.mark.parametrize(
    "settings",
    [
        SETTINGS,
        {**SETTINGS, "MicrosoftAppType": "MultiTenant", "MicrosoftAppTenantId": ""},
        {**SETTINGS, "MicrosoftAppType": "UserAssignedMSI", "MicrosoftAppPassword": ""},
    ],
)
async def test_a_channel_with_a_good_token_is_answered_with_our_own(
    start: Start,
    connector: Connector,
    microsoft: Microsoft,
    settings: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("IDENTITY_ENDPOINT", f"{microsoft.url}/msi/token")
    client = await start(**settings)
    talk = Talk(client, connector)
    token = signed(serviceurl=connector.url)
    for _ in range(3):
        assert (await send(client, hello(talk), token))[0] == 202
    await connector.until(3)
    assert connector.bearers == ["Bearer our-own-token-1"] * 3
    assert len(microsoft.asked) == 1, "our token is kept"
    assert microsoft.fetches == 1, "the keys are kept"


def forged(header: dict[str, Any], claims: dict[str, Any], key: bytes = b"") -> str:
    """Sign by hand: PyJWT refuses to misuse a public key."""
    body = f"{part(header)}.{part(claims)}"
    mac = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256)
    sign = base64.urlsafe_b64encode(mac.sign(body.encode(), key)).decode().rstrip("=")
    return f"{body}.{sign if key else ''}"


def part(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def bad_tokens(url: str) -> dict[str, str]:
    """Tokens that are nearly right."""
    now = int(time.time())
    good = signed(serviceurl=url)
    head, middle, signature = good.split(".")
    claims = jwt.decode(good, options={"verify_signature": False})
    pem = private("one").public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    own = jwt.algorithms.RSAAlgorithm.to_jwk(private("forger").public_key(), as_dict=True)
    return {
        "garbage": "garbage",
        "two parts": f"{head}.{middle}",
        "not base64": "a.b.c",
        "unsigned": forged({"alg": "none", "typ": "JWT", "kid": "one"}, claims),
        "unsigned in capitals": forged({"alg": "NONE", "kid": "one"}, claims),
        "HMAC with the public key": forged({"alg": "HS256", "kid": "one"}, claims, pem),
        "HMAC without a key": forged({"alg": "HS256", "kid": "one"}, claims, b"\0"),
        "without a signature": f"{head}.{middle}.",
        "another's signature": signed(key=private("forger"), serviceurl=url),
        "a key of its own": jwt.encode(
            claims, private("forger"), algorithm="RS256", headers={"kid": "one", "jwk": own}
        ),
        "another hash": jwt.encode(
            claims, private("one"), algorithm="RS512", headers={"kid": "one"}
        ),
        "changed claims": f"{head}.{part({**claims, 'exp': now + 9999})}.{signature}",
        "unknown key": signed(kid="nobodys", key=private("forger"), serviceurl=url),
        "no key": jwt.encode(claims, private("one"), algorithm="RS256"),
        "expired": signed(serviceurl=url, exp=now - 310, nbf=now - 900),
        "ends never": signed(serviceurl=url, exp=float("inf")),
        "without an end": signed(serviceurl=url, exp=None),
        "not yet": signed(serviceurl=url, nbf=now + 400, exp=now + 900),
        "another bot's": signed(serviceurl=url, aud="someone-else"),
        "for nobody": signed(serviceurl=url, aud=None),
        "for many, us among them not": signed(serviceurl=url, aud=["a", "b"]),
        "another issuer": signed(serviceurl=url, iss="https://evil.example"),
        "nearly the issuer": signed(serviceurl=url, iss="https://api.botframework.com/"),
        "a list of issuers": signed(serviceurl=url, iss=[authentication.CHANNEL_ISSUER]),
        "without an issuer": signed(serviceurl=url, iss=None),
        "another service URL": signed(serviceurl="https://smba.example/"),
        "a longer service URL": signed(serviceurl=f"{url}/more"),
        "two service URLs": signed(serviceurl=url, serviceUrl="https://smba.example/"),
        "a list of service URLs": signed(serviceurl=[url]),
        "no service URL": signed(),
        "signed by Entra": signed("entra", serviceurl=url),
        "emulator, signed by a channel's key": signed(iss=V1, ver="1.0", appid=APP),
        "emulator, another application": signed("entra", iss=V1, ver="1.0", appid="someone-else"),
        "emulator, no application": signed("entra", iss=V1, ver="1.0"),
        "emulator, wrong claim for its version": signed("entra", iss=V2, ver="2.0", appid=APP),
        "emulator, no version": signed("entra", iss=V1, appid=APP),
        "emulator, unknown version": signed("entra", iss=V1, ver="3.0", appid=APP, azp=APP),
        "emulator, another bot's": signed("entra", iss=V1, ver="1.0", appid=APP, aud="other"),
        "emulator, another tenant": signed(
            "entra", iss=V2.replace(TENANT, "evil"), ver="2.0", azp=APP
        ),
        "emulator, another tenant's key": signed("tenant", iss=V2, ver="2.0", azp=APP),
        "long": "x" * 7000,
        "deep": f"{head}.{base64.urlsafe_b64encode(b'[' * 5000).decode()}.eA",
        "the null character": "a.\\0.c",
    }


async def test_every_way_to_get_a_token_wrong_is_refused(
    start: Start, connector: Connector, microsoft: Microsoft, tmp_path: Path
) -> None:
    microsoft.emulator["tenant"] = {"issuer": V2.replace(TENANT, "another")}
    client = await start(**SETTINGS)
    talk = Talk(client, connector)
    for name, token in bad_tokens(connector.url).items():
        status, reason = await send(client, hello(talk), token)
        assert status in (401, 403), name
        assert reason, name
    assert (await send(client, hello(talk), None))[0] == 401
    headers: list[dict[str, str]] = [
        {"Authorization": "Basic dXNlcjpwYXNz"},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer "},
        {"Authorization": ""},
        {"authorization": "Bearer é.è.ê"},
    ]
    for header in headers:
        async with client.post("/api/messages", json=hello(talk), headers=header) as answer:
            assert answer.status == 401
    await asyncio.sleep(0.1)
    assert connector.tried == []
    assert microsoft.asked == []
    assert rows(tmp_path) == 0
    assert (await send(client, hello(talk), signed(serviceurl=connector.url)))[0] == 202


async def test_a_header_that_is_no_text_is_refused(start: Start, microsoft: Microsoft) -> None:
    del microsoft
    client = await start(**SETTINGS)
    reader, writer = await asyncio.open_connection(client.server.host, client.server.port)
    head = b"POST /api/messages HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nAuthorization: Bearer "
    writer.write(head + b"\xff\xfe.\xed\xa0\x80.\xff\r\n\r\n{}")
    assert b" 400 " in await asyncio.wait_for(reader.readline(), 5)
    writer.close()


@pytest.mark.parametrize("ahead", [-290, 290])
async def test_clocks_may_differ_by_five_minutes(
    start: Start, connector: Connector, microsoft: Microsoft, ahead: int
) -> None:
    del microsoft
    client = await start(**SETTINGS)
    now = int(time.time()) + ahead
    token = signed(serviceurl=connector.url, nbf=now, iat=now, exp=now + 5)
    assert (await send(client, hello(Talk(client, connector)), token))[0] == 202


async def test_the_claim_may_be_written_as_documented(
    start: Start, connector: Connector, microsoft: Microsoft
) -> None:
    del microsoft
    client = await start(**SETTINGS)
    token = signed(serviceUrl=connector.url)
    assert (await send(client, hello(Talk(client, connector)), token))[0] == 202


async def test_a_key_speaks_only_for_the_channels_that_it_is_endorsed_for(
    start: Start, connector: Connector, microsoft: Microsoft
) -> None:
    microsoft.channel["two"] = {"endorsements": ["slack"]}
    client = await start(**SETTINGS)
    talk = Talk(client, connector)
    for kid, channel, status in (
        ("one", "slack", 403),
        ("one", "MSTEAMS", 403),
        ("two", "msteams", 403),
        ("two", "slack", 202),
        ("one", "msteams", 202),
    ):
        token = signed(kid, serviceurl=connector.url)
        assert (await send(client, hello(talk, channelId=channel), token))[0] == status


# --- tokens of the Emulator ---------------------------------------------------------

FRAMEWORK = authentication.EMULATOR_TENANTS[1]


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": V1, "ver": "1.0", "appid": APP},
        {"iss": V2, "ver": "2.0", "azp": APP},
        {"iss": V1.replace(TENANT, FRAMEWORK), "ver": "1.0", "appid": APP},
        {"iss": V2.replace(TENANT, FRAMEWORK), "ver": "2.0", "azp": APP},
    ],
)
async def test_the_emulator_proves_that_it_knows_our_password(
    start: Start, connector: Connector, microsoft: Microsoft, claims: dict[str, Any]
) -> None:
    del microsoft
    client = await start(**SETTINGS)
    talk = Talk(client, connector)
    assert (await send(client, talk.activity(text="hi"), signed("entra", **claims)))[0] == 202
    await connector.until(1)


async def test_a_key_of_one_tenant_signs_for_it(
    start: Start, connector: Connector, microsoft: Microsoft
) -> None:
    microsoft.emulator["own"] = {"issuer": V2}
    client = await start(**SETTINGS)
    token = signed("own", iss=V1, ver="1.0", appid=APP)
    assert (await send(client, hello(Talk(client, connector)), token))[0] == 202


# --- keys ---------------------------------------------------------------------------


async def test_a_new_key_is_known_without_a_restart(
    start: Start, connector: Connector, microsoft: Microsoft
) -> None:
    client = await start(**SETTINGS)
    talk = Talk(client, connector)
    assert (await send(client, hello(talk), signed(serviceurl=connector.url)))[0] == 202
    microsoft.channel = {"two": {}}
    assert (await send(client, hello(talk), signed("two", serviceurl=connector.url)))[0] == 202
    assert (await send(client, hello(talk), signed("one", serviceurl=connector.url)))[0] == 401


async def test_an_empty_list_of_keys_is_not_believed(
    start: Start, connector: Connector, microsoft: Microsoft
) -> None:
    client = await start(**SETTINGS)
    talk = Talk(client, connector)
    token = signed(serviceurl=connector.url)
    assert (await send(client, hello(talk), token))[0] == 202
    microsoft.channel = {}
    assert (await send(client, hello(talk), signed("two", serviceurl=connector.url)))[0] == 401
    assert microsoft.fetches == 2
    assert (await send(client, hello(talk), token))[0] == 202


async def test_made_up_keys_bring_few_fetches_and_lock_a_new_one_out_for_a_short_while(
    start: Start,
    connector: Connector,
    microsoft: Microsoft,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(renewal, "WINDOW_S", 1.5)
    client = await start(**SETTINGS)
    talk = Talk(client, connector)
    tokens = [signed(f"made-up-{n}", private("forger")) for n in range(60)]
    answers = await asyncio.gather(*(send(client, hello(talk), token) for token in tokens))
    assert {status for status, _ in answers} == {401}
    assert microsoft.fetches <= renewal.OFTEN
    # KnownLearner keys go on being known.
    assert (await send(client, hello(talk), signed(serviceurl=connector.url)))[0] == 202
    for token in tokens[: renewal.OFTEN]:
        await send(client, hello(talk), token)
    assert microsoft.fetches == renewal.OFTEN
    microsoft.channel["two"] = {}
    rotated = signed("two", serviceurl=connector.url)
    assert (await send(client, hello(talk), rotated))[0] == 401
    await asyncio.sleep(1.6)
    assert (await send(client, hello(talk), rotated))[0] == 202


async def test_many_at_once_share_one_fetch(
    start: Start, connector: Connector, microsoft: Microsoft
) -> None:
    microsoft.delay_s = 0.2
    client = await start(**SETTINGS)
    talks = [Talk(client, connector, f"user-{n}") for n in range(30)]
    token = signed(serviceurl=connector.url)
    answers = await asyncio.gather(*(send(client, hello(talk), token) for talk in talks))
    assert {status for status, _ in answers} == {202}
    await connector.until(30)
    assert microsoft.fetches == 1
    assert len(microsoft.asked) == 1


@pytest.mark.parametrize(
    ("status", "garbage"),
    [
        (500, None),
        (404, None),
        (302, None),
        (200, b""),
        (200, b"<html>"),
        (200, b"[" * 100_000),
        (200, b"\xff\xfe"),
        (200, b"{}"),
        (200, b'{"jwks_uri": "no"}'),
        (200, b'{"jwks_uri": "file:///etc/passwd"}'),
        (200, b'{"jwks_uri": 7}'),
    ],
)
async def test_without_its_keys_nobody_is_believed_and_soon_they_are_asked_for_again(  # noqa: PLR0913, PLR0917
    start: Start,
    connector: Connector,
    microsoft: Microsoft,
    monkeypatch: pytest.MonkeyPatch,
    status: int,
    garbage: bytes | None,
) -> None:
    monkeypatch.setattr(renewal, "RETRY_S", 0.1)
    client = await start(**SETTINGS)
    talk = Talk(client, connector)
    token = signed(serviceurl=connector.url)
    microsoft.status, microsoft.garbage = status, garbage
    for _ in range(3):
        assert (await send(client, hello(talk), token))[0] == 401
    microsoft.status, microsoft.garbage = 200, None
    await asyncio.sleep(0.2)
    assert (await send(client, hello(talk), token))[0] == 202


async def test_a_key_server_that_takes_its_time_holds_nobody_for_long(
    start: Start,
    connector: Connector,
    microsoft: Microsoft,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(renewal, "FETCH_S", 0.3)
    microsoft.delay_s = 30
    client = await start(**SETTINGS)
    token = signed(serviceurl=connector.url)
    began = time.monotonic()
    waiting = asyncio.create_task(send(client, hello(Talk(client, connector)), token))
    async with client.get("/healthz") as answer:
        assert answer.status == 200
    assert time.monotonic() - began < 0.25, "the event loop is free meanwhile"
    assert (await waiting)[0] == 401
    assert time.monotonic() - began < 3


@pytest.mark.parametrize("cloud", [Cloud("http://127.0.0.1:9/keys", "http://nowhere.invalid/")])
async def test_a_key_server_that_is_away_is_no_fault_of_ours(
    start: Start, connector: Connector, cloud: Cloud
) -> None:
    del cloud
    talk = Talk(await start(**SETTINGS), connector)
    for token in (signed(serviceurl=connector.url), signed("entra", iss=V1, ver="1.0", appid=APP)):
        assert (await send(talk.client, hello(talk), token))[0] == 401


async def test_old_keys_are_renewed_while_they_serve_and_in_the_end_forgotten(
    start: Start,
    connector: Connector,
    microsoft: Microsoft,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client = await start(**SETTINGS)
    talk = Talk(client, connector)
    token = signed(serviceurl=connector.url)
    assert (await send(client, hello(talk), token))[0] == 202
    monkeypatch.setattr(renewal, "FETCH_S", 0.2)
    monkeypatch.setattr(authentication, "KEYS_RENEWED_S", 0)
    microsoft.delay_s = 30
    assert (await send(client, hello(talk), token))[0] == 202, "nobody waits for the renewal"
    monkeypatch.setattr(authentication, "KEYS_LAST_S", 0)
    assert (await send(client, hello(talk), token))[0] == 401
