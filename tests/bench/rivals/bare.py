"""A bare aiohttp handler that echoes: what HTTP alone costs here."""

import sys
from collections.abc import AsyncIterator
from typing import Any

from aiohttp import ClientSession, web


def main() -> None:
    session = web.AppKey("session", ClientSession)

    async def messages(request: web.Request) -> web.Response:
        asked: dict[str, Any] = await request.json()
        said = {"type": "message", "text": f"Echo: {asked['text']}", "replyToId": asked["id"]}
        if asked.get("deliveryMode") == "expectReplies":
            return web.json_response({"activities": [said]})
        place = f"/v3/conversations/{asked['conversation']['id']}/activities/{asked['id']}"
        async with request.app[session].post(asked["serviceUrl"] + place, json=said):
            return web.Response(status=202)

    async def living(app: web.Application) -> AsyncIterator[None]:
        app[session] = ClientSession()
        yield
        await app[session].close()

    app = web.Application()
    app.router.add_post("/api/messages", messages)
    app.cleanup_ctx.append(living)
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), access_log=None, print=None)


if __name__ == "__main__":
    main()
