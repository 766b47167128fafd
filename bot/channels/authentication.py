"""Bot Framework authentication: who calls, by their tokens, and our own token for replies.

The rules are those of "Authentication with the Bot Connector API" (Microsoft Learn), and the
SDK knows the names in them. Its own check fetches keys in the event loop, and fails with an
exception on a key that it doesn't know, so PyJWT checks here.
"""

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass

import jwt
from aiohttp import ClientSession
from botframework.connector.auth import AuthenticationConstants as Names
from botframework.connector.auth import EmulatorValidation
from pydantic import BaseModel, ValidationError
from yarl import URL

from bot.activity.origins import is_near, origin_of
from bot.channels import own_token
from bot.channels.own_token import OwnToken
from bot.channels.renewal import Renewal
from bot.errors import RefusedError
from bot.settings import Settings

CHANNEL_ISSUER: str = Names.TO_BOT_FROM_CHANNEL_TOKEN_ISSUER
EMULATOR_ISSUERS: tuple[str, str] = (
    Names.VALID_TOKEN_ISSUER_URL_TEMPLATE_V1,
    Names.VALID_TOKEN_ISSUER_URL_TEMPLATE_V2,
)
_BEFORE, _AFTER = EMULATOR_ISSUERS[1].split("{0}")
# The Bot Framework's own tenants, in which the Emulator gets tokens for bots of many tenants:
# those in the SDK's list that are in the public cloud.
EMULATOR_TENANTS: tuple[str, ...] = tuple(
    issuer.removeprefix(_BEFORE).removesuffix(_AFTER)
    for issuer in EmulatorValidation.TO_BOT_FROM_EMULATOR_TOKEN_VALIDATION_PARAMETERS.issuer
    if issuer.startswith(_BEFORE)
)
ANY_TENANT = "{tenantid}"  # so keys are marked that sign for every tenant
# By the token's version: whom it was given to.
CLAIM_OF_ID: Mapping[str, str] = {"1.0": Names.APP_ID_CLAIM, "2.0": Names.AUTHORIZED_PARTY}

LEEWAY_S = 300  # that clocks may differ
KEYS_RENEWED_S = 24 * 3600
KEYS_LAST_S = 5 * 24 * 3600  # without having been seen again

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Cloud:
    """Where Microsoft tells its keys, and gives tokens."""

    channel_keys: str = Names.TO_BOT_FROM_CHANNEL_OPENID_METADATA_URL
    emulator_keys: str = Names.TO_BOT_FROM_EMULATOR_OPENID_METADATA_URL
    login: str = own_token.LOGIN


PUBLIC = Cloud()


class _Metadata(BaseModel):
    jwks_uri: str


class _KeySet(BaseModel):
    keys: list[dict[str, object]]


class _PublishedKey(BaseModel):
    """What an issuer says about a key."""

    kid: str
    issuer: str = ""
    endorsements: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Key:
    """A key that signatures are checked with, and what it may speak for."""

    public: jwt.PyJWK
    published: _PublishedKey


class Keys:
    """An issuer's public keys, fetched when they are needed and again for one not known."""

    def __init__(self, session: ClientSession, url: str) -> None:
        self._session, self._url = session, url
        self._known: dict[str, _Key] = {}
        self._fetched = 0.0
        self._renewal = Renewal(f"what {url} tells", self._fetch)

    async def find(self, kid: str) -> _Key:
        """The key of this id. Raises RefusedError when there is none to be had."""
        age = time.monotonic() - self._fetched
        if age > KEYS_LAST_S:
            self._known = {}
        if kid not in self._known:
            await self._renewal.done()
        elif age > KEYS_RENEWED_S:
            self._renewal.begin()
        if kid not in self._known:
            raise RefusedError(401, "the token's key is not known")
        return self._known[kid]

    async def _fetch(self) -> None:
        metadata = _Metadata.model_validate_json(await self._read(self._url))
        key_set = _KeySet.model_validate_json(await self._read(metadata.jwks_uri))
        known = {key.published.kid: key for told in key_set.keys if (key := _key(told))}
        if not known:
            raise ValueError("no key can be used")
        self._known, self._fetched = known, time.monotonic()

    async def _read(self, url: str) -> bytes:
        async with self._session.get(url, allow_redirects=False, raise_for_status=True) as response:
            return await response.read()


def _key(document: dict[str, object]) -> _Key | None:
    """A key as it is published; None for one of another kind, which signs no token for us."""
    try:
        return _Key(jwt.PyJWK(document, algorithm="RS256"), _PublishedKey.model_validate(document))
    except (jwt.PyJWTError, ValidationError, ValueError, TypeError):
        return None


