"""The own page's Direct Line, session, files and health."""

import json
import re
from pathlib import Path
from typing import Any, cast

import jwt
import pytest
from aiohttp import CookieJar
from aiohttp.test_utils import TestClient

from bot.page import directline, resume, tokens
from tests.channel.conftest import Client, Start, texts
from tests.signed import links
from tests.waiting import LONGEST_S, until_answered


async def session(client: Client, **body: Any) -> dict[str, Any]:
    """Open a session as the page does."""
    async with client.post("/api/session", json={"locale": "en", **body}) as answer:
        assert answer.status == 200
        found: dict[str, Any] = await answer.json()
        return found


def stranger(client: Client) -> Client:
    """Another browser at the same tutor."""
    made: Any = TestClient(client.server, cookie_jar=CookieJar(unsafe=True))
    return cast("Client", made)


def bearer(held: dict[str, Any]) -> dict[str, str]:
    return {"Authorization": f"Bearer {held['token']}"}


async def activities(
    client: Client, held: dict[str, Any], after: str = ""
) -> tuple[list[Any], str]:
    """What the conversation holds behind a watermark."""
    path = f"/directline/conversations/{held['conversationId']}/activities"
    query = {"watermark": after} if after else {}
    async with client.get(path, params=query, headers=bearer(held)) as answer:
        assert answer.status == 200
        told = await answer.json()
        return told["activities"], told["watermark"]


async def say(client: Client, held: dict[str, Any], **activity: Any) -> int:
    path = f"/directline/conversations/{held['conversationId']}/activities"
    body = {"type": "message", "from": {"id": held["userId"]}, **activity}
    async with client.post(path, json=body, headers=bearer(held)) as answer:
        return answer.status


async def test_a_visitor_is_recognised_and_greeted_once(start: Start) -> None:
    client = await start()
    first, again = await session(client), await session(client)
    assert first["userId"] == again["userId"]
    told, _ = await activities(client, again)
    assert len(told) == 1
    assert "Begin Exercise" in json.dumps(told)
    other = stranger(client)
    async with other.post("/api/session", json={}) as answer:
        assert "HttpOnly" in answer.headers["Set-Cookie"]
    await other.session.close()


async def test_the_stream_echoes_answers_and_resumes(start: Start) -> None:
    client = await start()
    held = await session(client)
    url = f"/directline/conversations/{held['conversationId']}/stream?t={held['token']}"
    async with client.ws_connect(url) as socket:
        frame = await socket.receive_json(timeout=LONGEST_S)
        mark = frame["watermark"]
        sent = {"clientActivityID": "c1", "elements": ["Tutor.Step"]}
        assert await say(client, held, text="begin", channelData=sent) == 200
        got: list[Any] = []
        while len(got) < 3:
            frame = await socket.receive_json(timeout=LONGEST_S)
            got += frame["activities"]
        assert got[0]["text"] == "begin"
        assert got[0]["channelData"]["clientActivityID"] == "c1"
        assert got[1]["type"] == "typing"
        assert got[2]["channelData"]["step"]["bar"]["value"] == 1
    async with client.ws_connect(f"{url}&watermark={mark}") as socket:
        frame = await socket.receive_json(timeout=LONGEST_S)
        assert [a["id"] for a in frame["activities"]][-1] == got[2]["id"]


async def test_a_step_leaves_one_card_and_what_was_earlier_is_read_in_parts(start: Start) -> None:
    client = await start()
    knows = {"elements": ["Tutor.Step"]}
    held = await session(client, **knows)
    for text in ("begin", "next", "what is a token?", "back", "next", *["help"] * 20):
        assert await say(client, held, text=text, channelData=knows) == 200
    told, _ = await activities(client, held)
    path = f"/directline/conversations/{held['conversationId']}/activities"
    while (first := told[0]["channelData"]["number"]) > 1:
        query = {"before": str(first)}
        async with client.get(path, params=query, headers=bearer(held)) as answer:
            earlier = (await answer.json())["activities"]
        if not earlier:
            break
        told = [*earlier, *told]
    cards = [one["channelData"]["step"]["id"] for one in told if "step" in one["channelData"]]
    assert len(cards) == len(set(cards)) == 3
    word = next(one for one in told if "token" in one.get("text", ""))
    assert word["channelData"]["at"] == cards[-1]
    async with client.post("/api/session/steps", json={}) as answer:
        menu = await answer.json()
    states = [step["state"] for one in menu["chapters"] for step in one["steps"]]
    assert states[:2] == ["done", "here"]
    done = menu["chapters"][0]["steps"][0]["press"]
    assert await say(client, held, value=done, channelData=knows) == 200
    told, _ = await activities(client, held)
    assert told[-1]["channelData"]["step"]["id"] == cards[1] != cards[-1]


