"""The echo bot of the Microsoft 365 Agents SDK, put together as its sample does it."""

import logging
import sys

from aiohttp import web
from microsoft_agents.authentication.msal import MsalConnectionManager
from microsoft_agents.hosting.aiohttp import (
    CloudAdapter,
    jwt_authorization_middleware,
    start_agent_process,
)
from microsoft_agents.hosting.core import (
    AgentApplication,
    AgentAuthConfiguration,
    MemoryStorage,
    TurnContext,
    TurnState,
)


def main() -> None:
    logging.disable(logging.WARNING)  # it warns twice a turn that it has no app id
    nobody = AgentAuthConfiguration(anonymous_allowed=True)
    manager = MsalConnectionManager({"SERVICE_CONNECTION": nobody})
    adapter = CloudAdapter(connection_manager=manager)
    agent = AgentApplication[TurnState](
        storage=MemoryStorage(), adapter=adapter, connection_manager=manager
    )

    async def echo(context: TurnContext, _: TurnState) -> None:
        await context.send_activity(f"Echo: {context.activity.text}")

    agent.activity("message")(echo)

    async def messages(request: web.Request) -> web.StreamResponse:
        answer = await start_agent_process(request, agent, adapter)
        return answer or web.Response(status=200)

    app = web.Application(middlewares=[jwt_authorization_middleware])
    app["agent_configuration"] = nobody
    app.router.add_post("/api/messages", messages)
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), print=None)


if __name__ == "__main__":
    main()
