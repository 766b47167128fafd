"""Bot Framework authentication: who calls, by their tokens, and our own token for replies.

The rules are those of "Authentication with the Bot Connector API" (Microsoft Learn). The
SDK's own check fetches keys in the event loop and fails with an exception on a key that it
doesn't know, so PyJWT checks here; our own tokens come by the SDK, on a thread.
"""

import asyncio
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import jwt
from aiohttp import ClientError, ClientSession, ClientTimeout
from botframework.connector.auth import (
    AppCredentials,
    ManagedIdentityAppCredentials,
    MicrosoftAppCredentials,
)
from pydantic import BaseModel

from bot.doors import host_of
from bot.errors import NoTokenError, RefusedError
from bot.loopback import is_loopback
from bot.settings import Settings

CHANNEL_ISSUER = "https://api.botframework.com"
CHANNEL_KEYS = "https://login.botframework.com/v1/.well-known/openidconfiguration"
EMULATOR_KEYS = (
    "https://login.microsoftonline.com/botframework.com/v2.0/.well-known/openid-configuration"
)
# The Bot Framework's own tenants, in which the Emulator gets its tokens.
EMULATOR_TENANTS = ("d6d49420-f39b-4df7-a1dc-d59a935871db", "f8cdef31-a31e-4b4a-93e4-5f571e91255a")
EMULATOR_ISSUERS = ("https://sts.windows.net/{}/", "https://login.microsoftonline.com/{}/v2.0")

LEEWAY_S = 300  # that clocks may differ
KEYS_LAST_S = 24 * 3600
KEYS_REST_S = 60  # between fetches, however many unknown keys are named
KEYS_RETRY_S = 5  # the same after a fetch that failed
TOKEN_LASTS_S = 300  # the SDK keeps tokens until their end; this spares the thread
SCOPE = "https://api.botframework.com"
TIMEOUT = ClientTimeout(total=10)

log = logging.getLogger(__name__)


class _Metadata(BaseModel):
    jwks_uri: str


class _Told(BaseModel, extra="allow"):
    """A key as the issuer publishes it."""

    kid: str
    endorsements: tuple[str, ...] = ()


class _KeySet(BaseModel):
    keys: list[_Told]


@dataclass(frozen=True)
class _Key:
    """A key that signatures are checked with, and the channels that it may speak for."""

    public: jwt.PyJWK
    endorsements: tuple[str, ...]


@dataclass
class Keys:
    """An issuer's public keys, fetched when they are needed and again for one not known."""

    session: ClientSession
    url: str
    _known: dict[str, _Key] = field(default_factory=dict)
    _fetched: float = -KEYS_LAST_S
    _next: float = 0.0
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def find(self, kid: str) -> _Key:
        """The key of this id. Raises RefusedError when there is none to be had."""
        if kid not in self._known or self._are_old:
            # Whoever names a known key waits for nobody who doesn't.
            async with self._lock:
                if (kid not in self._known or self._are_old) and time.monotonic() > self._next:
                    await self._fetch()
        if kid not in self._known:
            raise RefusedError(401, "the token's key is not known")
        return self._known[kid]

    @property
    def _are_old(self) -> bool:
        return time.monotonic() - self._fetched > KEYS_LAST_S

    async def _fetch(self) -> None:
        try:
            metadata = _Metadata.model_validate_json(await self._read(self.url))
            found = _KeySet.model_validate_json(await self._read(metadata.jwks_uri))
        except (TimeoutError, ClientError, ValueError) as error:
            log.warning("the keys at %s can't be read: %s", self.url, type(error).__name__)
            self._next = time.monotonic() + KEYS_RETRY_S
            return
        known: dict[str, _Key] = {}
        for told in found.keys:
            try:
                public = jwt.PyJWK(told.model_dump(), algorithm="RS256")
            except jwt.PyJWTError:
                continue  # of another kind: no token of ours is signed with it
            known[told.kid] = _Key(public, told.endorsements)
        self._known, self._fetched = known, time.monotonic()
        self._next = self._fetched + KEYS_REST_S

    async def _read(self, url: str) -> bytes:
        async with self.session.get(url, timeout=TIMEOUT, raise_for_status=True) as response:
            return await response.read()


