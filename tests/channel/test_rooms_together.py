"""One room over two instances on a real PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.turns.workers import Workers
from tests.channel.conftest import Client, Clock, Connector, Start, Talk, card_of, serve
from tests.channel.test_live_rooms import HOST, TOKEN, Stage, counts, open_room, said, watching

Two = tuple[Client, Client]


@pytest.fixture
async def two(start: Start, workers: Workers, clock: Clock, database: str) -> AsyncIterator[Two]:
    """Two tutors that share a database."""
    first = await start(DATABASE_URL=database, HOST_TOKEN=TOKEN)
    second = await serve(workers, clock, DATABASE_URL=database, HOST_TOKEN=TOKEN)
    yield first, second
    await second.close()


async def test_an_answer_at_one_instance_is_on_the_screen_at_the_other(
    two: Two, connector: Connector
) -> None:
    first, second = two
    stage = await open_room(first)
    ann, ben = Talk(first, connector, "ann"), Talk(second, connector, "ben")
    for talk in (ann, ben):
        assert "You are in the session" in said(await talk.say(stage.code))
    assert await stage.do("open", "try-first") == 303
    await connector.until(2)  # whichever instance tells them, each is told once
    assert {one["conversation"]["id"] for one in connector.sent} == {"talk-ann", "talk-ben"}
    async with watching(second, f"/screen/{stage.code}/stream") as until:
        assert "Your answer counts" in said(await ann.say("1"))
        await until(lambda part: counts(part) == [1, 0, 0, 0])
        await ben.say("2")
        await until(lambda part: counts(part) == [1, 1, 0, 0])
        # The same learner at the other instance: one vote, the last one counts.
        card = card_of(await ann.say("room"))
        ann.client = second
        assert "Your answer counts: Fine-tuning" in said(await ann.press(card, "Fine-tuning"))
        await until(lambda part: counts(part) == [0, 1, 1, 0])
    assert len(connector.sent) == 2


async def test_a_host_at_the_other_instance_takes_over_and_a_restart_loses_nothing(
    two: Two, connector: Connector, start: Start, database: str
) -> None:
    first, second = two
    here = await open_room(first)
    there = Stage(second, here.code)
    ann = Talk(second, connector, "ann")
    await ann.say(here.code)
    await here.do("open", "try-first")
    await connector.until(1)
    await ann.say("3")
    # The instance of the first host's page ends; the other device leads on.
    await first.close()
    assert counts(await there.screen()) == [0, 0, 1, 0]
    assert "1 of 1 answered" in await there.screen()
    assert await there.do("close", "try-first") == 303
    await connector.until(2)  # what was right is told by the instance that is left
    # Another instance starts, and knows the room as it is now.
    anew = Stage(await start(DATABASE_URL=database, HOST_TOKEN=TOKEN), here.code)
    page = await anew.screen()
    assert counts(page) == [0, 0, 1, 0]
    assert "Right" in page
    assert await anew.do("open", "adds") == 303
    ann.client = anew.client
    await ann.say("room")
    assert "Your answer counts" in said(await ann.say("1"))
    assert "1 of 1 answered" in await there.screen()


async def test_what_was_said_to_count_counts_when_a_poll_closes_meanwhile(
    two: Two, connector: Connector
) -> None:
    first, second = two
    stage = await open_room(first)
    talks = [Talk(two[n % 2], connector, f"u{n}") for n in range(12)]
    await asyncio.gather(*(talk.say(stage.code) for talk in talks))
    assert await stage.do("open", "try-first") == 303
    await connector.until(len(talks))

    async def answer(talk: Talk) -> bool:
        return "Your answer counts" in said(await talk.say("1"))  # whichever poll they see by then

    other = Stage(second, stage.code)
    answering = [asyncio.create_task(answer(talk)) for talk in talks]
    # Two hosts at once, in the middle of it.
    closed = await asyncio.gather(
        stage.do("close", "try-first"), other.do("close", "try-first"), other.do("open", "adds")
    )
    assert set(closed) == {303}
    counted = sum(await asyncio.gather(*answering))
    async with first.get(f"/host/{stage.code}/report.json", headers=HOST) as report:
        told = await report.json()
    assert sum(one["total"] for one in told["activities"]) == counted
