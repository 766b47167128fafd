"""`/host`: where a host opens a room and leads the talk, with a clock and what the room answers."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from urllib.parse import urlsplit

from aiohttp import web
from sqlalchemy import Connection

from bot.http import html
from bot.http.access import Access, Purpose
from bot.http.wire import read_form
from bot.rooms.screen import Screen
from bot.rooms.snapshot import Snapshot, Snapshots
from bot.rooms.staging import LONGEST_QUESTION, Staging
from bot.rooms.stream import stream
from bot.settings import Settings
from bot.store import rooms
from bot.store.database import Store
from content.loader import Library
from content.session import Session
from content.strings import RoomStrings
from dialogs.room import codes
from dialogs.room.advance import LONGEST_PART, RoomTurn, advance_room
from dialogs.room.answers import one_line
from dialogs.room.events import Allot, Asked, Close, End, HostEvent, MoveTo, Open, Show, Start, Tick
from dialogs.room.pacing import pace
from dialogs.room.state import Room

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "Content-Security-Policy": POLICY,
}
PARTS = ("clock", "now", "answers", "questions", "runs", "exchange", "sheet")
MOST_ROOMS = 30  # that are listed
SEEN_S = 8.0  # how often it is noted that a host's page is connected
VIEWS: Mapping[str, Show] = {
    "join": Show("join"),
    "activity": Show("activity"),
    "recap": Show("recap"),
    "questions": Show("questions"),
    "models": Show("models"),
}


class Host:
    """The host's pages, behind the sign-in. Any device that is signed in leads the same room."""

    def __init__(  # noqa: PLR0913 (each is needed)
        self,
        settings: Settings,
        store: Store,
        access: Access,
        library: Library,
        *,
        snapshots: Snapshots,
        screen: Screen,
        staging: Staging,
        now: Callable[[], datetime],
    ) -> None:
        self._settings, self._store, self._access = settings, store, access
        self._library, self._snapshots, self._screen = library, snapshots, screen
        self._staging, self._now = staging, now

    def routes(self) -> list[web.RouteDef]:
        """All of it behind the sign-in."""
        only = self._access.only(Purpose.HOST)
        return [
            web.get("/host", only(self.rooms)),
            web.post("/host", only(self.open)),
            web.get("/host/{code}", only(self.lead)),
            web.post("/host/{code}", only(self.change)),
            web.get("/host/{code}/stream", only(self.live)),
            web.post("/host/{code}/runs", only(self.prepare)),
            web.post("/host/{code}/ask", only(self.ask)),
        ]

    async def rooms(self, request: web.Request) -> web.Response:
        """The rooms that were opened last, and the form for another."""
        locale = html.language(request, self._library.languages)
        found = await self._store.look(lambda db: rooms.newest(db, MOST_ROOMS))
        text = html.rendered(
            "host.html",
            lang=locale,
            words=self._library.languages[locale].strings.room,
            rooms=[one.room for one in found],
            sessions=list(self._library.languages[locale].sessions.values()),
            languages={
                name: one.strings.tutor.language_name
                for name, one in self._library.languages.items()
            },
        )
        return html.answer(text, {**HEADERS, "Vary": "Accept-Language"})

    async def open(self, request: web.Request) -> web.Response:
        """Open a room, and go there."""
        form = await read_form(request)
        locale, name = form.get("locale", ""), form.get("session", "")
        known = self._library.languages.get(locale)
        session = known.sessions.get(name) if known else None
        if session is None:
            raise web.HTTPBadRequest(text="there is no such session in this language")
        made = await self._store.run(
            partial(rooms.open_room, session=session, locale=locale, now=self._now())
        )
        return web.Response(status=303, headers={"Location": f"/host/{made.code}"})

    async def lead(self, request: web.Request) -> web.Response:
        """The page on which a room is led."""
        locale = html.language(request, self._library.languages)
        snapshot = await self._snapshot(request)
        parts = await self._parts(snapshot, locale)
        room, words = snapshot.room, self._words(locale)
        text = html.rendered(
            "host_room.html",
            lang=locale,
            words=words,
            room=room,
            session=self._session(room, locale),
            parts=parts,
            missing=self._missing(),
            longest=LONGEST_QUESTION,
            about=self._about(words),
            choices=self._staging.choices(self._session(room, locale)),
            chosen=self._staging.asked_run(room, self._snapshots.session(room)),
            join=self._screen.address_of(room),
        )
        return html.answer(text, {**HEADERS, "Vary": "Accept-Language"})

    async def live(self, request: web.Request) -> web.StreamResponse:
        """What changes on that page, as it changes."""
        locale = html.language(request, self._library.languages)
        room = (await self._snapshot(request)).room
        seen = 0.0
        shown: tuple[Snapshot, int, Mapping[str, str]] | None = None

        async def parts() -> Mapping[str, str] | None:
            nonlocal seen, shown
            now = self._now()
            if abs(now.timestamp() - seen) >= SEEN_S and not room.is_over:
                seen = now.timestamp()
                await self._store.run(partial(rooms.see_host, name=room.id, now=now))
            snapshot = await self._snapshots.of(room.id)
            if snapshot is None:
                return None
            second = int(now.timestamp())  # the clock shows whole ones
            if shown is None or shown[0] is not snapshot or shown[1] != second:
                shown = (snapshot, second, await self._parts(snapshot, locale))
            return shown[2]

        return await stream(request, parts)

    async def change(self, request: web.Request) -> web.Response:
        """Do what the host wants, and show the room again."""
        form = await read_form(request)
        event = event_of(form)
        code = self._code(request)
        if event is None:
            raise web.HTTPBadRequest(text="a room can't be told that")
        turn = await self._store.run(partial(self._advance, code=code, event=event))
        if turn is None:
            raise web.HTTPNotFound
        self._snapshots.forget(turn.room.id)
        return web.Response(status=303, headers={"Location": f"/host/{code}"})

    async def prepare(self, request: web.Request) -> web.Response:
        """Train one of the session's runs, ahead of the talk."""
        room = (await self._snapshot(request)).room
        name = (await read_form(request)).get("run", "")
        self._staging.prepare(self._snapshots.session(room), room.locale, name)
        return web.Response(status=303, headers={"Location": f"/host/{room.code}"})

    async def ask(self, request: web.Request) -> web.Response:
        """Put a question to both staged models, and show the room what they said."""
        room = (await self._snapshot(request)).room
        form = await read_form(request)
        question = one_line(form.get("question", ""))[:LONGEST_QUESTION]
        if question:
            session = self._snapshots.session(room)
            exchange = await self._staging.ask(room, session, question, form.get("run", ""))
            shown = partial(self._advance, code=room.code, event=Asked(exchange))
            await self._store.run(shown)
            self._snapshots.forget(room.id)
        return web.Response(status=303, headers={"Location": f"/host/{room.code}"})

    def _advance(self, db: Connection, code: str, event: HostEvent) -> RoomTurn | None:
        stored = rooms.locked(db, code)
        if stored is None:
            return None
        now = self._now()
        session = self._snapshots.session(stored.room)
        turn = advance_room(session, stored.room, event, now)
        if turn.room != stored.room:
            rooms.save(db, turn.room)
        if turn.tells:
            rooms.announce(db, turn.room, now)
        return turn

    async def _snapshot(self, request: web.Request) -> Snapshot:
        """The room that is asked for. Raises 404."""
        code = self._code(request)
        found = await self._store.look(lambda db: rooms.by_code(db, code))
        snapshot = await self._snapshots.of(found.room.id) if found else None
        if snapshot is None:
            raise web.HTTPNotFound
        return snapshot

    def _code(self, request: web.Request) -> str:
        code = codes.normal(request.match_info["code"])
        if code is None:
            raise web.HTTPNotFound
        return code

    async def _parts(self, snapshot: Snapshot, locale: str) -> dict[str, str]:
        """The page's parts that change, by the ids of their places."""
        room, words = snapshot.room, self._words(locale)
        session = self._session(room, locale)
        now = self._now()
        values = {
            "words": words,
            "room": room,
            "session": session,
            "snapshot": snapshot,
            "pace": pace(session, room, now),
            "minutes_of": lambda part: room.minutes_of(part, session),
            "following": _following(session, room),
            "of": next(a for a in session.acts if any(p.id == room.part for p in a.parts)),
            "clock": clock,
            "minutes": minutes,
            "longest": LONGEST_PART,
            "answers": self._screen.answers(snapshot, locale),
            "runs": await self._staging.runs(self._snapshots.session(room), room.locale),
            "day": lambda at: datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d"),
        }
        return {name: html.rendered(f"host_{name}.html", lang=locale, **values) for name in PARTS}

    def _session(self, room: Room, locale: str) -> Session:
        return self._library.languages[locale].sessions[room.session]

    def _words(self, locale: str) -> RoomStrings:
        return self._library.languages[locale].strings.room

    def _about(self, words: RoomStrings) -> str:
        """Where what is asked goes."""
        if not self._staging.is_real:
            return words.models_simulated
        return words.models_real.format(host=urlsplit(self._settings.staged_url).hostname)

    def _missing(self) -> list[str]:
        """The settings without which codes are left out of the recap."""
        given = {
            "PAPER_URL": self._settings.paper_url,
            "REPOSITORY_URL": self._settings.repository_url,
        }
        return [name for name, value in given.items() if not value]


def event_of(form: Mapping[str, str]) -> HostEvent | None:
    """What a form's fields ask of a room; None for nothing that can be asked."""
    value = form.get("value", "")
    match form.get("do"):
        case "start":
            return Start()
        case "move":
            return MoveTo(value)
        case "open":
            return Open(value)
        case "close":
            return Close(value)
        case "show":
            return VIEWS.get(value)
        case "tick":
            return Tick(value)
        case "end":
            return End()
        case "allot":
            given = form.get("minutes", "")
            return Allot(value, int(given)) if given.isdecimal() and len(given) <= 4 else None  # noqa: PLR2004
        case _:
            return None


def _following(session: Session, room: Room) -> str | None:
    """The part after the one that the talk is at."""
    ids = [part.id for part in session.parts]
    at = ids.index(room.part) + 1
    return ids[at] if at < len(ids) else None


def clock(seconds: float) -> str:
    """A time span as minutes and seconds."""
    whole = int(abs(seconds))
    return f"{whole // 60}:{whole % 60:02d}"


def minutes(seconds: float) -> int:
    """A time span in whole minutes, one at least."""
    return max(1, round(abs(seconds) / 60))
