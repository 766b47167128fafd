"""`/api/session`: who is on the page, by a cookie or by a secret that is told."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Protocol

from aiohttp import web
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from bot.errors import BusyError, ExchangeError
from bot.http.cors import is_from_us
from bot.http.rate_limits import ENROLLING, OPENING, POSTING, RateLimits
from bot.http.wire import COME_BACK_S, error_body, read_body, refusal
from bot.page import own_page
from bot.settings import Settings
from bot.store import credentials, learners
from bot.store.credentials import Holder
from bot.store.database import Store
from bot.turns import service
from cards import press
from dialogs import contents, framing
from dialogs.contents import Line
from dialogs.tutor import Tutor
from dialogs.values.actions import Goto
from dialogs.values.progress import Learner
from dialogs.values.replies import Button
from dialogs.values.scene import Scene

COOKIE = "tutor_resume"
HOST_COOKIE = f"__Host-{COOKIE}"  # behind https: no other host of the domain can set it
LONGEST_CODE = 200
SHORTEST_VISIT = 20  # characters: nobody else shall guess it

Grant = dict[str, object]  # a token, and all that the page needs to use it

log = logging.getLogger(__name__)


class TokenSource(Protocol):
    """What gives the page tokens: our own Direct Line, or Azure's."""

    async def open(self, holder: Holder, origin: str, body: Mapping[str, object]) -> Grant:
        """Let the learner in. Raises BusyError, ExchangeError and SignedOutError."""
        ...


@dataclass(frozen=True)
class _Visitor:
    """What a visitor shows of who they are.

    In a frame, and on another site's page, there are no cookies: the secret is told, and given
    back for the page around to keep (`keeps`). `changes`: they said that a link may make
    somebody else of them. `begins`: they want to be a new learner. `returns`: the page was open
    already. `visit`: what the page calls this visit until it gets an answer. `former_cookie`: from
    before there was https, or the name that goes with it; another host of the domain may have set
    it.
    """

    secret_sent: str
    cookie: str = ""
    former_cookie: str = ""
    keeps: bool = False
    changes: bool = False
    visit: str = ""
    begins: bool = False
    returns: bool = False

    @property
    def secret(self) -> str:
        """What must have been kept from an earlier visit."""
        return self.secret_sent if self.keeps else self.cookie

    @property
    def lost(self) -> bool:
        """Whether they were somebody before, and didn't ask to be somebody else."""
        return not self.begins and (bool(self.secret) or self.returns)


@dataclass(frozen=True)
class _Recognised:
    """Who a visitor is, by which secret from now on (None: the one that they showed).

    `carried`: a link brought them here from elsewhere. `anew`: what they showed is worth nothing
    any more, so they are a new learner.
    """

    holder: Holder
    fresh: str | None = None
    carried: Learner | None = None
    anew: bool = False


