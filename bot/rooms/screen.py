"""`/screen/<code>`: the big screen. Big type, charts, counts without names, live."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

import segno
from aiohttp import web
from markupsafe import Markup

from bot.http import html
from bot.http.rate_limits import GUESSING, RateLimits
from bot.rooms import bars, playback
from bot.rooms.bars import Bar
from bot.rooms.playback import Playback
from bot.rooms.recap import recap
from bot.rooms.snapshot import MOST_KEPT, Snapshot, Snapshots
from bot.rooms.staging import Run, Staging
from bot.rooms.stream import stream
from bot.settings import Settings
from bot.store import rooms
from bot.store.database import Store
from content.loader import Library
from content.session import Cloud, Demo, Poll, Train
from content.strings import RoomStrings
from dialogs.attending import recap_path
from dialogs.room import codes
from dialogs.room.state import Room

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {"Cache-Control": "no-store", "Content-Security-Policy": POLICY}
MOST_GROUPS = 18  # of a cloud
MOST_QUESTIONS = 6
SIZES = 5  # of type in a cloud
DAY_S = 24 * 3600
LONGEST_POINT = 3  # digits


@dataclass(frozen=True)
class Answers:
    """What was answered to one activity: bars of a poll, or groups of a cloud with their sizes.

    `best` are the best models of the room: their figures in percent, and whose they are.
    """

    title: str
    kind: str
    total: int
    is_open: bool
    bars: Sequence[Bar] = ()
    groups: Sequence[tuple[str, int, int]] = ()
    more: int = 0
    hidden: int = 0
    kept_back: Sequence[str] = ()
    because: str = ""
    best: Sequence[tuple[int, str]] = ()


@dataclass(frozen=True)
class _Drawn:
    """A screen as it was drawn last, and what it was drawn of."""

    snapshot: Snapshot
    playback: Playback | None
    is_away: bool
    text: str

    def shows(self, snapshot: Snapshot, played: Playback | None, *, is_away: bool) -> bool:
        """Whether it would look the same now."""
        same = (self.playback, self.is_away) == (played, is_away)
        return self.snapshot is snapshot and same


class Screen:
    """The big screen, for whoever has the room's code; who guesses has to wait."""

    def __init__(  # noqa: PLR0913 (each is needed)
        self,
        settings: Settings,
        store: Store,
        library: Library,
        *,
        snapshots: Snapshots,
        limits: RateLimits,
        staging: Staging,
        now: Callable[[], datetime],
    ) -> None:
        self._settings, self._store, self._library = settings, store, library
        self._snapshots, self._limits = snapshots, limits
        self._staging, self._now = staging, now
        self._drawn: dict[str, _Drawn] = {}

    def routes(self) -> list[web.RouteDef]:
        """The screen, what changes on it, and the recap's picture."""
        return [
            web.get("/screen/{code}", self.page),
            web.get("/screen/{code}/stream", self.live),
            web.get("/screen/{code}/runs/{activity}/{points}.svg", self.curve),
            web.get("/sessions/{session}/{locale}/recap.png", self.recap),
        ]

    def address_of(self, room: Room) -> str:
        """What is scanned to join a room."""
        return f"{self._settings.address}/join/{room.code}"

    async def page(self, request: web.Request) -> web.Response:
        """The screen, in the room's language."""
        snapshot = await self.snapshot(request)
        room = snapshot.room
        text = html.rendered(
            "screen.html",
            lang=room.locale,
            words=self._words(room.locale),
            room=room,
            session=self._snapshots.session(room),
            screen=await self._part(snapshot),
        )
        return html.answer(text, HEADERS)

    async def live(self, request: web.Request) -> web.StreamResponse:
        """What the screen shows, as it changes."""
        room = (await self.snapshot(request)).room

        async def parts() -> Mapping[str, str] | None:
            snapshot = await self._snapshots.of(room.id)
            return {"screen": await self._part(snapshot)} if snapshot else None

        return await stream(request, parts)

    async def recap(self, request: web.Request) -> web.Response:
        """The recap's picture."""
        known = self._library.languages.get(request.match_info["locale"])
        session = known.sessions.get(request.match_info["session"]) if known else None
        if known is None or session is None:
            raise web.HTTPNotFound
        drawn = await asyncio.to_thread(recap, session, self._codes(known.strings.room))
        headers = {"Cache-Control": f"public, max-age={DAY_S}"}
        return web.Response(body=drawn, content_type="image/png", headers=headers)

    def answers(self, snapshot: Snapshot, locale: str) -> Answers | None:
        """What was answered to the activity that was opened last, in a language's words."""
        room = snapshot.room
        session = self._library.languages[locale].sessions[room.session]
        activity = session.activity(room.last or "")
        if activity is None:
            return None
        total = snapshot.answered.get(activity.id, 0)
        is_open = room.open == activity.id
        match activity:
            case Poll():
                shows_right = activity.right is not None and not is_open
                right = activity.right if shows_right else None
                drawn = bars.of_poll(activity, snapshot.tally, right)
                because = activity.because if shows_right else ""
                return Answers(
                    activity.prompt, activity.kind, total, is_open, drawn, because=because
                )
            case Cloud() if snapshot.cloud is not None:
                groups = snapshot.cloud.groups
                shown = groups[:MOST_GROUPS]
                most = max((one.count for one in shown), default=1)
                sized = [
                    (one.text, one.count, 1 + round((SIZES - 1) * one.count / most))
                    for one in shown
                ]
                return Answers(
                    activity.prompt,
                    activity.kind,
                    total,
                    is_open,
                    groups=sized,
                    more=sum(one.count for one in groups[MOST_GROUPS:]),
                    hidden=snapshot.cloud.hidden,
                    kept_back=snapshot.cloud.kept_back,
                )
            case Train() if snapshot.scores is not None:
                board = snapshot.scores
                return Answers(
                    activity.prompt,
                    activity.kind,
                    board.count,
                    is_open,
                    bars.of_scores(board),
                    because=activity.measured,
                    best=[(round(100 * one.figure), one.name) for one in board.best],
                )
            case _:
                return Answers(activity.prompt, activity.kind, total, is_open)

    async def curve(self, request: web.Request) -> web.Response:
        """The losses of a run that is played back, up to a point of them."""
        room = (await self.snapshot(request)).room
        run = await self._run(room, request.match_info["activity"])
        given = request.match_info["points"]
        if run is None or not (given.isdecimal() and len(given) <= LONGEST_POINT):
            raise web.HTTPNotFound
        points = int(given)
        if points >= len(run.losses):
            raise web.HTTPNotFound
        words = self._words(room.locale)
        drawn = await asyncio.to_thread(playback.chart, run, points, words)
        policy = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}
        return web.Response(body=drawn, content_type="image/svg+xml", headers={**HEADERS, **policy})

    async def _run(self, room: Room, name: str) -> Run | None:
        """The prepared run that an activity plays back."""
        session = self._snapshots.session(room)
        activity = session.activity(name)
        if not isinstance(activity, Demo):
            return None
        return await self._staging.run(session, room.locale, activity)

    async def _part(self, snapshot: Snapshot) -> str:
        """The screen: drawn once for all who look at it, until something changes."""
        room = snapshot.room
        run = await self._run(room, room.last or "") if room.view == "activity" else None
        since = (self._now() - room.opened_at).total_seconds() if room.opened_at else 0.0
        played = playback.at(run, since) if run else None
        is_away = not room.is_over and snapshot.is_host_away(self._now())
        known = self._drawn.get(room.id)
        if known is None or not known.shows(snapshot, played, is_away=is_away):
            if len(self._drawn) >= MOST_KEPT:
                self._drawn.clear()
            text = self._text(snapshot, run, played, is_away=is_away)
            known = self._drawn[room.id] = _Drawn(snapshot, played, is_away, text)
        return known.text

    def _text(
        self, snapshot: Snapshot, run: Run | None, played: Playback | None, *, is_away: bool
    ) -> str:
        room = snapshot.room
        words = self._words(room.locale)
        session = self._snapshots.session(room)
        address = self.address_of(room)
        codes_shown = self._codes(words)
        return html.rendered(
            "screen_live.html",
            lang=room.locale,
            words=words,
            room=room,
            session=session,
            snapshot=snapshot,
            address=address.partition("://")[2],
            join=f"{words.join_words[0]} {room.code}",
            qr=qr(address),
            answers=self.answers(snapshot, room.locale),
            questions=snapshot.questions[:MOST_QUESTIONS],
            recap=recap_path(session.id, room.locale),
            recap_alt=words.recap_alt.format(
                tiles="; ".join(f"{one.question} {one.answer}" for one in session.recap)
            ),
            codes={label: (one, qr(one)) for label, one in codes_shown.items() if one},
            playback=played,
            run=run,
            begun=playback.begun(run, words) if run and run.outcome else "",
            outcome=playback.outcome(run, words) if run and run.outcome else (),
            is_away=is_away,
        )

    def _codes(self, words: RoomStrings) -> dict[str, str]:
        """The addresses to scan at the end, by what they are called; empty where none is set."""
        return {
            words.scan_paper: self._settings.paper_url,
            words.scan_repository: self._settings.repository_url,
        }

    def _words(self, locale: str) -> RoomStrings:
        return self._library.languages[locale].strings.room

    async def snapshot(self, request: web.Request) -> Snapshot:
        """The room with the code that is asked for. Raises 404, and HastyError for who guesses."""
        self._limits.check_address(request, "room", GUESSING)
        code = codes.normal(request.match_info["code"])
        found = await self._store.look(lambda db: rooms.by_code(db, code)) if code else None
        snapshot = await self._snapshots.of(found.room.id) if found else None
        if snapshot is None:
            self._limits.count_address(request, "room", GUESSING)
            raise web.HTTPNotFound
        return snapshot


@lru_cache(maxsize=100)  # a room has one, and all rooms the same two at their end
def qr(address: str) -> Markup:
    """A code to scan, as a part of a page."""
    drawn = segno.make(address, error="m").svg_inline(border=2, omitsize=True, light="#fff")
    return Markup(drawn)  # noqa: S704 (drawn by us; the address stands in it as squares)
