"""What all editions of a lesson have in common, and where two of them differ.

An edition is a lesson in one language. Ids, kinds, order, right answers and limits are the
same in all of them, so that a learner's progress has no language.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from string import Formatter
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel

from content.lesson import Id, Lesson
from content.lesson import Name as LessonName
from content.lesson.experimenting import Figure, When
from content.simulation import SimulationContent
from content.strings import Strings
from content.world import Name, Rubric, World
from content.yaml_nodes import Loc

# Lists that may be longer in one language than in another.
PATTERNS = frozenset({"patterns", "also", "wordings", "words", "opposites", "more", "less"})
# How a language is recognised: other words, and as many as it takes.
RECOGNITION = frozenset({"messages", "validation", "customers", "recognition"})
# How replies and moods are told: other words and examples, and as many as it takes.
READING = frozenset({"shows", "others", "words", "common"})
# Lists of words that are tried one after the other, in the tutor's own strings.
FORMS = frozenset(
    {
        "commands",
        "language_names",
        "what_is",
        "what_means",
        "typing",
        "lost",
        "claims",
        "causes",
        "compare_forms",
        "dash_forms",
        "job_forms",
        "screen_look_forms",
        "forms",
        "join_words",
        "look_words",
        "ask_words",
        "questions_words",
        "leave_words",
    }
)
_FIGURE = re.compile(r"\{[a-z_]+\}")

Difference = tuple[Loc, str]


def common(value: object, free: frozenset[str] = PATTERNS) -> dict[Loc, object]:
    """What doesn't depend on the language, by its place; fields named in `free` are left out."""
    return dict(_common(value, str, (), free))


def of_lessons(original: Lesson, edition: Lesson) -> Iterator[Difference]:
    """Where an edition says something else than the original, beyond its words."""
    yield from _differences(common(original), common(edition))
    yield from _blanks(original, edition, _figures)


def of_worlds(original: World, edition: World) -> Iterator[Difference]:
    """Where a simulated company is built otherwise: a model moves with a learner who switches."""
    yield from _differences(
        common(original, RECOGNITION | READING), common(edition, RECOGNITION | READING)
    )


def of_rubrics(original: Rubric, edition: Rubric) -> Iterator[Difference]:
    """Where a rubric looks for something else; how strongly may depend on the language."""
    yield from _differences(_without_numbers(original), _without_numbers(edition))


def of_simulations(
    original: SimulationContent | None, edition: SimulationContent | None
) -> Iterator[tuple[str, Iterator[Difference]]]:
    """For each file of a simulation, where the edition's differs."""
    if original is None or edition is None:
        return  # which is told of the lesson
    for name in type(original).files():
        match getattr(original, name), getattr(edition, name):
            case World() as here, World() as there:
                yield name, of_worlds(here, there)
            case Rubric() as here, Rubric() as there:
                yield name, of_rubrics(here, there)
            case here, there:
                yield name, _differences(common(here), common(there))


def of_strings(original: Strings, edition: Strings) -> Iterator[Difference]:
    """Where the tutor's words lack something or can't be filled in alike."""
    yield from _differences(common(original, FORMS), common(edition, FORMS))
    yield from _blanks(original, edition, _names)


def _without_numbers(rubric: Rubric) -> dict[Loc, object]:
    found = common(rubric, READING)
    return {loc: value for loc, value in found.items() if not isinstance(value, int | float)}


def _common(value: object, hint: Any, loc: Loc, free: frozenset[str]) -> Iterator[tuple[Loc, Any]]:  # noqa: ANN401 (annotations are any objects)
    match value:
        case BaseModel():
            for name, inner in _hints(type(value)).items():
                if name not in free:
                    yield from _common(getattr(value, name), inner, (*loc, name), free)
        case tuple():
            yield loc, f"{len(value)} entries"
            for at, member in enumerate(value):
                yield from _common(member, _member(hint), (*loc, at), free)
        case dict():
            yield loc, ", ".join(value)
            for key, member in value.items():
                yield from _common(member, _member(hint), (*loc, key), free)
        case str():
            if _is_name(hint):
                yield loc, value
        case _:
            yield loc, value


@cache
def _hints(model: type[BaseModel]) -> Mapping[str, Any]:
    hints = get_type_hints(model, include_extras=True)
    return {name: hints[name] for name in model.model_fields}


def _member(hint: Any) -> Any:  # noqa: ANN401 (annotations are any objects)
    """What the entries of a list or of a mapping are."""
    origin, args = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _member(args[0])
    return args[-1] if origin is dict else args[0] if args else str


def _is_name(hint: Any) -> bool:  # noqa: ANN401 (annotations are any objects)
    """Whether such a text is a name for the code, and no words."""
    if get_origin(hint) in {Union, UnionType}:
        return any(map(_is_name, get_args(hint)))
    return get_origin(hint) is Literal or hint in (Id, LessonName, Name, Figure, When)


def _differences(
    original: Mapping[Loc, object], edition: Mapping[Loc, object]
) -> Iterator[Difference]:
    known = dict.fromkeys((*original, *edition))
    told: set[Loc] = set()
    for loc in known:
        if any(loc[:at] in told for at in range(len(loc))):
            continue  # what is inside follows from what was told
        here, there = original.get(loc, "nothing"), edition.get(loc, "nothing")
        if here != there:
            told.add(loc)
            yield loc, f"{_shown(there)} here, {_shown(here)} in the original"


def _shown(value: object) -> str:
    """A value as an author writes it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _blanks(original: BaseModel, edition: BaseModel, blanks: Any) -> Iterator[Difference]:  # noqa: ANN401
    """Where texts at the same place name other things to be filled in."""
    here, there = dict(_texts(original, ())), dict(_texts(edition, ()))
    for loc, text in there.items():
        if loc in here and (wanted := blanks(here[loc])) != (found := blanks(text)):
            names = ", ".join(sorted(found)) or "nothing"
            others = ", ".join(sorted(wanted)) or "nothing"
            yield loc, f"has {names} to be filled in, the original {others}"


def _texts(value: object, loc: Loc) -> Iterator[tuple[Loc, str]]:
    match value:
        case BaseModel():
            for name in type(value).model_fields:
                if name not in PATTERNS | FORMS:
                    yield from _texts(getattr(value, name), (*loc, name))
        case tuple():
            for at, member in enumerate(value):
                yield from _texts(member, (*loc, at))
        case dict():
            for key, member in value.items():
                yield from _texts(member, (*loc, key))
        case str():
            yield loc, value
        case _:
            pass


def _figures(text: str) -> frozenset[str]:
    return frozenset(_FIGURE.findall(text))


def _names(text: str) -> frozenset[str]:
    try:
        found = [name for _, name, _, _ in Formatter().parse(text) if name]
    except ValueError:
        return frozenset()  # which is a fault of its own
    return frozenset(f"{{{name}}}" for name in found)