class Resume:
    """Trades the long-lived secret of a learner for short-lived Direct Line tokens."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        line: TokenSource,
        limits: RateLimits,
        tutor: Tutor,
    ) -> None:
        self._settings, self._store, self._line = settings, store, line
        self._limits, self._tutor = limits, tutor

    def routes(self) -> list[web.RouteDef]:
        """Open a session, make a link to another device, forget one browser or all of them."""
        return [
            web.post("/api/session", self.open),
            web.post("/api/session/link", self.link),
            web.post("/api/session/steps", self.steps),
            web.post("/api/session/revoke", self.revoke),
        ]

    async def open(self, request: web.Request) -> web.Response:
        """Recognise a learner, or enrol a new one; give a token."""
        body = await read_body(request)
        visitor = self._visitor(request, body)
        here = own_page.origin(request, self._settings)
        if await self._store.run(partial(_would_lose, visitor=visitor)):
            return refusal(409, "the link is another learner's: say `change` to go on as them")
        if self._store.waiting >= service.LONGEST_QUEUE:
            raise BusyError
        found = await self._store.run(partial(self._recognise, request, visitor))
        # From here on each answer brings the secret: a link may have been spent for it.
        try:
            answer, status = await self._line.open(found.holder, here, body), 200
        except ExchangeError as error:
            answer, status = error_body(503, str(error)), 503
        except BusyError:
            answer, status = error_body(503, "the tutor is busy, please try again"), 503
        except SQLAlchemyError:
            log.exception("the greeting could not be stored")
            answer, status = error_body(503, "the tutor can't reach its database"), 503
        if visitor.keeps:
            answer["resume"] = found.fresh or visitor.secret_sent
        if found.carried is not None:
            answer["carried"] = self._place(found.carried)
        if found.anew:
            answer["anew"] = True
        headers = {"Cache-Control": "no-store"}
        if status != 200:  # noqa: PLR2004 (the status of what went well)
            headers["Retry-After"] = COME_BACK_S
        response = web.json_response(answer, status=status, headers=headers)
        if found.fresh is not None and not visitor.keeps:
            self._keep(response, here, found.fresh)
        return response

    async def link(self, request: web.Request) -> web.Response:
        """Make a link that carries the learner's progress to another device."""
        secret = self._visitor(request, await read_body(request)).secret

        def make(db: Connection) -> str | None:
            holder = credentials.find(db, secret)
            if holder is None or holder.by_link:
                return None
            self._limits.count(request, "session", OPENING, holder.learner)
            return credentials.make_link(db, holder)

        code = await self._store.run(make)
        if code is None:
            return refusal(403, "nobody is recognised here")
        here = own_page.origin(request, self._settings)
        headers = {"Cache-Control": "no-store"}
        return web.json_response({"link": f"{here}/?resume={code}"}, headers=headers)

    async def steps(self, request: web.Request) -> web.Response:
        """Tell the steps of the learner's lesson, what leads to them, and what else can be said."""
        secret = self._visitor(request, await read_body(request)).secret

        def find(db: Connection) -> Learner | None:
            holder = credentials.find(db, secret)
            if holder is None:
                return None
            self._limits.count(request, "read", POSTING, holder.learner)
            return learners.find(db, holder.learner, self._tutor)

        learner = await self._store.run(find)
        lesson = self._tutor.edition(learner, learner.lesson or "") if learner else None
        if learner is None or lesson is None:
            return refusal(403, "nobody is recognised here")
        scene = self._tutor.scene(learner, lesson, datetime.now(UTC), {})
        return web.json_response(_menu(scene), headers={"Cache-Control": "no-store"})

    async def revoke(self, request: web.Request) -> web.Response:
        """Forget all of the learner's browsers and links, or this browser alone (`here`)."""
        body = await read_body(request)
        secret = self._visitor(request, body).secret

        def forget(db: Connection) -> None:
            holder = credentials.find(db, secret)
            if holder is None:
                self._limits.count_address(request, "session", OPENING[1])
                return
            self._limits.count(request, "session", OPENING, holder.learner)
            only = holder.session if body.get("here") is True else None
            credentials.revoke(db, holder.learner, only)

        await self._store.run(forget)
        response = web.json_response({"revoked": True})
        secure = own_page.origin(request, self._settings).startswith("https://")
        response.del_cookie(COOKIE)
        if secure:
            response.del_cookie(HOST_COOKIE, secure=True)
        return response

    def _keep(self, response: web.Response, here: str, secret: str) -> None:
        """Let the browser keep a secret where no script and no other host can reach it."""
        secure = here.startswith("https://")
        if secure:
            response.del_cookie(COOKIE)  # as it was called before
        response.set_cookie(
            HOST_COOKIE if secure else COOKIE,
            secret,
            max_age=credentials.RESUME_S,
            httponly=True,
            secure=secure,
            samesite="Lax",
        )

    def _recognise(self, request: web.Request, visitor: _Visitor, db: Connection) -> _Recognised:
        """Who a visitor is. Raises HastyError, which undoes it: a link isn't spent then."""
        found = self._known(db, visitor)
        if found is None:
            self._limits.count_address(request, "enrolment", ENROLLING)
            secret, holder = credentials.issue(db, learners.enrol(db), visitor.visit)
            found = _Recognised(holder, secret, anew=visitor.lost)
        self._limits.count(request, "session", OPENING, found.holder.learner)
        return found

    def _known(self, db: Connection, visitor: _Visitor) -> _Recognised | None:
        """Who a visitor is of those whom we know; a link is spent by it."""
        holder = credentials.redeem(db, visitor.secret_sent) if visitor.secret_sent else None
        if holder is not None:
            if visitor.keeps and not holder.by_link:
                return _Recognised(holder)
            return self._moved(db, holder, visitor)
        again = credentials.recall(db, visitor.visit) if visitor.visit else None
        if again is not None:
            secret, holder = again
            by = "" if visitor.keeps else visitor.secret_sent
            return _Recognised(holder, secret, self._carried(db, holder, by))
        if visitor.begins:
            left = credentials.find(db, visitor.secret) if visitor.secret else None
            if left is not None:
                credentials.revoke(db, left.learner, left.session)
            return None
        holder = credentials.find(db, visitor.cookie) if visitor.cookie else None
        if holder is not None:
            return _Recognised(holder)
        holder = credentials.find(db, visitor.former_cookie) if visitor.former_cookie else None
        if holder is None or holder.by_link:
            return None
        credentials.revoke(db, holder.learner, holder.session)
        return self._moved(db, holder, visitor)

    def _moved(self, db: Connection, holder: Holder, visitor: _Visitor) -> _Recognised:
        """Let a browser go on as somebody whom it wasn't yet, with a secret of its own."""
        here = credentials.find(db, visitor.cookie) if visitor.cookie else None
        if here is not None and here.learner == holder.learner:
            return _Recognised(here)
        secret, own = credentials.issue(db, holder.learner, visitor.visit)
        return _Recognised(own, secret, self._carried(db, own, secret))

    def _carried(self, db: Connection, holder: Holder, by: str) -> Learner | None:
        return learners.find(db, holder.learner, self._tutor) if by else None

    def _place(self, learner: Learner) -> dict[str, object]:
        """Where a learner is, by the numbers of phase and step; nothing where none is begun."""
        lesson = self._tutor.edition(learner, learner.lesson) if learner.lesson else None
        progress = learner.progress.get(lesson.id) if lesson else None
        phase = lesson.phase_of(progress.cursor) if lesson and progress else None
        if lesson is None or progress is None or phase is None:
            return {}
        steps = [step.id for step in phase.steps]
        return {
            "phase": lesson.phases.index(phase) + 1,
            "step": steps.index(progress.cursor) + 1,
        }

    def _visitor(self, request: web.Request, body: Mapping[str, object]) -> _Visitor:
        """What a request shows. Refuses what a stranger's page sends with a learner's cookie."""
        secret, visit = _text(body.get("resume")), _text(body.get("visit"))
        if len(visit) < SHORTEST_VISIT:
            visit = ""
        begins, returns = body.get("begin") is True, body.get("again") is True
        if is_from_us(request, self._settings.address):
            if body.get("frame") is True:
                return _Visitor(secret, keeps=True, visit=visit, begins=begins, returns=returns)
            cookie, former = _text(request.cookies.get(COOKIE)), ""
            if own_page.origin(request, self._settings).startswith("https://"):
                cookie, former = _text(request.cookies.get(HOST_COOKIE)), cookie
            return _Visitor(
                secret,
                cookie,
                former,
                changes=body.get("change") is True,
                visit=visit,
                begins=begins,
                returns=returns,
            )
        if request.headers.get("Origin") in self._settings.embedders:
            return _Visitor(secret, keeps=True, visit=visit, begins=begins, returns=returns)
        raise web.HTTPForbidden(text="another site's page can't open a session here")


