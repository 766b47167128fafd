"""Our own token, which channels ask for with each reply.

Two kinds of request get it: OAuth's client credentials with the bot's password, or a question
to the platform about a managed identity. Both are one HTTP request, so they are made here with
the session that there is, without blocking the event loop; Microsoft's library for it, MSAL,
blocks, needs a thread, and tells nobody when a token ends.
"""

import os
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from aiohttp import ClientSession
from botframework.connector.auth import AuthenticationConstants as Names
from pydantic import BaseModel, Field

from bot.channels.renewal import Renewal
from bot.errors import NoTokenError
from bot.settings import Settings

RESOURCE: str = Names.TO_CHANNEL_FROM_BOT_OAUTH_SCOPE
# The tenant that bots of many tenants get their tokens in.
BOT_FRAMEWORK: str = Names.DEFAULT_CHANNEL_AUTH_TENANT
LOGIN: str = Names.TO_CHANNEL_FROM_BOT_LOGIN_URL_PREFIX.rstrip("/")
ENDPOINT: str = Names.TO_CHANNEL_FROM_BOT_TOKEN_ENDPOINT_PATH
VIRTUAL_MACHINE = "http://169.254.169.254/metadata/identity/oauth2/token"
MARGIN_S = 300  # before its end a token is renewed
YOUNG_S = 30  # a token that was given so recently isn't what a channel's 401 is about


class _TokenAnswer(BaseModel):
    """A token as Microsoft gives it. Managed identities write numbers as texts."""

    access_token: str = Field(min_length=1, repr=False)
    expires_in: int | None = None
    expires_on: int | None = None

    @property
    def lasts_s(self) -> float:
        if self.expires_in is not None:
            return self.expires_in
        return (self.expires_on or 0) - time.time()


@dataclass(frozen=True)
class Request:
    """How a token is asked for."""

    method: str
    url: str
    query: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] | None = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


def request(settings: Settings, login: str = LOGIN) -> Request:
    """How a bot of this type asks."""
    if settings.app_type == "UserAssignedMSI":
        return _identity(settings.app_id, os.environ)
    tenant = settings.app_tenant if settings.app_type == "SingleTenant" else BOT_FRAMEWORK
    form = {
        "grant_type": "client_credentials",
        "client_id": settings.app_id,
        "client_secret": settings.app_password,
        "scope": f"{RESOURCE}/.default",
    }
    return Request("POST", f"{login}/{tenant}{ENDPOINT}", form=form)


def _identity(app_id: str, environment: Mapping[str, str]) -> Request:
    """App Service and Container Apps say where to ask; a virtual machine has a fixed address."""
    query = {"resource": RESOURCE, "client_id": app_id}
    place = environment.get("IDENTITY_ENDPOINT")
    if place:
        query["api-version"] = "2019-08-01"
        headers = {"X-IDENTITY-HEADER": environment.get("IDENTITY_HEADER", "")}
        return Request("GET", place, query, headers=headers)
    query["api-version"] = "2018-02-01"
    return Request("GET", VIRTUAL_MACHINE, query, headers={"Metadata": "true"})


@dataclass(frozen=True)
class _KeptToken:
    value: str = field(repr=False)
    since: float
    renew: float
    end: float


class OwnToken:
    """Kept until shortly before its end; many who want one at once share one request."""

    def __init__(self, session: ClientSession, request: Request) -> None:
        self._session, self._request = session, request
        self._held: _KeptToken | None = None
        self._renewal = Renewal("our token for replies", self._fetch)

    async def get(self) -> str:
        """The token. Raises NoTokenError."""
        token = self._good
        if token is None:
            await self._renewal.done()
            token = self._good
        elif token.renew < time.monotonic():
            self._renewal.begin()
        if token is None:
            raise NoTokenError("there is no token for replies just now")
        return token.value

    def distrust(self, value: str) -> None:
        """A channel took this token for none: ask for another next time."""
        token = self._held
        if token and token.value == value and time.monotonic() - token.since > YOUNG_S:
            self._held = None

    @property
    def _good(self) -> _KeptToken | None:
        return self._held if self._held and time.monotonic() < self._held.end else None

    async def _fetch(self) -> None:
        request = self._request
        async with self._session.request(
            request.method,
            request.url,
            params=request.query,
            data=request.form,
            headers=request.headers,
            allow_redirects=False,
        ) as response:
            body = await response.read()
            if response.status != 200:  # noqa: PLR2004
                raise NoTokenError(f"{response.status} {_reason(body)}".strip())
        token = _TokenAnswer.model_validate_json(body)
        if token.lasts_s <= 0:
            raise NoTokenError("what was given has ended already")
        now = time.monotonic()
        end = now + token.lasts_s
        self._held = _KeptToken(
            token.access_token, now, end - min(MARGIN_S, token.lasts_s / 2), end
        )


def _reason(body: bytes) -> str:
    """Microsoft's number for what is wrong; what stands around it isn't for a log."""
    found = re.search(rb"AADSTS\d{1,9}", body)
    return found[0].decode() if found else ""
