"""The shell's own errors; `content/errors.py` draws the tree that they belong to."""

from content.errors import TutorError


class SettingsError(TutorError):
    """A setting that stops the start; its text is one sentence that says what to change."""


class RequestError(TutorError):
    """A request that isn't served; the answer says why."""


class BusyError(RequestError):
    """Too much waits for the store: the caller may come back a little later."""


class RefusedError(RequestError):
    """Who calls isn't allowed to: `status` is 401, or 403 for whom we know."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


class SignedOutError(RequestError):
    """The session is over: it was revoked, or its learner was deleted. The page begins anew."""

    def __init__(self) -> None:
        super().__init__("the token is not valid here")


class NoTokenError(TutorError):
    """Our own token for replies can't be had just now."""


class HastyError(RequestError):
    """Somebody asks too often: they may come back in `wait_s` seconds."""

    def __init__(self, wait_s: int) -> None:
        super().__init__(f"that was very fast: please wait {wait_s} seconds, then go on")
        self.wait_s = wait_s


class ExchangeError(TutorError):
    """Azure's Direct Line gives no token just now; its text says why."""
