"""Worker processes that train, evaluate and read, so that the event loop never waits for that."""

import asyncio
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

from bot.store.computations import Job, StoredResult
from content.loader import load
from dialogs import texts_ahead
from dialogs.reading.network import Floats
from dialogs.simulations import registry
from dialogs.tutor import Tutor

PROCESSES = 2

Given = TypeVar("Given")
Made = TypeVar("Made")

_tutor: Tutor | None = None


class Workers:
    """A bounded pool. A process that died is replaced, and what it was at is done once more."""

    def __init__(self) -> None:
        self._pool = _new_pool()

    async def warm(self) -> None:
        """Start a process before the first learner needs it; the pool starts more on demand."""
        await asyncio.get_running_loop().run_in_executor(self._pool, _nothing)

    async def compute(self, job: Job) -> StoredResult:
        """The result of a recipe, as it is stored."""
        return await self._run(_compute, job)

    async def read(self, texts: Sequence[str]) -> Mapping[str, Floats]:
        """The vectors of these texts, and of what else is read of them."""
        return await self._run(_read, texts)

    async def _run(self, work: Callable[[Given], Made], given: Given) -> Made:
        loop, pool = asyncio.get_running_loop(), self._pool
        try:
            return await loop.run_in_executor(pool, work, given)
        except BrokenProcessPool:
            if self._pool is pool:
                self._pool = _new_pool()
            return await loop.run_in_executor(self._pool, work, given)

    def close(self) -> None:
        """Stop the processes; what they were at is computed again after the next start."""
        # Its own alone: another pool of this process goes on (3.14 has `terminate_workers`).
        processes = list((self._pool._processes or {}).values())  # noqa: SLF001
        self._pool.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            process.terminate()
            process.join()


def _new_pool() -> ProcessPoolExecutor:
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(PROCESSES, context, initializer=_begin)


# --- in the worker ------------------------------------------------------------------


def _begin() -> None:
    """Hold the lessons, with their base models trained; live no longer than the tutor."""
    global _tutor  # noqa: PLW0603 (a worker process has this one thing)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the tutor's, which stops us
    threading.Thread(target=_end_with_tutor, daemon=True).start()
    _tutor = Tutor(load())
    _tutor.warm()


def _end_with_tutor() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _compute(job: Job) -> StoredResult:
    assert _tutor is not None  # noqa: S101 (`_begin` came first)
    simulation = _tutor.simulations.get((job.recipe.lesson, job.recipe.locale))
    results = {stored.key: stored.read() for stored in job.results}
    return StoredResult.of(job.key, registry.compute(simulation, job.recipe, results))


def _read(texts: Sequence[str]) -> dict[str, Floats]:
    assert _tutor is not None  # noqa: S101 (`_begin` came first)
    return texts_ahead.read(texts, _tutor.simulations.values())


def _nothing() -> None:
    """Make a process start."""
