"""Who may speak for a channel, and what we show when we speak to it."""

from collections.abc import Mapping
from typing import Protocol

from bot.activity.origins import is_near
from bot.errors import RefusedError


class Admission(Protocol):
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


class LoopbackOnly:
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
        """None: channels on this machine ask for no token."""
        return None

    def distrust(self, token: str) -> None:
        """Do nothing: no token was sent that a channel could refuse."""
