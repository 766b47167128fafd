"""Hostile requests to every route: refused with a reason, nothing stored, no fault of ours."""

import asyncio
import contextlib
import gzip
import re
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from aiohttp import WSCloseCode, WSMsgType
from aiohttp.http_exceptions import HttpProcessingError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from yarl import URL

import app
from bot.http import serving, wire
from bot.page import directline
from bot.settings import Settings
from tests.channel.conftest import Client, Connector, Start, Talk, card_of, data
from tests.security.conftest import rows
from tests.signed import links
from tests.waiting import LONGEST_S, until_answered

pytestmark = pytest.mark.usefixtures("no_fault")

CORPUS = Path(__file__).parent / "corpus"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND")
# What would tell that a file was read which nobody is served.
SECRET = ("The composition root", "root:x:0", "[build-system]", "Traceback (most recent")
LONG = "A" * 2500
JSON = ("Content-Type", "application/json")
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data", "text/plain")


def corpus(name: str) -> list[Any]:
    """Hostile parts of requests."""
    return list(yaml.safe_load((CORPUS / f"{name}.yaml").read_text("utf-8")))


def routes(client: Client) -> dict[str, list[str]]:
    """The paths of every route, with the names of what stands in them."""
    assert client.app
    found = [resource.canonical for resource in client.app.router.resources()]
    made = {path: re.findall(r"{\w+}", path) for path in found}
    assert len(made) > 15
    return made


def filled(path: str, names: list[str], word: str) -> Iterator[str]:
    """The path with the word in each of its places, and in all."""
    for name in names:
        yield re.sub(r"{\w+}", "x", path.replace(name, word))
    everywhere = path
    for name in names:
        everywhere = everywhere.replace(name, word)
    yield everywhere if names else f"{path}/{word}"


async def ask(client: Client, method: str, path: str, **more: Any) -> int:
    """Send a request as it is: its status, after a look at what came back."""
    url = URL(str(client.make_url("/")).rstrip("/") + path, encoded=True)
    async with client.session.request(method, url, allow_redirects=False, **more) as answer:
        body = await answer.text(errors="replace")
        assert answer.status < 500, (method, path, more)
        if answer.status != 417:  # the server's own answer to an unknown `Expect`
            assert answer.headers["X-Content-Type-Options"] == "nosniff", (method, path)
        assert not [s for s in SECRET if s in body], (method, path)
        assert not any("\r" in v or "\n" in v for v in answer.headers.values())
        return answer.status


# Whatever isn't kept counts as revoked, and verifiers are told so.
REVOCATIONS = "/certificates/{id}/status"


async def test_no_name_in_a_path_leads_out_of_what_is_served(start: Start, tmp_path: Path) -> None:
    client = await start()
    for path, names in routes(client).items():
        for word in (*corpus("segments"), LONG):
            for hostile in filled(path, names, word):
                status = await ask(client, "GET", hostile)
                if path == REVOCATIONS and status == 200:
                    continue
                assert status >= 400 or "/../" in f"{hostile}/" or "/./" in f"{hostile}/", hostile
                assert await ask(client, "POST", hostile, json={}) >= 400 or word in (".", "..")
    assert rows(tmp_path) <= 4  # POST /api/session/. is /api/session: one learner may have come


async def test_every_method_on_every_route_is_answered_without_a_fault(
    start: Start, tmp_path: Path
) -> None:
    client = await start()
    for path in (*routes(client), "/nothing"):
        for method in METHODS:
            if (method, path) != ("POST", "/api/session"):
                await ask(client, method, re.sub(r"{\w+}", "x", path))
    assert rows(tmp_path) == 0


async def test_no_header_makes_a_route_fail(start: Start, tmp_path: Path) -> None:
    client = await start()
    for path in routes(client):
        for name, value in corpus("headers"):
            for method in ("GET", "POST"):
                if (method, path) != ("POST", "/api/session"):
                    headers = {name: value}
                    await ask(client, method, re.sub(r"{\w+}", "x", path), headers=headers)
    assert rows(tmp_path) == 0
    for header in corpus("headers"):
        # Twice the same header is refused before any of our own are put on the answer.
        both = [header] if header[0] == JSON[0] else [JSON, header]
        await ask(client, "POST", "/api/session", headers=both, data=b"{}")


async def test_a_body_that_is_no_json_object_is_refused_everywhere(
    start: Start, tmp_path: Path
) -> None:
    client = await start()
    path, bearer = await hold(client)
    practice = links(tmp_path / "tutor.db", "x").check_url("polite-chatbot", "format-login")
    stored = rows(tmp_path)
    bodies = [body.encode("latin-1") for body in corpus("bodies")]
    deep = [b"[" * 200_000, b'{"a":' * 60 + b"1" + b"}" * 60, b'{"n": ' + b"9" * 5000 + b"}"]
    deep += [b'{"a": "' + b"x" * 300_000 + b'"}']
    for route in ("/api/messages", "/api/session", "/api/session/link", path, practice):
        for body in (*bodies, *deep):
            status = await ask(client, "POST", route, data=body, headers=[JSON, *bearer.items()])
            # A number of 5,000 digits is JSON, if no number that anybody means.
            assert 400 <= status < 500 or body == deep[2], (route, body[:40])
    # What a page on another site can send without asking first, and what isn't said to be JSON.
    for kind in (*FORMS, "text/html", "application/octet-stream", "application/jsonp", "json", ""):
        headers = {**bearer, "Content-Type": kind}
        assert await ask(client, "POST", path, data=b"{}", headers=headers) == 415
    bomb = gzip.compress(b" " * 50_000_000)
    headers = {**bearer, "Content-Encoding": "gzip", "Content-Type": "application/json"}
    assert await ask(client, "POST", path, data=bomb[:200_000], headers=headers) == 415
    assert rows(tmp_path) <= stored + 3  # the number's session


