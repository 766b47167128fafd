"""Where replies go: to addresses that a token vouches for, or to this machine, and no other."""

import asyncio
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.channel.conftest import Connector, Start, Talk
from tests.security.conftest import APP, SETTINGS, V1, Microsoft, rows, signed
from tests.security.test_authentication import hello, send

pytestmark = pytest.mark.usefixtures("no_fault")

ELSEWHERE = (
    "http://127.0.0.1@evil.example",
    "http://127.0.0.1:80@evil.example/",
    "http://127.0.0.1\\@evil.example/",
    "http://127.0.0.1%2f@evil.example/",
    "http://evil.example/127.0.0.1",
    "http://evil.example#127.0.0.1",
    "http://evil.example?127.0.0.1",
    "http://localhost.evil.example",
    "http://127.0.0.1.evil.example",
    "http://2130706433.evil.example",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://127.1/",
    "http://0177.0.0.1/",
    "http://169.254.169.254/metadata/identity/oauth2/token",
    "http://10.0.0.5/",
    "http://[fd00::1]/",
    "http://[::ffff:169.254.169.254]/",
    "http://[::1]@evil.example/",
    "http://[::1].evil.example/",
    "http://[fe80::1%25lo]/",
    "http://0.0.0.0:80/",
    "http://[::]/",
    "http://\uff11\uff12\uff17.evil.example/",
    "https://smba.trafficmanager.net/emea/",
    "file:///etc/passwd",
    "gopher://127.0.0.1/",
    "//127.0.0.1/",
    "127.0.0.1:3978",
    "http:///127.0.0.1",
    "http://:80/",
    "http://user:password@127.0.0.1/",
    "http://127.0.0.1/?x=",
    "http://127.0.0.1/#x",
    "http://127.0.0.1:99999/",
    "http://127.0.0.1\r\nX: y",
    "http://127.0.0.1 evil.example/",
)

NOWHERE: tuple[object, ...] = (*ELSEWHERE, 7, None, [], {"a": 1})


async def test_development_writes_to_this_machine_alone(
    start: Start, connector: Connector, tmp_path: Path
) -> None:
    client = await start()
    talk = Talk(client, connector)
    for url in NOWHERE:
        status, reason = await send(client, talk.activity(text="hi", serviceUrl=url), None)
        assert status in (400, 403), url
        assert reason
    assert rows(tmp_path) == 0


async def test_the_emulators_token_vouches_for_this_machine_alone(
    start: Start, connector: Connector, microsoft: Microsoft, tmp_path: Path
) -> None:
    client = await start(**SETTINGS)
    talk = Talk(client, connector)
    token = signed("entra", iss=V1, ver="1.0", appid=APP)
    for url in NOWHERE:
        status, reason = await send(client, talk.activity(text="hi", serviceUrl=url), token)
        assert status in (400, 403), url
        assert reason
    assert rows(tmp_path) == 0
    assert microsoft.asked == []


async def test_a_channels_token_vouches_for_its_own_address_and_only_with_tls(
    start: Start, connector: Connector, microsoft: Microsoft, tmp_path: Path
) -> None:
    client = await start(**SETTINGS)
    talk = Talk(client, connector)
    for claimed, told, status in (
        ("https://smba.example/", "https://evil.example/", 403),
        ("https://smba.example/", "https://smba.example", 403),
        ("https://smba.example/", "HTTPS://smba.example/", 403),
        ("http://smba.example/", "http://smba.example/", 403),
        ("http://10.0.0.5/", "http://10.0.0.5/", 403),
        ("ftp://smba.example/", "ftp://smba.example/", 403),
    ):
        body = hello(talk, serviceUrl=told)
        assert (await send(client, body, signed(serviceurl=claimed)))[0] == status, told
    assert rows(tmp_path) == 0
    assert microsoft.asked == []


async def test_a_browser_can_not_speak_as_a_channel(
    start: Start, connector: Connector, tmp_path: Path
) -> None:
    client = await start()
    body = Talk(client, connector).activity(text="hi")
    for origin in ("https://evil.example", "null", str(client.make_url("/")).rstrip("/")):
        async with client.post("/api/messages", json=body, headers={"Origin": origin}) as answer:
            assert answer.status == 403
    assert rows(tmp_path) == 0


async def test_nobody_speaks_to_development_through_a_tunnel(
    start: Start, connector: Connector, tmp_path: Path
) -> None:
    client = await start()
    talk = Talk(client, connector)
    for host, status in (
        ("abc.tunnel.example", 403),
        ("evil.example:3978", 403),
        ("localhost.evil.example", 403),
        ("localhost:3978", 202),
        ("[::1]:3978", 202),
    ):
        assert status == 202 or rows(tmp_path) == 0
        body, headers = talk.activity(text="hi"), {"Host": host}
        async with client.post("/api/messages", json=body, headers=headers) as answer:
            assert answer.status == status, host


