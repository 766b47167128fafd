"""A card as it stays in the chat when what was on it has been answered below."""

import json
from dataclasses import replace
from typing import Any

import pytest

from cards import as_it_stays
from dialogs.values.replies import Block, Details, Notice, Text
from tests.rendering import rendered
from tests.unit.cards.samples import ASK, BUTTONS, EMULATOR, LINKS, READ, TEAMS, message
from tests.unit.cards.test_cards import card, nodes

RESULT: tuple[Block, ...] = (
    Text("A run", "title"),
    Notice("good", "It learns well.", "Right"),
    Details("Why?", (Text("Because."),)),
)
WHOLE = replace(
    message(*RESULT, Text("And now?"), *ASK),
    stays=len(RESULT),
    suggestions=("Where is my order?",),
)


def shown() -> dict[str, Any]:
    (made,) = rendered([WHOLE], TEAMS, LINKS)
    return dict(made)


def buttons(made: dict[str, Any]) -> list[Any]:
    return [n for n in nodes(made) if n.get("type") == "Action.Execute"]


@pytest.mark.parametrize("place", range(len(BUTTONS) + 1))
def test_whichever_button_is_pressed_what_was_told_stays_and_nothing_can_be_done(
    place: int,
) -> None:
    made = shown()
    pressed = buttons(made)[place]["data"]["tutor"]
    assert pressed["stays"] is True
    kept = as_it_stays(made, pressed)
    assert kept is not None
    told = json.dumps(card(kept)["body"])
    assert "actions" not in card(kept)
    for words in ("A run", "It learns well.", "Why?", "Because."):
        assert words in told
    for words in ("And now?", "Input.", "Action.Execute", "Action.Submit", "Where is my order?"):
        assert words not in told
    assert kept["inputHint"] == "acceptingInput"


def test_another_button_is_none_of_this_cards() -> None:
    made = shown()
    pressed = {**buttons(made)[0]["data"]["tutor"], "ticket": 8}
    assert as_it_stays(made, pressed) is None


def test_only_a_card_that_can_be_replaced_says_that_it_stays() -> None:
    assert '"stays"' not in json.dumps(rendered([WHOLE], EMULATOR, LINKS))
    assert '"stays"' not in json.dumps(rendered([message(*READ, *ASK)], TEAMS, LINKS))


def test_a_card_shows_all_of_itself_until_it_is_pressed() -> None:
    made = card(shown())
    assert "And now?" in json.dumps(made)
    inputs = [n for n in nodes(made) if str(n.get("type", "")).startswith("Input.")]
    assert len(inputs) == len(ASK) + 1  # an order has one field for each place