class BotFramework:
    """The admission of a bot with an app id. Tests give it a `cloud` of their own."""

    def __init__(self, settings: Settings, session: ClientSession, cloud: Cloud = PUBLIC) -> None:
        self._app_id = settings.app_id
        tenants = {*EMULATOR_TENANTS, settings.app_tenant} - {""}
        self._emulators = {i.format(t): t for t in tenants for i in EMULATOR_ISSUERS}
        self._channel_keys = Keys(session, cloud.channel_keys)
        self._emulator_keys = Keys(session, cloud.emulator_keys)
        self._own = OwnToken(session, own_token.request(settings, cloud.login))
        self._near: set[URL] = set()

    async def admit(self, headers: Mapping[str, str], body: Mapping[str, object]) -> None:
        """Check signature, issuer, audience, time, and what the token vouches for."""
        scheme, _, token = headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or not token:
            raise RefusedError(401, "an Authorization header with a Bearer token is needed")
        try:
            kid = str(jwt.get_unverified_header(token).get(Names.KEY_ID_HEADER))
            unchecked = jwt.decode(token, options={"verify_signature": False})
            issuer = str(unchecked.get(Names.ISSUER_CLAIM))
        except (jwt.PyJWTError, ValueError):
            raise RefusedError(401, "the token can't be read") from None
        service = origin_of(body.get("serviceUrl"))
        if issuer == CHANNEL_ISSUER:
            key = await self._channel_keys.find(kid)
            _check_channel(self._claims(token, key, issuer), key, body)
            if not (_is_secret(service) or is_near(service)):
                raise RefusedError(403, "channels are reached by https alone")
        elif issuer in self._emulators:
            key = await self._emulator_keys.find(kid)
            _check_tenant(key, self._emulators[issuer])
            self._check_emulator(self._claims(token, key, issuer))
            # This token names no service URL.
            if not is_near(service):
                raise RefusedError(403, "the Emulator is answered on loopback alone")
        else:
            raise RefusedError(401, "the token's issuer is not known")
        if service and not _is_secret(service):
            self._near.add(service)

    def reaches(self, url: str) -> bool:
        """By TLS, since only tokens brought such addresses into the store.

        Those on loopback may be left from development: a token of this run must name them.
        """
        service = origin_of(url)
        return _is_secret(service) or service in self._near

    async def token(self) -> str:
        """Our own token. Raises NoTokenError."""
        return await self._own.get()

    def distrust(self, token: str) -> None:
        """A channel refused our token."""
        self._own.distrust(token)

    def _claims(self, token: str, key: _Key, issuer: str) -> dict[str, object]:
        try:
            claims: dict[str, object] = jwt.decode(
                token,
                key.public,
                algorithms=["RS256"],
                audience=self._app_id,
                issuer=issuer,
                leeway=LEEWAY_S,
                options={"require": ["exp", Names.ISSUER_CLAIM, Names.AUDIENCE_CLAIM]},
            )
        except (jwt.PyJWTError, ValueError, ArithmeticError) as error:
            log.warning("a token was refused: %s", type(error).__name__)
            raise RefusedError(401, "the token is not valid for this bot") from None
        return claims

    def _check_emulator(self, claims: Mapping[str, object]) -> None:
        """The Emulator proves that it knows our password: the token is the bot's own."""
        claim = CLAIM_OF_ID.get(str(claims.get(Names.VERSION_CLAIM)))
        if claim is None or claims.get(claim) != self._app_id:
            raise RefusedError(403, "the token is another application's")


def _check_channel(claims: Mapping[str, object], key: _Key, body: Mapping[str, object]) -> None:
    """The key must be endorsed for the channel, and the token name where we may reply."""
    endorsed = key.published.endorsements
    if endorsed and body.get("channelId") not in endorsed:
        raise RefusedError(403, "the token's key is not endorsed for this channel")
    # Tokens write `serviceurl`, the documentation `serviceUrl`.
    vouched = [v for name, v in claims.items() if name.lower() == Names.SERVICE_URL_CLAIM]
    if not vouched or any(value != body.get("serviceUrl") for value in vouched):
        raise RefusedError(403, "the token is for another service URL")


def _check_tenant(key: _Key, tenant: str) -> None:
    """A key may be one tenant's own: then it signs for no other."""
    issuer = key.published.issuer
    if issuer and ANY_TENANT not in issuer and tenant not in issuer:
        raise RefusedError(401, "the token's key is another tenant's")


def _is_secret(service: URL | None) -> bool:
    """Nobody reads on the way what goes there."""
    return service is not None and service.scheme == "https"
