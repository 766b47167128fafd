"""Rate limits of the own page: one for each learner, and a far wider one for each address.

The limits are counted in memory by each instance. A room of learners shares one address, so
an address may ask as often as some hundred people do who all press at once.
"""

import math
import time
from ipaddress import IPv6Address, ip_address

from aiohttp import web
from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from bot.errors import HastyError

HOME_BITS = 64  # of an IPv6 address: one household or host has all the rest

# (of one learner, of one address)
OPENING = (RateLimitItemPerMinute(60), RateLimitItemPerMinute(3000))
ENROLLING = RateLimitItemPerHour(2000)  # of one address
POSTING = (RateLimitItemPerMinute(180), RateLimitItemPerMinute(9000))
GUESSING = RateLimitItemPerMinute(10)  # of one address: wrong tokens
CHECKING = (RateLimitItemPerMinute(180), RateLimitItemPerMinute(18000))

Limits = tuple[RateLimitItem, RateLimitItem]


class RateLimits:
    """Counts who asked how often. Its methods raise HastyError."""

    def __init__(self, proxies: int) -> None:
        self._proxies = proxies
        self._counted = SlidingWindowCounterRateLimiter(MemoryStorage())

    def count(self, request: web.Request, what: str, limits: Limits, learner: str) -> None:
        """Count what a learner asks for."""
        of_learner, of_address = limits
        self._hit(of_learner, f"{what} learner", learner)
        self._hit(of_address, f"{what} address", self.address(request))

    def count_address(self, request: web.Request, what: str, limit: RateLimitItem) -> None:
        """Count what somebody asks for whom we don't know, or not yet."""
        self._hit(limit, f"{what} address", self.address(request))

    def check_address(self, request: web.Request, what: str, limit: RateLimitItem) -> None:
        """See that an address isn't over the limit, without counting."""
        names = (f"{what} address", self.address(request))
        if not self._counted.test(limit, *names):
            raise self._hasty(limit, *names)

    def address(self, request: web.Request) -> str:
        """Where a request comes from: what the outermost of our own proxies saw.

        Each proxy writes its caller behind the others in X-Forwarded-For; what stands before
        those, anybody may have written.
        """
        callers = ",".join(request.headers.getall("X-Forwarded-For", ())).split(",")
        if 0 < self._proxies <= len(callers):
            found = _read(callers[-self._proxies].strip())
            if found:
                return found
        return _read(request.remote or "") or "unknown"

    def _hit(self, limit: RateLimitItem, *names: str) -> None:
        if not self._counted.hit(limit, *names):
            raise self._hasty(limit, *names)

    def _hasty(self, limit: RateLimitItem, *names: str) -> HastyError:
        free = self._counted.get_window_stats(limit, *names).reset_time - time.time()
        return HastyError(max(1, math.ceil(free)))


def _read(text: str) -> str | None:
    """An address without a port; of IPv6 the part that one household has."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ip_address(text)
    except ValueError:
        return None
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        home = int(found) >> (128 - HOME_BITS) << (128 - HOME_BITS)
        return str(IPv6Address(home))
    return str(found)
