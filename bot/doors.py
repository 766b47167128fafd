"""Who may speak for a channel, and what we show when we speak to it."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Protocol

from yarl import URL

from bot.errors import RefusedError
from bot.loopback import is_loopback

LONGEST = 1000  # characters of an address


class Door(Protocol):
    """Lets a channel's requests in, and holds our own token for it."""

    async def admit(self, headers: Mapping[str, str], body: Mapping[str, object]) -> None:
        """Let the request with these headers in, or raise RefusedError."""
        ...

    def reaches(self, url: str) -> bool:
        """Whether replies may go to this service URL, which was stored some time ago."""
        ...

    async def token(self) -> str | None:
        """The token to send with replies; None where none is wanted."""
        ...

    def distrust(self, token: str) -> None:
        """Take note that a channel refused this token."""
        ...


class Loopback:
    """Development without an app id: only this machine may call, only it is answered."""

    async def admit(self, headers: Mapping[str, str], body: Mapping[str, object]) -> None:
        """Admit what was sent to this machine's loopback, and wants its replies there."""
        # A tunnel, or a page whose name was made to mean this machine, brings another name.
        if not is_near(f"http://{headers.get('Host')}"):
            raise RefusedError(403, "without an app id only calls to localhost are served")
        if not is_near(body.get("serviceUrl")):
            raise RefusedError(403, "without an app id only loopback service URLs are served")

    def reaches(self, url: str) -> bool:
        """Reach this machine alone."""
        return is_near(url)

    async def token(self) -> str | None:
        """No token is needed."""
        return None

    def distrust(self, token: str) -> None:
        """There is none."""


def origin_of(url: object) -> URL | None:
    """An address's scheme, host and port, as the client reads them that will call there."""
    text = str(url)
    return _origin(text) if len(text) <= LONGEST else None


@lru_cache(maxsize=200)
def _origin(text: str) -> URL | None:
    try:
        return URL(text).origin()
    except ValueError:
        return None


def is_near(url: object) -> bool:
    """Whether an address is on this machine's loopback."""
    origin = origin_of(url)
    return origin is not None and is_loopback(origin.host or "")
