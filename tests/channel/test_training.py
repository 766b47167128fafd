"""What workers cook and what time brings, over the wire."""

import asyncio
import json
import re
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.turns.workers import Workers
from content.lesson import JsonlStep
from dialogs.steps import lab
from dialogs.work.training_set import Written
from tests.channel.conftest import (
    Clock,
    Connector,
    Start,
    Talk,
    serve,
    serving_connector,
    texts,
)
from tests.channel.journey import Journey
from tests.channel.test_telemetry import Receiver, about, receiver
from tests.waiting import until

__all__ = ["receiver"]

Rejoin = Callable[[Talk], Journey]


@pytest.fixture(scope="module")
def at_the_lab(tmp_path_factory: pytest.TempPathFactory, workers: Workers) -> Path:
    """A database with a learner who came by cards and words to the first training."""
    file = tmp_path_factory.mktemp("lab") / "tutor.db"

    async def go() -> None:
        async with serving_connector() as connector:
            database = f"sqlite:///{file}"
            client = await serve(workers, Clock(), DATABASE_URL=database)
            await Journey(Talk(client, connector), database).until("lab")
            await client.close()
            assert connector.sent == []

    asyncio.run(go())
    return file


@pytest.fixture
def rejoin(at_the_lab: Path, tmp_path: Path) -> Rejoin:
    """Make the learner at the lab go on in a test's own tutor."""
    shutil.copy(at_the_lab, tmp_path / "tutor.db")

    def go_on(talk: Talk) -> Journey:
        talk.count = 1000
        return Journey(talk, f"sqlite:///{tmp_path}/tutor.db")

    return go_on


def ids(activities: list[dict[str, Any]]) -> list[str]:
    return [a["id"] for a in activities]


async def test_a_runs_result_is_in_the_answer_and_in_its_repetition(
    start: Start, connector: Connector, rejoin: Rejoin
) -> None:
    talk = Talk(await start(), connector)
    learner = rejoin(talk)
    await learner.look()
    body = talk.activity(deliveryMode="expectReplies", **learner.right())
    first = (await talk.send(body))[1]["activities"]
    assert "/charts/" in json.dumps(first)
    assert len(lab.State.of(learner.scene().record.state).runs) == 1
    assert (await talk.send(body))[1]["activities"] == first
    assert ids(first) == sorted(set(ids(first)))
    assert connector.sent == []

    # The picture of its curves is there for whoever has its address, and for no changed address.
    chart = re.search(r"/charts/[^\"]+", json.dumps(first))
    assert chart
    async with talk.client.get(chart[0]) as answer:
        assert (answer.status, answer.content_type) == (200, "image/png")
    forged = chart[0].replace("/charts/", "/charts/0")
    async with talk.client.get(forged) as answer:
        assert answer.status == 404


async def test_a_training_under_way_at_the_stop_is_finished_after_the_start(
    start: Start, connector: Connector, rejoin: Rejoin
) -> None:
    talk = Talk(await start(), connector)
    learner = rejoin(talk)
    await learner.look()
    status, _ = await talk.send(talk.activity(**learner.right()))
    assert status == 202
    talk.client = await start()
    told = await connector.until(2)
    assert "/charts/" in json.dumps(told[-1])
    assert ids(told) == sorted(set(ids(told)))
    assert len(lab.State.of(learner.scene().record.state).runs) == 1


async def test_a_training_is_measured_in_the_trace_of_the_turn_that_asked_for_it(
    start: Start, connector: Connector, rejoin: Rejoin, receiver: Receiver
) -> None:
    talk = Talk(await start(OTEL_EXPORTER_OTLP_ENDPOINT=receiver.url), connector)
    learner = rejoin(talk)
    await learner.look()
    await talk.send(talk.activity(deliveryMode="expectReplies", **learner.right()))
    await talk.client.close()
    (compute,) = receiver.named("compute")
    asked, told = sorted(
        (turn for turn in receiver.named("turn") if turn.trace_id == compute.trace_id),
        key=lambda turn: turn.start_time_unix_nano,
    )
    assert compute.parent_span_id == asked.span_id
    assert about(asked)["tutor.event"] == "pressed"
    assert about(told)["tutor.event"] == "computed"


