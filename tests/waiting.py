"""Waiting for what happens by itself: as long as a busy machine may need, and then loudly."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest

LONGEST_S = 500.0  # nothing takes so long, unless it never comes
LOOK_S = 0.02

Found = TypeVar("Found")


async def until(look: Callable[[], Found], every_s: float = LOOK_S, what: str = "it") -> Found:
    """What `look` finds, as soon as that is something."""

    async def ask() -> Found:
        return look()

    return await until_answered(ask, every_s, what)


async def until_answered(
    ask: Callable[[], Awaitable[Found]], every_s: float = LOOK_S, what: str = "it"
) -> Found:
    """The same of what has to be waited for."""
    end = time.monotonic() + LONGEST_S
    while True:
        found = await ask()
        if found:
            return found
        if time.monotonic() > end:
            pytest.fail(f"{what} didn't come in {LONGEST_S:.0f} s; last: {found!r}")
        await asyncio.sleep(every_s)
