"""Rate limits of the own page: one for each learner, and a far wider one for each address.

The limits are counted in memory by each instance. A hall of learners shares one address, so what
an honest page asks for isn't counted for its address at all: only who asks for more takes from
what an address may have, and whoever else wants more than that waits with them, a minute at most
after they stop. New learners are bounded by address alone, since anybody may become several.
"""

import math
import time
from ipaddress import IPv6Address, ip_address
from random import Random

from aiohttp import web
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from bot.errors import HastyError

HOME_BITS = 64  # of an IPv6 address: one household or host has all the rest

# (of one learner, of one address)
OPENING = (RateLimitItemPerMinute(60), RateLimitItemPerMinute(3000))
ENROLLING = RateLimitItemPerMinute(900)  # of one address: a hall of 3,000 within some minutes
POSTING = (RateLimitItemPerMinute(180), RateLimitItemPerMinute(9000))
GUESSING = RateLimitItemPerMinute(10)  # of one address: wrong tokens
FILING = (RateLimitItemPerMinute(12), RateLimitItemPerMinute(1200))  # files of their own
CHECKING = (RateLimitItemPerMinute(180), RateLimitItemPerMinute(18000))

# Bytes that are stored: a lesson's hour takes some 600 kB.
STORING = (RateLimitItemPerMinute(3_000_000, 10), RateLimitItemPerMinute(80_000_000))

HONEST = 3  # a third of what a learner may ask for is what an honest page asks for at most
SPREAD_S = 10  # over which those of an address come back: not all at once

Limits = tuple[RateLimitItem, RateLimitItem]


class RateLimits:
    """Counts who asked how often. Its methods raise HastyError."""

    def __init__(self, proxies: int) -> None:
        self._proxies = proxies
        self._counted = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._random = Random()

    def count(self, request: web.Request, what: str, limits: Limits, learner: str) -> None:
        """Count what a learner asks for, for their address what no honest page asks for."""
        of_learner, of_address = limits
        names = (f"{what} learner", learner)
        self._hit(of_learner, *names)
        left = self._counted.get_window_stats(of_learner, *names).remaining
        if of_learner.amount - left > of_learner.amount // HONEST:
            self.count_address(request, what, of_address)

    def check_stored(self, request: web.Request, learner: str) -> None:
        """See that a learner may store more; where their address is over, an honest one may."""
        of_learner, of_address = STORING
        names = ("stored learner", learner)
        if not self._counted.test(of_learner, *names):
            raise HastyError(self._wait_s(of_learner, *names))
        left = self._counted.get_window_stats(of_learner, *names).remaining
        if of_learner.amount - left > of_learner.amount // HONEST:
            self.check_address(request, "stored", of_address)

    def count_stored(self, request: web.Request, learner: str, size: int) -> None:
        """Count the bytes that were stored for a learner, after it was known how many."""
        of_learner, of_address = STORING
        self._fill(of_learner, size, "stored learner", learner)
        self._fill(of_address, size, "stored address", self.address(request))

    def count_address(self, request: web.Request, what: str, limit: RateLimitItem) -> None:
        """Count what somebody asks for whom we don't know, or not yet."""
        names = (f"{what} address", self.address(request))
        if not self._counted.hit(limit, *names):
            raise HastyError(self._wait_s(limit, *names) + self._random.randrange(SPREAD_S))

    def check_address(self, request: web.Request, what: str, limit: RateLimitItem) -> None:
        """See that an address isn't over the limit, without counting."""
        names = (f"{what} address", self.address(request))
        if not self._counted.test(limit, *names):
            raise HastyError(self._wait_s(limit, *names))

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
            raise HastyError(self._wait_s(limit, *names))

    def _fill(self, limit: RateLimitItem, cost: int, *names: str) -> None:
        """Count what can't be refused any more, as far as there is room."""
        room = self._counted.get_window_stats(limit, *names).remaining
        self._counted.hit(limit, *names, cost=min(cost, room))

    def _wait_s(self, limit: RateLimitItem, *names: str) -> int:
        """The seconds until there is room again."""
        free = self._counted.get_window_stats(limit, *names).reset_time - time.time()
        return max(1, math.ceil(free))


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
