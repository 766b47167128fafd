"""The own page's session: what ends it ends everything that was given for it, and nothing more."""

import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import jwt
import pytest
from aiohttp import WSMsgType
from limits import RateLimitItemPerMinute

from bot import admin
from bot.page import directline, tokens
from bot.turns.workers import Workers
from tests.channel.conftest import Client, Clock, Start, serve, texts
from tests.channel.test_page import activities, bearer, say, session, stranger
from tests.waiting import LONGEST_S


@asynccontextmanager
async def other_browser(client: Client) -> AsyncIterator[Client]:
    """Somebody else's browser at the same tutor."""
    made = stranger(client)
    yield made
    await made.session.close()


async def link(client: Client) -> str:
    """A link's code."""
    async with client.post("/api/session/link", json={}) as answer:
        found = re.search(r"resume=([\w-]+)", (await answer.json())["link"])
    assert found
    return found[1]


def stream(held: dict[str, Any]) -> str:
    return f"/directline/conversations/{held['conversationId']}/stream?t={held['token']}"


async def closing_code(socket: Any) -> int:
    """With what a stream is closed; what comes before must tell nothing."""
    while True:
        frame = await socket.receive(timeout=LONGEST_S)
        if frame.type in (WSMsgType.CLOSE, WSMsgType.CLOSING, WSMsgType.CLOSED):
            return int(socket.close_code)
        assert "after the end" not in frame.data


async def statuses(client: Client, held: dict[str, Any]) -> set[int]:
    """What every route answers to a token."""
    path = f"/directline/conversations/{held['conversationId']}"
    asked: list[tuple[str, str, Any]] = [
        ("POST", "/directline/tokens/refresh", None),
        ("POST", "/directline/conversations", None),
        ("GET", path, None),
        ("GET", f"{path}/activities", None),
        ("GET", stream(held), None),
        *(("POST", f"{path}/activities", {"type": kind}) for kind in ("message", "event")),
    ]
    found = set()
    for method, where, body in asked:
        async with client.request(method, where, json=body, headers=bearer(held)) as answer:
            found.add(answer.status)
            assert answer.status != 403 or (await answer.json())["error"]["message"]
    return found


def ends(told: dict[str, Any]) -> int:
    claims = jwt.decode(told["token"], options={"verify_signature": False})
    return int(claims["exp"])


