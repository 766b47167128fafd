"""The chat on other sites: who may frame it, who may call it, and how a learner comes back."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.page import resume
from tests.channel.conftest import Client, Start
from tests.channel.test_page import activities, bearer, session, stranger

HOST = "https://events.example"


async def framed(client: Client, **body: Any) -> dict[str, Any]:
    """Open a session as the page in a frame does."""
    return await session(client, frame=True, **body)


def event_of(database: Path) -> str | None:
    with closing(sqlite3.connect(database)) as db:
        query = "SELECT json_extract(doc, '$.event') FROM learner"
        (found,) = [row[0] for row in db.execute(query)]
        return str(found) if found else None


async def policy(client: Client, path: str) -> dict[str, str]:
    async with client.get(path) as answer:
        assert answer.status == 200
        told = answer.headers["Content-Security-Policy"]
    parts = (part.strip().partition(" ") for part in told.split(";"))
    return {name: value for name, _, value in parts}


async def test_only_listed_origins_may_frame_the_chat_and_nobody_the_page(start: Start) -> None:
    client = await start(ALLOWED_ORIGINS=f"{HOST}, https://Other.example:443/")
    frames = (await policy(client, "/?embed=1"))["frame-ancestors"]
    assert frames == f"'self' {HOST} https://other.example"
    assert (await policy(client, "/"))["frame-ancestors"] == "'none'"
    client = await start()
    assert (await policy(client, "/?embed=1"))["frame-ancestors"] == "'self'"


async def test_the_page_connects_to_nobody_else(start: Start) -> None:
    client = await start()
    own = f"{client.host}:{client.port}"
    assert (await policy(client, "/"))["connect-src"] == f"'self' ws://{own}"
    client = await start(PUBLIC_URL="https://tutor.example/")
    told = await policy(client, "/")
    assert told["connect-src"] == "'self' wss://tutor.example"
    assert "unsafe" not in " ".join(told.values())


async def test_a_host_that_is_none_changes_no_policy(start: Start) -> None:
    client = await start()
    for host in ("x; script-src *", "a b", "x'"):
        async with client.get("/", headers={"Host": host}) as answer:
            assert answer.status == 400
            assert "script-src *" not in answer.headers["Content-Security-Policy"]


async def test_a_frame_keeps_the_learner_without_a_cookie(start: Start) -> None:
    client = await start(ALLOWED_ORIGINS=HOST)
    first = await framed(client)
    assert resume.COOKIE not in {cookie.key for cookie in client.session.cookie_jar}
    again = await framed(client, resume=first["resume"])
    assert again["userId"] == first["userId"]
    assert again["resume"] == first["resume"]
    assert (await framed(client, resume="made-up"))["userId"] != first["userId"]
    # Who is known on the own page is nobody in a frame: another site's click would act for them.
    known = await session(client)
    assert (await framed(client))["userId"] != known["userId"]


async def test_a_framed_learner_can_go_on_elsewhere_and_revoke(start: Start) -> None:
    client = await start(ALLOWED_ORIGINS=HOST)
    held = await framed(client)
    told = {"frame": True, "resume": held["resume"]}
    async with client.post("/api/session/link", json=told) as answer:
        link = (await answer.json())["link"]
    phone = stranger(client)
    code = link.partition("resume=")[2]
    assert (await session(phone, resume=code))["userId"] == held["userId"]
    await phone.session.close()
    async with client.post("/api/session/link", json={"frame": True}) as answer:
        assert answer.status == 403
    await client.post("/api/session/revoke", json=told)
    assert (await framed(client, resume=held["resume"]))["userId"] != held["userId"]


async def test_a_listed_sites_own_page_may_call_and_gets_no_cookie(start: Start) -> None:
    client = await start(ALLOWED_ORIGINS=HOST)
    headers = {"Origin": HOST, "Sec-Fetch-Site": "cross-site"}
    async with client.post("/api/session", json={}, headers=headers) as answer:
        assert answer.status == 200
        assert answer.headers["Access-Control-Allow-Origin"] == HOST
        assert "Access-Control-Allow-Credentials" not in answer.headers
        assert answer.headers["Vary"] == "Origin"
        assert "Set-Cookie" not in answer.headers
        held = await answer.json()
    assert held["resume"]
    asked = {"Origin": HOST, "Access-Control-Request-Method": "POST"}
    path = f"/directline/conversations/{held['conversationId']}/activities"
    async with client.options(path, headers=asked) as answer:
        assert answer.status == 204
        assert "authorization" in answer.headers["Access-Control-Allow-Headers"]
    async with client.get(path, headers={"Origin": HOST, **bearer(held)}) as answer:
        assert answer.headers["Access-Control-Allow-Origin"] == HOST
        assert (await answer.json())["activities"]
    async with client.get(path, headers={"Origin": HOST}) as answer:
        assert (answer.status, answer.headers["Access-Control-Allow-Origin"]) == (403, HOST)


@pytest.mark.parametrize("origin", ["https://evil.example", "null", f"{HOST}.evil.example"])
async def test_other_sites_may_not_call(start: Start, origin: str) -> None:
    client = await start(ALLOWED_ORIGINS=HOST)
    headers = {"Origin": origin, "Sec-Fetch-Site": "cross-site"}
    for body in ({}, {"frame": True}):
        async with client.post("/api/session", json=body, headers=headers) as answer:
            assert answer.status == 403
            assert "Access-Control-Allow-Origin" not in answer.headers
    asked = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    async with client.options("/api/session", headers=asked) as answer:
        assert "Access-Control-Allow-Origin" not in answer.headers


async def test_nothing_but_the_chat_is_shared(start: Start) -> None:
    client = await start(ALLOWED_ORIGINS=HOST)
    for path in ("/", "/api/messages", "/healthz", "/demo"):
        async with client.get(path, headers={"Origin": HOST}) as answer:
            assert "Access-Control-Allow-Origin" not in answer.headers


async def test_the_script_is_one_cacheable_file(start: Start) -> None:
    client = await start()
    async with client.get("/embed.js") as answer:
        script = await answer.text()
        assert answer.content_type == "text/javascript"
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Cache-Control"] == "public, max-age=3600"
        tag = answer.headers["ETag"]
    assert "{{" not in script
    assert "import " not in script
    assert "--colorBrandBackground:" in script
    async with client.get("/embed.js", headers={"If-None-Match": tag}) as answer:
        assert answer.status == 304


async def test_the_sample_page_runs_nothing_inline(start: Start) -> None:
    client = await start()
    for path in ("/demo", "/demo/inline"):
        told = await policy(client, path)
        assert told["script-src"] == "'self'"
        async with client.get(path) as answer:
            page = await answer.text()
        assert "{{" not in page
        assert 'src="/embed.js" data-event="Sample workshop"' in page
        assert ('data-target="#chat"' in page) is (path == "/demo/inline")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Spring school, room 4", "Spring school, room 4"),
        ("  two\n words ", "two words"),
        ("<b>bold</b>", "<b>bold</b>"),
        ("x" * 61, None),
        ("a\u0000b", None),
        ("a\u202eb", None),
        ("", None),
        (7, None),
        (["a"], None),
    ],
)
async def test_an_events_name_is_kept_with_the_learner(
    start: Start, tmp_path: Path, given: Any, kept: str | None
) -> None:
    client = await start()
    held = await framed(client, event=given)
    assert event_of(tmp_path / "tutor.db") == kept
    await framed(client, resume=held["resume"])
    assert event_of(tmp_path / "tutor.db") == kept


async def test_the_last_event_is_the_learners_and_greets_nobody_twice(
    start: Start, tmp_path: Path
) -> None:
    client = await start()
    held = await framed(client, event="Monday")
    await framed(client, resume=held["resume"], event="Tuesday")
    assert event_of(tmp_path / "tutor.db") == "Tuesday"
    assert len((await activities(client, held))[0]) == 1
