"""What every client needs holds for every message of whole lessons; docs/channels.md is true."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from cards import Activity, Surface
from cards.surface import MOST_ACTIONS
from content.lesson import KINDS
from content.rules import walk
from dialogs.tutor import Tutor
from dialogs.values.replies import Message
from tests.rendering import rendered
from tests.unit.cards import channels
from tests.unit.cards.samples import LINKS, TEAMS

# Nothing is moved, stepped through or stands beside another thing but on the own page.
PAGES_OWN = re.compile(
    r"\b(drag\w*|move the|verschieb\w*|zieh\w*|step through|side by side"
    r"|nebeneinander|seite an seite|pictures|(last|third) column|(letzten?|dritten?) spalte)\b",
    re.IGNORECASE,
)
LARGEST = 40_000  # bytes in UTF-16 that Teams takes for sure
ACTIONS = {"Action.Submit", "Action.ShowCard", "Action.ToggleVisibility"}
# What schema 1.3 has; all else must have a fallback.
PLAIN = {
    "AdaptiveCard", "TextBlock", "RichTextBlock", "TextRun", "Container", "ColumnSet", "Column",
    "Image", "ActionSet", "Input.Text", "Input.Number", "Input.ChoiceSet", *ACTIONS,
}  # fmt: skip


@pytest.fixture(scope="module")
def said(tutor: Tutor) -> list[Message]:
    """Every message of the shipped lessons."""
    return [message for _, message in channels.messages(tutor)]


def nodes(part: Any) -> Iterator[dict[str, Any]]:
    """Every object of a card, fallbacks too."""
    if isinstance(part, dict):
        yield part
        for value in part.values():
            yield from nodes(value)
    elif isinstance(part, list):
        for value in part:
            yield from nodes(value)


def cards(activity: Activity) -> list[dict[str, Any]]:
    found: Any = activity.get("attachments", [])
    return [a["content"] for a in found]


@pytest.mark.parametrize("column", channels.COLUMNS)
def test_every_message_is_what_its_client_can_show(said: list[Message], column: str) -> None:
    surface = channels.COLUMNS[column]
    allowed = {*PLAIN, "Action.Execute"} if surface == TEAMS else PLAIN
    shown = 0
    for message in said:
        for activity in rendered([message], surface, LINKS):
            shown += 1
            assert 2 * len(json.dumps(activity)) <= LARGEST
            assert activity["speak"]
            for card in cards(activity):
                assert card["version"] == ("1.5" if surface == TEAMS else "1.3")
                assert card["speak"] == card["fallbackText"] != ""
                assert card["lang"] == "en"
                sets = [node["actions"] for node in nodes(card) if "actions" in node]
                assert sum(map(len, sets)) <= MOST_ACTIONS
                for node in nodes(card):
                    kind = str(node.get("type", "TextRun"))
                    assert kind in allowed or node.get("fallback"), kind
                    if kind.startswith("Input."):
                        assert node["label"]
                        assert node["id"]
                    if kind == "Image":
                        assert node["altText"]
            if not surface.cards:
                assert activity["text"]
                assert not cards(activity)
            if not surface.suggests:
                assert "suggestedActions" not in activity
    assert shown > 150


def test_no_words_are_about_elements_that_the_client_does_not_have(tutor: Tutor) -> None:
    editions = [e for one in tutor.library.languages.values() for e in one.lessons.values()]
    for lesson, step in ((one, step) for one in editions for step in one.steps):
        # What people answered isn't told to anybody.
        told = " ".join(
            text for loc, text in walk(step) if isinstance(text, str) and "wordings" not in loc
        )
        found = PAGES_OWN.search(told)
        assert found is None, f"{lesson.id} ({lesson.locale}) {step.id}: {found}"


def test_every_kind_of_step_was_met(tutor: Tutor) -> None:
    assert set(KINDS) <= {kind for kind, _ in channels.messages(tutor)}


def test_the_table_of_channels_is_true() -> None:
    told = channels.PAGE.read_text("utf-8")
    assert told == channels.page(), "python -m tests.unit.cards.channels writes it anew"


def test_everything_that_can_be_pressed_can_be_typed_where_there_are_no_cards(
    said: list[Message],
) -> None:
    words_alone: Surface = channels.COLUMNS["words alone (SMS, Slack …)"]
    for message in said:
        (made,) = rendered([message], words_alone, LINKS) or [{}]
        if message.buttons:
            offered: Any = made["suggestedActions"]
            values = {a["value"] for a in offered["actions"]}
            assert {b.typed for b in message.buttons} <= values
