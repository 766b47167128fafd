"""A card as it stays in the chat once it was pressed and the answer stands below."""

from collections.abc import Iterator, Mapping
from typing import Any

from cards.drawn import PASSING
from cards.folding import folded
from cards.message import CARD, Activity
from cards.press import KEY

_DONE = "✔"
_OURS = ("type", "summary", "speak")


def as_it_stays(activity: Mapping[str, Any], pressed: Mapping[str, object]) -> Activity | None:
    """The card without what could be done on it; None where it has no button with this data."""
    for attachment in activity.get("attachments", ()):
        content = attachment["content"]
        if any(action["data"].get(KEY) == pressed for action in _pressable(content)):
            card = {name: part for name, part in content.items() if name != "actions"}
            body = list(_read(content["body"]))
            if pressed.get("folds"):
                body = _folded(activity["summary"], content["body"], body)
            card["body"] = body
            kept = {name: activity[name] for name in _OURS if name in activity}
            attached = [{"contentType": CARD, "content": card}]
            return {**kept, "attachments": attached, "inputHint": "acceptingInput"}
    return None


def _folded(label: str, whole: list[Any], body: list[Any]) -> list[Any]:
    """A step that was left, behind its title; with a tick where nothing was still asked."""
    place = next((n for n, one in enumerate(body) if one.get("style") == "heading"), None)
    if place is None:
        return body
    title = body[place]
    if not any(one.get("id") == PASSING for one in whole):
        title = {**title, "text": f"{_DONE} {title['text']}"}
    return [*folded("left", label, title, body[place + 1 :])]


def _pressable(content: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The actions that send something."""
    for part in (content, *_deep(content["body"])):
        actions = [*part.get("actions", ()), part.get("selectAction", {})]
        yield from (action for action in actions if "data" in action)


def _deep(elements: list[Any]) -> Iterator[Mapping[str, Any]]:
    for element in elements:
        yield element
        yield from _deep(element.get("items", []))
        yield from _deep(element.get("columns", []))


def _read(elements: list[Any]) -> Iterator[Mapping[str, Any]]:
    """The elements that are there to be read, folds among them."""
    for element in elements:
        if element["type"] == "ActionSet":
            folds = [action for action in element["actions"] if "data" not in action]
            if folds:
                yield {**element, "actions": folds}
        elif not element["type"].startswith("Input.") and element.get("id") != PASSING:
            yield from _inside(element)


def _inside(element: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """An element with what of it is to be read, unless that is nothing."""
    kept = dict(element)
    if "data" in kept.get("selectAction", {}):
        del kept["selectAction"]
    for name in ("items", "columns"):
        if name in kept:
            kept[name] = list(_read(kept[name]))
            if not kept[name]:
                return
    yield kept