async def test_a_stream_that_broke_misses_nothing(start: Start) -> None:
    client = await start()
    held = await session(client)
    url = f"/directline/conversations/{held['conversationId']}"
    async with client.ws_connect(f"{url}/stream?t={held['token']}") as socket:
        frame = await socket.receive_json(timeout=LONGEST_S)
        seen, mark = frame["activities"], frame["watermark"]
    for words in ("begin", "next", "progress"):
        assert await say(client, held, text=words) == 200
    query = {"watermark": mark}
    async with client.get(url, params=query, headers=bearer(held)) as answer:
        assert answer.status == 200
        again = (await answer.json())["streamUrl"]
    async with client.session.ws_connect(again) as socket:
        frame = await socket.receive_json(timeout=LONGEST_S)
        seen += frame["activities"]
        await say(client, held, text="help")
        while "help" not in [a.get("text") for a in seen]:
            seen += (await socket.receive_json(timeout=LONGEST_S))["activities"]
    everything, _ = await activities(client, held, "0")
    names = [a["id"] for a in seen]
    assert names == [a["id"] for a in everything][: len(names)]
    assert [a["text"] for a in seen if "text" in a] == ["begin", "next", "progress", "help"]


async def test_two_tabs_of_one_learner_both_see_everything(start: Start) -> None:
    client = await start()
    held = await session(client)
    url = f"/directline/conversations/{held['conversationId']}/stream?t={held['token']}"
    async with client.ws_connect(url) as one, client.ws_connect(url) as two:
        await say(client, held, text="begin")
        for socket in (one, two):
            got: list[Any] = []
            while not any("Learning goals" in texts(a) for a in got):
                got += (await socket.receive_json(timeout=LONGEST_S))["activities"]


