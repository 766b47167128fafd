"""The training job: its states, and how far it is at a time."""

from collections.abc import Iterator
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

Stage = Literal["queue", "training", "making", "checking"]
# The share of the playback at which each stage ends.
ENDS: dict[Stage, float] = {"queue": 0.2, "training": 0.75, "making": 0.88, "checking": 1.0}


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


def stage(share: float) -> Stage:
    """The stage that a job is in after this share of its playback, 0.0 to 1.0."""
    return next((name for name, end in ENDS.items() if share < end), "checking")


def trained(share: float) -> float:
    """How much of the training is done after this share of the playback, 0.0 to 1.0."""
    begin, end = ENDS["queue"], ENDS["training"]
    return min(1.0, max(0.0, (share - begin) / (end - begin)))


def epoch_end(number: int, epochs: int) -> float:
    """The share of the playback at which an epoch ends."""
    begin, end = ENDS["queue"], ENDS["training"]
    return begin + (end - begin) * number / epochs


def updates(epochs: int) -> dict[str, float]:
    """When more is told of a job that runs, by name: as it enters a stage, and between epochs."""
    return dict(sorted(_updates(epochs), key=lambda update: update[1]))


def _updates(epochs: int) -> Iterator[tuple[str, float]]:
    for name in ("training", "making", "checking"):
        yield name, list(ENDS.values())[list(ENDS).index(name) - 1]
    for number in sorted({-(-epochs // 3), -(-2 * epochs // 3)} - {epochs}):
        yield f"epoch-{number}", epoch_end(number, epochs)


def halfway(epochs: int) -> str:
    """The update that is told of where a message can't change."""
    number = -(-2 * epochs // 3)
    return "making" if number == epochs else f"epoch-{number}"
