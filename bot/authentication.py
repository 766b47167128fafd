"""Bot Framework authentication: the one place that calls the SDK."""

import asyncio
import logging
import time
from collections.abc import Mapping
from typing import Any

from botbuilder.schema import Activity
from botframework.connector.auth import (
    AuthenticationConfiguration,
    JwtTokenValidation,
    MicrosoftAppCredentials,
    SimpleCredentialProvider,
)

from bot.channel import RefusedError
from bot.settings import Settings

KEPT_S = 600  # our own token is asked for anew this long before it could expire
SCOPE = "https://api.botframework.com/.default"

log = logging.getLogger(__name__)


class BotFramework:
    """Checks the channels' tokens and keeps our own."""

    def __init__(self, settings: Settings) -> None:
        self._provider = SimpleCredentialProvider(settings.app_id, settings.app_password)
        tenant = settings.app_tenant if settings.app_type == "SingleTenant" else ""
        self._credentials = MicrosoftAppCredentials(
            settings.app_id, settings.app_password, channel_auth_tenant=tenant, oauth_scope=SCOPE
        )
        self._token: tuple[str, float] | None = None
        self._lock = asyncio.Lock()

    async def admit(self, header: str, body: Mapping[str, Any]) -> None:
        """Check signature, issuer, audience, expiry and service URL. Raises RefusedError."""
        if not header:
            raise RefusedError(401, "an Authorization header is needed")
        try:
            activity = Activity.deserialize(dict(body))  # type: ignore[no-untyped-call]
            claims = await JwtTokenValidation.authenticate_request(
                activity, header, self._provider, "", AuthenticationConfiguration()
            )
        except Exception as error:  # noqa: BLE001 (the SDK raises many kinds; none lets in)
            log.warning("a token was refused: %s", type(error).__name__)
            raise RefusedError(401, "the token is not valid for this bot") from None
        if not claims.is_authenticated:
            raise RefusedError(403, "the token names nobody")

    async def token(self, service: str) -> str | None:
        """Our own token, fetched off the event loop and kept until shortly before its end."""
        del service
        async with self._lock:
            if self._token is None or self._token[1] < time.monotonic():
                value = await asyncio.to_thread(self._credentials.get_access_token)
                self._token = (value, time.monotonic() + 3600 - KEPT_S)
            return self._token[0]
