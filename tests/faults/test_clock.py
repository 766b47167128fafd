"""The clock jumps by hours, back and forth, under a real tutor."""

import asyncio
import os
import random
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, CookieJar

from tests.faults.trial import Trial

JUMPS = ("+5h", "-7h", "+0")


def moved(clock: Path) -> dict[str, str]:
    """What lets a process read the time as this file says it is; its stopwatch goes on."""
    found = find_spec("libfaketime")
    assert found
    assert found.origin
    library = Path(found.origin).parent / "vendor/libfaketime/src/libfaketime.so.1"
    return {
        "LD_PRELOAD": str(library),
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }


async def opened(page: ClientSession, url: str) -> dict[str, Any]:
    """A session of the page, in which its learner is known by a cookie."""
    async with page.post(f"{url}/api/session", json={}) as answer:
        assert answer.status == 200
        told: dict[str, Any] = await answer.json()
        return told


async def status(page: ClientSession, url: str, held: dict[str, Any]) -> int:
    """How the tutor answers a token."""
    there = f"{url}/directline/conversations/{held['conversationId']}"
    headers = {"Authorization": f"Bearer {held['token']}"}
    async with page.get(there, headers=headers) as answer:
        return answer.status


@pytest.mark.skipif(sys.platform != "linux" or os.uname().machine != "x86_64", reason="for Linux")
async def test_a_clock_that_jumps_loses_nobody_and_nothing(tmp_path: Path) -> None:
    clock = tmp_path / "clock"
    clock.write_text("+0")

    async def trouble(trial: Trial) -> None:
        url = trial.tutors[0].url
        async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as page:
            held = await opened(page, url)
            for jump in JUMPS:
                await asyncio.sleep(0.5)
                clock.write_text(jump)
                await asyncio.sleep(0.5)
                if jump == JUMPS[0]:
                    assert await status(page, url, held) == 403, "the clock didn't jump"
                # The page does the same with a token that is refused: it opens a new session.
                again = await opened(page, url)
                assert again["userId"] == held["userId"]
                assert await status(page, url, again) == 200
                held = again

    trial = Trial(f"sqlite:///{tmp_path}/tutor.db", tmp_path, random.Random(8))
    trial.environment.update(moved(clock))
    found = await trial.run(trouble)
    assert found.given > 0
    assert (found.lost, found.doubled, found.missing, found.disordered) == (0, 0, 0, 0), found
    assert trial.refused == set()
