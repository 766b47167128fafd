"""The same turns on a real PostgreSQL."""

import asyncio
import json
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import create_engine, insert, text
from sqlalchemy.engine import make_url

from bot.store import facts, tables
from bot.store.database import open_store
from bot.store.facts import StoredFact
from bot.turns import recovery
from bot.turns.workers import Workers
from dialogs.values.facts import LessonStarted
from tests.channel.conftest import Clock, Connector, Start, Talk, card_of, serve, texts
from tests.channel.test_page import activities, bearer, say, session
from tests.waiting import LONGEST_S


async def test_a_lesson_goes_on_after_a_restart(
    start: Start, connector: Connector, database: str
) -> None:
    talk = Talk(await start(DATABASE_URL=database), connector)
    await talk.say("hi")
    card = card_of(await talk.say("begin"))
    told = await talk.press(card, "Next")
    assert "How the work goes" in texts(told)
    assert await talk.press(card, "Next") == []
    talk.client = await start(DATABASE_URL=database)
    assert "How the work goes" in texts(await talk.say("hello"))


async def test_turns_of_one_learner_at_once_all_count(
    start: Start, connector: Connector, database: str
) -> None:
    talk = Talk(await start(DATABASE_URL=database), connector, "busy")
    await talk.say("hi")
    await talk.say("begin")
    bodies = [
        talk.activity(text="what is a baseline", deliveryMode="expectReplies") for _ in range(6)
    ]
    answers = await asyncio.gather(*(talk.send(b) for b in bodies))
    assert [status for status, _ in answers] == [200] * 6
    assert all("baseline" in texts(answer) for _, answer in answers)


async def test_one_activity_that_comes_many_times_at_once_is_one_turn(
    start: Start, connector: Connector, database: str
) -> None:
    talk = Talk(await start(DATABASE_URL=database), connector, "twice")
    # Also for somebody new: one learner, one conversation, one greeting.
    for words in ("hi", "begin"):
        body = talk.activity(text=words)
        answers = await asyncio.gather(*(talk.send(body) for _ in range(6)))
        assert [status for status, _ in answers] == [202] * 6
    await connector.until(3)
    await asyncio.sleep(0.3)
    assert [a["type"] for a in connector.sent] == ["message", "typing", "message"]


async def test_an_activity_that_two_instances_get_at_once_is_one_turn(
    start: Start, connector: Connector, database: str, workers: Workers, clock: Clock
) -> None:
    one = Talk(await start(DATABASE_URL=database), connector, "both")
    second = await serve(workers, clock, DATABASE_URL=database)
    two = Talk(second, connector, "both")
    for count, words in enumerate(("hi", "begin", "next"), 1):
        body = one.activity(text=words, deliveryMode="expectReplies")
        (_, first), (_, other) = await asyncio.gather(one.send(body), two.send(body))
        assert first == other, count
        assert first["activities"]
    await second.close()
    assert connector.sent == []


async def test_what_it_can_not_keep_is_refused(
    start: Start, connector: Connector, database: str
) -> None:
    talk = Talk(await start(DATABASE_URL=database), connector, "zero")
    assert await talk.say("hi")
    await talk.say("begin")
    assert await talk.say("zero \0 character")
    for part in ("from", "conversation"):
        status, answer = await talk.send(talk.activity(text="hi", **{part: {"id": "a\0b"}}))
        assert (status, f"{part}.id" in answer["error"]["message"]) == (400, True)


async def test_a_page_on_one_instance_gets_what_another_one_says(
    start: Start, connector: Connector, database: str, workers: Workers, clock: Clock
) -> None:
    one = await start(DATABASE_URL=database)
    second = await serve(workers, clock, DATABASE_URL=database)
    held = await session(one)
    url = f"/directline/conversations/{held['conversationId']}/stream?t={held['token']}"
    async with one.ws_connect(url) as socket:
        await socket.receive_json(timeout=LONGEST_S)
        began = time.monotonic()
        assert await say(second, held, text="begin") == 200
        got: list[Any] = []
        while not any("Learning goals" in texts(a) for a in got):
            got += (await socket.receive_json(timeout=LONGEST_S))["activities"]
        assert time.monotonic() - began < 3
        mark = got[-1]["id"]
    # The page comes back to the other instance, and misses nothing.
    await say(one, held, text="help")
    answers, _ = await activities(second, held, "0")
    assert mark in [a["id"] for a in answers]
    assert "Help with this step" in texts(answers[-1])
    assert connector.sent == []
    await second.close()


