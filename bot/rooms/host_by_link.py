"""`/host/by-link/<code>`: signs in a host who typed "host" in Teams and is listed.

Following a link only shows a button: chats look at links by themselves, and that shall use up
nothing.
"""

from collections.abc import Callable
from datetime import datetime

from aiohttp import web
from sqlalchemy import Connection

from bot.http import html
from bot.http.access import POLICY, Access, Purpose
from bot.http.cors import is_from_us
from bot.http.rate_limits import GUESSING, RateLimits
from bot.settings import Settings
from bot.store import codes
from bot.store.database import Store
from content.loader import Library

LONGEST = 60  # characters of a code that is looked at
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "Vary": "Accept-Language",
    "X-Robots-Tag": "noindex, nofollow",
}


class HostByLink:
    """The page that a link from a chat opens; each link is good once."""

    def __init__(  # noqa: PLR0913 (each is needed)
        self,
        settings: Settings,
        store: Store,
        access: Access,
        limits: RateLimits,
        library: Library,
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._settings, self._store, self._access = settings, store, access
        self._limits, self._library, self._now = limits, library, now

    def routes(self) -> list[web.RouteDef]:
        """The page and its button, where anybody is listed."""
        if not self._settings.hosts:
            return []
        return [
            web.get("/host/by-link/{code}", self.show),
            web.post("/host/by-link/{code}", self.sign_in),
        ]

    async def show(self, request: web.Request) -> web.Response:
        """Ask whether to sign in here."""
        return self._page(request)

    async def sign_in(self, request: web.Request) -> web.Response:
        """Trade the code for the host's cookie."""
        if not is_from_us(request, self._settings.address):
            raise web.HTTPForbidden
        self._limits.check_address(request, "host-link", GUESSING)
        code, now = request.match_info["code"][:LONGEST], self._now()

        def spent(db: Connection) -> bool:
            known = codes.whose(db, "host", code, now) is not None
            codes.spend(db, "host", code)
            return known

        if not await self._store.run(spent):
            self._limits.count_address(request, "host-link", GUESSING)
            return self._page(request, is_spent=True)
        return self._access.let_in(request, Purpose.HOST, "/host")

    def _page(self, request: web.Request, *, is_spent: bool = False) -> web.Response:
        locale = html.language(request, self._library.languages)
        words = self._library.languages[locale].strings.room
        text = html.rendered("host_by_link.html", lang=locale, words=words, is_spent=is_spent)
        return html.answer(text, HEADERS, 410 if is_spent else 200)
