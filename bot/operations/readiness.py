"""`/healthz` and `/readyz`: what a platform asks before it sends requests, or starts anew."""

import asyncio

from aiohttp import web
from sqlalchemy import Connection, text

from bot.http.parts import STOPPING
from bot.http.wire import Handler, refusal
from bot.store.database import Store

ANSWER_S = 2.0  # that the database has


def routes(store: Store) -> list[web.RouteDef]:
    """Whether the process answers, and whether turns can be stored."""
    return [web.get("/healthz", _alive), web.get("/readyz", _ready(store))]


async def _alive(request: web.Request) -> web.Response:
    del request
    return web.json_response({"status": "ok"})


def _ready(store: Store) -> Handler:
    async def ready(request: web.Request) -> web.Response:
        if request.app[STOPPING].is_set():
            return refusal(503, "the tutor is stopping")
        try:
            await asyncio.wait_for(store.run(_touch), ANSWER_S)
        except Exception:  # noqa: BLE001 (whatever it is: not ready)
            return refusal(503, "the database can't be reached")
        return web.json_response({"status": "ok"})

    return ready


def _touch(db: Connection) -> None:
    db.execute(text("SELECT 1"))
