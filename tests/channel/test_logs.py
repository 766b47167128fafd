"""What operators read, and what they must not read."""

import asyncio
import errno
import json
import logging
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiohttp import ClientSession
from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from bot.logs import JsonLines, LoopFaults, Words, numbered_turn
from bot.store.database import open_store
from tests.channel.conftest import Connector, Start, Talk, card_of
from tests.channel.test_drain import running
from tests.waiting import LONGEST_S

SECRET = "my dog is called Fenchurch"


@pytest.fixture
def lines() -> Iterator[list[str]]:
    """All that is logged, as JSON lines."""
    told: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            told.append(JsonLines().format(record))

    root, handler = logging.getLogger(), Keep(logging.INFO)
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield told
    root.removeHandler(handler)
    root.setLevel(before)


def turns(lines: list[str]) -> list[dict[str, object]]:
    found = [json.loads(line) for line in lines]
    return [line for line in found if line["message"] == "turn"]


async def test_a_turn_is_one_line_with_what_operators_ask_for(
    start: Start, connector: Connector, lines: list[str]
) -> None:
    talk = Talk(await start(), connector)
    await talk.say("hi")
    await talk.say(f"begin {SECRET}")
    first, second = turns(lines)
    assert first["channel"] == "emulator"
    assert first["event"] == "typed"
    assert first["outcome"] == "answered"
    assert isinstance(first["ms"], float)
    assert first["learner"] == second["learner"]
    assert first["turn"] != second["turn"]
    assert not any(SECRET in line or "user1" in line for line in lines)


async def test_a_pressed_buttons_step_and_outcome_are_told_from_our_own_rows(
    start: Start, connector: Connector, lines: list[str]
) -> None:
    talk = Talk(await start(), connector)
    card = card_of(await talk.say("hi"))
    await talk.press(card, "Begin Exercise")
    body = talk.activity(text="again", id="same")
    await talk.send({**body, "deliveryMode": "expectReplies"})
    await talk.send({**body, "deliveryMode": "expectReplies"})
    told = turns(lines)
    assert [line["outcome"] for line in told][-1] == "repeated"
    assert told[1]["lesson"] == "polite-chatbot"
    assert told[2]["step"]


async def test_what_is_turned_away_is_told_and_may_come_again(
    start: Start, connector: Connector, lines: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    talk = Talk(await start(), connector)
    monkeypatch.setattr("bot.turns.service.LONGEST_QUEUE", 0)
    async with talk.client.post("/api/messages", json=talk.activity(text="hi")) as answer:
        assert answer.status == 503
        assert int(answer.headers["Retry-After"]) > 0
    (told,) = turns(lines)
    assert told["outcome"] == "busy"


async def test_lines_from_the_stores_thread_name_the_turn(
    start: Start, connector: Connector, lines: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = await start()

    def broken(*_: object) -> None:
        raise ValueError(SECRET)

    monkeypatch.setattr("dialogs.tutor.Tutor.converse", broken)
    await Talk(client, connector).say(SECRET)
    told = [json.loads(line) for line in lines]
    failed = next(line for line in told if line["level"] == "error")
    turn = next(line for line in told if line["message"] == "turn")
    assert failed["turn"] == turn["turn"]
    assert turn["outcome"] == "fault"
    assert "ValueError" in failed["error"]
    assert "test_logs.py" in failed["error"]
    assert not any(SECRET in line for line in lines)


async def test_a_request_from_outside_cannot_choose_what_is_logged(
    start: Start, connector: Connector, lines: list[str]
) -> None:
    client = await start()
    headers = {"Content-Type": "application/json"}
    async with client.post("/api/messages", data=SECRET.encode(), headers=headers) as answer:
        assert answer.status == 400
    talk = Talk(client, connector)
    await talk.say("hi")
    press = {"lesson": SECRET, "step": SECRET, "ticket": 1, "digest": "", "learner": "", "do": "x"}
    await talk.send(talk.activity(value={**press, "tutor": press}, deliveryMode="expectReplies"))
    assert not any(SECRET in line for line in lines)


def logged(error: Exception) -> str:
    failed = RuntimeError(SECRET)
    failed.__cause__ = error
    about = (RuntimeError, failed, None)
    record = logging.LogRecord("bot", logging.ERROR, __file__, 1, "failed", (), about)
    return JsonLines().format(record) + Words().format(record)


class Form(BaseModel):
    age: int


def test_an_exception_that_quotes_the_learner_shows_its_kind_and_place_alone() -> None:
    with pytest.raises(ValueError, match="Fenchurch") as caught:
        Form.model_validate({"age": SECRET})
    told = logged(caught.value)
    assert SECRET not in told
    assert "ValidationError" in told


async def test_an_error_of_the_database_tells_its_cause_without_values() -> None:
    store = open_store("sqlite://")
    with pytest.raises(SQLAlchemyError) as caught:
        await store.run(lambda db: db.execute(text("SELECT :a FROM nowhere"), {"a": SECRET}))
    store.close()
    told = logged(caught.value)
    assert "no such table: nowhere" in told
    assert SECRET not in told


async def test_a_channel_that_is_away_is_named() -> None:
    async with ClientSession() as session:
        with pytest.raises(OSError, match="Cannot connect") as caught:
            await session.get("http://127.0.0.1:1/")
    assert "127.0.0.1:1" in logged(caught.value)


def test_words_for_a_terminal_name_the_turn_and_what_it_is_about() -> None:
    record = logging.LogRecord("bot.operations.turn_log", logging.INFO, "", 1, "turn", (), None)
    record.about = {"channel": "msteams", "ms": 1.5}
    with numbered_turn():
        told = Words().format(record)
    assert told.endswith("bot.operations.turn_log: turn channel=msteams ms=1.5")
    assert "info [" in told


async def test_what_is_no_http_is_not_logged(tmp_path: Path) -> None:
    async with running(tmp_path) as tutor:
        reader, writer = await asyncio.open_connection("127.0.0.1", tutor.port)
        writer.write(f"{SECRET}\r\n\r\n".encode())
        answer = await reader.read()
        assert b"400" in answer
        assert b"aiohttp" not in answer
        writer.close()
        tutor.process.send_signal(signal.SIGTERM)
        told = (await asyncio.to_thread(tutor.process.communicate, timeout=LONGEST_S))[1]
    assert [json.loads(line)["message"] for line in told.splitlines()] == ["stopping"]


async def test_a_task_that_died_shows_its_kind_and_place_alone(lines: list[str]) -> None:
    loop = asyncio.get_running_loop()
    LoopFaults()(loop, {"message": f"Task died\nfuture: {SECRET}", "exception": ValueError(SECRET)})
    (told,) = lines
    assert "Task died" in told
    assert "ValueError" in told
    assert SECRET not in told


async def test_a_lack_of_files_is_told_once_and_says_what_to_change(lines: list[str]) -> None:
    loop, tell = asyncio.get_running_loop(), LoopFaults()
    for _ in range(1000):
        full = OSError(errno.EMFILE, "Too many open files")
        tell(loop, {"message": "socket.accept() out of system resource", "exception": full})
    (told,) = lines
    assert "LimitNOFILE" in told
