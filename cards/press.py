"""A button's data, and the event that pressing it causes: each the other's inverse."""

import re
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Annotated

from pydantic import Field, ValidationError

from content.frozen import Frozen
from dialogs.values import actions
from dialogs.values.actions import Answer, Own, Say
from dialogs.values.events import Pressed
from dialogs.values.replies import Button, Stamp

# All that is ours stands under this key: clients put the inputs' values beside it.
KEY = "tutor"
# Order inputs without drag and drop have one field for each place: `order.1`, `order.2` …
_PLACE = re.compile(r"(?P<id>[^.]+)\.(?P<place>[1-9][0-9]{0,2})", re.ASCII)
_MOST = 100  # inputs; no card has as many
# The inputs with ids on cards of before, whose buttons don't say which they are.
PICKS_BEFORE = ("picked", "order", "segment", "metric", "size", "predicted")

_Name = Annotated[str, Field(max_length=200)]


class _Data(Frozen):
    """A button's data, as it stands under our key."""

    lesson: _Name
    step: _Name
    ticket: Annotated[int, Field(strict=True, ge=0)]
    digest: _Name
    learner: _Name
    do: _Name
    values: dict[_Name, str] = {}  # the text that `say` says
    picks: tuple[_Name, ...] = PICKS_BEFORE
    chosen: dict[_Name, _Name] = {}  # by the button itself
    stays: bool | str = False  # the card, when it is pressed: what it says, in short
    folds: bool = False  # what stays of it


def data(
    stamp: Stamp, button: Button, picks: Sequence[str] = (), *, stays: str = "", folds: bool = False
) -> dict[str, object]:
    """Make what a client sends back when the button is pressed.

    `picks` are the card's inputs that hold ids, by their own. A card that stays isn't replaced by
    the answer; what `stays` tells it from others of the same step. It `folds` up once it was left.
    """
    stamped: dict[str, object] = {
        "lesson": stamp.lesson,
        "step": stamp.step,
        "ticket": stamp.ticket,
        "digest": stamp.digest,
        "learner": stamp.learner,
        "do": str(button.do),
    }
    if isinstance(button.do, Say):
        stamped["values"] = {"text": button.do.text}
    if button.picks:
        stamped["chosen"] = dict(button.picks)
    elif picks and isinstance(button.do, Answer | Own):
        stamped["picks"] = list(picks)
    if stays:
        stamped["stays"] = stays
        if folds:
            stamped["folds"] = True
    return {KEY: stamped}


def of_standing(value: Mapping[str, object]) -> Mapping[str, object] | None:
    """The data of a pressed button by which its card is known, where that card stays."""
    found = value.get(KEY)
    return found if isinstance(found, Mapping) and found.get("stays") else None


def parse(value: Mapping[str, object]) -> Pressed | None:
    """Read what a client sent; None when it is no press of a button of ours."""
    try:
        pressed = _Data.model_validate(value.get(KEY))
    except ValidationError:
        return None
    inputs = {
        _clean(name): text
        for name, given in islice(value.items(), _MOST)
        if name != KEY and (text := _text(given)) is not None
    }
    return Pressed(
        lesson=pressed.lesson,
        step=pressed.step,
        ticket=pressed.ticket,
        digest=pressed.digest,
        learner=pressed.learner,
        do=actions.read(pressed.do, pressed.values.get("text", "")),
        texts={name: text for name, text in inputs.items() if not _is_pick(name, pressed)},
        picks={
            **_picked(inputs, pressed),
            **_ordered(inputs),
            **{name: (chosen,) for name, chosen in pressed.chosen.items()},
        },
    )


def _is_pick(name: str, pressed: _Data) -> bool:
    return name in pressed.picks or _PLACE.fullmatch(name) is not None


def _picked(inputs: Mapping[str, str], pressed: _Data) -> dict[str, tuple[str, ...]]:
    """Read what holds ids: Adaptive Cards join them by commas."""
    named = (name for name in pressed.picks if name in inputs)
    return {name: tuple(i for i in inputs[name].split(",") if i) for name in named}


def _text(value: object) -> str | None:
    """Read an input's value: some clients send numbers and truth values as such."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return _clean(value)
        case int() | float():
            return f"{value:.15g}"
        case _:
            return None


def _clean(text: str) -> str:
    """Replace halves of characters, which JSON can carry and nothing else can."""
    return text.encode("utf-8", "replace").decode()


def _ordered(inputs: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Put the fields of an order together, empty places left out."""
    places: dict[str, dict[int, str]] = {}
    for name, text in inputs.items():
        found = _PLACE.fullmatch(name)
        if found:
            places.setdefault(found["id"], {})[int(found["place"])] = text
    return {
        name: tuple(texts[at] for at in sorted(texts) if texts[at])
        for name, texts in places.items()
    }
