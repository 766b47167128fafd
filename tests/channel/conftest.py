"""The real application over HTTP on loopback, and a channel's connector service to answer to."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from app import World, parts
from bot.channels.authentication import PUBLIC, Cloud
from bot.http.parts import Part, application
from bot.settings import Settings
from bot.store.database import Store, open_store
from bot.turns.workers import Workers
from dialogs.tutor import Tutor
from tests.lessons import tutor
from tests.waiting import until

Client = TestClient[web.Request, web.Application]


@dataclass
class Connector:
    """A channel's side: keeps what it was sent; answers with `statuses` first, then well."""

    url: str = ""
    sent: list[dict[str, Any]] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    retry_after: str = "0"
    tried: list[tuple[float, str]] = field(default_factory=list)
    slow_s: list[float] = field(default_factory=list)
    cuts: int = 0
    bearers: list[str] = field(default_factory=list)
    updates: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    update_statuses: list[int] = field(default_factory=list)
    update_slow_s: list[float] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        """A reply of the bot."""
        body = await request.json()
        if self.slow_s:
            await asyncio.sleep(self.slow_s.pop(0))
            return web.Response(status=502)
        if self.cuts and request.transport is not None:
            self.cuts -= 1
            request.transport.close()
            return web.Response()
        self.tried.append((asyncio.get_running_loop().time(), request.path))
        self.bearers.append(request.headers.get("Authorization", ""))
        if self.statuses:
            status = self.statuses.pop(0)
            return web.Response(status=status, headers={"Retry-After": self.retry_after})
        self.sent.append(body)
        return web.json_response({"id": f"m{len(self.sent)}"})

    async def update(self, request: web.Request) -> web.Response:
        """A message that replaces one of the bot's."""
        body = await request.json()
        if self.update_slow_s:
            await asyncio.sleep(self.update_slow_s.pop(0))
        if self.update_statuses:
            status = self.update_statuses.pop(0)
            return web.Response(status=status, headers={"Retry-After": self.retry_after})
        self.updates.append((request.match_info["reply"], body))
        return web.json_response({"id": request.match_info["reply"]})

    async def updated(self, count: int) -> list[tuple[str, dict[str, Any]]]:
        """Wait for so many replacements."""
        await until(lambda: len(self.updates) >= count, what=f"replacement {count}")
        return self.updates

    async def until(self, count: int) -> list[dict[str, Any]]:
        """Wait for so many replies."""
        await until(lambda: len(self.sent) >= count, what=f"reply {count}")
        return self.sent

    async def slowed(self) -> None:
        """Wait until all that are to be slow were begun."""
        await until(lambda: not self.slow_s, what="what is to be slow")

    async def closed(self) -> None:
        """Wait until all `statuses` were answered, and the tutor knows."""
        await until(lambda: not self.statuses, what="what is to be refused")
        await asyncio.sleep(0.2)

    @property
    def cards(self) -> list[dict[str, Any]]:
        """The cards that were sent."""
        return [a["attachments"][0]["content"] for a in self.sent if a.get("attachments")]


@asynccontextmanager
async def serving_connector() -> AsyncIterator[Connector]:
    """Run a connector service."""
    made = Connector()
    app = web.Application()
    app.router.add_post("/v3/conversations/{conversation}/activities", made.take)
    app.router.add_post("/v3/conversations/{conversation}/activities/{reply}", made.take)
    app.router.add_put("/v3/conversations/{conversation}/activities/{reply}", made.update)
    server = TestServer(app)
    await server.start_server()
    made.url = str(server.make_url("/")).rstrip("/")
    yield made
    await server.close()


@pytest.fixture
async def connector() -> AsyncIterator[Connector]:
    """A running connector service."""
    async with serving_connector() as made:
        yield made


class Clock:
    """The time of day, which a test can move on."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        """The time that the tutor is told."""
        return datetime.now(UTC) + self.ahead


@pytest.fixture
def clock() -> Clock:
    """The clock of all tutors that a test starts."""
    return Clock()


Add = Callable[[Settings, Store], Awaitable[Part]]  # makes one more part


async def serve(
    workers: Workers,
    clock: Clock,
    cloud: Cloud = PUBLIC,
    add: Add | None = None,
    taught: Tutor | None = None,
    **settings: str,
) -> Client:
    """A running tutor of all lessons, or of another's; `add` makes one more part."""
    made = Settings.model_validate(settings)
    store = open_store(made.database_url)
    found = await parts(made, store, workers, taught or tutor(), World(clock.now, cloud))
    if add is not None:
        found.append(await add(made, store))
    server = TestServer(application(found))
    await server.start_server(access_log=None, auto_decompress=False)
    client = TestClient(server)
    await client.start_server()
    return client


