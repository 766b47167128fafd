"""Who may host a session or see figures: whoever shows the token that the operator has set.

A script sends the token with each request (`Authorization: Bearer`). A person signs in once on
a page of ours and gets a cookie for it. Nothing is stored: the cookie says until when it is good,
signed for one purpose and one token, so another token makes all cookies of the former worthless.

On Azure Container Apps figures may also be seen by people of a tenant (`INSIGHTS_TENANT`): there
the platform signs them in, and says who they are in a header, which it lets nobody else send
(https://learn.microsoft.com/azure/container-apps/authentication).
"""

import base64
import hmac
import json
import re
import time
from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import wraps
from hashlib import sha256
from http import HTTPStatus
from urllib.parse import urlencode

from aiohttp import web

from bot.errors import HastyError
from bot.http import html
from bot.http.cors import is_from_us
from bot.http.rate_limits import GUESSING, RateLimits
from bot.http.wire import Handler, read_form, refusal
from bot.settings import Settings
from content.strings import AccessStrings

SIGNED_IN_S = 8 * 3600
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
# A path on this site. A browser reads two slashes, or a slash and a backslash, as another host.
OWN_PATH = re.compile(r"/(?![/\\])[!-\[\]-~]{0,1000}")
HARMLESS = ("GET", "HEAD", "OPTIONS")  # methods that change nothing


# Where Container Apps signs somebody in, what it says then, and how that names the tenant.
PLATFORM_SIGN_IN = "/.auth/login/aad"
PRINCIPAL = "X-MS-CLIENT-PRINCIPAL"
TENANT_CLAIMS = ("tid", "http://schemas.microsoft.com/identity/claims/tenantid")


class Purpose(StrEnum):
    """What somebody signs in for."""

    HOST = "host"
    INSIGHTS = "insights"


