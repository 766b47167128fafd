"""Azure's Direct Line in place of our own: the secret stays here, learners keep their place."""

import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.channel.conftest import Client, Connector, Start, Talk, card_of, texts
from tests.channel.test_page import stranger

SECRET = "a-direct-line-secret"


@dataclass
class Azure:
    """Azure's token service: what it was asked, and what it answers."""

    url: str = ""
    asked: list[tuple[str, str, Any]] = field(default_factory=list)
    status: int = 200
    garbage: bytes | None = None
    lasts_s: int = 1800

    async def answer(self, request: web.Request) -> web.Response:
        """A token for a user in a conversation."""
        body = await request.json() if request.can_read_body else None
        self.asked.append((request.path, request.headers["Authorization"], body))
        if self.status != 200 or self.garbage is not None:
            return web.Response(status=self.status, body=self.garbage or b"")
        return web.json_response(
            {
                "conversationId": "azures-own",
                "token": f"token-{len(self.asked)}",
                "expires_in": self.lasts_s,
            }
        )


@pytest.fixture
async def azure() -> AsyncIterator[Azure]:
    """A running double of directline.botframework.com."""
    made, app = Azure(), web.Application()
    app.router.add_post("/v3/directline/tokens/{what}", made.answer)
    server = TestServer(app)
    await server.start_server()
    made.url = str(server.make_url("/"))
    yield made
    await server.close()


async def opened(client: Client) -> tuple[int, dict[str, Any]]:
    async with client.post("/api/session", json={}) as answer:
        told: dict[str, Any] = await answer.json()
        return answer.status, told


async def test_the_secret_is_exchanged_here_and_the_token_refreshed(
    start: Start, azure: Azure
) -> None:
    client = await start(DIRECT_LINE_SECRET=SECRET, DIRECT_LINE_URL=azure.url)
    status, first = await opened(client)
    assert status == 200
    assert first["domain"] == f"{azure.url}v3/directline"
    assert first["token"] == "token-1"
    assert SECRET not in str(first)
    ((path, bearer, wanted),) = azure.asked
    assert (path, bearer) == ("/v3/directline/tokens/generate", f"Bearer {SECRET}")
    assert wanted["user"]["id"] == first["userId"]
    assert first["userId"].startswith("dl_")
    assert wanted["trustedOrigins"]
    # A reload: the same user in the same conversation, by a token that Azure refreshed.
    _, again = await opened(client)
    assert (again["userId"], again["token"]) == (first["userId"], "token-2")
    path, bearer, _ = azure.asked[1]
    assert (path, bearer) == ("/v3/directline/tokens/refresh", "Bearer token-1")


async def test_a_token_that_is_too_old_is_generated_anew_for_the_same_user(
    start: Start, azure: Azure
) -> None:
    azure.lasts_s = 30
    client = await start(DIRECT_LINE_SECRET=SECRET, DIRECT_LINE_URL=azure.url)
    _, first = await opened(client)
    _, again = await opened(client)
    assert [path.rpartition("/")[2] for path, *_ in azure.asked] == ["generate", "generate"]
    assert again["userId"] == first["userId"]


async def test_what_azure_brings_is_the_learner_of_the_page(
    start: Start, connector: Connector, azure: Azure
) -> None:
    client = await start(DIRECT_LINE_SECRET=SECRET, DIRECT_LINE_URL=azure.url)
    _, held = await opened(client)
    talk = Talk(client, connector, held["userId"])
    talk.channel = "directline"
    assert "Begin Exercise" in texts(card_of(await talk.say("hi")))
    await talk.say("begin")
    # Another day, another conversation, the same browser.
    _, again = await opened(client)
    other = Talk(client, connector, again["userId"])
    other.channel = "directline"
    told = await other.say("hi", conversation={"id": "a-new-one"})
    assert "Learning goals" in texts(told)
    # After signing out everywhere whoever still has one of Azure's tokens is a new learner.
    await client.post("/api/session/revoke", json={})
    anew = await talk.say("hi")
    assert "Begin Exercise" in texts(anew)
    assert "Learning goals" not in texts(anew)
    # And somebody else is somebody else.
    third = stranger(client)
    _, another = await opened(third)
    assert another["userId"] != held["userId"]
    await third.session.close()


@pytest.mark.parametrize(
    ("status", "garbage"), [(403, None), (500, None), (200, b"{}"), (200, b"<html>")]
)
async def test_an_azure_that_refuses_is_told_of_and_no_secret_with_it(
    start: Start,
    azure: Azure,
    caplog: pytest.LogCaptureFixture,
    status: int,
    garbage: bytes | None,
) -> None:
    client = await start(DIRECT_LINE_SECRET=SECRET, DIRECT_LINE_URL=azure.url)
    azure.status, azure.garbage = status, garbage
    told_status, told = await opened(client)
    assert told_status == 503
    assert "Direct Line" in told["error"]["message"]
    assert SECRET not in str(told) + caplog.text
    azure.status, azure.garbage = 200, None
    assert (await opened(client))[0] == 200


async def test_an_azure_that_is_away_is_told_of(start: Start) -> None:
    client = await start(DIRECT_LINE_SECRET=SECRET, DIRECT_LINE_URL="http://127.0.0.1:9")
    began = time.monotonic()
    status, told = await opened(client)
    assert (status, "can't be reached" in told["error"]["message"]) == (503, True)
    assert time.monotonic() - began < 5


async def test_the_page_may_then_connect_to_azure_and_our_own_line_is_closed(
    start: Start, azure: Azure
) -> None:
    client = await start(DIRECT_LINE_SECRET=SECRET, DIRECT_LINE_URL=azure.url)
    async with client.get("/") as answer:
        policy = answer.headers["Content-Security-Policy"]
        assert SECRET not in await answer.text()
    host = azure.url.removeprefix("http://").rstrip("/")
    assert f"http://{host}" in policy
    assert f"ws://{host}" in policy
    async with client.post("/directline/conversations", json={}) as answer:
        assert answer.status == 404
