"""A card that a channel refused, as words: what it says, what can be answered, and the way on."""

from collections.abc import Iterable, Iterator, Mapping

from cards import press
from cards.markup import escaped, fenced
from cards.message import CARD, Activity
from dialogs.values import actions
from dialogs.values.actions import Answer

_OF_A_CARD = ("attachments", "suggestedActions")
_WITHIN = ("items", "columns", "rows", "cells", "actions")


def in_words(activity: Activity) -> list[Activity]:
    """The activity without its card: first all of the card's words, then as few as can be.

    None at all where there is no card. What a button does can be typed by what stands on it.
    """
    attached = _dicts(activity.get("attachments"))
    cards = [_dict(a.get("content")) for a in attached if a.get("contentType") == CARD]
    if not cards:
        return []
    bare = {name: value for name, value in activity.items() if name not in _OF_A_CARD}
    ways = list(dict.fromkeys(title for card in cards for title in _titles(card)))
    way_on = " · ".join(f"**{escaped(title)}**" for title in ways)
    every = dict.fromkeys(line for card in cards for line in _lines({"items": card.get("body")}))
    offered = _dicts(_dict(activity.get("suggestedActions")).get("actions"))
    offered += [{"type": "imBack", "title": title, "value": title} for title in ways]
    return [
        {**bare, **_text(*every, way_on), "suggestedActions": {"actions": offered}},
        {**bare, **_text(escaped(str(activity.get("speak", ""))), way_on)},
    ]


def _text(*paragraphs: str) -> Activity:
    return {"text": "\n\n".join(filter(None, paragraphs)), "textFormat": "markdown"}


def _lines(element: Mapping[str, object]) -> Iterator[str]:
    """The paragraphs that show an element as markdown."""
    match element:
        case {"type": "TextBlock", "text": str(text)}:
            yield text.replace("\r", "\n")
        case {"type": "RichTextBlock"}:
            yield "".join(_run(one) for one in _dicts(element.get("inlines")))
        case {"type": "Image", "altText": str(text)}:
            yield f"[{escaped(text)}]"
        case {"type": "FactSet"}:
            for fact in _dicts(element.get("facts")):
                yield f"{fact.get('title')}: {fact.get('value')}"
        case {"type": "Action.ShowCard", "title": str(title), "card": dict(card)}:
            yield f"**{escaped(title)}**"
            yield from _lines({"items": card.get("body")})
        case {"label": str(label)}:
            yield f"**{escaped(label)}**"
            choices = _dicts(element.get("choices"))
            yield "\n".join(f"- {choice.get('title')}" for choice in choices)
            if not choices and (value := element.get("value")):
                yield fenced(str(value))
        case {"fallback": dict(other)}:
            yield from _lines(other)
        case _:
            for name in _WITHIN:
                for one in _dicts(element.get(name)):
                    yield from _lines(one)


def _run(run: Mapping[str, object]) -> str:
    text = str(run.get("text", ""))
    if run.get("fontType") == "Monospace":
        return fenced(text) if "\n" in text else f"`{text}`"
    return f"**{escaped(text)}**" if run.get("weight") == "Bolder" else escaped(text)


def _titles(part: object) -> Iterator[str]:
    """What stands on the buttons of a card that do something without its inputs."""
    match part:
        case {"data": {press.KEY: {"do": str(do)}}} if actions.read(do) == Answer():
            return
        case {"type": "Action.Submit" | "Action.Execute", "title": str(title)}:
            yield title
        case dict():
            for inner in part.values():
                yield from _titles(inner)
        case list():
            for inner in part:
                yield from _titles(inner)
        case _:
            return


def _dicts(value: object) -> list[Activity]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, Iterable) else []


def _dict(value: object) -> Activity:
    return value if isinstance(value, dict) else {}
