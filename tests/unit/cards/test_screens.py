"""A simulated screen: one element on the own page, a drawing with its inputs elsewhere."""

from dataclasses import replace
from random import Random
from typing import Any

import pytest

from cards.charts import LONGEST, decode, encode, png
from cards.message import activities
from cards.surface import Surface
from dialogs.values.replies import (
    Bullets,
    Code,
    Details,
    Item,
    Message,
    Notice,
    Picture,
    Screen,
    ScreenPart,
    Select,
    Text,
)
from tests.unit.cards.samples import (
    BUTTONS,
    CHART,
    EVERYWHERE,
    LINKS,
    OWN_PAGE,
    SCREEN,
    STAMP,
    TEAMS,
)

NOTES = ("**Model**: Only some can be tuned.",)
FORM = Screen(
    "Simulated screen",
    ("Portal", "Fine-tune"),
    ("Models", "Fine-tune"),
    (
        ScreenPart("Model", note=1, input="base"),
        ScreenPart("File", "mine.jsonl", shows=(Code('{"messages": []}'),), file=True),
    ),
    NOTES,
)
ASKED = Message(
    (
        Text("Which model?"),
        Notice("warning", "Too large.", "Choose again", about="base"),
        FORM,
        Details("Notes", (Bullets(NOTES, numbered=True),)),
        Details("Best practice", (Text("Begin small."),)),
        Select("base", "Which?", (Item("small", "Small"), Item("large", "Large"))),
    ),
    BUTTONS,
    stamp=STAMP,
    news=1,
)


def card(message: Message, surface: Surface) -> Any:
    (activity,) = activities(message, surface, LINKS)
    attachments: Any = activity["attachments"]
    return attachments[0]["content"]


def types(shown: Any) -> list[str]:
    return [element["type"] for element in shown["body"]]


def test_the_page_has_inputs_feedback_notes_and_the_main_button_in_the_screen() -> None:
    shown = card(ASKED, OWN_PAGE)
    (screen,) = (e for e in shown["body"] if e["type"] == "Tutor.Screen")
    model, file = screen["parts"]
    assert (model["input"]["id"], model["input"]["style"]) == ("base", "compact")
    assert model["said"] == [
        {"mark": "⚠", "tone": "warning", "title": "Choose again", "text": "Too large."}
    ]
    assert model["note"] == {"number": 1, "text": "Model: Only some can be tuned."}
    assert file["file"] is True
    assert screen["action"]["title"] == "Check order"
    assert screen["action"]["data"]["tutor"]["picks"] == ["base"]
    assert [a["title"] for a in shown["actions"]] == ["Back", "Help"]
    assert "Input.ChoiceSet" not in types(shown), "nothing stands twice"
    assert [a["title"] for e in shown["body"] for a in e.get("actions", ())] == ["Best practice"]


def test_a_screen_that_asks_nothing_leaves_the_buttons_below() -> None:
    read = replace(ASKED, blocks=(ASKED.blocks[0], FORM), news=0)
    shown = card(read, OWN_PAGE)
    assert "action" not in shown["body"][-1]
    assert [a["title"] for a in shown["actions"]] == ["Check order", "Back", "Help"]


@pytest.mark.parametrize("surface", [EVERYWHERE, TEAMS], ids=["anywhere", "teams"])
def test_elsewhere_a_picture_stands_above_the_inputs_and_the_notes_fold(surface: Surface) -> None:
    shown = card(ASKED, surface)
    (image,) = (e for e in shown["body"] if e["type"] == "Image")
    assert image["altText"] == (
        "Simulated screen · Portal > Fine-tune. Model (1): …. File: mine.jsonl"
    )
    assert "Input.ChoiceSet" in types(shown)
    folds = [a["title"] for e in shown["body"] for a in e.get("actions", ())]
    assert folds == ["Notes", "Best practice"]


def test_a_real_screenshot_takes_the_drawings_place() -> None:
    pictured = replace(FORM, picture=Picture("polite-chatbot", "form.png", "The form."))
    blocks = tuple(pictured if b is FORM else b for b in ASKED.blocks)
    (image,) = (
        e for e in card(replace(ASKED, blocks=blocks), EVERYWHERE)["body"] if e["type"] == "Image"
    )
    assert (image["url"], image["altText"]) == (
        "https://tutor.example/media/polite-chatbot/form.png",
        "The form.",
    )


@pytest.mark.parametrize("screen", [SCREEN, FORM])
def test_a_screen_is_drawn_the_same_from_its_address(screen: Screen) -> None:
    told = encode(screen)
    drawn = decode(told)
    assert isinstance(drawn, Screen)
    assert encode(drawn) == told
    assert png(drawn) == png(decode(told))
    assert png(drawn).startswith(b"\x89PNG")


def test_an_address_carries_no_line_of_the_file_and_stays_short() -> None:
    drawn = decode(encode(FORM))
    assert isinstance(drawn, Screen)
    assert not any(isinstance(one, Code) for part in drawn.parts for one in part.shows)
    dice = Random(1)
    words = ["".join(dice.choices("abcdefghijklmnopqrstuvwxyz ", k=300)) for _ in range(24)]
    parts = tuple(ScreenPart(w, w[::-1], shows=(CHART,)) for w in words)
    assert len(encode(replace(FORM, parts=parts))) <= LONGEST
