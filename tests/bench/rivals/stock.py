"""The echo bot of botbuilder-core, put together as Microsoft's sample does it."""

import sys
from types import SimpleNamespace

from aiohttp import web
from botbuilder.core import ActivityHandler, MessageFactory, TurnContext
from botbuilder.core.integration import aiohttp_error_middleware
from botbuilder.integration.aiohttp import CloudAdapter, ConfigurationBotFrameworkAuthentication

NOBODY = SimpleNamespace(APP_ID="", APP_PASSWORD="", APP_TYPE="MultiTenant", APP_TENANTID="")


class Echo(ActivityHandler):
    async def on_message_activity(self, turn_context: TurnContext) -> None:
        said = MessageFactory.text(f"Echo: {turn_context.activity.text}")
        await turn_context.send_activity(said)


def main() -> None:
    adapter = CloudAdapter(ConfigurationBotFrameworkAuthentication(NOBODY))
    bot = Echo()

    async def messages(request: web.Request) -> web.StreamResponse:
        answer = await adapter.process(request, bot)
        return answer or web.Response(status=200)

    app = web.Application(middlewares=[aiohttp_error_middleware])
    app.router.add_post("/api/messages", messages)
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), print=None)


if __name__ == "__main__":
    main()
