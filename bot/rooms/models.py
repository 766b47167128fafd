"""`/models/<code>`: where learners put the same question to both staged models."""

from urllib.parse import urlsplit

from aiohttp import web
from limits import RateLimitItemPerMinute

from bot.http import html
from bot.http.cors import is_from_us
from bot.http.rate_limits import RateLimits
from bot.http.wire import read_form
from bot.rooms.screen import Screen
from bot.rooms.snapshot import Snapshots
from bot.rooms.staging import LONGEST_QUESTION, Staging
from bot.settings import Settings
from content.loader import Library
from dialogs.room.answers import one_line
from dialogs.room.state import Exchange, Room

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
HEADERS = {"Cache-Control": "no-store", "Content-Security-Policy": POLICY}
ASKING = RateLimitItemPerMinute(300)  # of one address: a hall asks a few questions each


class Models:
    """The page for whoever has the room's code."""

    def __init__(  # noqa: PLR0913 (each is needed)
        self,
        settings: Settings,
        library: Library,
        *,
        screen: Screen,
        snapshots: Snapshots,
        staging: Staging,
        limits: RateLimits,
    ) -> None:
        self._settings, self._library, self._screen = settings, library, screen
        self._snapshots, self._staging, self._limits = snapshots, staging, limits

    def routes(self) -> list[web.RouteDef]:
        """The question, and its answers."""
        return [
            web.get("/models/{code}", self.show),
            web.post("/models/{code}", self.ask),
        ]

    async def show(self, request: web.Request) -> web.Response:
        """Ask for a question."""
        room = (await self._screen.snapshot(request)).room
        return self._page(request, room)

    async def ask(self, request: web.Request) -> web.Response:
        """Put the question to both, and show what they said."""
        room = (await self._screen.snapshot(request)).room
        if not is_from_us(request, self._settings.address):
            raise web.HTTPForbidden
        self._limits.count_address(request, "models", ASKING)
        form = await read_form(request)
        question, run = one_line(form.get("question", "")), form.get("run", "")
        words = self._library.languages[self._locale(request)].strings.room
        if not question:
            return self._page(request, room)
        if len(question) > LONGEST_QUESTION:
            fault = words.models_too_long.format(most=LONGEST_QUESTION)
            return self._page(request, room, fault=fault, question=question, run=run)
        session = self._snapshots.session(room)
        exchange = await self._staging.ask(room, session, question, run)
        return self._page(request, room, exchange=exchange, question=question, run=exchange.run)

    def _locale(self, request: web.Request) -> str:
        return html.language(request, self._library.languages)

    def _page(  # noqa: PLR0913 (what was asked, and what came of it)
        self,
        request: web.Request,
        room: Room,
        *,
        exchange: Exchange | None = None,
        question: str = "",
        fault: str = "",
        run: str = "",
    ) -> web.Response:
        locale = self._locale(request)
        words = self._library.languages[locale].strings.room
        about = words.models_simulated
        if self._staging.is_real:
            about = words.models_real.format(host=urlsplit(self._settings.staged_url).hostname)
        session = self._library.languages[locale].sessions[room.session]
        text = html.rendered(
            "models.html",
            choices=self._staging.choices(session),
            chosen=run or self._staging.asked_run(room, session),
            lang=locale,
            words=words,
            room=room,
            about=about,
            exchange=exchange,
            question=question,
            fault=fault,
            longest=LONGEST_QUESTION,
        )
        return html.answer(text, {**HEADERS, "Vary": "Accept-Language"})
