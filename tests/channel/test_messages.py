"""`/api/messages`: what any Bot Framework channel sends, and what comes back."""

import asyncio
import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientTimeout
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.channels import delivery
from bot.turns import recovery
from tests.channel.conftest import Connector, Start, Talk, card_of, data, texts

ADDED = {"membersAdded": [{"id": "user1"}]}


async def test_a_new_learner_is_greeted_once(start: Start, connector: Connector) -> None:
    talk = Talk(await start(), connector)
    for _ in range(2):
        status, _ = await talk.send(talk.activity(type="conversationUpdate", **ADDED))
        assert status == 202
    await connector.until(1)
    await asyncio.sleep(0.3)
    assert len(connector.sent) == 1
    greeting = connector.sent[0]
    assert "Fine-Tuning AI Models: A Practical Simulation" in texts(greeting)
    assert greeting["replyToId"] == "user1-1"
    assert greeting["recipient"]["id"] == "user1"


async def test_the_bots_own_arrival_is_no_learners(start: Start, connector: Connector) -> None:
    talk = Talk(await start(), connector)
    body = talk.activity(type="conversationUpdate", membersAdded=[{"id": "bot1"}])
    assert (await talk.send(body))[0] == 202
    await asyncio.sleep(0.2)
    assert connector.sent == []


async def test_replies_come_in_order_and_typing_first(start: Start, connector: Connector) -> None:
    talk = Talk(await start(), connector)
    await talk.send(talk.activity(text="hi"))
    await connector.until(1)
    assert (await talk.send(talk.activity(text="begin")))[0] == 202
    await connector.until(3)
    assert [a["type"] for a in connector.sent] == ["message", "typing", "message"]
    assert "Phase 1" in texts(connector.sent[2])


async def test_expected_replies_are_in_the_answer_and_nowhere_else(
    start: Start, connector: Connector
) -> None:
    talk = Talk(await start(), connector)
    await talk.say("hi")
    card = card_of(await talk.say("begin"))
    assert "Learning goals" in texts(card)
    card = card_of(await talk.press(card, "Next"))
    assert "How the work goes" in texts(card)
    await asyncio.sleep(0.2)
    assert connector.sent == []


async def test_an_activity_that_comes_twice_is_answered_once(
    start: Start, connector: Connector
) -> None:
    talk = Talk(await start(), connector)
    await talk.say("hi")
    body = talk.activity(text="begin", deliveryMode="expectReplies")
    first, again = (await talk.send(body))[1], (await talk.send(body))[1]
    assert first == again
    assert len(first["activities"]) == 2


async def test_a_double_click_gets_silence_and_an_old_card_kind_words(
    start: Start, connector: Connector
) -> None:
    talk = Talk(await start(), connector)
    await talk.say("hi")
    card = card_of(await talk.say("begin"))
    await talk.press(card, "Next")
    assert await talk.press(card, "Next") == []
    told = await talk.press(card, "Back")
    assert "earlier message" in texts(told)


async def test_somebody_elses_card_is_not_pressed_for_them(
    start: Start, connector: Connector
) -> None:
    client = await start()
    one, two = Talk(client, connector), Talk(client, connector, "user2")
    await one.say("hi")
    card = card_of(await one.say("begin"))
    assert "another learner" in texts(await two.press(card, "Next"))


async def test_a_busy_channel_gets_everything_in_order(start: Start, connector: Connector) -> None:
    talk = Talk(await start(), connector)
    connector.statuses = [500, 429]
    await talk.send(talk.activity(text="hi"))
    await talk.send(talk.activity(text="begin"))
    await connector.until(3)
    assert "Begin Exercise" in json.dumps(connector.sent[0])
    assert "Phase 1" in texts(connector.sent[2])


async def test_a_closed_address_opens_with_the_next_message(
    start: Start, connector: Connector
) -> None:
    talk = Talk(await start(), connector)
    connector.statuses = [404]
    await talk.send(talk.activity(text="hi"))
    await connector.closed()
    await talk.send(talk.activity(text="begin"))
    await connector.until(2)
    assert "Phase 1" in texts(connector.sent[-1])


@pytest.mark.parametrize("status", [403, 404, 410])
async def test_what_was_said_to_a_closed_address_is_shown_again(
    start: Start, connector: Connector, status: int
) -> None:
    talk = Talk(await start(), connector)
    await talk.say("hi")
    card = card_of(await talk.say("begin"))
    connector.statuses = [status]
    press = {"value": data(card, "Next")}
    await talk.send(talk.activity(**press))
    await connector.closed()
    assert connector.sent == []
    # Our own removal opens nothing, whoever comes back sees their step.
    removed = [{"id": "bot1"}]
    await talk.send(talk.activity(type="conversationUpdate", membersRemoved=removed))
    await talk.send(talk.activity(type="conversationUpdate", **ADDED))
    await connector.until(1)
    assert "How the work goes" in texts(connector.sent[0])