class BotFramework:
    """The door of a bot with an app id."""

    def __init__(self, settings: Settings, session: ClientSession) -> None:
        self._app_id = settings.app_id
        tenants = {*EMULATOR_TENANTS, settings.app_tenant} - {""}
        self._emulators = frozenset(i.format(t) for t in tenants for i in EMULATOR_ISSUERS)
        self._channel_keys = Keys(session, CHANNEL_KEYS)
        self._emulator_keys = Keys(session, EMULATOR_KEYS)
        self._credentials = _credentials(settings)
        self._token: tuple[str, float] | None = None
        self._lock = asyncio.Lock()

    async def admit(self, header: str, body: Mapping[str, object]) -> None:
        """Check signature, issuer, audience, time, and what the token vouches for."""
        scheme, _, token = header.partition(" ")
        if scheme != "Bearer" or not token:
            raise RefusedError(401, "an Authorization header with a Bearer token is needed")
        try:
            kid = str(jwt.get_unverified_header(token).get("kid"))
            issuer = str(jwt.decode(token, options={"verify_signature": False}).get("iss"))
        except jwt.PyJWTError:
            raise RefusedError(401, "the token can't be read") from None
        if issuer == CHANNEL_ISSUER:
            key = await self._channel_keys.find(kid)
            _check_channel(self._claims(token, key, issuer), key, body)
        elif issuer in self._emulators:
            key = await self._emulator_keys.find(kid)
            self._check_emulator(self._claims(token, key, issuer))
        else:
            raise RefusedError(401, "the token's issuer is not known")

    def reaches(self, url: str) -> bool:
        """Channels are reached by TLS alone, so that nobody reads our token on the way."""
        return urlsplit(url).scheme == "https" or is_loopback(host_of(url))

    async def token(self) -> str:
        """Our own token, fetched off the event loop. Raises NoTokenError."""
        async with self._lock:
            if self._token is None or self._token[1] < time.monotonic():
                try:
                    value = await asyncio.to_thread(self._credentials.get_access_token)
                except Exception as error:  # the SDK, MSAL and requests have many kinds
                    raise NoTokenError(f"no token for replies: {error}") from error
                self._token = (str(value), time.monotonic() + TOKEN_LASTS_S)
            return self._token[0]

    def _claims(self, token: str, key: _Key, issuer: str) -> dict[str, object]:
        try:
            claims: dict[str, object] = jwt.decode(
                token,
                key.public,
                algorithms=["RS256"],
                audience=self._app_id,
                issuer=issuer,
                leeway=LEEWAY_S,
                options={"require": ["exp", "iss", "aud"]},
            )
        except jwt.PyJWTError as error:
            log.warning("a token was refused: %s", type(error).__name__)
            raise RefusedError(401, "the token is not valid for this bot") from None
        return claims

    def _check_emulator(self, claims: Mapping[str, object]) -> None:
        """The Emulator proves that it knows our password: the token is the bot's own."""
        made_for = claims.get("azp") if claims.get("ver") == "2.0" else claims.get("appid")
        if made_for != self._app_id:
            raise RefusedError(403, "the token is another application's")


def _check_channel(claims: Mapping[str, object], key: _Key, body: Mapping[str, object]) -> None:
    """The key must be endorsed for the channel, and the token name where we may reply."""
    if key.endorsements and body.get("channelId") not in key.endorsements:
        raise RefusedError(403, "the token's key is not endorsed for this channel")
    if claims.get("serviceurl") != body.get("serviceUrl"):
        raise RefusedError(403, "the token is for another service URL")


def _credentials(settings: Settings) -> AppCredentials:
    if settings.app_type == "UserAssignedMSI":
        return ManagedIdentityAppCredentials(settings.app_id, SCOPE)
    tenant = settings.app_tenant if settings.app_type == "SingleTenant" else ""
    return MicrosoftAppCredentials(
        settings.app_id, settings.app_password, channel_auth_tenant=tenant, oauth_scope=SCOPE
    )
