"""One line for each turn, for operators: where, what, how it went and how long it took."""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from time import perf_counter
from typing import Literal, Protocol

from aiohttp import TraceConfig
from aiohttp.typedefs import Middleware

from bot.logs import numbered_turn, pseudonym, turn_id
from dialogs.values.events import Computed, Due, Event
from dialogs.values.facts import StepAnswered
from dialogs.values.progress import Learner
from dialogs.values.turn import LearnerTurn

TurnOutcome = Literal[
    "passed", "missed", "answered", "silent", "repeated", "busy", "refused", "fault"
]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Note:
    """What is noted of a turn: the learner as logs name them, and where in which lesson.

    None of it comes from the client: a button's data can hold anything.
    """

    learner: str
    lesson: str | None
    step: str | None
    outcome: TurnOutcome


@dataclass(slots=True)
class Entry:
    """A turn, filled in while it runs; one that ends without a note failed."""

    event: str
    channel: str = ""
    note: Note | None = None
    outcome: TurnOutcome = "fault"
    seconds: float = 0.0

    def answered(self, channel: str, note: Note | None, outcome: TurnOutcome) -> None:
        """The turn is stored; `outcome` is that of one without a note."""
        self.channel = channel
        self.note = note
        self.outcome = note.outcome if note else outcome

    @property
    def about(self) -> dict[str, object]:
        """What its line tells."""
        told: dict[str, object] = {"channel": self.channel, "event": self.event}
        if self.note is not None:
            told["learner"] = self.note.learner
            if self.note.lesson is not None:
                told["lesson"] = self.note.lesson
            if self.note.step is not None:
                told["step"] = self.note.step
        told["outcome"] = self.outcome
        told["ms"] = round(self.seconds * 1000, 1)
        return told


class Watch(Protocol):
    """Who measures: nobody, or OpenTelemetry when an exporter is configured.

    `middlewares` see what comes in over HTTP, `calls` what our client calls.
    """

    middlewares: Sequence[Middleware]
    calls: Sequence[TraceConfig]

    def span(self, name: str) -> AbstractContextManager[object]:
        """Time what happens inside."""
        ...

    def turned(self, entry: Entry) -> None:
        """Count a turn, inside of its span."""
        ...

    def gauge(self, name: str, read: Callable[[], int]) -> None:
        """Read a number now and then."""
        ...

    def close(self) -> None:
        """Hand over what was measured."""
        ...


class Unwatched:
    """Nobody measures."""

    middlewares: Sequence[Middleware] = ()
    calls: Sequence[TraceConfig] = ()

    def span(self, name: str) -> AbstractContextManager[object]:
        """Nothing is timed."""
        del name
        return nullcontext()

    def turned(self, entry: Entry) -> None:
        """Nothing is counted."""

    def gauge(self, name: str, read: Callable[[], int]) -> None:
        """Nothing is read."""

    def close(self) -> None:
        """Nothing was measured."""


@dataclass(frozen=True)
class TurnLog:
    """Writes the line, and lets who watches count."""

    watch: Watch

    @contextmanager
    def turn(self, event: str, channel: str = "") -> Iterator[Entry]:
        """A turn from taking the event to its commit; a turn by time gets an id of its own."""
        entry = Entry(event, channel)
        began = perf_counter()
        with nullcontext() if turn_id.get() else numbered_turn(), self.watch.span("turn"):
            try:
                yield entry
            finally:
                entry.seconds = perf_counter() - began
                self.watch.turned(entry)
                log.info("turn", extra={"about": entry.about})


def noted(before: Learner, event: Event, exchange: LearnerTurn, drawn: Sequence[object]) -> Note:
    """Note what an event gave; `drawn` is what the learner is sent."""
    lesson: str | None
    step: str | None
    match event:
        case Computed() | Due():
            lesson, step = event.lesson, event.step
        case _:
            progress = before.progress.get(before.lesson or "")
            lesson = before.lesson
            step = progress.cursor if progress else None
    return Note(pseudonym(before.id), lesson, step, _outcome(exchange, drawn))


def _outcome(exchange: LearnerTurn, drawn: Sequence[object]) -> TurnOutcome:
    for fact in exchange.facts:
        if isinstance(fact, StepAnswered):
            return "passed" if fact.passed else "missed"
    if exchange.replies:
        return "answered"
    return "fault" if drawn else "silent"  # what nobody said is our excuse
