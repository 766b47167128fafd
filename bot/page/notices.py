"""`/privacy` and `/terms`: what the tutor keeps and what it expects, as plain pages."""

from collections.abc import Iterator
from html import escape

from aiohttp import web

from bot.http.wire import Handler
from content.strings import Notice, NoticesStrings

POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'"


def routes(words: NoticesStrings) -> list[web.RouteDef]:
    """What is served: each page links to the other."""
    return [
        web.get("/privacy", _page(words.privacy, "/terms", words.terms, words)),
        web.get("/terms", _page(words.terms, "/privacy", words.privacy, words)),
    ]


def _page(notice: Notice, path: str, other: Notice, words: NoticesStrings) -> Handler:
    link = words.other_page.format(title=f'<a href="{path}">{escape(other.title)}</a>')
    html = "\n".join(_lines(notice, link))

    async def page(request: web.Request) -> web.Response:
        del request
        headers = {"Content-Security-Policy": POLICY, "Cache-Control": "public, max-age=300"}
        return web.Response(text=html, content_type="text/html", headers=headers)

    return page


def _lines(notice: Notice, link: str) -> Iterator[str]:
    yield '<!doctype html><html lang="en"><head><meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{escape(notice.title)}</title>"
    yield '<link rel="stylesheet" href="/static/vendor/tokens.css">'
    yield '<link rel="stylesheet" href="/static/notice.css"></head><body><main>'
    yield f"<h1>{escape(notice.title)}</h1><p>{escape(notice.lead)}</p>"
    for part in notice.parts:
        yield f"<h2>{escape(part.title)}</h2><ul>"
        yield from (f"<li>{escape(line)}</li>" for line in part.lines)
        yield "</ul>"
    yield f"<p>{link}</p></main></body></html>"