async def test_a_jobs_progress_comes_by_itself_in_order(
    start: Start, connector: Connector, rejoin: Rejoin, clock: Clock
) -> None:
    talk = Talk(await start(), connector)
    learner = rejoin(talk)
    await learner.until("job")
    assert connector.sent == []
    body = talk.activity(**learner.right())
    assert (await talk.send(body))[0] == 202
    started = len(await connector.until(1))
    connector.statuses = [429, 500]  # a busy channel loses nothing of it

    def has_passed() -> bool:
        clock.ahead += timedelta(minutes=10)
        return learner.scene().record.status == "passed"

    await until(has_passed, every_s=0.3)
    told = await connector.until(started + 1)
    await asyncio.sleep(0.2)
    assert ids(told) == sorted(set(ids(told)))
    assert "/charts/" in json.dumps(told)
    assert all(a["conversation"] == {"id": "talk-user1"} for a in told)
    # Where nobody asked just now there is nothing to reply to.
    assert "replyToId" not in told[-1]


async def test_progress_that_no_post_brought_is_in_the_next_answer(
    start: Start, connector: Connector, rejoin: Rejoin, clock: Clock
) -> None:
    talk = Talk(await start(), connector)
    learner = rejoin(talk)
    await learner.until("job")
    # As a client whose service URL takes nothing just now.
    connector.statuses, connector.retry_after = [503] * 99, "60"
    await talk.send(talk.activity(deliveryMode="expectReplies", **learner.right()))

    def has_passed() -> bool:
        clock.ahead += timedelta(minutes=10)
        return learner.scene().record.status == "passed"

    await until(has_passed, every_s=0.3)
    told = await talk.say("progress")
    assert "/charts/" in json.dumps(told[:-1])
    assert ids(told) == sorted(set(ids(told)))
    connector.statuses = []
    await talk.say("help")
    await asyncio.sleep(0.5)
    assert connector.sent == [], "nothing comes twice"


async def test_the_training_set_is_downloaded_by_its_own_link_alone(
    start: Start, connector: Connector, rejoin: Rejoin
) -> None:
    talk = Talk(await start(), connector)
    learner = rejoin(talk)
    # The same word again might be taken for a channel's retry.
    said = json.dumps([await talk.say(("back", "previous")[n % 2]) for n in range(12)])
    found = re.search(r"/files/([\w.]+)\.(\w+)/polite-chatbot/training-set\.jsonl", said)
    assert found, texts(json.loads(said))[:500]
    async with talk.client.get(found[0]) as answer:
        assert answer.status == 200
        assert "attachment" in answer.headers["Content-Disposition"]
        lines = (await answer.text()).splitlines()
    assert len(lines) >= 10
    assert all({m["role"] for m in json.loads(line)["messages"]} >= {"user"} for line in lines)
    for forged in (found[2][:-1] + "x", "", "0" * len(found[2])):
        path = f"/files/{found[1]}.{forged}/polite-chatbot/training-set.jsonl"
        async with talk.client.get(path) as answer:
            assert answer.status == 404
    assert learner.scene().progress.started


async def test_no_sentence_of_a_deleted_learner_is_left_in_any_table(
    start: Start, connector: Connector, rejoin: Rejoin, tmp_path: Path
) -> None:
    talk = Talk(await start(), connector)
    learner = rejoin(talk)
    await learner.look()
    await talk.send(talk.activity(deliveryMode="expectReplies", **learner.right()))
    scene = learner.scene()
    steps = scene.lesson.steps_of(JsonlStep)
    written = [Written.of(scene.progress.record(step.id).state).text for step in steps]
    (line, *_) = [text for text in written if text]
    sentence = json.loads(line)["messages"][-1]["content"]
    assert sentence in dump(tmp_path / "tutor.db")
    assert "training" in dump(tmp_path / "tutor.db")
    await talk.say("delete my data")
    assert "is deleted" in texts(await talk.say("yes"))
    left = dump(tmp_path / "tutor.db")
    assert sentence not in left
    assert line not in left
    assert scene.learner not in left


def dump(file: Path) -> str:
    """All rows of a database, as text."""
    with closing(sqlite3.connect(file)) as db:
        tables = db.execute("SELECT name FROM sqlite_master WHERE type='table'")
        names = [name for (name,) in tables]
        rows = [row for name in names for row in db.execute(f'SELECT * FROM "{name}"')]
    return json.dumps(rows, default=str, ensure_ascii=False).replace("\\", "")
