"""`/join`: the way into a room, by its code."""

from urllib.parse import quote

from aiohttp import web

from bot.errors import HastyError
from bot.http import html
from bot.http.rate_limits import GUESSING, RateLimits
from bot.settings import Settings
from bot.store import rooms
from bot.store.database import Store
from content.loader import Library
from content.strings import RoomStrings
from dialogs.room import codes
from dialogs.room.state import Room

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": POLICY,
    "Vary": "Accept-Language",
    "X-Robots-Tag": "noindex, nofollow",
}
LONGEST = 40  # characters of a code that is read


class Joining:
    """The page that a scanned code opens, and on which a code is typed.

    Whoever scans gets an answer always: a code that is old or wrong says so.
    """

    def __init__(
        self, settings: Settings, store: Store, library: Library, limits: RateLimits
    ) -> None:
        self._settings, self._store = settings, store
        self._library, self._limits = library, limits

    def routes(self) -> list[web.RouteDef]:
        """The page without a code, and with one."""
        return [web.get("/join", self.ask), web.get("/join/{code}", self.found)]

    async def ask(self, request: web.Request) -> web.Response:
        """Ask for the code, or go to the room of the one that was typed."""
        given = request.query.get("code", "")[:LONGEST]
        if not given:
            return self._page(request)
        return await self._answer(request, given)

    async def found(self, request: web.Request) -> web.Response:
        """The ways into the room of this code."""
        return await self._answer(request, request.match_info["code"][:LONGEST])

    async def _answer(self, request: web.Request, given: str) -> web.Response:
        words = self._words(request)
        try:
            self._limits.check_address(request, "room", GUESSING)
        except HastyError as hasty:
            fault = words.join_hasty.format(seconds=hasty.wait_s)
            return self._page(request, fault=fault, status=429)
        code = codes.normal(given)
        stored = await self._store.look(lambda db: rooms.by_code(db, code)) if code else None
        if stored is None:
            try:
                self._limits.count_address(request, "room", GUESSING)
            except HastyError as hasty:
                fault = words.join_hasty.format(seconds=hasty.wait_s)
                return self._page(request, fault=fault, status=429)
            return self._page(request, fault=words.join_wrong, status=404)
        if stored.room.is_over:
            return self._page(request, fault=words.join_over, status=410)
        return self._page(request, room=stored.room)

    def _page(
        self,
        request: web.Request,
        *,
        room: Room | None = None,
        fault: str = "",
        status: int = 200,
    ) -> web.Response:
        words = self._words(request)
        locale = html.language(request, self._library.languages)
        typed = f"{words.join_words[0]} {room.code}" if room else ""
        session = self._library.languages[locale].sessions[room.session] if room else None
        text = html.rendered(
            "join.html",
            lang=locale,
            words=words,
            room=room,
            session=session,
            typed=typed,
            teams=self._teams(typed),
            fault=fault,
        )
        return html.answer(text, HEADERS, status)

    def _teams(self, typed: str) -> str:
        """Opens the chat with the tutor in Teams, the text in it; empty without a bot there."""
        if not self._settings.app_id:
            return ""
        chat = f"https://teams.microsoft.com/l/chat/0/0?users=28:{self._settings.app_id}"
        return f"{chat}&message={quote(typed)}"

    def _words(self, request: web.Request) -> RoomStrings:
        locale = html.language(request, self._library.languages)
        return self._library.languages[locale].strings.room
