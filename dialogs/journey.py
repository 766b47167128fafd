"""The phase machine: its states are the phases, its guard is what a phase requires."""

from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from transitions import EventData, Machine

from content.lesson import Lesson, Phase
from dialogs.values.progress import Progress
from dialogs.work.requirements import is_complete

COMPLETE = "complete"


@dataclass
class Journey:
    """A short-lived model for the machine: the frontier as `state`, and what moves it."""

    state: str
    progress: Progress
    lesson: Lesson

    def requirements_met(self, _: EventData) -> bool:
        """The guard: nothing that the phase requires is open."""
        phase = next(p for p in self.lesson.phases if p.id == self.state)
        return is_complete(phase, self.progress)


@lru_cache(maxsize=32)
def machine(phases: tuple[str, ...]) -> Machine:
    """The machine of a lesson with these phases: `proceed` leads from each to the next."""
    states = [*phases, COMPLETE]
    moves = [
        {
            "trigger": "proceed",
            "source": here,
            "dest": there,
            "conditions": "requirements_met",
        }
        for here, there in pairwise(states)
    ]
    return Machine(
        model=None,
        states=states,
        transitions=moves,
        initial=states[0],
        send_event=True,
        auto_transitions=False,
    )


def proceed(lesson: Lesson, progress: Progress) -> tuple[Progress, tuple[Phase, ...]]:
    """Move the frontier as far as it goes; also the phases that were completed by that."""
    phases = {p.id: p for p in lesson.phases}
    trigger = machine(tuple(phases)).events["proceed"].trigger
    journey, done = Journey(progress.frontier, progress, lesson), []
    while journey.state in phases:
        here = journey.state
        if not trigger(journey):
            break
        done.append(phases[here])
    return replace(progress, frontier=journey.state), tuple(done)
