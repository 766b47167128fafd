"""Models made of YAML nodes; what doesn't fit is told in an author's words."""

import re
from collections.abc import Iterable
from difflib import get_close_matches
from types import NoneType, UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from yaml import MappingNode, Node, ScalarNode, SequenceNode

from content.faults import Fault
from content.lesson import KINDS, BaseStep
from content.yaml_nodes import Found, Loc, data, entry, fault, find, spot, untagged

Model = TypeVar("Model", bound=BaseModel)

_ID = "small letters, digits and single hyphens between them, at most 40 characters"


# What pydantic's kinds of error mean to an author; `{name}` is the place, the rest its context.
_SAYINGS = {
    "string_too_short": "{name} is empty",
    "string_too_long": "{name} is longer than {max_length} characters",
    "tuple_type": '{name} must be a list, each entry on its own line after "- "',
    "too_short": "{name} has {actual_length} entries, needs {min_length} at least",
    "too_long": "{name} may have {max_length} entries at most",
    "bool_parsing": "{name} must be true or false",
    "bool_type": "{name} must be true or false",
    "int_parsing": "{name} must be a whole number",
    "int_type": "{name} must be a whole number",
    "int_from_float": "{name} must be a whole number",
    "float_parsing": "{name} must be a number",
    "float_type": "{name} must be a number",
    "greater_than": "{name} must be more than {gt:g}",
    "greater_than_equal": "{name} must be {ge:g} or more",
    "less_than": "{name} must be less than {lt:g}",
    "less_than_equal": "{name} must be {le:g} or less",
}
_MAPPING = {"dict_type", "model_type", "model_attributes_type", "mapping_type"}


def validate(model: type[Model], root: Node) -> Model | list[Fault]:
    """Make the model that `root` holds, or name every fault in it."""
    try:
        return model.model_validate(data(root))
    except ValidationError as error:
        faults: list[Fault] = []
        for details in error.errors(include_url=False):
            faults += _faults(model, root, details)
        return faults


def _faults(model: type[BaseModel], root: Node, details: ErrorDetails) -> list[Fault]:
    loc = untagged(root, details["loc"])
    if details["type"] == "union_tag_invalid":
        loc += ("kind",)
    found = find(root, loc)
    if details["type"] == "value_error":
        told = details["msg"].removeprefix("Value error, ")
        name = f"{_name(details['loc'])}: " if isinstance(found.value, ScalarNode) else ""
        return [mention(found.place, found.value, f"{name}{each}") for each in told.split("; ")]
    if details["type"] == "too_short" and len(found.value.value) >= details["ctx"]["min_length"]:
        return []  # pydantic counts the well-formed entries; the others are faults already
    message = _shape(model, root, found, details) or _value(found, details)
    return [fault(found.place, message)]


def mention(place: Node, inside: Node, message: str) -> Fault:
    """Place a fault at the last thing that its message names in quotes, or else at `place`."""
    for name in reversed(re.findall(r"'((?:[^'\\]|\\.)*)'|\"([^\"]*)\"", message)):
        node = spot(inside, name[0] or name[1])
        if node is not None:
            return fault(node, message)
    return fault(place, message)


def _shape(model: type[BaseModel], root: Node, found: Found, details: ErrorDetails) -> str | None:
    """Tell of keys that are missing, unknown or hold the wrong kind of thing."""
    loc, kind = details["loc"], details["type"]
    name = _name(loc)
    if kind == "missing":
        return f"{owner(root, found.path)} has no {name}"
    if kind == "extra_forbidden":
        return f"unknown key {name}{_instead(str(loc[-1]), _keys(model, loc[:-1]))}"
    if kind == "union_tag_not_found":
        return f"{owner(root, found.path)} has no kind"
    if kind in _MAPPING:
        keys = _keys(model, loc)
        inside = f": {', '.join(keys)}" if keys else ""
        return f"{name} must have keys of its own{inside}"
    return None


def _value(found: Found, details: ErrorDetails) -> str:
    """Tell what is wrong with one value."""
    context: dict[str, Any] = details.get("ctx") or {}
    name, given = _name(details["loc"]), details["input"]
    match details["type"]:
        case "union_tag_invalid":
            tag = str(context["tag"])
            return f'unknown kind "{tag}"{_instead(tag, _quoted(context["expected_tags"]))}'
        case "literal_error" if details["loc"][-1] == "[key]":
            return f"unknown key {name}{_instead(str(given), _quoted(context['expected']))}"
        case "literal_error":
            return f'{name} can\'t be "{given}"{_instead(str(given), _quoted(context["expected"]))}'
        case "string_type":
            return _not_text(name, found.value)
        case "string_pattern_mismatch" if "https" in context["pattern"]:
            return f"{name} must begin with https://"
        case "string_pattern_mismatch":
            return f'{name}: "{given}" can\'t be an id; use {_ID}'
        case kind if kind in _SAYINGS:
            return _SAYINGS[kind].format(name=name, **context)
        case _:
            words = details["msg"].replace("tuple", "list")
            return f"{name}: {words[0].lower()}{words[1:]}"


def _quoted(expected: str) -> list[str]:
    """List the words that pydantic names in quotes."""
    return re.findall(r"'([^']*)'", expected)


def _name(loc: Loc) -> str:
    """What an author calls the place: its key, or which entry of a list it is."""
    if not loc:
        return "this file"
    if loc[-1] == "[key]":
        return f'"{loc[-2]}"'
    if isinstance(loc[-1], int):
        keys = [part for part in loc if isinstance(part, str)]
        return f'entry {loc[-1] + 1} of "{keys[-1]}"' if keys else f"entry {loc[-1] + 1}"
    return f'"{loc[-1]}"'


def owner(root: Node, path: Loc) -> str:
    """What holds the key at fault: `option "keep"`, where it has an id."""
    value = find(root, path).value
    node = entry(value, "id")
    if isinstance(node, ScalarNode) and len(path) > 1 and isinstance(path[-2], str):
        return f'{path[-2].removesuffix("s")} "{node.value}"'
    return _name(path)


def _not_text(name: str, value: Node) -> str:
    if isinstance(value, SequenceNode):
        return f"{name} must be text, not a list"
    if isinstance(value, MappingNode):
        return f"{name} must be text; text with a colon in it needs quotes around it"
    if not value.value or value.value in {"~", "null"}:
        return f"{name} is empty"
    return f'{name} must be text; put quotes around it: "{value.value}"'


def _instead(wrong: str, right: Iterable[str]) -> str:
    right = list(right)
    near = get_close_matches(wrong, right, n=1)
    if near:
        return f'; did you mean "{near[0]}"?'
    return f"; it can be: {', '.join(right)}" if right else ""


def _keys(annotation: Any, loc: Loc) -> list[str]:  # noqa: ANN401, annotations are any objects
    """The keys that the model at `loc` knows."""
    origin, args = get_origin(annotation), get_args(annotation)
    if annotation is BaseStep:
        model = KINDS.get(str(loc[0])) if loc else None
        return _keys(model, loc[1:]) if model else []
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        if not loc:
            return list(annotation.model_fields)
        field = annotation.model_fields.get(str(loc[0]))
        return _keys(field.annotation, loc[1:]) if field else []
    if origin is Annotated:
        return _keys(args[0], loc)
    if origin in {Union, UnionType}:
        members = [arg for arg in args if arg is not NoneType]
        if len(members) == 1:
            return _keys(members[0], loc)
        return []
    if origin in {tuple, list, dict} and loc:
        return _keys(args[-1] if origin is dict else args[0], loc[1:])
    return []
