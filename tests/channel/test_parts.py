"""A part is one line in `app.py`: its routes are served, and it lives while the tutor does."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NoReturn

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import text

from bot.http.parts import Part, application
from bot.store.database import open_store
from tests.channel.conftest import Start


def living(name: str, seen: list[str]) -> Part:
    """A part that notes when it opens and closes."""

    @asynccontextmanager
    async def life() -> AsyncIterator[None]:
        seen.append(f"{name} opens")
        try:
            yield
        finally:
            seen.append(f"{name} closes")

    return Part(life=life())


@asynccontextmanager
async def broken() -> AsyncIterator[NoReturn]:
    raise OSError("it can't open")
    yield


async def test_parts_open_in_order_and_close_in_reverse() -> None:
    seen: list[str] = []
    async with TestClient(TestServer(application([living("a", seen), living("b", seen)]))):
        assert seen == ["a opens", "b opens"]
    assert seen[2:] == ["b closes", "a closes"]


async def test_a_part_that_can_not_open_closes_those_before_it() -> None:
    seen: list[str] = []
    made = application([living("a", seen), Part(life=broken()), living("b", seen)])
    with pytest.raises(OSError, match="can't open"):
        await web.AppRunner(made).setup()
    assert seen == ["a opens", "a closes"]


async def test_one_more_part_is_served_beside_the_tutors_own(
    start: Start, tmp_path_factory: pytest.TempPathFactory
) -> None:
    notes = open_store(f"sqlite:///{tmp_path_factory.mktemp('notes')}/notes.db")
    seen: list[str] = []

    @asynccontextmanager
    async def life() -> AsyncIterator[None]:
        await notes.run(lambda db: db.execute(text("CREATE TABLE note (words TEXT)")))
        yield
        found = await notes.run(lambda db: db.execute(text("SELECT words FROM note")).scalars())
        seen.extend(found)
        notes.close()

    async def keep(request: web.Request) -> web.Response:
        words = request.match_info["words"]
        query = text("INSERT INTO note VALUES (:words)")
        await notes.run(lambda db: db.execute(query, {"words": words}))
        return web.Response(status=204)

    async def fail(request: web.Request) -> NoReturn:
        raise ValueError(request.path)

    routes = [web.post("/notes/{words}", keep), web.get("/notes", fail)]

    async def more(*_: object) -> Part:
        return Part(routes, life())

    client = await start(add=more)
    async with client.post("/notes/hello") as answer:
        assert answer.status == 204
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
    async with client.get("/notes") as answer:
        assert answer.status == 500
        assert "nothing was lost" in await answer.text()
    async with client.get("/healthz") as answer:
        assert answer.status == 200
    await client.close()
    assert seen == ["hello"]
