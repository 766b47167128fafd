"""Looking into a lesson's plan: its steps of one kind."""

from typing import TypeVar

from content.cached import cached_by_identity
from content.lesson import BaseStep, Lesson

S = TypeVar("S", bound=BaseStep)


@cached_by_identity(500)
def in_lesson(lesson: Lesson, kind: type[S]) -> tuple[S, ...]:
    """The lesson's steps of a kind, in order."""
    return tuple(s for s in lesson.steps if isinstance(s, kind))