def _menu(scene: Scene) -> dict[str, object]:
    """The lesson's steps, each with what a press on it sends; and commands, as they are typed."""
    words = scene.strings.tutor
    stamp = framing.stamp(scene, scene.lesson.step(scene.progress.cursor) or scene.lesson.start)

    def told(line: Line) -> dict[str, object]:
        leads = line.state in {"done", "open"}
        button = Button(line.title, Goto(line.step), line.title)
        there = press.data(stamp, button) if leads else None
        return {"title": line.title, "state": line.state, "press": there}

    named = {
        "back": words.back,
        "skip": words.skip_tutorial,
        "help": words.help,
        "lessons": words.lessons_title,
        "language": words.languages_title,
    }
    return {
        "title": scene.lesson.title,
        "chapters": [
            {"title": one.title, "steps": [told(line) for line in one.lines]}
            for one in contents.chapters(scene)
        ],
        "commands": [
            {"title": named[name], "says": words.commands[name][0]}
            for name in contents.commands(scene)
        ],
    }


def _text(given: object) -> str:
    return given[:LONGEST_CODE] if isinstance(given, str) else ""


def _would_lose(db: Connection, visitor: _Visitor) -> bool:
    """Whether a link would take a browser from a learner who has answered something there.

    Whoever sent the link could otherwise have them go on in a lesson that others can read.
    """
    if visitor.keeps or visitor.changes or not (visitor.secret_sent and visitor.cookie):
        return False
    comes, here = credentials.find(db, visitor.secret_sent), credentials.find(db, visitor.cookie)
    if comes is None or here is None or comes.learner == here.learner:
        return False
    learner = learners.find(db, here.learner)
    return learner is not None and any(progress.records for progress in learner.progress.values())
