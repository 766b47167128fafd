"""`/host/resources`: what a session's host is given, and what is not provided yet."""

from aiohttp import web

from bot.http import html
from bot.http.access import Access, Purpose
from bot.rooms.host import HEADERS
from content.loader import Library


class Resources:
    """The page, behind the host's sign-in. Its addresses are content."""

    def __init__(self, access: Access, library: Library) -> None:
        self._access, self._library = access, library

    def routes(self) -> list[web.RouteDef]:
        """The page."""
        return [web.get("/host/resources", self._access.only(Purpose.HOST)(self.page))]

    async def page(self, request: web.Request) -> web.Response:
        """What goes with each session, in the language that the browser prefers."""
        locale = html.language(request, self._library.languages)
        language = self._library.languages[locale]
        text = html.rendered(
            "resources.html",
            lang=locale,
            words=language.strings.room,
            sessions=list(language.sessions.values()),
        )
        return html.answer(text, {**HEADERS, "Vary": "Accept-Language"})
