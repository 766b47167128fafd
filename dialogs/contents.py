"""A lesson's table of contents, as far as a learner has come in it."""

from dataclasses import dataclass
from typing import Literal

from content.lesson import StartStep
from content.strings import CommandName
from dialogs.values.scene import Scene
from dialogs.work import requirements

# `open`: it can be gone to. `ahead`: something before it bars the way.
State = Literal["here", "done", "open", "ahead"]


@dataclass(frozen=True)
class Line:
    """A step in the table."""

    step: str
    title: str
    state: State


@dataclass(frozen=True)
class Chapter:
    """A phase, or what stands between phases, which has no title of its own."""

    title: str
    lines: tuple[Line, ...]


def chapters(scene: Scene) -> tuple[Chapter, ...]:
    """All steps in their order, phase by phase; the start screen is none."""
    lesson, states = scene.lesson, _states(scene)
    found: list[Chapter] = []
    for step in lesson.steps:
        if isinstance(step, StartStep):
            continue
        phase = lesson.phase_of(step.id)
        title = phase.title if phase else ""
        line = Line(step.id, step.title, states[step.id])
        if found and found[-1].title == title:
            found[-1] = Chapter(title, (*found[-1].lines, line))
        else:
            found.append(Chapter(title, (line,)))
    return tuple(found)


def _states(scene: Scene) -> dict[str, State]:
    lesson, progress = scene.lesson, scene.progress
    ids = [step.id for step in lesson.steps]
    passed = [n for n, name in enumerate(ids) if progress.record(name).status == "passed"]
    behind = max([ids.index(progress.cursor), *passed])
    bar = requirements.barrier(lesson, progress)
    barred = ids.index(bar.id) if bar else len(ids)
    states: dict[str, State] = {}
    for n, name in enumerate(ids):
        if name == progress.cursor:
            states[name] = "here"
        elif n > barred:
            states[name] = "ahead"
        else:
            states[name] = "done" if n <= behind and n != barred else "open"
    return states


def commands(scene: Scene) -> tuple[CommandName, ...]:
    """What moves about from where the learner is."""
    step = scene.lesson.step(scene.progress.cursor) or scene.lesson.start
    back: tuple[CommandName, ...] = () if isinstance(step, StartStep) else ("back",)
    skip: tuple[CommandName, ...] = ("skip",) if step.tutorial else ()
    return (*back, *skip, "help", "lessons", "language")
