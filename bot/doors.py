"""Who may speak for a channel, and what we show when we speak to it."""

from collections.abc import Mapping
from typing import Protocol
from urllib.parse import urlsplit

from bot.errors import RefusedError
from bot.settings import is_loopback


class Door(Protocol):
    """Lets a channel's requests in, and holds our own token for it."""

    async def admit(self, header: str, body: Mapping[str, object]) -> None:
        """Let the request with this Authorization header in, or raise RefusedError."""
        ...

    async def token(self) -> str | None:
        """The token to send with replies; None where none is wanted."""
        ...


class Loopback:
    """Development without an app id: only this machine may call, only it is answered."""

    async def admit(self, header: str, body: Mapping[str, object]) -> None:
        """Admit what wants its replies on loopback."""
        del header
        if not is_loopback(_host(body.get("serviceUrl"))):
            raise RefusedError(403, "without an app id only loopback service URLs are served")

    async def token(self) -> str | None:
        """No token is needed."""
        return None


def _host(url: object) -> str:
    try:
        return urlsplit(str(url)).hostname or ""
    except ValueError:
        return ""
