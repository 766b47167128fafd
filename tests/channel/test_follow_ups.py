"""Questions some days after a lesson, over channels: once, by day, until a word or a refusal."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, create_engine, func, select, update
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from bot.store import tables
from bot.turns.workers import Workers
from dialogs.values import versions
from tests.channel.conftest import Client, Clock, Connector, Start, Talk, card_of, serve, texts
from tests.channel.test_page import activities, say, session
from tests.conversation.test_forms import read
from tests.lessons import library

LESSON = library().lessons["polite-chatbot"]
DAY = timedelta(days=1)
ZONE = "America/New_York"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/tutor.db"
    return str(request.getfixturevalue("database"))


@contextmanager
def opened(url: str) -> Iterator[Connection]:
    """A transaction of ours."""
    address = make_url(url)
    if address.drivername == "postgresql":
        address = address.set(drivername="postgresql+psycopg")
    with create_engine(address, poolclass=NullPool).begin() as db:
        yield db


def finish(url: str) -> None:
    """Let everybody who began have finished, as if it were just now."""
    done = replace(
        read(4, "finished").progress[LESSON.id],
        version=LESSON.version,
        cursor=LESSON.complete.id,
        completed_at=datetime.now(UTC),
    )
    doc = {"doc": versions.PROGRESS.write(done), "form": versions.PROGRESS.form}
    with opened(url) as db:
        db.execute(update(tables.progress).values(doc))


async def finished(start: Start, connector: Connector, url: str, user: str = "ann") -> Talk:
    """A learner who has finished, at a tutor that has just begun."""
    talk = Talk(await start(DATABASE_URL=url), connector, user)
    for text in ("hi", "begin"):
        await talk.say(text)
    await asyncio.to_thread(finish, url)
    talk.client = await start(DATABASE_URL=url)
    return talk


def answers(url: str) -> int:
    with opened(url) as db:
        query = select(func.count()).where(tables.fact.c.kind == "follow-up-answered")
        return db.execute(query).scalar_one()


def due(url: str) -> list[float]:
    with opened(url) as db:
        return list(db.execute(select(tables.later.c.due)).scalars())


def until_due(url: str) -> timedelta:
    """How long it is, a second more, until what is kept for later is due."""
    (at,) = due(url)
    return datetime.fromtimestamp(at, UTC) - datetime.now(UTC) + timedelta(seconds=1)


def input_of(card: dict[str, Any]) -> tuple[str, str]:
    """The name of the card's question, and its first option."""
    found = [one for one in _inputs(card) if str(one.get("id", "")).startswith("follow-up-")]
    (one,) = found
    return one["id"], one["choices"][0]["value"]


def _inputs(part: Any) -> Iterator[dict[str, Any]]:
    if isinstance(part, dict):
        if part.get("type") == "Input.ChoiceSet":
            yield part
        for value in part.values():
            yield from _inputs(value)
    elif isinstance(part, list):
        for value in part:
            yield from _inputs(value)


async def test_it_comes_once_from_two_instances_and_goes_on_after_a_restart(
    start: Start, connector: Connector, url: str, clock: Clock, workers: Workers
) -> None:
    talk = await finished(start, connector, url)
    said = await talk.say("remind me", localTimezone=ZONE)
    assert "I'll ask you again" in texts(said)
    other = await serve(workers, clock, DATABASE_URL=url)
    try:
        clock.ahead += until_due(url)  # by then it is day there, whatever it is now
        await connector.until(1)
        await asyncio.sleep(1)
        assert len(connector.sent) == 1
    finally:
        await other.close()
    assert "What do you still know?" in texts(connector.sent[0])
    (card,) = connector.cards
    talk.client = await start(DATABASE_URL=url)
    name, option = input_of(card)
    said = await talk.press(card, "Check", **{name: option})
    assert "Question 2 of 4" in texts(said)
    for _ in range(3):
        card = card_of(said)
        name, option = input_of(card)
        said = await talk.press(card, "Check", **{name: option})
    assert "The next ones come in" in texts(said) or "The next ones come tomorrow" in texts(said)
    assert answers(url) == 4
    (at,) = due(url)
    local = datetime.fromtimestamp(at, ZoneInfo(ZONE))
    assert 9 <= local.hour < 20


async def test_who_blocked_it_is_tried_once_and_finds_it_at_the_next_visit(
    start: Start, connector: Connector, url: str, clock: Clock
) -> None:
    talk = await finished(start, connector, url)
    await talk.say("remind me")
    connector.statuses = [403]
    clock.ahead += DAY
    await connector.closed()
    tried = len(connector.tried)
    clock.ahead += 7 * DAY
    await asyncio.sleep(1)
    assert len(connector.tried) == tried  # nobody who blocked us is tried again
    assert connector.sent == []
    assert answers(url) == 0
    assert "Question 1 of 4" in texts(await talk.say("hi"))
    clock.ahead += timedelta(hours=1, minutes=5)
    await connector.until(1)  # and the second day's come, now that they are here again
    assert "What do you still know?" in texts(connector.sent[0])


async def test_a_word_stops_it_and_deleting_takes_all_of_it(
    start: Start, connector: Connector, url: str, clock: Clock
) -> None:
    talk = await finished(start, connector, url)
    await talk.say("remind me")
    assert "No reminders come any more" in texts(await talk.say("stop"))
    clock.ahead += 2 * DAY
    await asyncio.sleep(1)
    assert connector.sent == []
    await talk.say("remind me")
    assert len(due(url)) == 1
    await talk.say("delete my data")
    await talk.say("yes")
    assert due(url) == []
    clock.ahead += 40 * DAY
    await asyncio.sleep(1)
    assert connector.sent == []


async def test_the_page_has_it_at_the_next_visit(
    start: Start, clock: Clock, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path}/tutor.db"
    client: Client = await start(DATABASE_URL=url)
    held = await session(client)
    for text in ("hi", "begin"):
        assert await say(client, held, text=text) == 200
    cookies = {one.key: one.value for one in client.session.cookie_jar}
    await asyncio.to_thread(finish, url)
    client = await start(DATABASE_URL=url)
    client.session.cookie_jar.update_cookies(cookies)
    held = await session(client)
    assert await say(client, held, text="remind me") == 200
    told, _ = await activities(client, held)
    assert "This page can't call you" in json.dumps(told)
    clock.ahead += DAY
    await asyncio.sleep(1)
    again = await session(client)
    assert again["userId"] == held["userId"]
    told, _ = await activities(client, again)
    assert "What do you still know?" in json.dumps(told)


async def test_in_a_group_nobody_is_asked(
    start: Start, connector: Connector, tmp_path: Path
) -> None:
    talk = await finished(start, connector, f"sqlite:///{tmp_path}/tutor.db")
    group = {"conversation": {"id": "talk-all", "isGroup": True}}
    said = await talk.say("remind me", **group)
    assert "nobody else reads along" in texts(said)
    assert due(f"sqlite:///{tmp_path}/tutor.db") == []
