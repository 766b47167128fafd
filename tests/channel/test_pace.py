"""How often the own page may ask."""

from pathlib import Path
from typing import Any

import pytest
from aiohttp import WSServerHandshakeError
from aiohttp.test_utils import make_mocked_request
from limits import RateLimitItemPerMinute

from bot.http.rate_limits import RateLimits
from bot.page import directline, pages, resume
from tests.channel.conftest import Client, Connector, Start, Talk
from tests.channel.test_page import activities, bearer, say, session, stranger
from tests.signed import links
from tests.waiting import until_answered

FEW = (RateLimitItemPerMinute(3), RateLimitItemPerMinute(8))


async def test_who_posts_too_fast_is_told_when_to_go_on(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(directline, "POSTING", FEW)
    client = await start()
    held = await session(client)
    assert [await say(client, held, text="help") for _ in range(5)] == [200, 200, 200, 429, 429]
    path = f"/directline/conversations/{held['conversationId']}/activities"
    async with client.post(path, json={"type": "message"}, headers=bearer(held)) as answer:
        assert 1 <= int(answer.headers["Retry-After"]) <= 60
        assert "wait" in (await answer.json())["error"]["message"]
    other = stranger(client)
    # One address has room for others, up to its own limit.
    theirs = await session(other)
    assert await say(other, theirs, text="help") == 200
    told, _ = await activities(client, held)
    assert [a.get("text") for a in told].count("help") == 3
    await other.session.close()


async def test_a_room_behind_one_address_is_let_in(start: Start) -> None:
    client = await start(PROXIES="1", CHANNELS="web")
    headers = {"X-Forwarded-For": "198.51.100.7"}
    for _ in range(300):
        async with client.post("/api/session", json={"frame": True}, headers=headers) as answer:
            assert answer.status == 200


async def test_an_address_cant_enrol_without_end(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resume, "ENROLLING", RateLimitItemPerMinute(2))
    client = await start(PROXIES="1", CHANNELS="web")

    async def enrol(address: str, **body: Any) -> tuple[int, dict[str, Any]]:
        headers = {"X-Forwarded-For": address}
        body = {"frame": True, **body}
        async with client.post("/api/session", json=body, headers=headers) as answer:
            return answer.status, await answer.json()

    _, held = await enrol("198.51.100.7")
    statuses = [(await enrol("198.51.100.7"))[0] for _ in range(3)]
    assert statuses == [200, 429, 429]
    assert (await enrol("198.51.100.7", resume=held["resume"]))[0] == 200
    assert (await enrol("203.0.113.9"))[0] == 200


async def test_checks_and_sessions_have_a_limit_for_each_learner(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "CHECKING", FEW)
    monkeypatch.setattr(resume, "OPENING", FEW)
    client = await start()
    signed = links(tmp_path / "tutor.db", "somebody")
    path = signed.check_url("polite-chatbot", "format-login")
    statuses = [(await client.post(path, json={"text": "{"})).status for _ in range(4)]
    assert statuses == [200, 200, 200, 429]
    statuses = [(await client.post("/api/session", json={})).status for _ in range(4)]
    assert statuses == [200, 200, 200, 429]


async def test_an_address_has_so_many_streams_and_each_learner_one_of_them(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(directline, "MOST_AT_ADDRESS", 3)
    client = await start()
    other = stranger(client)
    sockets = []

    async def opens(page: Client) -> int:
        held = await session(page)
        url = f"/directline/conversations/{held['conversationId']}/stream?t={held['token']}"
        try:
            sockets.append(await page.ws_connect(url))
        except WSServerHandshakeError as refused:
            return refused.status
        return 101

    assert [await opens(client) for _ in range(4)] == [101, 101, 101, 429]
    assert [await opens(other) for _ in range(3)] == [101, 101, 429]
    for socket in sockets:
        await socket.close()

    async def is_open() -> bool:
        return await opens(other) == 101

    await until_answered(is_open)
    assert [await opens(client) for _ in range(2)] == [101, 101]
    for socket in sockets:
        await socket.close()
    await other.session.close()


async def test_channels_have_no_limit(
    start: Start, connector: Connector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(directline, "POSTING", FEW)
    client = await start()
    talk = Talk(client, connector)
    for _ in range(12):
        await talk.say("help")


@pytest.mark.parametrize(
    ("proxies", "told", "address"),
    [
        (0, "198.51.100.7", "127.0.0.1"),  # nobody of ours wrote it
        (1, "198.51.100.7", "198.51.100.7"),
        (1, "10.0.0.1, 198.51.100.7", "198.51.100.7"),  # the caller made the first one up
        (2, "10.0.0.1, 198.51.100.7, 203.0.113.9", "198.51.100.7"),
        (1, "198.51.100.7:51234", "198.51.100.7"),  # as Azure App Service writes it
        (1, "2001:db8:1:2:aaaa::1", "2001:db8:1:2::"),  # one household
        (1, "[2001:db8:1:2:bbbb::1]:443", "2001:db8:1:2::"),
        (1, "::ffff:198.51.100.7", "198.51.100.7"),
        (1, "nonsense", "127.0.0.1"),
        (2, "198.51.100.7", "127.0.0.1"),  # it didn't come through both
        (1, None, "127.0.0.1"),
    ],
)
def test_the_address_is_what_our_outermost_proxy_saw(
    proxies: int, told: str | None, address: str
) -> None:
    class Transport:
        def get_extra_info(self, name: str, default: Any = None) -> Any:
            return ("127.0.0.1", 5000) if name == "peername" else default

    headers = {} if told is None else {"X-Forwarded-For": told}
    request = make_mocked_request("GET", "/", headers, transport=Transport())
    assert RateLimits(proxies).address(request) == address
