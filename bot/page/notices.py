"""`/privacy` and `/terms`: what the tutor keeps and what it expects, as plain pages."""

from aiohttp import web

from bot.http import html
from bot.http.wire import Handler
from content.strings import Notice, NoticesStrings

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)


def routes(words: NoticesStrings) -> list[web.RouteDef]:
    """Two pages, each of which links to the other."""
    return [
        web.get("/privacy", _page(words.privacy, "/terms", words.terms, words)),
        web.get("/terms", _page(words.terms, "/privacy", words.privacy, words)),
    ]


def _page(notice: Notice, other_path: str, other: Notice, words: NoticesStrings) -> Handler:
    text = html.rendered(
        "notice.html",
        notice=notice,
        other_path=other_path,
        other=other,
        other_page=words.other_page,
    )

    async def page(request: web.Request) -> web.Response:
        del request
        headers = {"Content-Security-Policy": POLICY, "Cache-Control": "public, max-age=300"}
        return html.answer(text, headers)

    return page
