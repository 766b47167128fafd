"""Blocks and buttons as JSON. What shows the same to everybody is drawn once and kept.

All of it is shared: whoever changes a part changes a copy.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import cast

from microsoft_teams.cards import (
    ActionSet,
    AdaptiveCard,
    CardElement,
    Column,
    ColumnSet,
    Container,
    ExecuteAction,
    SerializableObject,
    ShowCardAction,
    SubmitAction,
)

from cards.blocks import shown, text
from cards.folding import folded
from cards.inputs import asked
from cards.markup import plain
from cards.surface import Links, Surface
from dialogs.values.replies import (
    Bars,
    Block,
    BringFile,
    Chart,
    Details,
    Download,
    Input,
    JobBoard,
    Offer,
    OwnLink,
    OwnPicture,
    Panels,
    Picture,
    Screen,
    Text,
    WriteJsonl,
)

Json = dict[str, object]

KEPT = 4000  # drawn blocks; one is about 1 KiB
VERSION = "1.3"  # the newest that every client of the Bot Framework shows
UPDATED = "1.5"  # where cards are replaced: Action.Execute needs it
VERB = "tutor"
PASSING = "passing"
# Show what stands at an address.
_LINKED = (
    Chart
    | Bars
    | JobBoard
    | Panels
    | Picture
    | OwnPicture
    | Offer
    | Screen
    | OwnLink
    | Download
    | BringFile
    | WriteJsonl
)


def version(surface: Surface) -> str:
    """The schema's version that the client's actions need."""
    return UPDATED if surface.updates else VERSION


def elements(block: Block, surface: Surface, links: Links) -> tuple[Json, ...]:
    """The elements that show a block."""
    if _is_linked(block):
        return tuple(map(_json, _models(block, surface, links)))
    return _elements(block, surface)


def fold(details: Details, surface: Surface, links: Links) -> Json:
    """The button that unfolds details."""
    if _is_linked(details):
        return _fold(details, surface, links)
    return _kept_fold(details, surface)


def unfolding(details: Details, name: str, surface: Surface, links: Links) -> tuple[Json, ...]:
    """Details behind a line that unfolds them."""
    inside = (e for block in details.blocks for e in elements(block, surface, links))
    title = plain(details.title)
    (headline,) = elements(Text(title, "strong"), surface, links)
    return folded(name, title, headline, inside)


def folds(actions: Iterable[Json]) -> Json:
    """Buttons within a card, side by side."""
    return {**_ACTION_SET, "actions": list(actions)}


def beside(menu: Iterable[Json], actions: Iterable[Json]) -> Json:
    """A menu with the buttons that do something with what is chosen in it."""
    columns = [
        {**_json(Column(width="stretch")), "items": list(menu)},
        {
            **_json(Column(width="auto", vertical_content_alignment="Bottom")),
            "items": [folds(actions)],
        },
    ]
    return {**_json(ColumnSet()), "columns": columns}


def pressable(rows: Sequence[Json], actions: Sequence[Json]) -> tuple[Json, ...]:
    """Rows of which the last ones can be pressed, each for its action; a heading may go before."""
    bare = [{name: part for name, part in one.items() if name != "fallback"} for one in actions]
    if len(rows) < len(bare):  # an element of our own page's
        return ({**rows[0], "opens": bare},)
    heading = rows[: len(rows) - len(bare)]
    pairs = zip(rows[len(heading) :], bare, strict=True)
    return (*heading, *({**row, "selectAction": action} for row, action in pairs))


def passing(elements: Iterable[Json]) -> Json:
    """What a card shows until it is pressed, below what stays."""
    return {**_PASSING, "items": list(elements)}


def button(title: str, *, primary: bool, data: Json, surface: Surface) -> Json:
    """A button of a card that sends `data`.

    Action.Submit is what every client understands, Action.Execute does nothing in Web Chat;
    but a card that shall be replaced by the answer needs it.
    """
    style = "positive" if primary else None
    submit = {**_submit(title, style), "data": data}
    if not surface.updates:
        return submit
    return {**_execute(title, style), "data": data, "fallback": submit}


def card(surface: Surface, spoken: str, body: Iterable[Json], actions: Iterable[Json]) -> Json:
    """A card of its parts; `said` is what is read aloud."""
    content = {**_card(version(surface), surface.locale), "speak": spoken, "fallbackText": spoken}
    content["body"] = list(body)
    pressed = list(actions)
    return {**content, "actions": pressed} if pressed else content


def _json(model: SerializableObject) -> Json:
    return model.model_dump(by_alias=True, exclude_none=True)


_ACTION_SET = _json(ActionSet(actions=[]))
_PASSING = _json(Container(id=PASSING, items=[]))


def _is_linked(block: Block) -> bool:
    if isinstance(block, Details):
        return any(map(_is_linked, block.blocks))
    return isinstance(block, _LINKED)


def _models(block: Block, surface: Surface, links: Links) -> Iterator[CardElement]:
    if isinstance(block, Details):
        yield text(Text(block.title, "strong"))
        for inner in block.blocks:
            yield from _models(inner, surface, links)
    elif isinstance(block, Input):
        yield asked(block, surface, links)
    else:
        yield from shown(block, surface, links)


def _fold(details: Details, surface: Surface, links: Links) -> Json:
    body = [element for block in details.blocks for element in _models(block, surface, links)]
    inside = AdaptiveCard(version=version(surface), body=body)
    return _json(ShowCardAction(title=plain(details.title), card=inside))


# For blocks that have no links, which alone are kept: none of them asks for one.
_NOWHERE = cast("Links", None)


@lru_cache(maxsize=KEPT)
def _elements(block: Block, surface: Surface) -> tuple[Json, ...]:
    return tuple(map(_json, _models(block, surface, _NOWHERE)))


@lru_cache(maxsize=KEPT)
def _kept_fold(details: Details, surface: Surface) -> Json:
    return _fold(details, surface, _NOWHERE)


@lru_cache(maxsize=KEPT)
def _submit(title: str, style: str | None) -> Json:
    return _json(SubmitAction(title=plain(title), style=style))


@lru_cache(maxsize=KEPT)
def _execute(title: str, style: str | None) -> Json:
    return _json(ExecuteAction(title=plain(title), style=style, verb=VERB))


@lru_cache(maxsize=KEPT)
def _card(schema: str, locale: str) -> Json:
    # Clients read a plain language code there, and nothing else.
    return _json(AdaptiveCard(version=schema, lang=locale.partition("-")[0], body=[]))
