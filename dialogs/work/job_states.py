"""The training job: its states, and what it shows at a time."""

from dataclasses import dataclass
from functools import cache
from typing import Literal

from transitions import Machine

JobStatus = Literal["pending", "running", "succeeded", "failed", "cancelled"]
Trigger = Literal["run", "succeed", "fail", "cancel"]
STATES: tuple[JobStatus, ...] = ("pending", "running", "succeeded", "failed", "cancelled")
MOVES = (
    ("run", "pending", "running"),
    ("succeed", "running", "succeeded"),
    ("fail", ["pending", "running"], "failed"),
    ("cancel", ["pending", "running"], "cancelled"),
)

QUEUE = 0.2  # share of the playback that the queue takes
FINISH = 0.85  # from here on the model is made and checked


@dataclass
class _Job:
    """A short-lived model for the machine."""

    state: str


@cache
def machine() -> Machine:
    """The job's machine; a finished job moves no more."""
    return Machine(
        model=None,
        states=list(STATES),
        transitions=[list(m) for m in MOVES],
        initial="pending",
        auto_transitions=False,
        ignore_invalid_triggers=True,
    )


def after(status: JobStatus, trigger: Trigger) -> JobStatus:
    """The status that a trigger leads to; the same one where it does nothing."""
    job = _Job(status)
    machine().events[trigger].trigger(job)
    return next(s for s in STATES if s == job.state)


def epoch_times(epochs: int, seconds: float) -> tuple[float, ...]:
    """When each epoch of the playback ends, in seconds after the start."""
    span = (FINISH - QUEUE) * seconds
    return tuple(QUEUE * seconds + span * (n + 1) / epochs for n in range(epochs))


def epochs_done(elapsed: float, epochs: int, seconds: float) -> int:
    """How many epochs have ended `elapsed` seconds after the start."""
    return sum(t <= elapsed for t in epoch_times(epochs, seconds))


def milestones(epochs: int) -> tuple[int, ...]:
    """The epochs that are told of while a job runs: all of a few, some of many."""
    if epochs <= 3:  # noqa: PLR2004 (a message for each of so few is no burst)
        return tuple(range(1, epochs + 1))
    return tuple(sorted({max(1, epochs // 3), max(1, 2 * epochs // 3), epochs}))
