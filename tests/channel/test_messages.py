"""`/api/messages`: what any Bot Framework channel sends, and what comes back."""

import asyncio
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

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
    for _ in range(100):
        if not connector.statuses:
            break
        await asyncio.sleep(0.02)
    await asyncio.sleep(0.1)
    await talk.send(talk.activity(text="begin"))
    await connector.until(2)
    assert "Phase 1" in texts(connector.sent[-1])


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
    ],
)
async def test_a_malformed_activity_is_told_what_is_wrong(
    start: Start, connector: Connector, broken: dict[str, Any]
) -> None:
    talk = Talk(await start(), connector)
    status, answer = await talk.send({**talk.activity(text="hi"), **broken})
    assert status == 400
    assert next(iter(broken)) in answer["error"]["message"]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b"\xff\xfe", b"[" * 100_000])
async def test_what_is_no_json_object_is_refused(start: Start, body: bytes) -> None:
    client = await start()
    async with client.post("/api/messages", data=body) as answer:
        assert answer.status == 400
        assert (await answer.json())["error"]["message"]


async def test_a_huge_body_is_refused(start: Start) -> None:
    client = await start()
    async with client.post("/api/messages", data=b'{"type":"' + b"x" * 400_000 + b'"}') as answer:
        assert answer.status == 413


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
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
        ]
    ),
    JSON,
    max_size=4,
)


async def test_no_body_makes_the_tutor_fail(start: Start, connector: Connector) -> None:
    talk = Talk(await start(), connector)
    bodies: list[dict[str, Any]] = []

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(PARTS)
    def collect(parts: dict[str, Any]) -> None:
        bodies.append({**talk.activity(text="hi"), **parts})

    collect()
    for body in bodies:
        status, _ = await talk.send(body)
        assert status < 500, body


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