class Access:
    """The sign-in page, and the guard for what is for hosts or operators alone.

    `languages` holds the page's words by locale; the browser says which it prefers.
    """

    def __init__(
        self,
        settings: Settings,
        key: bytes,
        limits: RateLimits,
        languages: Mapping[str, AccessStrings],
    ) -> None:
        tokens = {Purpose.HOST: settings.host_token, Purpose.INSIGHTS: settings.insights_token}
        self._tokens = {purpose: token for purpose, token in tokens.items() if token}
        # For these somebody may be let in otherwise than by a token.
        self._otherwise = {Purpose.HOST} if settings.hosts else set[Purpose]()
        self._address, self._key, self._limits = settings.address, key, limits
        self._languages = languages
        self._tenant = settings.insights_tenant.lower()

    def routes(self) -> list[web.RouteDef]:
        """The sign-in page, where there is something to sign in for."""
        if not self._tokens:
            return []
        return [
            web.get("/sign-in", self.show),
            web.post("/sign-in", self.sign_in),
            web.post("/sign-out", self.sign_out),
        ]

    def only(self, purpose: Purpose) -> Callable[[Handler], Handler]:
        """Let a handler answer those alone who may do this; without a token it isn't there."""

        def guard(handler: Handler) -> Handler:
            @wraps(handler)
            async def guarded(request: web.Request) -> web.StreamResponse:
                by_tenant = bool(self._tenant) and purpose == Purpose.INSIGHTS
                is_there = purpose in self._tokens or purpose in self._otherwise
                if not is_there and not by_tenant:
                    raise web.HTTPNotFound
                if by_tenant and PRINCIPAL in request.headers:
                    is_ours = _tenant_of(request.headers[PRINCIPAL]) == self._tenant
                    if not is_ours or not self._may_change(request):
                        return refusal(403, "this account may not see this")
                    return await handler(request)
                if not is_there:
                    return self._unknown(request, purpose)
                if "Authorization" in request.headers:
                    is_known = self._has_bearer(request, purpose)
                else:
                    is_known = self._has_cookie(request, purpose)
                    # A browser sends the cookie by itself, whoever made it ask.
                    if is_known and not self._may_change(request):
                        return refusal(403, "another site's page can't do this")
                return await handler(request) if is_known else self._unknown(request, purpose)

            return guarded

        return guard

    async def show(self, request: web.Request) -> web.Response:
        """The page on which to sign in, or out again."""
        purpose = self._purpose(request.query.get("for", ""))
        then = own_path(request.query.get("next", ""))
        return self._page(request, purpose, then)

    async def sign_in(self, request: web.Request) -> web.Response:
        """Trade the token for a cookie, and go where somebody was on their way to."""
        form = await read_form(request)
        purpose, then = self._purpose(form.get("for", "")), own_path(form.get("next", ""))
        if not is_from_us(request, self._address):
            return self._page(
                request, purpose, then, fault=self._words(request).elsewhere, status=403
            )
        try:
            is_right = self._is_token(request, purpose, form.get("token", "").strip())
        except HastyError as hasty:
            fault = self._words(request).too_often.format(seconds=hasty.wait_s)
            response = self._page(request, purpose, then, fault=fault, status=429)
            response.headers["Retry-After"] = str(hasty.wait_s)
            return response
        if not is_right:
            return self._page(request, purpose, then, fault=self._words(request).wrong, status=401)
        return self.let_in(request, purpose, then)

    def let_in(self, request: web.Request, purpose: Purpose, then: str) -> web.Response:
        """Give a browser the cookie of somebody who has shown that they may, and lead it on."""
        ends = str(int(time.time()) + SIGNED_IN_S)
        response = web.Response(status=303, headers={"Location": then})
        response.set_cookie(
            _cookie(purpose),
            f"{ends}.{self._signature(purpose, ends)}",
            max_age=SIGNED_IN_S,
            httponly=True,
            secure=self._address.startswith("https://") or request.secure,
            samesite="Strict",
        )
        return response

    async def sign_out(self, request: web.Request) -> web.Response:
        """Forget on this browser what it was signed in for."""
        purpose = self._purpose((await read_form(request)).get("for", ""))
        if not is_from_us(request, self._address):
            return self._page(
                request, purpose, "/", fault=self._words(request).elsewhere, status=403
            )
        response = web.Response(status=303, headers={"Location": f"/sign-in?for={purpose}"})
        response.del_cookie(_cookie(purpose), httponly=True, samesite="Strict")
        return response

    def _purpose(self, name: str) -> Purpose:
        """The purpose of this name. Raises 404 for one that nobody can sign in for."""
        if name not in self._tokens:
            raise web.HTTPNotFound
        return Purpose(name)

    def _has_bearer(self, request: web.Request, purpose: Purpose) -> bool:
        scheme, _, token = request.headers["Authorization"].partition(" ")
        return scheme.lower() == "bearer" and self._is_token(request, purpose, token)

    def _is_token(self, request: web.Request, purpose: Purpose, token: str) -> bool:
        """Compare with the token that is set. Raises HastyError for who guesses."""
        self._limits.check_address(request, "token", GUESSING)
        wanted = self._tokens.get(purpose)
        if wanted is not None and hmac.compare_digest(_digest(token), _digest(wanted)):
            return True
        self._limits.count_address(request, "token", GUESSING)
        return False

    def _has_cookie(self, request: web.Request, purpose: Purpose) -> bool:
        ends, _, signature = request.cookies.get(_cookie(purpose), "").partition(".")
        wanted = self._signature(purpose, ends)
        # The signature first: only what we have written is a number.
        is_ours = hmac.compare_digest(_digest(signature), _digest(wanted))
        return is_ours and time.time() < int(ends)

    def _signature(self, purpose: Purpose, ends: str) -> str:
        token = _digest(self._tokens.get(purpose, ""))
        what = f"{purpose} {ends} {token.hex()}"
        return hmac.new(self._key, what.encode(), sha256).hexdigest()

    def _may_change(self, request: web.Request) -> bool:
        return request.method in HARMLESS or is_from_us(request, self._address)

    def _unknown(self, request: web.Request, purpose: Purpose) -> web.Response:
        """Ask a person to sign in, and a script for its token."""
        if request.method == "GET" and "text/html" in request.headers.get("Accept", ""):
            if self._tenant and purpose == Purpose.INSIGHTS:
                then = urlencode({"post_login_redirect_uri": own_path(request.path_qs)})
                return web.Response(status=302, headers={"Location": f"{PLATFORM_SIGN_IN}?{then}"})
            if purpose not in self._tokens:
                return refusal(401, "type host in a chat with the tutor in Teams")
            return self._page(request, purpose, own_path(request.path_qs), status=401)
        return refusal(401, "this needs the operator's token", **{"WWW-Authenticate": "Bearer"})

    def _page(
        self,
        request: web.Request,
        purpose: Purpose,
        then: str,
        *,
        fault: str = "",
        status: int = HTTPStatus.OK,
    ) -> web.Response:
        words = self._words(request)
        reasons = {Purpose.HOST: words.host, Purpose.INSIGHTS: words.insights}
        text = html.rendered(
            "sign_in.html",
            lang=html.language(request, self._languages),
            words=words,
            reason=reasons[purpose],
            purpose=purpose.value,
            then=then,
            # Whoever was refused is asked to sign in, signed in or not.
            is_known=status == HTTPStatus.OK and self._has_cookie(request, purpose),
            fault=fault,
        )
        headers = {"Content-Security-Policy": POLICY, "Vary": "Accept-Language"}
        return html.answer(text, headers, status)

    def _words(self, request: web.Request) -> AccessStrings:
        """The page's words in the language that the browser prefers."""
        return self._languages[html.language(request, self._languages)]


def own_path(text: str) -> str:
    """The same path if it is one on this site, else the first page."""
    return text if OWN_PATH.fullmatch(text) else "/"


def _tenant_of(principal: str) -> str:
    """The tenant of whom Container Apps signed in, by its header; empty where it tells none."""
    try:
        told = json.loads(base64.b64decode(principal, validate=True))
        claims = {one["typ"]: str(one["val"]) for one in told["claims"]}
    except (ValueError, TypeError, KeyError):
        return ""
    return next((claims[name].lower() for name in TENANT_CLAIMS if name in claims), "")


def _cookie(purpose: Purpose) -> str:
    return f"tutor_{purpose}"


def _digest(text: str) -> bytes:
    """Of equal length for any text, so that a comparison doesn't tell the length either."""
    return sha256(text.encode()).digest()