async def test_a_token_is_no_way_to_a_later_one(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = await start()
    monkeypatch.setattr(tokens, "TOKEN_S", 600)
    held = await session(client)
    monkeypatch.setattr(tokens, "TOKEN_S", 1800)
    path = f"/directline/conversations/{held['conversationId']}"
    for method, where in (
        ("POST", "/directline/tokens/refresh"),
        ("POST", "/directline/conversations"),
        ("GET", path),
    ):
        # Schemes are told in any case (RFC 9110).
        headers = {"Authorization": f"bearer {held['token']}"}
        async with client.request(method, where, headers=headers) as answer:
            assert answer.status in (200, 201)
            told = await answer.json()
            assert ends(told) == ends(held)
            assert told["expiresIn"] <= 600
    assert ends(await session(client)) > ends(held) + 1000


async def test_a_stream_ends_with_its_token(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "TOKEN_S", 2)
    client = await start()
    held = await session(client)
    async with client.ws_connect(stream(held)) as socket:
        await socket.receive_json(timeout=LONGEST_S)
        assert await closing_code(socket) != directline.SIGNED_OUT
    assert await statuses(client, held) == {403}


async def test_two_browsers_and_one_forgotten(
    start: Start, database: str, workers: Workers, clock: Clock
) -> None:
    one = await start(DATABASE_URL=database)
    two = await serve(workers, clock, DATABASE_URL=database)  # another instance
    laptop = await session(one)
    async with other_browser(one) as browser:
        phone = await session(browser, resume=await link(one))
        assert phone["userId"] == laptop["userId"]
        async with (
            two.ws_connect(stream(laptop)) as lost,
            two.ws_connect(stream(phone)) as kept,
        ):
            for socket in (lost, kept):
                await socket.receive_json(timeout=LONGEST_S)
            await one.post("/api/session/revoke", json={"here": True})
            assert await closing_code(lost) == directline.SIGNED_OUT
            assert await statuses(one, laptop) == {403}
            assert await statuses(two, laptop) == {403}
            assert await say(two, phone, text="my secret thought") == 200
            heard: list[Any] = []
            while "my secret thought" not in texts(heard):
                heard += (await kept.receive_json(timeout=LONGEST_S))["activities"]
        # Signing out everywhere ends the rest, also a link that nobody used.
        code = await link(browser)
        async with one.ws_connect(stream(phone)) as socket:
            await browser.post("/api/session/revoke", json={})
            assert await say(one, phone, text="this comes after the end") == 403
            assert await closing_code(socket) == directline.SIGNED_OUT
        assert await statuses(two, phone) == {403}
        anew = await session(browser, resume=code)
        assert anew["userId"] != phone["userId"]
    await two.close()


async def test_a_deleted_learners_page_begins_anew(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, no_fault: None
) -> None:
    del no_fault
    client = await start()
    held = await session(client)
    await say(client, held, text="begin")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/tutor.db")
    learner = held["userId"].removeprefix("dl_")
    async with client.ws_connect(stream(held)) as socket:
        await socket.receive_json(timeout=LONGEST_S)
        assert admin.main(["delete", learner, "--yes"]) == 0
        assert await closing_code(socket) == directline.SIGNED_OUT
    assert await statuses(client, held) == {403}
    anew = await session(client)
    assert anew["anew"] is True
    assert "Begin Exercise" in texts((await activities(client, anew))[0])
    assert "anew" not in await session(client)


async def test_an_operator_signs_a_learner_out(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = await start()
    held = await session(client)
    await say(client, held, text="begin")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/tutor.db")
    assert admin.main(["revoke", held["userId"].removeprefix("dl_")]) == 0
    assert await statuses(client, held) == {403}
    assert (await session(client))["userId"] != held["userId"]


def enrolled(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "tutor.db")) as db:
        return int(db.execute("SELECT count(*) FROM learner").fetchone()[0])


async def test_a_refused_visit_spends_no_link_and_enrols_nobody(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = await start()
    held = await session(client)
    code = await link(client)
    async with other_browser(client) as phone:
        with monkeypatch.context() as limited:
            limited.setattr("bot.page.resume.OPENING", (RateLimitItemPerMinute(0),) * 2)
            for body in ({"resume": code}, {}):
                async with phone.post("/api/session", json=body) as answer:
                    assert (answer.status, "Set-Cookie" in answer.headers) == (429, False)
        for busy in ("bot.turns.service.LONGEST_QUEUE",):
            with monkeypatch.context() as limited:
                limited.setattr(busy, 0)
                for body in ({"resume": code}, {}):
                    async with phone.post("/api/session", json=body) as answer:
                        assert answer.status == 503
        assert enrolled(tmp_path) == 1
        assert (await session(phone, resume=code))["userId"] == held["userId"]


async def test_an_answer_that_got_lost_is_given_again(start: Start, tmp_path: Path) -> None:
    client = await start()
    held = await session(client)
    visit, code = "a-name-that-nobody-guesses", await link(client)
    async with other_browser(client) as phone, other_browser(client) as thief:
        lost = await session(phone, resume=code, visit=visit)
        phone.session.cookie_jar.clear()  # the answer, with its cookie, never came
        assert (await session(thief, resume=code))["userId"] != held["userId"]
        assert (await session(thief, resume=code, visit="short"))["userId"] != held["userId"]
        again = await session(phone, resume=code, visit=visit)
        assert again["userId"] == held["userId"]
        assert again["carried"] == {}
        assert await statuses(phone, again) != {403}
        assert lost["userId"] == again["userId"]
    before = enrolled(tmp_path)
    async with other_browser(client) as fresh:
        first = await session(fresh, visit=visit + "2")
        fresh.session.cookie_jar.clear()
        assert (await session(fresh, visit=visit + "2"))["userId"] == first["userId"]
    assert enrolled(tmp_path) == before + 1


async def test_who_opens_somebodys_link_is_told_whose_place_it_is(start: Start) -> None:
    client = await start()
    sender = await session(client)
    for words in ("begin", "next"):
        assert await say(client, sender, text=words) == 200
    async with other_browser(client) as browser:
        own = await session(browser)  # began, and has nothing to lose yet
        assert "carried" not in own
        told = await session(browser, resume=await link(client))
        assert told["userId"] == sender["userId"]
        assert set(told["carried"]) == {"phase", "step"}
        assert "carried" not in await session(browser)
        mine = await session(browser, begin=True)
        assert mine["userId"] not in (sender["userId"], own["userId"])
        assert "anew" not in mine
        assert await statuses(client, told) == {403}
    assert (await session(client))["userId"] == sender["userId"]


async def test_behind_https_no_other_host_sets_the_cookie(start: Start) -> None:
    client = await start(PUBLIC_URL="https://tutor.example")
    headers = {"Origin": "https://tutor.example"}
    async with client.post("/api/session", json={"frame": True}, headers=headers) as answer:
        held = await answer.json()
    # What a browser kept by the former name is traded, once.
    former = {**headers, "Cookie": f"tutor_resume={held['resume']}"}
    async with client.post("/api/session", json={}, headers=former) as answer:
        again = await answer.json()
        cookies = answer.headers.getall("Set-Cookie")
    assert again["userId"] == held["userId"]
    assert "carried" in again
    kept = next(c for c in cookies if c.startswith("__Host-tutor_resume="))
    assert "Secure" in kept
    assert "Path=/" in kept
    assert "HttpOnly" in kept
    assert "Domain" not in kept
    assert any(re.match('tutor_resume=(""|);', c) for c in cookies)
    async with client.post("/api/session", json={}, headers=former) as answer:
        assert (await answer.json())["userId"] != held["userId"]


async def test_a_link_in_a_frame_gives_a_secret_of_its_own(start: Start) -> None:
    client = await start()
    held = await session(client)
    code = await link(client)
    framed = await session(client, frame=True, resume=code)
    assert framed["userId"] == held["userId"]
    assert framed["resume"] != code
    again = await session(client, frame=True, resume=framed["resume"])
    assert (again["userId"], again["resume"]) == (held["userId"], framed["resume"])
