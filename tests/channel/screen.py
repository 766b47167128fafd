"""A Teams client that keeps each card in its message; nothing can be done but what is on show."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

Json = dict[str, Any]
CARD = "application/vnd.microsoft.card.adaptive"
WIDTH = 200  # of a line that is written down
ADDRESS = re.compile(r"\]\([^)]*\)")  # in it are a learner's id and a signature


class Screen:
    """One chat, from the top: what the learner wrote, and each of the tutor's messages.

    A message shows what it was sent with, or what replaced that last.
    """

    def __init__(self) -> None:
        self.lines: list[tuple[str, Json | str]] = []

    def wrote(self, text: str) -> None:
        """The learner wrote a message."""
        self.lines.append(("", text))

    def sent(self, message: str, activity: Json) -> None:
        """The tutor sent a message."""
        if activity["type"] == "message":
            self.lines.append((message, activity))

    def replaced(self, message: str, activity: Json) -> None:
        """A message shows something else now."""
        place = next(n for n, (name, _) in enumerate(self.lines) if name == message)
        self.lines[place] = (message, activity)

    @property
    def newest(self) -> tuple[str, Json]:
        """The last message with something to press, and its card."""
        for name, shown in reversed(self.lines):
            card = _card(shown)
            if card is not None and list(pressable(card)):
                return name, card
        pytest.fail("nothing can be pressed")

    def text(self) -> str:
        """The whole chat as it stands on the screen."""
        return "\n\n".join(
            "\n".join(_prefixed("learner  " if not name else "tutor    ", _words(shown)))
            for name, shown in self.lines
        )


def filled(card: Json, values: Mapping[str, str]) -> dict[str, str]:
    """What the card's inputs hold when these are filled in; nothing but what can be chosen."""
    wanted = dict(values)
    held: dict[str, str] = {}
    for field in inputs(card):
        name, choices = field["id"], {c["value"] for c in field.get("choices", ())}
        group, _, place = name.partition(".")
        if place and group in wanted:
            value = wanted[group].split(",")[int(place) - 1]
        else:
            value = wanted.get(name, str(field.get("value", "")))
        if choices and value:
            assert set(value.split(",")) <= choices, (name, value)
        held[name] = value
    known = {name.partition(".")[0] for name in held}
    assert known >= set(wanted), f"{set(wanted) - known} can't be filled in"
    return held


def inputs(part: Any) -> Iterator[Json]:
    """The inputs of a card, wherever they stand."""
    if isinstance(part, dict):
        if str(part.get("type", "")).startswith("Input."):
            yield part
        for name, value in part.items():
            if name != "fallback":
                yield from inputs(value)
    elif isinstance(part, list):
        for value in part:
            yield from inputs(value)


def pressable(card: Json) -> Iterator[Json]:
    """The card's buttons that send something."""
    if card.get("type") == "Action.Execute":
        yield card
        return
    if "selectAction" in card:
        yield from pressable(card["selectAction"])
    for name in ("body", "items", "columns", "actions"):
        for inner in card.get(name, ()):
            yield from pressable(inner)


def _card(shown: Json | str) -> Json | None:
    attachments = () if isinstance(shown, str) else shown.get("attachments", ())
    return next((a["content"] for a in attachments if a["contentType"] == CARD), None)


def _words(shown: Json | str) -> Iterator[str]:
    card = _card(shown)
    if isinstance(shown, str):
        yield shown
    elif card is None:
        yield shown["text"]
    else:
        yield from _lines(card["body"])
        if card.get("actions"):
            yield " ".join(f"[{action['title']}]" for action in card["actions"])


def _prefixed(first: str, lines: Iterator[str]) -> Iterator[str]:
    lead = first
    for text in lines:
        for line in text.replace("\r", "\n").split("\n"):
            yield f"{lead}{line if len(line) <= WIDTH else line[: WIDTH - 1] + '…'}".rstrip()
            lead = " " * len(first)


def _lines(elements: list[Json]) -> Iterator[str]:
    for one in elements:
        match one["type"]:
            case "TextBlock":
                yield ADDRESS.sub("]", one["text"]).replace("\\", "").replace("**", "")
            case "RichTextBlock" if one.get("isVisible") is False:
                pass
            case "RichTextBlock":
                yield "".join(run["text"] for run in one["inlines"])
            case "Container" if one.get("isVisible") is False:
                hidden = "\n".join(_lines(one["items"])).replace("\r", "\n")
                yield "\n".join(f"    {line}" for line in hidden.split("\n"))
            case "Container":
                yield from _lines(one["items"])
            case "ColumnSet":
                cells = [" ".join(_lines(column["items"])) for column in one["columns"]]
                yield (" " if "selectAction" in one else " | ").join(cells)
            case "Image":
                yield f"[{one['altText']}]"
            case "Input.ChoiceSet":
                yield from _choices(one)
            case "Input.Text" | "Input.Number":
                yield f"{one['label']}: <{one.get('value', '')}>"
            case "ActionSet":
                yield " ".join(f"[{action['title']}]" for action in one["actions"])
            case "ProgressBar":
                pass
            case chart:
                yield f"({chart}: {one['title']})"


def _choices(field: Json) -> Iterator[str]:
    held = field.get("value", "").split(",")
    if field["style"] == "compact":
        chosen = next((c["title"] for c in field["choices"] if c["value"] in held), "")
        yield f"{field['label']}: <{chosen}>"
        return
    yield field["label"]
    for choice in field["choices"]:
        yield f"({'x' if choice['value'] in held else ' '}) {choice['title']}"
