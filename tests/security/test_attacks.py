"""Hostile requests to every route: refused with a reason, nothing stored, no fault of ours."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from yarl import URL

from bot import wire
from tests.channel.conftest import Client, Connector, Start, Talk, card_of, data
from tests.security.conftest import rows

POSTS = (
    "/api/messages",
    "/api/session",
    "/api/session/link",
    "/api/session/revoke",
    "/api/check/x.y/polite-chatbot/practice",
    "/directline/conversations",
    "/directline/conversations/page-x/activities",
    "/directline/tokens/refresh",
)
GETS = (
    "/",
    "/charts/x.png",
    "/media/polite-chatbot/learning.png",
    "/files/x.y/polite-chatbot/practice.jsonl",
    "/directline/conversations/page-x",
    "/directline/conversations/page-x/activities",
    "/directline/conversations/page-x/stream",
    "/static/page.js",
    "/healthz",
    "/readyz",
)
TRAVERSALS = (
    "/static/../app.py",
    "/static/..%2f..%2fapp.py",
    "/static/%2e%2e/%2e%2e/app.py",
    "/static/....//app.py",
    "/static//etc/passwd",
    "/static/page.js%00.png",
    "/media/polite-chatbot/..%2flesson.yaml",
    "/media/..%2f..%2fbot/app.py",
    "/media/polite-chatbot/world.yaml",
    "/files/a.b/..%2f..%2fetc/passwd",
    "/charts/..%2f..%2fx.png",
    "/charts/" + "A" * 6000 + ".png",
    "/directline/conversations/" + "x" * 5000,
    "/directline/conversations/page-x/stream?t=" + "x" * 5000,
    "/%ff%fe",
    "/?event=" + "%00" * 50,
    "/api/check/" + "%F0%9F%98%80" * 50 + "/x",
)


@pytest.mark.usefixtures("no_fault")
async def test_no_path_leads_out_of_what_is_served(start: Start, tmp_path: Path) -> None:
    client = await start()
    for path in TRAVERSALS:
        url = URL(str(client.make_url("/")).rstrip("/") + path, encoded=True)
        async with client.session.get(url, allow_redirects=False) as answer:
            body = await answer.text(errors="replace")
            assert answer.status < 500, path
            if not path.startswith("/?"):
                assert answer.status >= 400, path
            assert "Traceback" not in body
            assert "composition root" not in body
            assert "root:" not in body
    assert rows(tmp_path) == 0


@pytest.mark.usefixtures("no_fault")
async def test_every_method_on_every_route_is_answered_without_a_fault(
    start: Start, tmp_path: Path
) -> None:
    client = await start()
    for path in (*POSTS, *GETS, "/nothing"):
        for method in ("GET", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE"):
            async with client.session.request(method, client.make_url(path)) as answer:
                assert answer.status < 500, (method, path)
                assert answer.headers["X-Content-Type-Options"] == "nosniff", (method, path)
    assert rows(tmp_path) == 0


HOSTILE_BODIES: tuple[bytes, ...] = (
    b"",
    b"null",
    b"[]",
    b"0",
    b'"\\ud83d"',
    b"\xff\xfe\x00",
    b"{" * 50_000,
    b'{"a":' * 200 + b"1" + b"}" * 200,
    b'{"type": "message", "type": ["message"]}',
    b'{"type": "message", "n": 1e999}',
    b'{"type": "message", "n": NaN}',
    b'{"n": ' + b"9" * 5000 + b"}",
    b'{"__proto__": {"admin": true}, "constructor": {"prototype": {}}}',
    b'{"type": "message", "text": {"$gt": ""}}',
    b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>",
    b"type=message&text=hi",
)


@pytest.mark.usefixtures("no_fault")
async def test_a_hostile_body_is_refused_and_nothing_is_stored(
    start: Start, tmp_path: Path
) -> None:
    client = await start()
    for path in POSTS:
        if path in ("/api/session", "/api/session/revoke"):
            continue  # these need nothing of the body
        for body in HOSTILE_BODIES:
            async with client.post(path, data=body) as answer:
                assert 400 <= answer.status < 500, (path, body[:40])
                assert (await answer.json())["error"]["message"]
    assert rows(tmp_path) == 0


@pytest.mark.usefixtures("no_fault")
async def test_a_body_without_an_end_is_given_up(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "BODY_S", 0.2)
    client = await start()
    host, port = client.server.host, client.server.port
    reader, writer = await asyncio.open_connection(host, port)
    writer.write(b"POST /api/messages HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{")
    told = await asyncio.wait_for(reader.readline(), 5)
    writer.close()
    assert b" 408 " in told
    # The same in endless chunks.
    reader, writer = await asyncio.open_connection(host, port)
    writer.write(b"POST /api/messages HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
    for _ in range(40):
        writer.write(b"4000\r\n" + b" " * 0x4000 + b"\r\n")
    told = await asyncio.wait_for(reader.readline(), 5)
    writer.close()
    assert b" 413 " in told
    assert rows(tmp_path) == 0


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


@pytest.mark.usefixtures("no_fault")
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
