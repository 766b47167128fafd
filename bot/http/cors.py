"""Other sites whose pages may show the tutor, and how a browser is told so (CORS)."""

from collections.abc import Collection, Sequence
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

SHARED = ("/api/session", "/directline/")  # what another site's own page may call
REMEMBERED_S = "7200"  # how long a browser may go on without asking again


def ancestors(origins: Sequence[str]) -> str:
    """The policy that lets these origins, and our own, show a page in a frame."""
    return " ".join(("frame-ancestors", "'self'", *origins))


def is_from_us(request: web.Request, address: str) -> bool:
    """Whether a browser sent this from a page of ours; `address` is where we are reached.

    What is no browser says nothing of where it comes from, and counts as ours.
    """
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return False
    sent_from = request.headers.get("Origin")
    hosts = (request.host, urlsplit(address).netloc)
    return sent_from is None or sent_from in {
        f"{scheme}://{host}" for scheme in ("https", "http") for host in hosts
    }


def shared_with(origins: Collection[str]) -> Middleware:
    """Let pages of these origins call what is shared: by a secret they hold, never by a cookie."""

    @web.middleware
    async def sharing(request: web.Request, handler: Handler) -> web.StreamResponse:
        if not request.path.startswith(SHARED):
            return await handler(request)
        headers = {"Vary": "Origin"}
        asked_from = request.headers.get("Origin", "")
        if asked_from in origins:
            headers["Access-Control-Allow-Origin"] = asked_from
            headers["Access-Control-Expose-Headers"] = "Retry-After"
            if request.method == "OPTIONS":
                return web.Response(status=204, headers={**headers, **_allowances()})
        try:
            response = await handler(request)
        except web.HTTPException as error:
            error.headers.update(headers)
            raise
        if not response.prepared:
            response.headers.update(headers)
        return response

    return sharing


def _allowances() -> dict[str, str]:
    return {
        "Access-Control-Allow-Methods": "GET, POST",
        # The last two are DirectLineJS's own.
        "Access-Control-Allow-Headers": (
            "authorization, content-type, x-ms-bot-agent, x-requested-with"
        ),
        "Access-Control-Max-Age": REMEMBERED_S,
    }
