"""A card as it stays in the chat once it was pressed and the answer stands below."""

from collections.abc import Iterator, Mapping
from typing import Any

from cards.drawn import PASSING
from cards.message import CARD, Activity
from cards.press import KEY

_OURS = ("type", "summary", "speak")


def as_it_stays(activity: Mapping[str, Any], pressed: Mapping[str, object]) -> Activity | None:
    """The card without what could be done on it; None where it has no button with this data."""
    for attachment in activity.get("attachments", ()):
        content = attachment["content"]
        if any(action["data"].get(KEY) == pressed for action in _pressable(content)):
            card = {name: part for name, part in content.items() if name != "actions"}
            card["body"] = list(_read(content["body"]))
            kept = {name: activity[name] for name in _OURS if name in activity}
            attached = [{"contentType": CARD, "content": card}]
            return {**kept, "attachments": attached, "inputHint": "acceptingInput"}
    return None


def _pressable(content: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The actions that send something."""
    sets = [content, *_deep(content["body"])]
    return (action for one in sets for action in one.get("actions", ()) if "data" in action)


def _deep(elements: list[Any]) -> Iterator[Mapping[str, Any]]:
    for element in elements:
        yield element
        yield from _deep(element.get("items", []))


def _read(elements: list[Any]) -> Iterator[Mapping[str, Any]]:
    """The elements that are there to be read, folds among them."""
    for element in elements:
        if element["type"] != "ActionSet":
            if element.get("id") != PASSING:
                yield element
            continue
        folds = [action for action in element["actions"] if "data" not in action]
        if folds:
            yield {**element, "actions": folds}
