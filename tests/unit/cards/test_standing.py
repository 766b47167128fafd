"""A card as it stays in the chat when what was on it has been answered below."""

import json
from dataclasses import replace
from typing import Any

import pytest

from cards import as_it_stays
from dialogs.values.actions import Command
from dialogs.values.replies import Block, Button, Details, Notice, Text
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


def body(made: dict[str, Any]) -> list[Any]:
    return list(made["attachments"][0]["content"]["body"])


def buttons(made: dict[str, Any]) -> list[Any]:
    return [n for n in nodes(made) if n.get("type") == "Action.Execute"]


@pytest.mark.parametrize("place", range(len(BUTTONS) + 1))
def test_whichever_button_is_pressed_what_was_told_stays_and_nothing_can_be_done(
    place: int,
) -> None:
    made = shown()
    pressed = buttons(made)[place]["data"]["tutor"]
    assert pressed["stays"]
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


def test_a_step_that_was_left_folds_up_behind_its_title() -> None:
    answered = replace(
        message(*RESULT),
        buttons=(Button("Next", Command("next"), "next", primary=True),),
        stays=len(RESULT),
    )
    (made,) = rendered([answered], TEAMS, LINKS)
    (pressed,) = (b["data"]["tutor"] for b in buttons(dict(made)))
    kept = as_it_stays(made, pressed)
    assert kept is not None
    line, inside = body(kept)
    targets = [one["elementId"] for one in line["selectAction"]["targetElements"]]
    assert (targets[0], inside["isVisible"]) == (inside["id"], False)
    assert "✔ A run" in json.dumps(line, ensure_ascii=False)
    for words in ("It learns well.", "Why?", "Because."):
        assert words in json.dumps(inside)


def test_what_more_comes_to_stays_open() -> None:
    running = replace(
        message(*RESULT),
        buttons=(Button("Next", Command("next"), "next", primary=True),),
        stays=len(RESULT),
        slot="train",
    )
    (made,) = rendered([running], TEAMS, LINKS)
    (pressed,) = (b["data"]["tutor"] for b in buttons(dict(made)))
    kept = as_it_stays(made, pressed)
    assert kept is not None
    assert all(one.get("isVisible", True) for one in body(kept))