async def test_pressing_again_after_a_lost_answer_shows_the_step(
    start: Start, connector: Connector
) -> None:
    talk = Talk(await start(), connector)
    await talk.say("hi")
    press = {"value": data(card_of(await talk.say("begin")), "Next")}
    connector.statuses = [404]
    await talk.send(talk.activity(**press))
    await connector.closed()
    await talk.send(talk.activity(**press))
    await connector.until(1)
    await asyncio.sleep(0.2)
    assert len(connector.sent) == 1
    assert "How the work goes" in texts(connector.sent[0])


async def test_a_known_learner_is_shown_their_step_in_a_new_conversation(
    start: Start, connector: Connector
) -> None:
    talk = Talk(await start(), connector)
    await talk.say("hi")
    await talk.say("begin")
    elsewhere = {"conversation": {"id": "another"}}
    for _ in range(2):
        await talk.send(talk.activity(type="conversationUpdate", **ADDED, **elsewhere))
    await connector.until(1)
    await asyncio.sleep(0.2)
    assert len(connector.sent) == 1
    assert "Learning goals" in texts(connector.sent[0])
    assert connector.tried[0][1].startswith("/v3/conversations/another/")


async def test_a_channel_that_asks_for_time_gets_it(start: Start, connector: Connector) -> None:
    talk = Talk(await start(), connector)
    connector.statuses, connector.retry_after = [429], "1"
    await talk.send(talk.activity(text="hi"))
    await connector.until(1)
    (first, path), (second, again) = connector.tried
    assert second - first >= 0.75
    assert path == again == "/v3/conversations/talk-user1/activities/user1-1"


async def test_a_channel_may_say_until_when_it_wants_time(
    start: Start, connector: Connector
) -> None:
    talk = Talk(await start(), connector)
    until = datetime.now(UTC) + timedelta(seconds=3)
    connector.statuses, connector.retry_after = [503], format_datetime(until, usegmt=True)
    await talk.send(talk.activity(text="hi"))
    await connector.until(1)
    (first, _), (second, _) = connector.tried
    assert second - first >= 1.5
    # What is no time at all is no reason to stop.
    connector.statuses, connector.retry_after = [503], "Wed, 99 Foo 99999 99:99:99 GMT"
    await talk.send(talk.activity(text="help"))
    await connector.until(2)


async def test_what_a_stop_leaves_undelivered_is_delivered_after_the_start(
    start: Start, connector: Connector
) -> None:
    talk = Talk(await start(), connector)
    connector.statuses, connector.retry_after = [503], "60"
    await talk.send(talk.activity(text="hi"))
    await talk.send(talk.activity(text="begin"))
    await connector.closed()
    talk.client = await start()
    await connector.until(3)
    assert [a["id"][-2:] for a in connector.sent] == ["01", "02", "03"]


async def test_a_channel_that_was_away_for_long_gets_its_replies_in_the_end(
    start: Start, connector: Connector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recovery, "LOOK_S", 0.2)
    monkeypatch.setattr(delivery, "PATIENCE_S", (0.01, 0.01))
    talk = Talk(await start(), connector)
    connector.statuses = [503] * 5  # longer than one delivery's patience
    await talk.send(talk.activity(text="hi"))
    await talk.send(talk.activity(text="begin"))
    await connector.until(3)
    assert [a["id"][-2:] for a in connector.sent] == ["01", "02", "03"]


async def test_a_channel_that_does_not_answer_or_cuts_the_line_is_asked_again(
    start: Start, connector: Connector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "TIMEOUT", ClientTimeout(total=0.3))
    talk = Talk(await start(), connector)
    connector.slow_s = [1.0]
    connector.cuts = 2
    await talk.send(talk.activity(text="hi"))
    await talk.send(talk.activity(text="begin"))
    await connector.until(3)
    assert [a["id"][-2:] for a in connector.sent] == ["01", "02", "03"]


async def test_a_normal_delivery_that_comes_twice_is_answered_once(
    start: Start, connector: Connector
) -> None:
    talk = Talk(await start(), connector)
    body = talk.activity(text="hi")
    answers = await asyncio.gather(*(talk.send(body) for _ in range(4)))
    assert [status for status, _ in answers] == [202] * 4
    await connector.until(1)
    await asyncio.sleep(0.2)
    assert len(connector.sent) == 1


async def test_without_an_app_id_only_loopback_is_answered(
    start: Start, connector: Connector
) -> None:
    talk = Talk(await start(), connector)
    status, answer = await talk.send(talk.activity(text="hi", serviceUrl="https://example.com/"))
    assert status == 403
    assert "loopback" in answer["error"]["message"]


