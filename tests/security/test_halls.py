"""A hall of learners behind one address comes in, and a prankster among them keeps nobody out.

The clock is moved by hand, and what honest pages ask for is counted by the real limits.
"""

import heapq
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from random import Random

import pytest
from aiohttp.test_utils import make_mocked_request

from bot.errors import HastyError
from bot.http.rate_limits import ENROLLING, OPENING, POSTING, RateLimits

HALL = 3_000
ARRIVING_S = 600
REQUEST = make_mocked_request("GET", "/")


class Hall:
    """One address at the real limits, and a clock that goes as fast as it can."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now, self.limits = 1_800_000_000.0, RateLimits(0)
        self._next: list[tuple[float, int, Iterator[float]]] = []
        self._number = 0
        monkeypatch.setattr(time, "time", lambda: self.now)

    def comes(self, at: float, what: Iterator[float]) -> None:
        """Let somebody begin, `at` seconds from the start."""
        self._number += 1
        heapq.heappush(self._next, (1_800_000_000.0 + at, self._number, what))

    def goes_on(self) -> None:
        """Each does what they want, and says after how many seconds they do the next thing."""
        while self._next:
            self.now, number, what = heapq.heappop(self._next)
            wait = next(what, None)
            if wait is not None:
                heapq.heappush(self._next, (self.now + wait, number, what))

    def asks(self, request: Callable[[], None]) -> Iterator[float]:
        """Ask until it is answered, coming back when one is told to."""
        while True:
            try:
                return request()
            except HastyError as hasty:
                yield hasty.wait_s

    def enrols(self) -> None:
        """A stranger's first request."""
        self.limits.count_address(REQUEST, "enrolment", ENROLLING)

    def opens(self, learner: str) -> None:
        """What a page asks for when it is opened: session, conversation, stream."""
        self.limits.count(REQUEST, "session", OPENING, learner)
        for _ in range(2):
            self.limits.count(REQUEST, "line", OPENING, learner)

    def posts(self, learner: str) -> None:
        """A press or a word."""
        self.limits.count(REQUEST, "post", POSTING, learner)


@pytest.fixture
def hall(monkeypatch: pytest.MonkeyPatch) -> Hall:
    """A hall in which nobody is yet."""
    return Hall(monkeypatch)


def test_a_hall_that_comes_within_ten_minutes_waits_for_nothing(hall: Hall) -> None:
    done: list[str] = []

    def learner(name: str) -> Iterator[float]:
        hall.enrols()
        hall.opens(name)
        for _ in range(5):
            yield 9.0
            hall.posts(name)
        done.append(name)

    for n in range(HALL):
        hall.comes(ARRIVING_S * n / HALL, learner(f"l{n}"))
    hall.goes_on()  # nobody was refused anything: it would be raised here
    assert len(done) == HALL


def test_a_hall_that_comes_at_once_is_in_within_minutes(hall: Hall) -> None:
    waited: list[float] = []

    def learner(name: str) -> Iterator[float]:
        began = hall.now
        yield from hall.asks(hall.enrols)
        hall.opens(name)
        waited.append(hall.now - began)

    for n in range(HALL):
        hall.comes(n / 100, learner(f"l{n}"))
    hall.goes_on()
    assert len(waited) == HALL
    assert max(waited) < 300


def test_a_prankster_keeps_nobody_out_for_more_than_minutes(hall: Hall) -> None:
    dice, waited = Random(7), list[float]()
    pranks_s = 240

    def prankster() -> Iterator[float]:
        for _ in range(pranks_s * 100):
            with suppress(HastyError):
                hall.enrols()
            yield 0.0095 + dice.random() / 1000

    def crowd(name: str) -> Iterator[float]:
        """A learner of the prankster's who opens the page as often as one may."""
        for _ in range(pranks_s):
            with suppress(HastyError):
                hall.opens(name)
                hall.posts(name)
            yield 1.0

    def newcomer(name: str) -> Iterator[float]:
        began = hall.now
        yield from hall.asks(hall.enrols)
        hall.opens(name)  # is let in, whatever the others do
        hall.posts(name)
        waited.append(hall.now - began)

    def returning(name: str) -> Iterator[float]:
        """Comes back with a cookie, and learns."""
        for _ in range(20):
            hall.opens(name)
            for _ in range(2):
                hall.posts(name)
                yield 5.0

    hall.comes(0, prankster())
    for n in range(55):
        hall.comes(n / 100, crowd(f"p{n}"))
    for n in range(200):
        hall.comes(10 + n, newcomer(f"l{n}"))
    for n in range(50):
        hall.comes(5 + n, returning(f"r{n}"))
    hall.goes_on()
    assert len(waited) == 200
    assert max(waited) < 300
