"""Worker processes that train and evaluate, so that the event loop never waits for them."""

import asyncio
import logging
import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from content.loader import load
from dialogs.lobby import Tutor
from dialogs.personas import (
    EvaluationRecipe,
    Training,
    TrainingRecipe,
    evaluate,
    train,
)

PROCESSES = 2

log = logging.getLogger(__name__)
_tutor: Tutor | None = None


def _warm() -> None:
    """Hold the lessons in the worker, with their base models trained."""
    global _tutor  # noqa: PLW0603 (a worker process has this one thing)
    _tutor = Tutor(load())
    for company in _tutor.companies.values():
        company.base.reply("")


def _cook(kind: str, recipe_doc: str, training_doc: str | None) -> tuple[str, str]:
    """Cook a recipe: only documents cross, in and out."""
    if _tutor is None:
        _warm()
    assert _tutor is not None  # noqa: S101 (just made)
    if kind == "training":
        recipe = TrainingRecipe.model_validate_json(recipe_doc)
        return kind, train(_tutor.companies[recipe.lesson], recipe).model_dump_json()
    asked = EvaluationRecipe.model_validate_json(recipe_doc)
    training = Training.model_validate_json(training_doc) if training_doc else None
    company = _tutor.companies[asked.lesson]
    return kind, evaluate(company, training, asked).model_dump_json()


class Workers:
    """A bounded pool; started after the tutor serves, so that nobody waits for it to start."""

    def __init__(self) -> None:
        # A process is the unit of work here: threads of its linear algebra would only fight
        # the others for the cores. Its environment is read when it starts.
        for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
            os.environ.setdefault(name, "1")
        self._pool = ProcessPoolExecutor(PROCESSES, get_context("spawn"), initializer=_warm)

    async def warm(self) -> None:
        """Start the processes before the first learner needs them."""
        loop = asyncio.get_running_loop()
        await asyncio.gather(
            *(loop.run_in_executor(self._pool, _nothing) for _ in range(PROCESSES))
        )

    async def cook(self, kind: str, recipe_doc: str, training_doc: str | None) -> tuple[str, str]:
        """Cook a recipe in a worker: its kind and the result's document."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, _cook, kind, recipe_doc, training_doc)

    def close(self) -> None:
        """Stop the processes; what they were at is cooked again after the next start."""
        # `shutdown` forgets the processes and lets running work end; nobody waits for it any more.
        processes = list((self._pool._processes or {}).values())  # noqa: SLF001
        self._pool.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            process.terminate()


def _nothing() -> None:
    """Make a process start."""
