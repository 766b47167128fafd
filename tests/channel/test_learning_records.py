"""Facts arrive as statements in a learning record store, whatever becomes of the way there."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientTimeout, encode_basic_auth, web
from aiohttp.test_utils import TestServer, unused_port

from bot.records import learning_records
from bot.simulate.crowd import Plan
from bot.simulate.learner import crowd_of_learners
from bot.store import statements
from bot.store.database import open_store
from dialogs.records.statements import Told, statement
from dialogs.values.facts import StepAnswered
from tests.channel.conftest import Connector, Start, Talk
from tests.channel.ralph import faults, running
from tests.lessons import library
from tests.waiting import until, until_answered

Statement = dict[str, Any]
Answer = Callable[[list[Statement]], web.Response | None]


@dataclass
class Store:
    """A learning record store that answers as it is told to, and keeps what it accepts.

    `answers` are taken one for each request, before it does what a good one does; with
    `refuses` it takes no batch with such a statement; `slow_s` is how long it takes to answer
    each request, when it has kept what came.
    """

    url: str = ""
    asked: list[list[Statement]] = field(default_factory=list)
    kept: dict[str, Statement] = field(default_factory=dict)
    answers: list[web.Response] = field(default_factory=list)
    refuses: Callable[[Statement], bool] = lambda _: False
    slow_s: list[float] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        """Statements that are posted."""
        given: list[Statement] = await request.json()
        self.asked.append(given)
        self.headers.append(dict(request.headers))
        if self.answers:
            return self.answers.pop(0)
        if any(self.refuses(one) for one in given):
            return web.json_response({"error": "no"}, status=400)
        if any(self.kept.get(one["id"], one) != one for one in given):
            return web.json_response({"error": "conflict"}, status=409)
        self.kept |= {one["id"]: one for one in given}
        if self.slow_s:
            await asyncio.sleep(self.slow_s.pop(0))
        return web.json_response([one["id"] for one in given])

    def verbs(self) -> list[str]:
        """What was done, in the order of arrival."""
        return [one["verb"]["id"].rsplit("/", 1)[-1] for one in self.kept.values()]

    async def until(self, count: int) -> None:
        """Wait for so many statements."""
        await until(lambda: len(self.kept) >= count, what=f"statement {count}")


@pytest.fixture
async def lrs(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Store]:
    """A learning record store; nobody waits long between two tries."""
    monkeypatch.setattr(learning_records, "LOOK_S", 0.05)
    monkeypatch.setattr(learning_records, "FIRST_S", 0.05)
    made = Store()
    app = web.Application()
    app.router.add_post("/xapi/statements", made.take)
    server = TestServer(app)
    await server.start_server()
    made.url = str(server.make_url("/xapi"))
    yield made
    await server.close()


def known(url: str) -> dict[str, str]:
    """The settings for a store."""
    return {"LRS_ENDPOINT": url, "LRS_USERNAME": "tutor", "LRS_PASSWORD": "secret"}


async def begin(talk: Talk) -> None:
    """Begin the main lesson: one fact."""
    await talk.say("hi")
    await talk.say("begin")


def told(number: int) -> str:
    """A statement as the outbox keeps it."""
    at = datetime(2026, 11, 30, 9, tzinfo=UTC) + timedelta(minutes=number)
    fact = StepAnswered(
        lesson="gone", run=1, at=at, step=f"step-{number}", attempt=1, score=0.5, passed=False
    )
    about = Told(id=f"ada-{number}-0", actor="somebody", home="https://tutor.example", lesson=None)
    return json.dumps(statement(fact, about))


async def test_what_happens_is_told_once_with_who_hidden(
    start: Start, connector: Connector, lrs: Store
) -> None:
    client = await start(**known(lrs.url))
    await begin(Talk(client, connector, "ada"))
    await lrs.until(1)
    (begun,) = [one for one in lrs.kept.values() if one["verb"]["id"].endswith("/initialized")]
    assert begun["object"]["id"].endswith("/lessons/polite-chatbot")
    assert begun["object"]["definition"]["name"]["en"]
    assert begun["timestamp"].endswith("Z")
    assert "ada" not in json.dumps(begun)
    assert lrs.headers[0]["X-Experience-API-Version"] == "1.0.3"
    assert lrs.headers[0]["Authorization"] == encode_basic_auth("tutor", "secret")
    told = len(lrs.asked)
    await asyncio.sleep(0.3)
    assert len(lrs.asked) == told


async def test_a_store_that_is_away_gets_the_same_later(
    start: Start, connector: Connector, lrs: Store
) -> None:
    lrs.answers = [
        web.Response(status=503),
        web.Response(status=401),
        web.Response(text="<html>Sign in to the guest network</html>"),
        web.Response(status=302, headers={"Location": "/elsewhere"}),
        web.Response(status=429, headers={"Retry-After": "soon"}),
    ]
    client = await start(**known(lrs.url))
    await begin(Talk(client, connector))
    await lrs.until(1)
    first = lrs.asked[0][0]
    assert all(batch[0] == first for batch in lrs.asked[:6])
    assert lrs.kept[first["id"]] == first


async def test_a_store_that_is_slow_holds_nobody_up_and_counts_once(
    start: Start, connector: Connector, lrs: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learning_records, "TIMEOUT", ClientTimeout(total=0.3))
    lrs.slow_s = [1.0, 1.0]
    client = await start(**known(lrs.url))
    talk = Talk(client, connector)
    await begin(talk)
    await lrs.until(1)
    assert await talk.say("help")  # it hasn't answered yet
    await until(lambda: not lrs.slow_s and len(lrs.asked) > 2, what="what it answers at once")
    assert all(batch[0] == lrs.asked[0][0] for batch in lrs.asked[:3])
    assert lrs.verbs() == ["initialized"]


async def test_a_refused_statement_holds_up_no_other(
    start: Start, lrs: Store, tmp_path: Path
) -> None:
    lrs.refuses = lambda one: bool(one["object"]["id"].endswith("/step-7"))
    store = open_store(f"sqlite:///{tmp_path}/tutor.db")
    await store.run(lambda db: statements.put(db, [("ada", 0.0, told(n)) for n in range(20)]))
    await start(**known(lrs.url))
    await lrs.until(19)
    await until(lambda: len(lrs.asked[-1]) == 1, what="the refused one, alone")
    assert await store.run(statements.waiting) == 1
    store.close()


async def test_what_is_there_already_counts_as_told(
    start: Start, connector: Connector, lrs: Store, tmp_path: Path
) -> None:
    client = await start(**known(lrs.url))
    lrs.answers = [web.Response(status=500)]
    talk = Talk(client, connector)
    await begin(talk)
    await lrs.until(1)
    (begun,) = lrs.kept
    lrs.kept[begun] = {"id": begun, "changed": "by the store, which adds to what it keeps"}
    store = open_store(f"sqlite:///{tmp_path}/tutor.db")
    again = json.dumps(lrs.asked[0][0])
    await store.run(lambda db: statements.put(db, [("ada", 0.0, again)]))
    store.close()
    await begin(Talk(client, connector, "grace"))
    await lrs.until(2)
    await until(lambda: len(lrs.asked[-1]) == 1, what="the statement alone")
    await asyncio.sleep(0.2)
    await client.close()
    store = open_store(f"sqlite:///{tmp_path}/tutor.db")
    assert await store.run(statements.waiting) == 0
    store.close()


async def test_what_waits_outlives_the_tutor(
    start: Start, connector: Connector, lrs: Store
) -> None:
    nobody = f"http://127.0.0.1:{unused_port()}/xapi"
    client = await start(**known(nobody))
    await begin(Talk(client, connector))
    await start(**known(lrs.url))
    await lrs.until(1)
    assert "initialized" in lrs.verbs()


async def test_without_a_store_nothing_waits(
    start: Start, connector: Connector, tmp_path: Path
) -> None:
    client = await start()
    await begin(Talk(client, connector))
    await client.close()
    store = open_store(f"sqlite:///{tmp_path}/tutor.db")
    assert await store.run(statements.waiting) == 0
    store.close()


async def test_a_real_store_and_a_validator_accept_a_whole_lesson(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learning_records, "MOST_S", 0.2)
    # Its store of files takes one batch, the first.
    monkeypatch.setattr(learning_records, "TOGETHER", 500)
    client = await start(**known(f"http://127.0.0.1:{unused_port()}/xapi"))
    plan = Plan([f"http://127.0.0.1:{client.port}"], 1, seconds=10, lesson="plain-words")
    assert (await crowd_of_learners(plan, library()).run()).is_sound
    await client.close()
    async with running(tmp_path) as store:
        await start(**known(store.url))
        await all_told(tmp_path)
        kept = await store.held()
    assert {"initialized", "answered"} <= {v["verb"]["id"].rsplit("/", 1)[-1] for v in kept}
    given = [{k: v for k, v in one.items() if k not in ("stored", "authority")} for one in kept]
    assert not faults(given, tmp_path)
    given[0]["verb"].pop("id")
    assert faults(given, tmp_path)


async def all_told(tmp_path: Path) -> None:
    """Wait until nothing waits any more."""
    store = open_store(f"sqlite:///{tmp_path}/tutor.db")

    async def told() -> bool:
        return await store.run(statements.waiting) == 0

    await until_answered(told, every_s=0.2, what="the last statement")
    store.close()