async def test_a_learner_has_no_endless_number_of_streams(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(directline, "MOST_STREAMS", 2)
    client = await start()
    held = await session(client)
    url = f"/directline/conversations/{held['conversationId']}/stream?t={held['token']}"
    async with client.ws_connect(url), client.ws_connect(url), client.get(url) as answer:
        assert answer.status == 429
        assert int(answer.headers["Retry-After"]) > 0

    async def is_free() -> bool:
        async with client.get(url) as answer:
            return answer.status != 429

    await until_answered(is_free)
    async with client.ws_connect(url) as socket:
        await socket.receive_json(timeout=LONGEST_S)


async def test_the_history_keeps_no_more_than_an_honest_page_sends(start: Start) -> None:
    client = await start()
    held = await session(client)
    sent = {"clientActivityID": "c1"}
    large = {"text": "x" * 9_000, "value": {"a": "x" * 90_000}, "channelData": sent}
    assert await say(client, held, **large) == 200
    assert await say(client, held, text="hi", channelData={"x": "x" * 90_000}) == 200
    told, _ = await activities(client, held, "1")
    mine = [a for a in told if a["from"]["id"] == held["userId"]]
    assert mine[0]["channelData"] == {
        **sent,
        "at": "polite-chatbot start",
        "webchat:sequence-id": 2,
        "number": 2,
    }
    assert mine[0]["text"] == "x" * 8_000 + " …"
    assert len(json.dumps(mine)) < 10_000


async def test_one_learners_data_is_in_no_cache_and_scripts_are_asked_for_again(
    start: Start,
) -> None:
    client = await start()
    held = await session(client)
    path = f"/directline/conversations/{held['conversationId']}"
    for private in ("/", "/healthz", "/nothing", path, f"{path}/activities"):
        async with client.get(private, headers=bearer(held)) as answer:
            assert answer.headers["Cache-Control"] == "no-store", private
    async with client.get("/static/page.js") as answer:
        assert answer.headers["Cache-Control"] == "no-cache"
        known = {"If-None-Match": answer.headers["ETag"]}
    async with client.get("/static/page.js", headers=known) as answer:
        assert answer.status == 304


async def test_the_same_post_twice_is_one_turn(start: Start) -> None:
    client = await start()
    held = await session(client)
    for _ in range(2):
        assert await say(client, held, text="begin", channelData={"clientActivityID": "c1"}) == 200
    told, _ = await activities(client, held)
    assert [a.get("text") for a in told].count("begin") == 1
    assert sum("Learning goals" in texts(a) for a in told) == 1


async def test_a_token_opens_only_its_own_conversation(start: Start) -> None:
    client = await start()
    held = await session(client)
    other = stranger(client)
    another = await session(other)
    assert another["userId"] != held["userId"]
    path = f"/directline/conversations/{held['conversationId']}"
    old = jwt.decode(held["token"], options={"verify_signature": False})
    unsigned = jwt.encode(old, "", algorithm="none")
    body = {"type": "message", "text": "begin"}
    for token in (another["token"], unsigned, "garbage", ""):
        headers = {"Authorization": f"Bearer {token}"}
        async with client.get(f"{path}/activities", headers=headers) as answer:
            assert answer.status == 403
        async with client.post(f"{path}/activities", json=body, headers=headers) as answer:
            assert answer.status == 403
            assert (await answer.json())["error"]["message"]
        async with client.get(f"{path}/stream", params={"t": token}) as answer:
            assert answer.status == 403
    await other.session.close()


async def test_an_old_token_opens_nothing_and_a_good_one_is_renewed(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = await start()
    held = await session(client)
    renewing = "/directline/tokens/refresh"
    async with client.post(renewing, headers=bearer(held)) as answer:
        assert (await answer.json())["conversationId"] == held["conversationId"]
    monkeypatch.setattr(tokens, "TOKEN_S", -1)
    late = await session(client)
    for path in (renewing, "/directline/conversations"):
        async with client.post(path, headers=bearer(late)) as answer:
            assert answer.status == 403


async def test_a_conversation_is_opened_as_direct_line_does(start: Start) -> None:
    client = await start()
    held = await session(client)
    async with client.post("/directline/conversations", headers=bearer(held)) as answer:
        assert answer.status == 201
        opened = await answer.json()
    assert opened["conversationId"] == held["conversationId"]
    async with client.session.ws_connect(opened["streamUrl"]) as socket:
        frame = await socket.receive_json(timeout=LONGEST_S)
    assert "Begin Exercise" in json.dumps(frame)


async def test_a_resume_link_carries_the_learner_once_and_can_be_revoked(start: Start) -> None:
    client = await start()
    held = await session(client)
    async with client.post("/api/session/link", json={}) as answer:
        code = re.search(r"resume=([\w-]+)", (await answer.json())["link"])
    assert code
    phone = stranger(client)
    assert (await session(phone, resume=code[1]))["userId"] == held["userId"]
    third = stranger(client)
    assert (await session(third, resume=code[1]))["userId"] != held["userId"]
    await client.post("/api/session/revoke", json={})
    assert (await session(phone))["userId"] != held["userId"]
    await phone.session.close()
    await third.session.close()


async def test_a_link_takes_nobodys_place_without_being_asked(start: Start) -> None:
    client = await start()
    other = stranger(client)
    await session(other)
    async with other.post("/api/session/link", json={}) as answer:
        link = (await answer.json())["link"].partition("resume=")[2]
    held = await session(client)
    for words in ("begin", "next", "next", "1, 2"):
        assert await say(client, held, text=words) == 200
    for _ in range(2):
        async with client.post("/api/session", json={"resume": link}) as answer:
            assert answer.status == 409
            assert "Set-Cookie" not in answer.headers
    assert (await session(client))["userId"] == held["userId"]
    assert (await session(client, resume="made-up"))["userId"] == held["userId"]
    # Who wants it so goes on as the other; the link wasn't spent meanwhile.
    changed = await session(client, resume=link, change=True)
    assert changed["userId"] != held["userId"]
    await other.session.close()


async def test_another_sites_page_opens_no_session(start: Start) -> None:
    client = await start()
    await session(client)
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        for path in ("/api/session", "/api/session/link", "/api/session/revoke"):
            async with client.post(path, json={}, headers=headers) as answer:
                assert answer.status == 403
                assert "Set-Cookie" not in answer.headers


async def test_a_restart_keeps_learner_history_and_tokens(start: Start) -> None:
    client = await start()
    held = await session(client)
    await say(client, held, text="begin")
    jar = client.session.cookie_jar
    code = jar.filter_cookies(client.make_url("/"))[resume.COOKIE].value
    client = await start()
    client.session.cookie_jar.update_cookies({resume.COOKIE: code}, client.make_url("/"))
    again = await session(client)
    assert again["userId"] == held["userId"]
    told, _ = await activities(client, held)
    assert "Learning goals" in texts(told)


async def test_odd_words_from_the_page_hurt_nobody(start: Start) -> None:
    client = await start()
    held = await session(client)
    path = f"/directline/conversations/{held['conversationId']}/activities"
    odd = [
        b'{"type": "message", "text": "\\ud83d", "channelData": {"clientActivityID": "a\\u0000"}}',
        b'{"type": "message", "value": {"tutor": {"do": []}}, "from": 7}',
        b'{"type": "message", "text": null, "attachments": "none"}',
        b'{"type": "message", "value": {"n": NaN}}',
        b'{"type": ["message"]}',
        b"[]",
    ]
    for body in odd:
        headers = {**bearer(held), "Content-Type": "application/json"}
        async with client.post(path, data=body, headers=headers) as answer:
            assert answer.status in (200, 400), body
    async with client.get(path, headers=bearer(held)) as answer:
        strict = json.loads(await answer.text(), parse_constant=pytest.fail)
    assert strict["activities"]


async def test_only_signed_links_give_files(start: Start) -> None:
    client = await start()
    await session(client)
    async with client.get("/files/nobody.0000/polite-chatbot/practice.jsonl") as answer:
        assert answer.status == 404


@pytest.mark.parametrize(
    "path",
    [
        "/media/polite-chatbot/..%2Flesson.yaml",
        "/media/polite-chatbot/lesson.yaml",
        "/media/nothing/learning.png",
        "/static/../settings.py",
        "/static/..%2Fsettings.py",
        "/charts/0000.abc.png",
        "/files/x/polite-chatbot/training-set.jsonl",
    ],
)
async def test_nothing_else_is_served(start: Start, path: str) -> None:
    client = await start()
    async with client.get(path) as answer:
        assert answer.status in (403, 404)


async def test_the_page_runs_only_its_own_scripts(start: Start) -> None:
    client = await start()
    async with client.get("/") as answer:
        policy = answer.headers["Content-Security-Policy"]
        page = await answer.text()
    nonce = re.search(r"script-src 'nonce-([\w-]+)'", policy)
    assert nonce
    assert page.count("<script") == page.count(f'nonce="{nonce[1]}"')
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    async with client.get("/media/polite-chatbot/learning.png") as answer:
        assert answer.content_type == "image/png"


async def test_health_tells_whether_turns_can_be_stored(start: Start) -> None:
    client = await start()
    for path in ("/healthz", "/readyz", "/nothing"):
        async with client.get(path) as answer:
            assert answer.status == (404 if path == "/nothing" else 200)
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Referrer-Policy"] == "same-origin"


async def test_a_line_is_checked_while_it_is_written(start: Start, tmp_path: Path) -> None:
    client = await start()
    path = links(tmp_path / "tutor.db", "somebody").check_url("polite-chatbot", "format-login")
    async with client.post(path, json={"text": '{"messages": [],}'}) as answer:
        told = await answer.json()
    assert not told["ok"]
    assert {f["rule"] for f in told["faults"]} >= {"trailing_comma"}
    for other in (path.replace("format-login", "nothing"), path.replace("somebody", "another")):
        async with client.post(other, json={"text": ""}) as answer:
            assert answer.status == 404
    headers = {"Content-Type": "application/json"}
    async with client.post(path, data=b"nonsense", headers=headers) as answer:
        assert answer.status == 400
