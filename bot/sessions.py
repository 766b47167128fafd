"""`/api/session`: who is on the own page, by a cookie or a link from another device."""

from urllib.parse import urlsplit

from aiohttp import web
from sqlalchemy import Connection

from bot import credentials, learners, own_page
from bot.settings import Settings
from bot.store import Store
from bot.tokens import Pass, Tokens
from bot.tutoring import Tutoring
from bot.wire import fault, read_body

COOKIE = "tutor_resume"
LONGEST_CODE = 200


class Sessions:
    """Trades the long-lived resume cookie for short-lived Direct Line tokens."""

    def __init__(
        self, settings: Settings, store: Store, tutoring: Tutoring, tokens: Tokens
    ) -> None:
        self._settings, self._store, self._tutoring = settings, store, tutoring
        self._tokens = tokens

    def routes(self) -> list[web.RouteDef]:
        """What is served."""
        return [
            web.post("/api/session", self.open),
            web.post("/api/session/link", self.link),
            web.post("/api/session/revoke", self.revoke),
        ]

    async def open(self, request: web.Request) -> web.Response:
        """Recognise a learner by cookie or resume code, or enrol a new one; give a token."""
        self._check_site(request)
        body = await read_body(request)
        cookie, resume = _cookie(request), body.get("resume")

        def recognise(db: Connection) -> tuple[str, str | None]:
            """The learner, and a new cookie where one is needed."""
            learner = None
            if isinstance(resume, str) and resume:
                learner = credentials.redeem(db, resume[:LONGEST_CODE])
            if learner is None:
                known = credentials.redeem(db, cookie)
                if known is not None:
                    return known, None
                learner = learners.enrol(db)
            return learner, credentials.issue(db, learner)

        learner, fresh = await self._store.run(recognise)
        held = Pass(learner)
        # Who was greeted before hears nothing.
        here = own_page.origin(request, self._settings)
        await self._tutoring.take(own_page.arrival(held, here, body))
        response = web.json_response(self._tokens.grant(held))
        response.headers["Cache-Control"] = "no-store"
        if fresh is not None:
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
        self._check_site(request)
        cookie = _cookie(request)

        def make(db: Connection) -> str | None:
            learner = credentials.redeem(db, cookie)
            if learner is None:
                return None
            return credentials.issue(db, learner, seconds=credentials.LINK_S, uses=1)

        made = await self._store.run(make)
        if made is None:
            return fault(403, "nobody is recognised here")
        here = own_page.origin(request, self._settings)
        response = web.json_response({"link": f"{here}/?resume={made}"})
        response.headers["Cache-Control"] = "no-store"
        return response

    async def revoke(self, request: web.Request) -> web.Response:
        """Forget this learner's browsers and links: their secrets are worth nothing any more."""
        self._check_site(request)
        cookie = _cookie(request)

        def forget(db: Connection) -> None:
            learner = credentials.redeem(db, cookie)
            if learner is not None:
                credentials.revoke(db, learner)

        await self._store.run(forget)
        response = web.json_response({"revoked": True})
        response.del_cookie(COOKIE)
        return response

    def _check_site(self, request: web.Request) -> None:
        """Refuse what another site's page sends with this learner's cookie."""
        site = request.headers.get("Sec-Fetch-Site", "same-origin")
        sent_from = request.headers.get("Origin")
        ours = {request.host, urlsplit(self._settings.address).netloc}
        if site not in ("same-origin", "none") or (
            sent_from is not None and urlsplit(sent_from).netloc not in ours
        ):
            raise web.HTTPForbidden(text="another site's page can't open a session here")


def _cookie(request: web.Request) -> str:
    return request.cookies.get(COOKIE, "")[:LONGEST_CODE]
