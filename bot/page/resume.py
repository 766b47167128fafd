"""`/api/session`: who is on the page, by a cookie or by a secret that is told."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from aiohttp import web
from sqlalchemy import Connection

from bot.errors import ExchangeError
from bot.http.cors import is_from_us
from bot.http.rate_limits import ENROLLING, OPENING, RateLimits
from bot.http.wire import COME_BACK_S, error_body, read_body, refusal
from bot.page import own_page
from bot.settings import Settings
from bot.store import credentials, learners
from bot.store.database import Store

COOKIE = "tutor_resume"
LONGEST_CODE = 200

Grant = dict[str, object]  # a token, and all that the page needs to use it


class TokenSource(Protocol):
    """What gives the page tokens: our own Direct Line, or Azure's."""

    async def open(self, learner: str, origin: str, body: Mapping[str, object]) -> Grant:
        """Let the learner in. Raises ExchangeError."""
        ...


@dataclass(frozen=True)
class _Visitor:
    """What a visitor shows of who they are.

    In a frame, and on another site's page, there are no cookies: the secret is told, and given
    back for the page around to keep (`keeps`). `changes`: they said that a link may make
    somebody else of them.
    """

    secret_sent: str
    cookie: str
    keeps: bool
    changes: bool = False

    @property
    def secret(self) -> str:
        """What must have been kept from an earlier visit."""
        return self.secret_sent if self.keeps else self.cookie


class Resume:
    """Trades the long-lived secret of a learner for short-lived Direct Line tokens."""

    def __init__(
        self, settings: Settings, store: Store, line: TokenSource, limits: RateLimits
    ) -> None:
        self._settings, self._store, self._line, self._limits = settings, store, line, limits

    def routes(self) -> list[web.RouteDef]:
        """Open a session, make a link to another device, forget all of them."""
        return [
            web.post("/api/session", self.open),
            web.post("/api/session/link", self.link),
            web.post("/api/session/revoke", self.revoke),
        ]

    async def open(self, request: web.Request) -> web.Response:
        """Recognise a learner, or enrol a new one; give a token."""
        body = await read_body(request)
        visitor = self._visitor(request, body)
        here = own_page.origin(request, self._settings)
        if await self._store.run(partial(_would_lose, visitor=visitor)):
            return refusal(409, "the link is another learner's: say `change` to go on as them")
        learner, fresh = await self._store.run(partial(self._recognise, request, visitor))
        self._limits.count(request, "session", OPENING, learner)
        headers = {"Cache-Control": "no-store"}
        try:
            answer, status = await self._line.open(learner, here, body), 200
        except ExchangeError as error:
            answer, status = error_body(503, str(error)), 503
            headers["Retry-After"] = COME_BACK_S
        if visitor.keeps:
            answer["resume"] = fresh or visitor.secret_sent
        response = web.json_response(answer, status=status, headers=headers)
        if fresh is not None and not visitor.keeps:
            response.set_cookie(
                COOKIE,
                fresh,
                max_age=credentials.RESUME_S,
                httponly=True,
                secure=here.startswith("https://"),
                samesite="Lax",
            )
        return response

    async def link(self, request: web.Request) -> web.Response:
        """Make a link that carries the learner's progress to another device."""
        secret = self._visitor(request, await read_body(request)).secret

        def make(db: Connection) -> str | None:
            learner = credentials.redeem(db, secret)
            if learner is None:
                return None
            self._limits.count(request, "session", OPENING, learner)
            return credentials.issue(db, learner, seconds=credentials.LINK_S, uses=1)

        code = await self._store.run(make)
        if code is None:
            return refusal(403, "nobody is recognised here")
        here = own_page.origin(request, self._settings)
        headers = {"Cache-Control": "no-store"}
        return web.json_response({"link": f"{here}/?resume={code}"}, headers=headers)

    async def revoke(self, request: web.Request) -> web.Response:
        """Forget this learner's browsers and links: their secrets are worth nothing any more."""
        secret = self._visitor(request, await read_body(request)).secret

        def forget(db: Connection) -> None:
            learner = credentials.redeem(db, secret)
            if learner is not None:
                credentials.revoke(db, learner)

        await self._store.run(forget)
        response = web.json_response({"revoked": True})
        response.del_cookie(COOKIE)
        return response

    def _recognise(
        self, request: web.Request, visitor: _Visitor, db: Connection
    ) -> tuple[str, str | None]:
        """The learner, and a new secret where one is needed."""
        learner = credentials.redeem(db, visitor.secret_sent) if visitor.secret_sent else None
        if learner is not None:
            # On the own page it was a link's, which is spent by this.
            return learner, None if visitor.keeps else credentials.issue(db, learner)
        learner = credentials.redeem(db, visitor.cookie) if visitor.cookie else None
        if learner is not None:
            return learner, None
        self._limits.count_address(request, "enrolment", ENROLLING)
        learner = learners.enrol(db)
        return learner, credentials.issue(db, learner)

    def _visitor(self, request: web.Request, body: Mapping[str, object]) -> _Visitor:
        """What a request shows. Refuses what a stranger's page sends with a learner's cookie."""
        given = body.get("resume")
        secret = given[:LONGEST_CODE] if isinstance(given, str) else ""
        if is_from_us(request, self._settings.address):
            if body.get("frame") is True:
                return _Visitor(secret, "", keeps=True)
            cookie = request.cookies.get(COOKIE, "")[:LONGEST_CODE]
            return _Visitor(secret, cookie, keeps=False, changes=body.get("change") is True)
        if request.headers.get("Origin") in self._settings.embedders:
            return _Visitor(secret, "", keeps=True)
        raise web.HTTPForbidden(text="another site's page can't open a session here")


def _would_lose(db: Connection, visitor: _Visitor) -> bool:
    """Whether a link would take a browser from a learner who has answered something there.

    Whoever sent the link could otherwise have them go on in a lesson that others can read.
    """
    if visitor.keeps or visitor.changes or not (visitor.secret_sent and visitor.cookie):
        return False
    comes, here = credentials.whose(db, visitor.secret_sent), credentials.whose(db, visitor.cookie)
    if comes is None or here is None or comes == here:
        return False
    learner = learners.find(db, here)
    return learner is not None and any(progress.records for progress in learner.progress.values())