Start = Callable[..., Awaitable[Client]]


@pytest.fixture(scope="session")
def workers() -> Iterator[Workers]:
    """One pool for all tests: its processes take seconds to start."""
    made = Workers()
    yield made
    made.close()


@pytest.fixture
async def start(
    tmp_path: Path, workers: Workers, clock: Clock, cloud: Cloud
) -> AsyncIterator[Start]:
    """Start a tutor, on the same file each time; the last one is stopped in the end."""
    running: list[Client] = []

    async def begin(add: Add | None = None, taught: Tutor | None = None, **settings: str) -> Client:
        for client in running:
            await client.close()
        running.clear()
        url = settings.pop("DATABASE_URL", f"sqlite:///{tmp_path}/tutor.db")
        client = await serve(workers, clock, cloud, add, taught, DATABASE_URL=url, **settings)
        running.append(client)
        return client

    yield begin
    for client in running:
        await client.close()


class Talk:
    """One learner's conversation on a Bot Framework channel."""

    channel = "emulator"

    def __init__(self, client: Client, connector: Connector, user: str = "user1") -> None:
        self.client, self.connector, self.user = client, connector, user
        self.count = 0

    def activity(self, **parts: Any) -> dict[str, Any]:
        """An activity as a channel sends it."""
        self.count += 1
        return {
            "type": "message",
            "id": f"{self.user}-{self.count}",
            "channelId": self.channel,
            "serviceUrl": self.connector.url,
            "from": {"id": self.user, "role": "user"},
            "recipient": {"id": "bot1", "role": "bot"},
            "conversation": {"id": f"talk-{self.user}"},
            **parts,
        }

    async def send(self, body: Any) -> tuple[int, dict[str, Any]]:
        """Post to the bot: the status and the answer."""
        async with self.client.post("/api/messages", json=body) as answer:
            text = await answer.text()
            return answer.status, await answer.json() if text else {}

    async def say(self, text: str, **parts: Any) -> list[dict[str, Any]]:
        """Write a message and get the replies in the answer."""
        body = self.activity(text=text, deliveryMode="expectReplies", **parts)
        status, answer = await self.send(body)
        assert status == 200, answer
        replies: list[dict[str, Any]] = answer["activities"]
        return replies

    async def press(self, card: dict[str, Any], title: str, **inputs: str) -> list[dict[str, Any]]:
        """Press a button of a card and get the replies in the answer."""
        body = self.activity(value={**data(card, title), **inputs}, deliveryMode="expectReplies")
        status, answer = await self.send(body)
        assert status == 200, answer
        replies: list[dict[str, Any]] = answer["activities"]
        return replies


def card_of(activities: list[dict[str, Any]]) -> dict[str, Any]:
    """The last card among some activities."""
    cards = [a["attachments"][0]["content"] for a in activities if a.get("attachments")]
    assert cards, activities
    found: dict[str, Any] = cards[-1]
    return found


def data(card: dict[str, Any], title: str) -> dict[str, Any]:
    """What a button's press sends."""
    for action in actions(card):
        if action.get("title") == title:
            found: dict[str, Any] = action["data"]
            return found
    pytest.fail(f"no {title!r} among {[a.get('title') for a in actions(card)]}")


def actions(part: Any) -> list[dict[str, Any]]:
    """All submit actions in a card, wherever they stand."""
    if isinstance(part, dict):
        own = [part] if part.get("type") in ("Action.Submit", "Action.Execute") else []
        return own + [a for value in part.values() for a in actions(value)]
    if isinstance(part, list):
        return [a for value in part for a in actions(value)]
    return []


def texts(part: Any) -> str:
    """All words of a card or an activity."""
    if isinstance(part, dict):
        own = [str(part[k]) for k in ("text", "title", "label") if isinstance(part.get(k), str)]
        return " ".join([*own, *(texts(v) for v in part.values() if not isinstance(v, str))])
    if isinstance(part, list):
        return " ".join(texts(v) for v in part)
    return ""
