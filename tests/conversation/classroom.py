"""A learner and the tutor in one room: no channel, no database, a clock that is moved by hand."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from pydantic import TypeAdapter

from cards import press
from dialogs.simulations import registry
from dialogs.simulations.computation import Result
from dialogs.tutor import Tutor
from dialogs.values.events import Arrived, Computed, Event, Pressed, Timed, Typed
from dialogs.values.facts import Fact
from dialogs.values.progress import Learner, Progress
from dialogs.values.replies import Button, Message, Picking, Reply, Stamp
from dialogs.values.turn import At, Compute

LEARNER = TypeAdapter(Learner)


class Classroom:
    """Plays a learner's events and does at once what the tutor asks for later."""

    def __init__(self, tutor: Tutor, lesson: str, seed: int = 7, name: str = "learner-1") -> None:
        self.tutor = tutor
        self.learner = Learner(id=name, seed=seed, lesson=lesson)
        self.now = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
        self.results: dict[str, Result] = {}
        self.due: dict[str, At] = {}
        self.facts: list[Fact] = []
        self.transcript: list[Event | Reply] = []
        self.stamped: Message | None = None
        self.send(Arrived())

    @property
    def progress(self) -> Progress:
        """The progress in the current lesson."""
        return self.learner.progress[self.learner.lesson or ""]

    def send(self, event: Event) -> tuple[Reply, ...]:
        """Let one event happen, and what follows from it at once."""
        self.now += timedelta(seconds=1)
        exchange = self.tutor.converse(self.learner, event, self.now, self.results)
        LEARNER.validate_json(LEARNER.dump_json(exchange.learner))
        self.learner = exchange.learner
        self.transcript += [event, *exchange.replies]
        self.facts += exchange.facts
        for reply in exchange.replies:
            if isinstance(reply, Message) and reply.stamp:
                self.stamped = reply
        replies = exchange.replies
        for later in exchange.later:
            match later:
                case At(key=key):
                    self.due[key] = later
                case Compute():
                    replies += self.cook(later)
        return replies

    def cook(self, compute: Compute) -> tuple[Reply, ...]:
        """Do what a worker would, and bring the result back."""
        simulation = self.tutor.simulations[compute.lesson, compute.recipe.locale]
        if compute.key not in self.results:
            self.results[compute.key] = registry.compute(simulation, compute.recipe, self.results)
        return self.send(
            Computed(lesson=compute.lesson, run=compute.run, step=compute.step, key=compute.key)
        )

    def type(self, text: str) -> tuple[Reply, ...]:
        """The learner writes."""
        return self.send(Typed(text=text))

    def press(self, do: str, values: Mapping[str, str] | None = None) -> tuple[Reply, ...]:
        """The learner presses the newest card's button that does `do`."""
        assert self.stamped is not None
        assert self.stamped.stamp is not None
        stamp = self.stamped.stamp
        button = next((b for b in self.stamped.buttons if str(b.do) == do), None)
        assert button, f"no button does {do!r}: {[str(b.do) for b in self.stamped.buttons]}"
        picks = [b.id for b in self.stamped.blocks if isinstance(b, Picking)]
        return self.send(pressed(stamp, button, values or {}, picks))

    def wait(self, **duration: float) -> tuple[Reply, ...]:
        """Let time pass, and what is due by then happen."""
        until = self.now + timedelta(**duration)
        replies: tuple[Reply, ...] = ()
        while self.due:
            key = min(self.due, key=lambda k: self.due[k].time)
            if self.due[key].time > until:
                break
            at = self.due.pop(key)
            self.now = max(self.now, at.time)
            event: Timed = at.event
            replies += self.send(event)
        self.now = max(self.now, until)
        return replies


def pressed(
    stamp: Stamp, button: Button, values: Mapping[str, str], picks: Sequence[str] = ()
) -> Pressed:
    """The event that a button causes, with the card's input values."""
    event = press.parse({**values, **press.data(stamp, button, picks)})
    assert event
    return event
