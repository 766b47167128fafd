"""What must hold between the parts of a lesson, beyond the shape of each.

Every rule yields the faults that it finds: a place in the lesson and words for its author.
"""

import re
from collections.abc import Collection, Iterator
from string import Formatter

from pydantic import BaseModel

from content.figures import FIGURE_NAMES
from content.lesson import DashboardStep, Image, Lesson, Phase, Step, Surroundings
from content.lesson.base import Complaint, Loc
from content.lesson.kinds import givers
from content.nearest import did_you_mean
from content.simulation import SimulationContent
from content.strings import Strings

# A name in braces. JSON in an example has a quote after its brace, so it isn't meant here.
_FIGURE = re.compile(r"\{([a-z_][a-z0-9_.]*)(?:[!:][^{}]*)?\}")


def surroundings(lesson: Lesson, simulation: SimulationContent | None) -> Surroundings:
    """What the lesson's steps may refer to."""
    boards = lesson.steps_of(DashboardStep)
    return Surroundings(
        phases=tuple(phase.id for phase in lesson.phases),
        steps=lesson.steps,
        metrics=frozenset(m.id for board in boards for m in board.metrics) if boards else None,
        simulation=simulation,
    )


def complaints(lesson: Lesson, around: Surroundings, media: Collection[str]) -> Iterator[Complaint]:
    """Everything that is wrong between the parts of one lesson; `media` are its pictures' files."""
    yield from _repeated_steps(lesson)
    yield from _repeated_ids(lesson)
    yield from _terms(lesson)
    for loc, value in walk(lesson):
        if isinstance(value, Image) and value.source not in media:
            yield (*loc, "source"), f'media has no file "{value.source}"'
    yield from _figures(lesson)
    for at, phase in enumerate(lesson.phases):
        yield from _requirements(phase, ("phases", at))
    made: set[str] = set()
    for loc, step in placed(lesson):
        for inside, message in step.complaints(around):
            yield (*loc, *inside), message
        if step.simulation not in {None, lesson.simulation}:
            yield (
                loc,
                (
                    f'step "{step.id}" is of kind {step.kind}, which needs '
                    f'"simulation: {step.simulation}" in lesson.yaml'
                ),
            )
        yield from _needs(step, loc, made)
        made |= step.gives
    if lesson.follow_up is not None:
        for inside, message in lesson.follow_up.complaints(around):
            yield ("follow_up", *inside), message


def placed(lesson: Lesson) -> Iterator[tuple[Loc, Step]]:
    """Every step with its place, in order."""
    yield ("start",), lesson.start
    for i, phase in enumerate(lesson.phases):
        for j, step in enumerate(phase.steps):
            yield ("phases", i, "steps", j), step
    yield ("complete",), lesson.complete


def walk(value: object, loc: Loc = ()) -> Iterator[tuple[Loc, object]]:
    """Every value inside a model, itself first, with its place."""
    yield loc, value
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from walk(getattr(value, name), (*loc, name))
    elif isinstance(value, tuple):
        for at, member in enumerate(value):
            yield from walk(member, (*loc, at))
    elif isinstance(value, dict):
        for key, member in value.items():
            yield from walk(member, (*loc, key))


def _repeated_steps(lesson: Lesson) -> Iterator[Complaint]:
    seen: set[str] = set()
    for loc, step in placed(lesson):
        if step.id in seen:
            yield (*loc, "id"), f'two steps of this lesson have the id "{step.id}"'
        seen.add(step.id)


def _repeated_ids(lesson: Lesson) -> Iterator[Complaint]:
    for loc, value in walk(lesson):
        if not isinstance(value, tuple) or loc[-1:] == ("steps",):
            continue
        seen: set[str] = set()
        for at, member in enumerate(value):
            name = getattr(member, "id", None)
            if name is None:
                continue
            if name in seen:
                yield (*loc, at, "id"), f'two entries of "{loc[-1]}" have the id "{name}"'
            seen.add(name)


def _terms(lesson: Lesson) -> Iterator[Complaint]:
    known = {entry.id for entry in lesson.glossary}
    for loc, step in placed(lesson):
        for at, term in enumerate(step.terms):
            if term not in known:
                near = did_you_mean(term, known)
                yield (*loc, "terms", at), f'the glossary has no term "{term}"{near}'
    ways: set[str] = set()
    for at, entry in enumerate(lesson.glossary):
        for way in (entry.term, *entry.also):
            if way.casefold() in ways:
                yield ("glossary", at), f'the glossary explains "{way}" twice'
            ways.add(way.casefold())


def _figures(lesson: Lesson) -> Iterator[Complaint]:
    for loc, value in walk(lesson):
        # What a remark on a trial may name, its own kind of step knows.
        if isinstance(value, str) and not {"wordings", "remarks"}.intersection(loc):
            for name in _FIGURE.findall(value):
                if name not in FIGURE_NAMES:
                    near = did_you_mean(name, FIGURE_NAMES)
                    yield loc, f"no figure has the name {{{name}}}{near}"


def _requirements(phase: Phase, loc: Loc) -> Iterator[Complaint]:
    steps = {step.id: step for step in phase.steps}
    for i, requirement in enumerate(phase.requirements):
        for j, name in enumerate(requirement.steps):
            place = (*loc, "requirements", i, "steps", j)
            step = steps.get(name)
            if step is None:
                yield place, f'this phase has no step "{name}"{did_you_mean(name, steps)}'
            elif step.tutorial or step.optional:
                kind = "tutorial" if step.tutorial else "optional"
                yield place, f'step "{name}" is marked {kind}, so no requirement may ask for it'


MATERIALS = {"model": "a model", "examples": "training examples"}


def _needs(step: Step, loc: Loc, made: Collection[str]) -> Iterator[Complaint]:
    """Some steps work with what earlier ones made."""
    for material in sorted(step.needs - set(made)):
        sources = f"a step of kind {' or '.join(givers(material))} must come before it"
        yield loc, f'step "{step.id}" needs {MATERIALS[material]}: {sources}'


def templates(strings: Strings) -> Iterator[Complaint]:
    """Strings whose braces could not be filled in."""
    for loc, value in walk(strings):
        if not isinstance(value, str) or loc[0] == "page":
            continue
        try:
            names = [name for _, name, _, _ in Formatter().parse(value) if name is not None]
        except ValueError:
            yield loc, "a brace is opened or closed alone; write {{ or }} for one that is shown"
            continue
        for name in names:
            if not name.isidentifier():
                yield loc, f"{{{name}}} names nothing that could be filled in"
