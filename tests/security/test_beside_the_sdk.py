"""Our verdicts on tokens beside those of Microsoft's own SDK, on the same keys."""

import asyncio
import time
from itertools import product
from typing import Any

import pytest
from aiohttp import ClientSession
from botbuilder.schema import Activity
from botframework.connector.auth import (
    AuthenticationConfiguration,
    BotFrameworkAuthenticationFactory,
    PasswordServiceClientCredentialFactory,
)

from bot.channels.authentication import CHANNEL_ISSUER, EMULATOR_TENANTS, BotFramework
from bot.errors import RefusedError
from bot.settings import Settings
from tests.security.conftest import APP, SETTINGS, TENANT, V1, V2, Microsoft, signed

SERVICE = "http://127.0.0.1:9/"
SMBA = "https://smba.example/emea/"
OTHER = "someone-else"
V1S = {V1.replace(TENANT, tenant) for tenant in EMULATOR_TENANTS}
V2S = {V2.replace(TENANT, tenant) for tenant in EMULATOR_TENANTS}


def channel_tokens() -> list[tuple[str, dict[str, Any]]]:
    """Keys and claims: good ones, and each way to change them."""
    return [
        (kid, {"iss": issuer, "aud": aud, "serviceurl": vouched, "exp": int(time.time()) + ends})
        for kid, issuer, aud, vouched, ends in product(
            ("one", "slack", "entra"),
            (CHANNEL_ISSUER, "https://api.botframework.us"),
            (APP, OTHER, None),
            (SERVICE, SMBA, None),
            (600, -200, -400),
        )
    ]


def emulator_tokens() -> list[tuple[str, dict[str, Any]]]:
    """The same of the Emulator."""
    return [
        (kid, {"iss": issuer, "ver": version, "appid": appid, "azp": azp, "nbf": nbf})
        for kid, issuer, version, appid, azp, nbf in product(
            ("entra", "one"),
            (*sorted(V1S | V2S), "https://sts.windows.net/elsewhere/"),
            ("1.0", "2.0", "3.0", None),
            (APP, OTHER, None),
            (APP, OTHER, None),
            (0, int(time.time()) + 400),
        )
    ]


def sdk_verdicts(microsoft: Microsoft, tokens: list[str], service: str) -> list[bool]:
    """Whom the SDK lets in. It blocks, so it has a thread and an event loop of its own."""
    microsoft.odd = ()  # it stumbles over them
    sdk = BotFrameworkAuthenticationFactory.create(
        to_channel_from_bot_login_url=microsoft.url,
        to_channel_from_bot_oauth_scope=CHANNEL_ISSUER,
        to_bot_from_channel_token_issuer=CHANNEL_ISSUER,
        oauth_url=microsoft.url,
        to_bot_from_channel_open_id_metadata_url=microsoft.cloud.channel_keys,
        to_bot_from_emulator_open_id_metadata_url=microsoft.cloud.emulator_keys,
        credential_factory=PasswordServiceClientCredentialFactory(
            APP, SETTINGS["MicrosoftAppPassword"]
        ),
        auth_configuration=AuthenticationConfiguration(),
    )
    activity = Activity(type="message", channel_id="msteams", service_url=service)

    async def admits(token: str) -> bool:
        try:
            await sdk.authenticate_request(activity, f"Bearer {token}")
        except Exception:  # noqa: BLE001 (it refuses by any)
            return False
        return True

    async def each() -> list[bool]:
        return [await admits(token) for token in tokens]

    return asyncio.run(each())


async def our_verdicts(microsoft: Microsoft, tokens: list[str], service: str) -> list[bool]:
    """Whom we let in."""
    async with ClientSession() as session:
        door = BotFramework(Settings.model_validate(SETTINGS), session, microsoft.cloud)
        body = {"channelId": "msteams", "serviceUrl": service}

        async def admits(token: str) -> bool:
            try:
                await door.admit({"Authorization": f"Bearer {token}"}, body)
            except RefusedError:
                return False
            return True

        return [await admits(token) for token in tokens]


@pytest.mark.parametrize("service", [SERVICE, SMBA])
async def test_channel_tokens_are_judged_as_the_sdk_judges_them(
    microsoft: Microsoft, service: str
) -> None:
    microsoft.channel["slack"] = {"endorsements": ["slack"]}
    made = channel_tokens()
    tokens = [signed(kid, **claims) for kid, claims in made]
    ours = await our_verdicts(microsoft, tokens, service)
    theirs = await asyncio.to_thread(sdk_verdicts, microsoft, tokens, service)
    for what, our, their in zip(made, ours, theirs, strict=True):
        assert our == their, what
    assert sum(ours) == 2  # good ones: before their end, and a little after it


async def test_emulator_tokens_are_judged_as_the_sdk_judges_them(microsoft: Microsoft) -> None:
    made = emulator_tokens()
    tokens = [signed(kid, **claims) for kid, claims in made]
    ours = await our_verdicts(microsoft, tokens, SERVICE)
    theirs = await asyncio.to_thread(sdk_verdicts, microsoft, tokens, SERVICE)
    for what, our, their in zip(made, ours, theirs, strict=True):
        assert our == their, what
    assert any(ours)