async def test_what_is_no_http_is_answered_or_hung_up_on(
    start: Start, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    client = await start()
    for request in corpus("requests"):
        reader, writer = await asyncio.open_connection(client.server.host, client.server.port)
        writer.write(request.encode("latin-1"))
        # Some are only the beginning of a request.
        with contextlib.suppress(ConnectionError, TimeoutError):
            told = await asyncio.wait_for(reader.read(2000), 0.5)
            assert b" 500 " not in told, request
            assert b"Traceback" not in told, request
        writer.close()
    assert await ask(client, "GET", "/healthz") == 200
    assert rows(tmp_path) == 0
    # The server logs what is no HTTP; our own filter leaves it out of the tutor's log.
    faults = [r for r in caplog.records if r.levelname == "ERROR"]
    assert all(r.exc_info and isinstance(r.exc_info[1], HttpProcessingError) for r in faults)
    caplog.clear()


async def test_a_body_without_an_end_is_given_up(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "BODY_S", 0.2)
    client = await start()
    host, port = client.server.host, client.server.port
    reader, writer = await asyncio.open_connection(host, port)
    begin = b"POST /api/messages HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    writer.write(begin + b"Content-Length: 1000\r\n\r\n{")
    told = await asyncio.wait_for(reader.readline(), LONGEST_S)
    writer.close()
    assert b" 408 " in told
    # The same in endless chunks.
    reader, writer = await asyncio.open_connection(host, port)
    writer.write(begin + b"Transfer-Encoding: chunked\r\n\r\n")
    for _ in range(40):
        writer.write(b"4000\r\n" + b" " * 0x4000 + b"\r\n")
    told = await asyncio.wait_for(reader.readline(), LONGEST_S)
    writer.close()
    assert b" 413 " in told
    assert rows(tmp_path) == 0


async def test_a_stream_takes_no_large_frame(start: Start) -> None:
    client = await start()
    path, bearer = await hold(client)
    stream, token = path.replace("/activities", "/stream"), bearer["Authorization"].split()[1]
    for frame in (b"x" * 100_000, b"\0", b"", b'{"activities": "' + b"[" * 500):
        async with client.ws_connect(stream, params={"t": token}) as stream_of_one:
            await stream_of_one.send_bytes(frame)
            if len(frame) > directline.LONGEST_FRAME:
                while (told := await stream_of_one.receive(LONGEST_S)).type is WSMsgType.TEXT:
                    pass
                assert told.data == WSCloseCode.MESSAGE_TOO_BIG


async def test_a_connection_that_never_asks_is_hung_up_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "IDLE_S", 0.5)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    told = {"DATABASE_URL": f"sqlite:///{tmp_path}/tutor.db", "PORT": port}
    running = asyncio.create_task(app.serve(Settings.model_validate(told)))

    async def connected() -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        with contextlib.suppress(ConnectionError):
            return await asyncio.open_connection("127.0.0.1", port)
        return None

    for said in (b"", b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: "):
        streams = await until_answered(connected)
        assert streams
        reader, writer = streams
        writer.write(said)
        assert await asyncio.wait_for(reader.read(), LONGEST_S) == b""
        writer.close()
    signal.raise_signal(signal.SIGINT)
    await asyncio.wait_for(running, LONGEST_S)


async def hold(client: Client) -> tuple[str, dict[str, str]]:
    """A session on the own page: its activities' address and the header for it."""
    async with client.post("/api/session", json={}) as answer:
        held = await answer.json()
    path = f"/directline/conversations/{held['conversationId']}/activities"
    return path, {"Authorization": f"Bearer {held['token']}"}


ODD = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(exclude_categories=[]), max_size=30)
    | st.sampled_from(
        ["__proto__", "../..", "'; DROP TABLE learner;--", "<script>", "\0", "1" * 99]
    ),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)
PARTS = st.dictionaries(
    st.sampled_from(
        ["lesson", "step", "ticket", "digest", "learner", "do", "values", "order", "answer"]
    ),
    ODD,
    max_size=5,
)


async def test_no_press_breaks_the_tutor(start: Start, connector: Connector) -> None:
    client = await start()
    talk = Talk(client, connector)
    card = card_of(await talk.say("hi"))
    honest = data(card, "Begin Exercise")
    path, bearer = await hold(client)
    values: list[Any] = []

    @settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
    @given(PARTS, PARTS)
    def collect(told: dict[str, Any], beside: dict[str, Any]) -> None:
        values.append({"tutor": {**honest["tutor"], **told}, **beside})

    collect()
    for value in values:
        action = {"type": "Action.Execute", "verb": "tutor", "data": value}
        bodies = (
            talk.activity(value=value),
            talk.activity(
                type="invoke", name="adaptiveCard/action", value={"action": action}, replyToId="m1"
            ),
        )
        for body in bodies:
            status, _ = await talk.send(body)
            assert status < 500, value
        async with client.post(path, json={"type": "message", "value": value}, headers=bearer) as a:
            assert a.status < 500, value