PASSED_ON = (
    # Development tunnels and ngrok with another Host, nginx, Caddy, Cloudflare, Azure, RFC 7239
    {"X-Forwarded-Host": "abc-3978.euw.devtunnels.ms", "X-Forwarded-For": "203.0.113.9"},
    {"Via": "1.1 tunnel"},
    {"x-forwarded-proto": "https"},
    {"X-Real-IP": "203.0.113.9"},
    {"Forwarded": "for=203.0.113.9;host=abc.example;proto=https"},
    {"X-Original-Host": "abc.example"},
    {"CF-Connecting-IP": "203.0.113.9"},
    {"X-Azure-ClientIP": "203.0.113.9"},
    {"X-Forwarded-Client-Cert": "By=x"},
    {"X-Tunnel-Id": "abc"},
)


async def test_nothing_that_a_tunnel_passed_on_is_answered_in_development(
    start: Start, connector: Connector, tmp_path: Path
) -> None:
    client = await start()
    body = Talk(client, connector).activity(text="hi")
    for told in PASSED_ON:
        headers = {"Host": "localhost:4310", **told}  # as a tunnel rewrites it
        async with client.post("/api/messages", json=body, headers=headers) as answer:
            assert answer.status == 403, told
            reason = (await answer.json())["error"]["message"]
            assert "MicrosoftAppId" in reason
            assert "CHANNELS=web" in reason
            assert any(name.lower() in reason.lower() for name in told)
    for path in ("/", "/healthz", "/static/page.js", "/privacy", "/nothing"):
        async with client.get(path, headers=PASSED_ON[0]) as answer:
            assert answer.status == 403, path
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
    async with client.post("/api/session", json={}, headers=PASSED_ON[0]) as answer:
        assert answer.status == 403
    assert rows(tmp_path) == 0
    # Where strangers are meant to come, a proxy may stand in front.
    for settings in ({"CHANNELS": "web"}, SETTINGS):
        client = await start(**settings)
        for told in PASSED_ON:
            async with client.get("/healthz", headers=told) as answer:
                assert answer.status == 200, told


async def test_what_development_stored_gets_no_token_of_ours(
    start: Start, connector: Connector, microsoft: Microsoft
) -> None:
    talk = Talk(await start(), connector)
    connector.statuses, connector.retry_after = [503], "60"
    await talk.send(talk.activity(text="hi"))
    await connector.closed()
    await start(**SETTINGS)
    await asyncio.sleep(0.5)
    assert connector.sent == []
    assert microsoft.asked == []
    assert connector.bearers == [""]


async def test_what_was_stored_with_an_app_id_is_not_sent_from_development(
    start: Start, connector: Connector, microsoft: Microsoft, tmp_path: Path
) -> None:
    del microsoft
    talk = Talk(await start(**SETTINGS), connector)
    connector.statuses, connector.retry_after = [503], "60"
    await send(talk.client, hello(talk), signed(serviceurl=connector.url))
    await connector.closed()

    def send_elsewhere() -> None:
        """As if it were a channel of the open net; nothing listens there."""
        with closing(sqlite3.connect(tmp_path / "tutor.db")) as db:
            (doc,) = db.execute("SELECT doc FROM activity WHERE waiting").fetchone()
            told = {**json.loads(doc), "serviceUrl": "https://127.0.0.1.nip.invalid/"}
            db.execute("UPDATE activity SET doc = ? WHERE waiting", (json.dumps(told),))
            db.commit()

    await asyncio.to_thread(send_elsewhere)
    await start()
    await asyncio.sleep(0.3)
    with closing(sqlite3.connect(tmp_path / "tutor.db")) as db:
        assert db.execute("SELECT count(*) FROM activity WHERE waiting").fetchone() == (0,)
        assert db.execute("SELECT is_open FROM conversation").fetchone() == (0,)


async def test_no_redirect_is_followed(start: Start, connector: Connector) -> None:
    async def elsewhere(request: web.Request) -> web.Response:
        del request
        raise web.HTTPTemporaryRedirect(f"{connector.url}/v3/conversations/x/activities")

    app = web.Application()
    app.router.add_post("/{path:.*}", elsewhere)
    server = TestServer(app)
    await server.start_server()
    client = await start()
    url = str(server.make_url("/")).rstrip("/")
    body = Talk(client, connector).activity(text="hi", serviceUrl=url)
    assert (await send(client, body, None))[0] == 202
    await asyncio.sleep(0.4)
    assert connector.tried == []
    await server.close()
