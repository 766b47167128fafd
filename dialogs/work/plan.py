"""Looking into a lesson's plan: its steps of one kind."""

from typing import TypeVar

from content.lesson import BaseStep, Lesson
from content.remembered import remembered

S = TypeVar("S", bound=BaseStep)


@remembered(500)
def in_lesson(lesson: Lesson, kind: type[S]) -> tuple[S, ...]:
    """The lesson's steps of a kind, in order."""
    return tuple(s for s in lesson.steps if isinstance(s, kind))
