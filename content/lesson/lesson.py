"""A lesson: phases of steps, with what stands before and after them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from pydantic import Field

from content.cached import cached_by_identity
from content.frozen import Frozen
from content.lesson.base import BaseStep, Id, Words
from content.lesson.follow_up import FollowUp
from content.lesson.judging import DecisionStep
from content.lesson.kinds import Step
from content.lesson.questions import TextStep, Wordings
from content.lesson.reading import CompleteStep, StartStep
from content.lesson.sources import Source

Kind = TypeVar("Kind", bound=BaseStep)


class Requirement(Frozen):
    """What a phase asks for: met when all its steps are passed.

    `done` says at the lesson's end, to the learner, what they did; without it `text` stands there.
    """

    id: Id
    text: Words
    done: Words | None = None
    steps: tuple[Id, ...] = Field(min_length=1)


class Completion(Frozen):
    """What is said at a phase's end: that it is complete, and what that means."""

    title: Words
    text: str = ""


class Phase(Frozen):
    """A numbered stretch of a lesson."""

    id: Id
    title: Words
    goals: tuple[Words, ...] = Field(min_length=1)
    complete: Completion
    requirements: tuple[Requirement, ...] = Field(min_length=1)
    steps: tuple[Step, ...] = Field(min_length=1)


class GlossaryEntry(Frozen):
    """A technical term in one sentence; `also` are other ways to write it."""

    id: Id
    term: Words
    meaning: Words
    also: tuple[Words, ...] = ()


class Limits(Frozen):
    """How much a lesson asks of a learner at most; an author may set the first two lower.

    `card`: the author's words on a step's card at once, to which the tutor adds about twenty.
    `words_a_minute`: of the time that the lesson takes; with more, reading leaves no time to do.
    `minutes`: between which the estimate lies.
    """

    card: int = Field(default=130, ge=1, le=130)
    words_a_minute: int = Field(default=120, ge=1, le=120)
    minutes: tuple[int, int] | None = None


class Lesson(Frozen):
    """One edition of a lesson: its words for one locale.

    `start` and `complete` stand outside the phases. `place` orders the catalogue:
    the lesson with the lowest is what a new learner meets. `after` names one that is best done
    before; nothing is locked. `simulation` is the kind of what its steps
    compute with, None where they compute nothing. `sources` say where its figures are from.
    `follow_up` is asked some days after the end. `version` is the digest of the ids and kinds of
    its steps, equal in all editions; the loader fills it in.
    """

    id: Id
    locale: str = "en"
    title: Words
    summary: Words
    place: int = 100
    after: Id | None = None
    simulation: Id | None = None
    start: StartStep
    phases: tuple[Phase, ...] = Field(min_length=1)
    complete: CompleteStep
    follow_up: FollowUp | None = None
    limits: Limits = Limits()
    glossary: tuple[GlossaryEntry, ...] = ()
    sources: tuple[Source, ...] = ()
    version: str = ""

    @cached_property
    def _plan(self) -> "_Plan":
        steps = (self.start, *(s for p in self.phases for s in p.steps), self.complete)
        # Of steps that share an id, which the checker refuses, the first counts.
        places = {s.id: n for n, s in reversed(list(enumerate(steps)))}
        return _Plan(steps, places, {s.id: p for p in reversed(self.phases) for s in p.steps})

    def model_copy(
        self, *, update: Mapping[str, object] | None = None, deep: bool = False
    ) -> "Lesson":
        """Copy the lesson; the copy, which may have other phases, makes its own plan."""
        copy = super().model_copy(update=update, deep=deep)
        copy.__dict__.pop("_plan", None)
        return copy

    @property
    def steps(self) -> tuple[Step, ...]:
        """All steps in order, from the start screen to the end."""
        return self._plan.steps

    def step(self, step_id: str) -> Step | None:
        """The step of this id, or None when there is none."""
        place = self._plan.places.get(step_id)
        return None if place is None else self.steps[place]

    def neighbour(self, step_id: str, by: int) -> Step | None:
        """The step that stands `by` places after this one; None where there is none."""
        place = self._plan.places[step_id] + by
        return self.steps[place] if 0 <= place < len(self.steps) else None

    def steps_of(self, kind: type[Kind]) -> tuple[Kind, ...]:
        """The steps of one kind, in order."""
        return _of_kind(self, kind)

    @property
    def wordings(self) -> Mapping[str, Wordings]:
        """The example answers of the steps that read free texts, by the steps' ids."""
        texts = {step.id: step.wordings for step in self.steps_of(TextStep)}
        return texts | {step.id: step.wordings for step in self.steps_of(DecisionStep)}

    def phase_of(self, step_id: str) -> Phase | None:
        """The phase that the step belongs to; None for the start and the end."""
        return self._plan.phases.get(step_id)


@dataclass(frozen=True)
class _Plan:
    """A lesson's steps in order, and where each one stands."""

    steps: tuple[Step, ...]
    places: dict[str, int]
    phases: dict[str, Phase]


@cached_by_identity(500)
def _of_kind(lesson: Lesson, kind: type[Kind]) -> tuple[Kind, ...]:
    return tuple(step for step in lesson.steps if isinstance(step, kind))
