"""What a lesson asks those who finished it, some days later."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Annotated

from pydantic import Field

from content.frozen import Frozen
from content.lesson.base import Complaint, Id, Loc, Surroundings, Words
from content.lesson.questions import Option
from content.lesson.rules import unanswerable
from content.nearest import did_you_mean


class FollowUpQuestion(Frozen):
    """A new case, with one right option; `step` says where the lesson teaches what it takes."""

    id: Id
    step: Id
    prompt: Words
    options: tuple[Option, ...] = Field(min_length=2)


class FollowUp(Frozen):
    """Questions that come back `days` after a learner asked for them, `each` of them at a time.

    Of `questions` each asks for one matter; of `cases`, one at a time, each tells a longer
    situation, in which what was learned has to be applied.
    """

    days: tuple[Annotated[int, Field(ge=1, le=365)], ...] = Field(default=(1, 7, 30), min_length=1)
    each: int = Field(default=3, ge=1, le=10)
    questions: tuple[FollowUpQuestion, ...] = Field(min_length=1)
    cases: tuple[FollowUpQuestion, ...] = Field(min_length=1)

    @property
    def all(self) -> tuple[FollowUpQuestion, ...]:
        """Questions and cases."""
        return (*self.questions, *self.cases)

    @property
    def steps(self) -> tuple[str, ...]:
        """The steps that are asked about."""
        return tuple(dict.fromkeys(one.step for one in self.all))

    def question(self, name: str) -> FollowUpQuestion | None:
        """The question or case of this id; None when there is none."""
        return next((one for one in self.all if one.id == name), None)

    def is_case(self, name: str) -> bool:
        """Whether this id is a case's."""
        return any(one.id == name for one in self.cases)

    def complaints(self, around: Surroundings) -> Iterator[Complaint]:
        """What is wrong with the questions."""
        if any(later <= earlier for earlier, later in pairwise(self.days)):
            yield ("days",), "each day must be later than the one before"
        if len(self.questions) < self.each * len(self.days):
            least = self.each * len(self.days)
            yield ("questions",), f"has {len(self.questions)}; {least} are asked in all"
        if len(self.cases) < len(self.days):
            yield ("cases",), f"has {len(self.cases)}; {len(self.days)} are asked in all"
        steps = [step.id for step in around.steps]
        seen: set[str] = set()
        for place, one in self._placed():
            if one.step not in steps:
                near = did_you_mean(one.step, steps)
                yield (*place, "step"), f'this lesson has no step "{one.step}"{near}'
            if one.id in seen:
                yield (*place, "id"), f'two of these questions have the id "{one.id}"'
            seen.add(one.id)
            yield from unanswerable(one.options, place, single=True)

    def _placed(self) -> Iterator[tuple[Loc, FollowUpQuestion]]:
        yield from ((("questions", at), one) for at, one in enumerate(self.questions))
        yield from ((("cases", at), one) for at, one in enumerate(self.cases))
