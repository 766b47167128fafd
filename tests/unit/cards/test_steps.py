"""A step as one card, where a client shows it so."""

import json
from dataclasses import replace
from typing import Any

from cards import render
from cards.surface import Surface
from dialogs.values.actions import Answer, Command
from dialogs.values.replies import Button, Message, Notice, ProgressBar, StepLine, Text
from tests.unit.cards.samples import EVERYWHERE, LINKS, OWN_PAGE, STAMP

BAR = ProgressBar("Phase 3 of 4", 12, 40, ())
NEXT = Button("Next", Command("next"), "next", primary=True)
ANSWERED = Message(
    (BAR, Text("Order the run", "title"), Notice("good", "Right.")),
    (NEXT, Button("Check", Answer(), "check")),
    stamp=STAMP,
    line=StepLine("Order the run", done=True, result="right at once"),
    news=2,
)
WHOLE = replace(
    ANSWERED, blocks=(*ANSWERED.blocks[:2], Text("asked"), Notice("good", "Right.")), news=3
)
REPLY = replace(ANSWERED, instead=WHOLE)


def test_a_step_is_told_as_one_card_with_its_line_and_its_bar() -> None:
    (drawn,) = render([REPLY], OWN_PAGE, LINKS)
    assert drawn.slot == "polite-chatbot run-order"
    activity: Any = drawn.activity
    step = activity["channelData"]["step"]
    assert (step["id"], step["title"], step["done"], step["result"]) == (
        drawn.slot,
        "Order the run",
        True,
        "right at once",
    )
    assert step["bar"]["value"] == 12
    card = activity["attachments"][0]["content"]
    assert "Phase 3" not in json.dumps(card["body"])
    assert "asked" in json.dumps(card["body"])
    assert [element.get("id") for element in card["body"]] == [None, None, "news"]
    assert [action["title"] for action in card["actions"]] == ["Check", "Next"]


def test_who_knows_no_such_step_is_answered_below_it() -> None:
    for surface in (EVERYWHERE, Surface(elements=frozenset({"Tutor.Order"}))):
        (drawn,) = render([REPLY], surface, LINKS)
        assert drawn.slot is None
        assert "channelData" not in drawn.activity
        told = json.dumps(drawn.activity)
        assert "Phase 3" in told
        assert "asked" not in told
