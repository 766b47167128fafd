"""The database is away for a while, its disk is full: learners wait, and nothing is lost."""

import asyncio
import random
import sqlite3
import time
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from bot.store.database import LOCKED_S
from tests import postgresql
from tests.disk import fill, small_disk
from tests.faults.trial import Outcome, Trial, Trouble

AWAY = "503 one moment: the tutor can't reach its database"
LONGEST_S = 60


def check(trial: Trial, found: Outcome) -> None:
    """Nothing was lost, nothing counted twice, and who had to wait was told so honestly."""
    assert found.given > 0
    assert (found.lost, found.doubled, found.missing, found.disordered) == (0, 0, 0, 0), found
    assert trial.refused == {AWAY}, trial.refused


async def refused(trial: Trial) -> None:
    """Wait until a learner was told to come back."""
    until = time.monotonic() + LONGEST_S
    while not trial.refused:
        assert time.monotonic() < until, "nobody noticed"
        await asyncio.sleep(0.05)


def crashes(server: postgresql.Postgresql, times: int) -> Trouble:
    async def trouble(trial: Trial) -> None:
        for _ in range(times):
            await asyncio.sleep(trial.dice.uniform(0.5, 1))
            await asyncio.to_thread(server.crash)
            assert not await trial.tutors[0].is_ready()
            await asyncio.sleep(0.5)
            await asyncio.to_thread(server.start)
            await trial.tutors[0].ready()

    return trouble


async def test_postgresql_crashes_under_load(tmp_path: Path) -> None:
    with postgresql.serving() as server:
        trial = Trial(server.url, tmp_path, random.Random(3))
        check(trial, await trial.run(crashes(server, 3)))


async def test_another_process_holds_the_sqlite_file(tmp_path: Path) -> None:
    file = tmp_path / "tutor.db"

    async def trouble(trial: Trial) -> None:
        await asyncio.sleep(0.5)
        with closing(sqlite3.connect(file, isolation_level=None, timeout=30)) as other:
            other.execute("BEGIN IMMEDIATE")
            began = time.monotonic()
            await refused(trial)
            assert time.monotonic() - began > LOCKED_S, "a short wait is no reason to refuse"
            other.execute("ROLLBACK")
        await trial.tutors[0].ready()

    trial = Trial(f"sqlite:///{file}", tmp_path, random.Random(4))
    check(trial, await trial.run(trouble))


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_the_disk_is_full_for_a_while(tmp_path: Path, kind: str) -> None:
    with ExitStack() as stack:
        size = 8 if kind == "sqlite" else 160
        disk = stack.enter_context(small_disk(tmp_path / "disk", size))
        server = None
        url = f"sqlite:///{disk}/tutor.db"
        if kind == "postgresql":
            server = stack.enter_context(postgresql.serving(disk))
            url = server.url

        async def trouble(trial: Trial) -> None:
            await asyncio.sleep(0.5)
            filler = fill(disk)
            await refused(trial)
            await asyncio.sleep(1)
            filler.unlink()
            if server is not None:  # it may have given up
                await asyncio.to_thread(server.start)
            await trial.tutors[0].ready()
            await asyncio.sleep(0.5)

        trial = Trial(url, tmp_path, random.Random(5))
        check(trial, await trial.run(trouble))
