"""Which names stored forms use: those of their fields, and where ids stand in place of fields."""

import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, is_dataclass
from functools import cache
from typing import Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel

from dialogs.steps import registry
from dialogs.values.facts import Fact
from dialogs.values.follow_up import FollowUp


@dataclass(frozen=True)
class StoredNames:
    """The `fields` of all stored forms of a lesson, and those of them that hold values by an id."""

    fields: frozenset[str]
    by_id: frozenset[str]


@cache
def stored_names() -> StoredNames:
    """The names in what steps keep, in facts, and in what is asked later."""
    found: dict[str, bool] = {}
    seen: set[type] = set()
    for form in (*registry.states(), Fact, FollowUp):
        for name, hint in _fields(form, seen):
            found[name] = found.get(name, False) or _is_by_id(hint)
    return StoredNames(frozenset(found), frozenset(n for n, by_id in found.items() if by_id))


def _fields(hint: object, seen: set[type]) -> Iterator[tuple[str, object]]:
    """The fields of a form and of the forms within it, with their types."""
    if isinstance(hint, type) and (is_dataclass(hint) or issubclass(hint, BaseModel)):
        if hint in seen:
            return
        seen.add(hint)
        for name, inner in get_type_hints(hint).items():
            if name in _own_fields(hint):
                yield name, inner
                yield from _fields(inner, seen)
    for inner in get_args(hint):
        yield from _fields(inner, seen)


def _own_fields(form: type) -> frozenset[str]:
    found = getattr(form, "model_fields", None) or getattr(form, "__dataclass_fields__", {})
    return frozenset(found)


def _is_by_id(hint: object) -> bool:
    if get_origin(hint) in (Union, types.UnionType):
        return any(map(_is_by_id, get_args(hint)))
    origin = get_origin(hint)
    return isinstance(origin, type) and issubclass(origin, Mapping)
