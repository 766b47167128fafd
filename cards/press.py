"""A button's data, and the event that pressing it causes: each the other's inverse."""

import re
from collections.abc import Mapping
from typing import Annotated

from pydantic import Field, ValidationError

from content.frozen import Frozen
from dialogs.values.events import Pressed
from dialogs.values.replies import Button, Stamp

# All that is ours stands under this key: clients put the inputs' values beside it.
KEY = "tutor"
# Order inputs without drag and drop have one field for each place: `order.1`, `order.2` …
_PLACE = re.compile(r"(?P<id>[^.]+)\.(?P<place>[1-9][0-9]{0,2})", re.ASCII)
_LONGEST = 20_000

_Name = Annotated[str, Field(max_length=200)]


class _Data(Frozen):
    """What lies under our key."""

    lesson: _Name
    step: _Name
    ticket: Annotated[int, Field(strict=True, ge=0)]
    digest: _Name
    learner: _Name
    do: _Name
    values: dict[_Name, str] = {}


def data(stamp: Stamp, button: Button) -> dict[str, object]:
    """Make what a client sends back when the button is pressed."""
    told: dict[str, object] = {
        "lesson": stamp.lesson,
        "step": stamp.step,
        "ticket": stamp.ticket,
        "digest": stamp.digest,
        "learner": stamp.learner,
        "do": button.do,
    }
    if button.values:
        told["values"] = dict(button.values)
    return {KEY: told}


def parse(value: Mapping[str, object]) -> Pressed | None:
    """Read what a client sent; None when it is no press of a button of ours.

    The button's own values win over inputs of the same name.
    """
    try:
        told = _Data.model_validate(value.get(KEY))
    except ValidationError:
        return None
    inputs = {
        _clean(name): text
        for name, given in value.items()
        if name != KEY and (text := _text(given)) is not None
    }
    return Pressed(
        lesson=told.lesson,
        step=told.step,
        ticket=told.ticket,
        digest=told.digest,
        learner=told.learner,
        do=told.do,
        values={**_joined(inputs), **told.values},
    )


def _text(given: object) -> str | None:
    """Read an input's value: some clients send numbers and truth values as such."""
    match given:
        case bool():
            return "true" if given else "false"
        case str():
            return _clean(given)
        case int() | float():
            return f"{given:.15g}"
        case _:
            return None


def _clean(text: str) -> str:
    """Replace halves of characters, which JSON can carry and nothing else can."""
    return text[:_LONGEST].encode("utf-8", "replace").decode()


def _joined(inputs: Mapping[str, str]) -> dict[str, str]:
    """Put the fields of an order into one value: the ids by commas, empty places left out."""
    values: dict[str, str] = {}
    places: dict[str, dict[int, str]] = {}
    for name, text in inputs.items():
        found = _PLACE.fullmatch(name)
        if found:
            places.setdefault(found["id"], {})[int(found["place"])] = text
        else:
            values[name] = text
    for name, texts in places.items():
        values[name] = ",".join(texts[at] for at in sorted(texts) if texts[at])
    return values
