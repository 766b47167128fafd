"""Requests that somebody passed on: a tunnel, or a proxy, whose callers may be anywhere."""

from aiohttp import web

from bot.http.wire import Handler, refusal

# What those add who rewrite `Host` to localhost, as development tunnels do.
PREFIXES = ("x-forwarded-", "x-tunnel-", "cf-connecting-", "ngrok-")
NAMES = frozenset(
    {
        "forwarded",
        "via",
        "x-real-ip",
        "x-client-ip",
        "x-cluster-client-ip",
        "x-original-host",
        "x-original-for",
        "x-originating-ip",
        "true-client-ip",
        "fastly-client-ip",
        "x-azure-clientip",
    }
)
REASON = (
    "without an app id the tutor serves this machine alone, and {name} says that somebody else "
    "asked: to be reached from elsewhere set MicrosoftAppId, or CHANNELS=web for the own page"
)


@web.middleware
async def unforwarded(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse what comes from elsewhere: whoever speaks here is taken for any learner."""
    for name in request.headers:
        if name.lower() in NAMES or name.lower().startswith(PREFIXES):
            return refusal(403, REASON.format(name=name))
    return await handler(request)
