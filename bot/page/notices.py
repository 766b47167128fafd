"""`/privacy` and `/terms`: what the tutor keeps and what it expects, as plain pages."""

from collections.abc import Mapping

from aiohttp import web

from bot.http import html
from bot.http.wire import Handler
from content.strings import NoticePage, NoticesStrings

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)


def routes(languages: Mapping[str, NoticesStrings]) -> list[web.RouteDef]:
    """Two pages in the language that the browser prefers, each of which links to the other."""
    privacy = {
        locale: _text(locale, words.privacy, "/terms", words.terms, words.other_page)
        for locale, words in languages.items()
    }
    terms = {
        locale: _text(locale, words.terms, "/privacy", words.privacy, words.other_page)
        for locale, words in languages.items()
    }
    return [web.get("/privacy", _page(privacy)), web.get("/terms", _page(terms))]


def _text(
    locale: str, notice: NoticePage, other_path: str, other: NoticePage, other_page: str
) -> str:
    return html.rendered(
        "notice.html",
        lang=locale,
        notice=notice,
        other_path=other_path,
        other=other,
        other_page=other_page,
    )


def _page(texts: Mapping[str, str]) -> Handler:
    async def page(request: web.Request) -> web.Response:
        headers = {
            "Content-Security-Policy": POLICY,
            "Cache-Control": "public, max-age=300",
            "Vary": "Accept-Language",
        }
        return html.answer(texts[html.language(request, texts)], headers)

    return page