async def test_web_alone_closes_the_channel(start: Start, connector: Connector) -> None:
    talk = Talk(await start(CHANNELS="web", HOST="0.0.0.0"), connector)
    status, answer = await talk.send(talk.activity(text="hi"))
    assert (status, "CHANNELS=web" in answer["error"]["message"]) == (403, True)


@pytest.mark.parametrize(
    "broken",
    [
        {"type": None},
        {"type": 7},
        {"from": None},
        {"from": {}},
        {"conversation": "talk"},
        {"conversation": {}},
        {"channelId": ""},
        {"recipient": []},
        {"id": "a\0b"},
        {"conversation": {"id": "x" * 300}},
    ],
)
async def test_a_malformed_activity_is_told_what_is_wrong(
    start: Start, connector: Connector, tmp_path: Path, broken: dict[str, Any]
) -> None:
    talk = Talk(await start(), connector)
    status, answer = await talk.send({**talk.activity(text="hi"), **broken})
    assert status == 400
    assert next(iter(broken)) in answer["error"]["message"]
    assert learners(tmp_path) == 0


@pytest.mark.parametrize("address", ["", "http://[", "ftp://127.0.0.1", "http://127.0.0.1:99999"])
async def test_a_service_url_that_leads_nowhere_is_refused(
    start: Start, connector: Connector, tmp_path: Path, address: str
) -> None:
    talk = Talk(await start(), connector)
    status, answer = await talk.send(talk.activity(text="hi", serviceUrl=address))
    assert status in (400, 403)
    assert answer["error"]["message"]
    assert learners(tmp_path) == 0


def learners(folder: Path) -> int:
    """How many learners are stored."""
    with closing(sqlite3.connect(folder / "tutor.db")) as db:
        found: int = db.execute("select count(*) from learner").fetchone()[0]
        return found


async def test_what_is_no_json_object_is_refused(start: Start, tmp_path: Path) -> None:
    client = await start()
    deep = b'{"type":' + b'{"a":' * 60 + b"1" + b"}" * 61
    infinite = b'{"type": "message", "value": {"n": 1e999}}'
    kind = {"Content-Type": "application/json"}
    for body in (b"", b"{", b"[]", b'"x"', b"\xff\xfe", b"[" * 100_000, deep, infinite):
        async with client.post("/api/messages", data=body, headers=kind) as answer:
            assert answer.status == 400, body[:40]
            assert (await answer.json())["error"]["message"]
    large = b'{"type":"' + b"x" * 400_000 + b'"}'
    async with client.post("/api/messages", data=large, headers=kind) as answer:
        assert answer.status == 413
        assert (await answer.json())["error"]["message"]
    assert learners(tmp_path) == 0


async def test_half_an_emoji_is_read_and_no_fault(start: Start, connector: Connector) -> None:
    talk = Talk(await start(), connector)
    await talk.say("hi")
    half: dict[str, Any] = {"text": "begin \ud83d", "from": {"id": "user1", "name": "\ud83d"}}
    assert await talk.say(**half)
    status, _ = await talk.send(talk.activity(conversation={"id": "\ud83d"}, text="hi"))
    assert status == 202


ANY_TEXT = st.text(st.characters(exclude_categories=[]), max_size=20)  # half characters too
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
PARTS = st.dictionaries(
    st.sampled_from(
        [
            "type",
            "text",
            "value",
            "from",
            "conversation",
            "entities",
            "membersAdded",
            "channelData",
            "locale",
            "recipient",
            "id",
            "deliveryMode",
            "attachments",
            "serviceUrl",
            "channelId",
        ]
    ),
    JSON,
    max_size=4,
)


async def test_no_body_makes_the_tutor_fail(start: Start, connector: Connector) -> None:
    talk = Talk(await start(), connector)
    bodies: list[Any] = []

    @settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
    @given(PARTS, JSON)
    def collect(parts: dict[str, Any], whole: Any) -> None:
        bodies.append({**talk.activity(text="hi"), **parts})
        bodies.append(whole)

    collect()
    for body in bodies:
        status, answer = await talk.send(body)
        assert status < 500, body
        assert status < 400 or answer["error"]["message"], body


async def test_progress_survives_a_restart(start: Start, connector: Connector) -> None:
    talk = Talk(await start(), connector)
    await talk.say("hi")
    await talk.say("begin")
    await talk.say("next")
    talk.client = await start()
    assert "How the work goes" in texts(await talk.say("hello"))


async def test_a_press_carries_its_inputs(start: Start, connector: Connector) -> None:
    talk = Talk(await start(), connector)
    await talk.say("hi")
    await talk.say("begin")
    await talk.say("next")
    card = card_of(await talk.say("next"))
    right = "politeness,accuracy,complaints,tone,jargon"
    told = await talk.press(card, "Check", picked=right)
    assert "Those are the five" in texts(told)
    assert data(card_of(told), "Next")
