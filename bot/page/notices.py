"""`/privacy` and `/terms`: what the tutor keeps and what it expects, as plain pages."""

from collections.abc import Mapping
from functools import partial

from aiohttp import web

from bot.http import html
from bot.http.wire import Handler
from bot.settings import Settings
from content.strings import NoticesStrings
from dialogs.values.operator import Operator

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)


def routes(
    languages: Mapping[str, NoticesStrings], operator: Operator, settings: Settings
) -> list[web.RouteDef]:
    """Two pages in the language that the browser prefers, each of which links to the other.

    `settings` say how long what is kept, and who is told of it.
    """
    privacy, terms = {}, {}
    for locale, words in languages.items():
        fill = partial(html.rendered, "notice.html", lang=locale, words=words)
        fill = partial(fill, operator=operator, days=settings.history_days)
        more = [words.recorded] if settings.lrs_endpoint else []
        if settings.retention_days is not None:
            more.append(words.retained.format(days=settings.retention_days))
        privacy[locale] = fill(
            notice=words.privacy, more=more, other_path="/terms", other=words.terms
        )
        terms[locale] = fill(
            notice=words.terms, more=(), other_path="/privacy", other=words.privacy
        )
    return [web.get("/privacy", _page(privacy)), web.get("/terms", _page(terms))]


def _page(texts: Mapping[str, str]) -> Handler:
    async def page(request: web.Request) -> web.Response:
        headers = {
            "Content-Security-Policy": POLICY,
            "Cache-Control": "public, max-age=300",
            "Vary": "Accept-Language",
        }
        return html.answer(texts[html.language(request, texts)], headers)

    return page