async def test_a_page_misses_nothing_while_the_news_of_other_instances_are_cut_off(
    start: Start, connector: Connector, database: str, workers: Workers, clock: Clock
) -> None:
    one = await start(DATABASE_URL=database)
    second = await serve(workers, clock, DATABASE_URL=database)
    held = await session(one)
    url = f"/directline/conversations/{held['conversationId']}"
    stream = f"{url}/stream?t={held['token']}"
    engine = create_engine(make_url(database).set(drivername="postgresql+psycopg"))
    async with one.ws_connect(stream) as socket:
        seen = (await socket.receive_json(timeout=LONGEST_S))["activities"]
        with engine.connect() as db:  # nobody listens for a while
            listening = "FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"
            cut = db.execute(text(f"SELECT pg_terminate_backend(pid) {listening}")).all()
            assert len(cut) >= 2
        for words in ("begin", "next"):
            assert await say(second, held, text=words) == 200
        while not any("How the work goes" in texts(a) for a in seen):
            frame = await socket.receive_json(timeout=LONGEST_S)
            seen += frame["activities"]
    engine.dispose()
    # Meanwhile the page is away; it comes back to the other instance with its watermark.
    assert await say(one, held, text="help") == 200
    query = {"watermark": frame["watermark"]}
    async with second.get(url, params=query, headers=bearer(held)) as answer:
        again = (await answer.json())["streamUrl"]
    path = again.partition("/directline")
    async with second.ws_connect("".join(path[1:])) as socket:
        seen += (await socket.receive_json(timeout=LONGEST_S))["activities"]
    everything, _ = await activities(second, held, "0")
    told = [a["id"] for a in seen if a["type"] != "typing"]
    assert told == [a["id"] for a in everything]
    assert connector.sent == []
    await second.close()


async def test_a_conversations_replies_are_sent_in_order_by_one_of_two_instances(
    start: Start, connector: Connector, database: str, workers: Workers, clock: Clock
) -> None:
    first = Talk(await start(DATABASE_URL=database), connector, "order")
    second_client = await serve(workers, clock, DATABASE_URL=database)
    second = Talk(second_client, connector, "order")
    second.count = 100
    connector.slow_s = [0.5]
    for n in range(6):
        talk = (first, second)[n % 2]
        assert (await talk.send(talk.activity(text=("help", "progress")[n % 2])))[0] == 202
    await connector.until(6)
    await asyncio.sleep(1.5)
    ids = [a["id"] for a in connector.sent]
    assert ids == sorted(set(ids))
    assert len(ids) == 6
    await second_client.close()


async def test_a_slow_conversation_delays_no_other(
    start: Start, connector: Connector, database: str
) -> None:
    client = await start(DATABASE_URL=database)
    slow, quick = Talk(client, connector, "slow"), Talk(client, connector, "quick")
    connector.slow_s = [3.0]
    await slow.send(slow.activity(text="hi"))
    await connector.slowed()
    began = time.monotonic()
    await quick.send(quick.activity(text="hi"))
    await connector.until(1)
    assert time.monotonic() - began < 2
    assert connector.sent[0]["conversation"]["id"] == "talk-quick"


async def test_what_a_dead_instance_left_undone_is_done_by_another(
    start: Start, connector: Connector, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recovery, "LOOK_S", 0.3)
    await start(DATABASE_URL=database)
    name = "emulator|talk-orphan"
    reply = {
        "type": "message",
        "text": "left behind",
        "id": f"{name}|0000001",
        "serviceUrl": connector.url,
        "conversation": {"id": "talk-orphan"},
        "channelId": "emulator",
    }
    url = make_url(database).set(drivername="postgresql+psycopg")
    engine = create_engine(url)
    with engine.begin() as db:  # as a killed instance leaves it
        address = {"channel": "emulator", "learner": "x", "reference": "{}", "surface": "{}"}
        db.execute(
            insert(tables.conversation).values(id=name, seq=1, is_open=True, slots="{}", **address)
        )
        row = {"conversation": name, "seq": 1, "waiting": True, "doc": json.dumps(reply)}
        db.execute(insert(tables.activity).values(row))
    engine.dispose()
    await connector.until(1)
    assert connector.sent[0]["text"] == "left behind"


def test_a_reader_misses_no_fact_that_is_committed_late(database: str) -> None:
    open_store(database).close()
    engine = create_engine(make_url(database).set(drivername="postgresql+psycopg"))
    happened = LessonStarted(lesson="l", run=1, at=datetime.now(UTC), version="v")

    def stored(learner: str) -> StoredFact:
        return StoredFact(happened, learner, 1, 0, "emulator", None, "en", "v")

    with engine.connect() as slow, ThreadPoolExecutor(1) as pool:
        turn = slow.begin()
        facts.append(slow, [stored("late-in")])
        with engine.begin() as quick:
            facts.append(quick, [stored("quick")])

        def read() -> list[str]:
            with engine.begin() as db:
                learners = [one.learner for _, one in facts.after(db, 0)]
                return [name for name in learners if name in {"late-in", "quick"}]

        reading = pool.submit(read)
        time.sleep(0.3)
        assert not reading.done(), "it waits for the turn under way"
        turn.commit()
        assert reading.result() == ["late-in", "quick"]
    engine.dispose()
