"""What holds for every card, whatever it shows."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from microsoft_teams.cards import AdaptiveCard

from cards import Activity, Surface, press, render
from cards.message import LARGEST
from cards.surface import MOST_ACTIONS
from dialogs.values.actions import Answer, Command, Own, Say
from dialogs.values.replies import (
    Arrange,
    Block,
    Button,
    Details,
    Item,
    Message,
    Notice,
    PickInto,
    Text,
    Typing,
)
from tests.rendering import rendered
from tests.unit.cards.samples import (
    ASK,
    BUTTONS,
    EMULATOR,
    EVERYWHERE,
    JOB,
    LINKS,
    OWN_PAGE,
    READ,
    STAMP,
    SURFACES,
    TEAMS,
    TEXT_ONLY,
    message,
)

Json = dict[str, object]

EVERY = [*READ, *ASK]
KINDS = {
    "AdaptiveCard", "TextBlock", "RichTextBlock", "TextRun", "Container", "ColumnSet", "Column",
    "Image", "ActionSet", "Input.Text", "Input.Number", "Input.ChoiceSet", "Action.Submit",
    "Action.ShowCard",
}  # fmt: skip


def nodes(value: object) -> Iterator[Json]:
    """Every object inside, outer ones first."""
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from nodes(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from nodes(inner)


def card(activity: Activity) -> Json:
    content = next(node["content"] for node in nodes(activity) if "content" in node)
    assert isinstance(content, dict)
    return content


def shown(*blocks: Block, surface: Surface = EVERYWHERE) -> Json:
    (activity,) = rendered([message(*blocks)], surface, LINKS)
    return card(activity)


def name(block: object) -> str:
    return type(block).__name__


@pytest.mark.parametrize("surface", [EVERYWHERE, OWN_PAGE], ids=["everywhere", "own page"])
@pytest.mark.parametrize("block", EVERY, ids=name)
def test_a_card_reads_back_as_the_same_card(block: Block, surface: Surface) -> None:
    made = shown(block, surface=surface)
    again = AdaptiveCard.model_validate(made).model_dump(by_alias=True, exclude_none=True)
    assert again == made


@pytest.mark.parametrize("block", EVERY, ids=name)
def test_other_clients_get_no_element_that_they_do_not_know(block: Block) -> None:
    types = {node["type"] for node in nodes(shown(block)) if "type" in node}
    assert types <= KINDS


@pytest.mark.parametrize("surface", [EVERYWHERE, OWN_PAGE], ids=["everywhere", "own page"])
@pytest.mark.parametrize("block", EVERY, ids=name)
def test_a_card_can_be_heard_and_named(block: Block, surface: Surface) -> None:
    made = shown(block, surface=surface)
    assert made["version"] == "1.3"
    assert made["lang"] == "en"
    assert made["speak"]
    assert made["fallbackText"]
    for node in nodes(made):
        kind = str(node.get("type", ""))
        if kind.startswith("Input.") or kind in {"Tutor.Pick", "Tutor.Order", "Tutor.Jsonl"}:
            assert node["label"]
        if kind == "Image":
            assert node["altText"]
        if kind == "TextBlock":
            assert node["wrap"] is True
        if kind.startswith("Tutor."):
            assert node["fallback"]
        assert "color" not in node
        assert "backgroundImage" not in node


def test_titles_are_headings() -> None:
    headings = [n["text"] for n in nodes(shown(*READ)) if n.get("style") == "heading"]
    assert headings == ["Order the run", "A part"]


@pytest.mark.parametrize(
    "surface", SURFACES, ids=["everywhere", "emulator", "own page", "text only", "teams"]
)
def test_a_message_says_whether_an_answer_is_awaited(surface: Surface) -> None:
    (asked,) = rendered([message(Text("Ready?"))], surface, LINKS)
    (told,) = rendered([Message((Text("Well done."),))], surface, LINKS)
    assert (asked["inputHint"], told["inputHint"]) == ("expectingInput", "acceptingInput")


def test_the_primary_button_comes_first_and_stands_out() -> None:
    actions = shown(Text("Ready?"))["actions"]
    assert isinstance(actions, list)
    assert [action["title"] for action in actions] == ["Check order", "Back", "Help"]
    assert [action.get("style") for action in actions] == ["positive", None, None]


def pressable(made: Json) -> list[Any]:
    """All that can be pressed on a card."""
    sets: list[Any] = [n["actions"] for n in nodes(made) if "actions" in n]
    return [action for actions in sets for action in actions]


@pytest.mark.parametrize("surface", [TEAMS, EMULATOR])
@pytest.mark.parametrize("buttons", range(1, 9))
def test_where_nothing_is_suggested_a_card_has_six_actions_at_most_and_help_is_one(
    surface: Surface, buttons: int
) -> None:
    others = tuple(Button(f"Way {n}", Own(f"do-{n}"), f"way {n}") for n in range(buttons - 1))
    folds = (Details("Why?", (Text("Because."),)),)
    help_ = Button("Help", Command("help"), "help")
    asked = Message((Text("Talk", "title"), *folds), (*others, help_), tuple("abcde"), STAMP)
    (activity,) = rendered([asked], surface, LINKS)
    assert "suggestedActions" not in activity
    titles = [a["title"] for a in pressable(card(activity))]
    assert len(titles) <= MOST_ACTIONS
    assert "Help" in titles
    assert titles.count("a") == (buttons < MOST_ACTIONS)
    assert "Because." in json.dumps(activity)


@pytest.mark.parametrize("details", range(9))
@pytest.mark.parametrize("count", [0, 1, 4, 9])
def test_a_card_has_six_actions_at_most_and_no_button_is_lost(details: int, count: int) -> None:
    buttons = tuple(Button(f"Button {n}", Own(f"do-{n}"), f"button {n}") for n in range(count))
    folds = tuple(Details(f"Fold {n}", (Text(f"Behind {n}"),)) for n in range(details))
    asked = Message((Text("Choose", "title"), *folds), buttons, ("a suggestion",), STAMP)
    (activity,) = rendered([asked], EVERYWHERE, LINKS)
    made = card(activity)
    # A line that unfolds something is no button.
    kinds = ("Action.Submit", "Action.ShowCard")
    actions = [n for n in nodes(made) if n.get("type") in kinds]
    assert len(actions) <= MOST_ACTIONS
    text = json.dumps(activity)
    assert all(button.text in text for button in buttons)
    assert all(f"Behind {n}" in text for n in range(details))
    offered = activity["suggestedActions"]["actions"]  # type: ignore[index]
    submitted = sum(n["type"] == "Action.Submit" for n in actions)
    assert len(offered) - 1 + submitted == count
    assert offered[0]["value"] == "a suggestion"


def size(activity: Activity) -> int:
    """Bytes in UTF-16, as Teams counts what it is sent."""
    return len(json.dumps(activity, separators=(",", ":")).encode("utf-16-le"))


def test_a_large_message_is_split_and_what_is_pressed_stays_with_what_is_asked() -> None:
    long = tuple(Text(f"Paragraph {n}. " + "Many words follow. " * 60) for n in range(24))
    made = rendered([message(*long, *ASK)], EVERYWHERE, LINKS)
    assert len(made) > 1
    assert all(size(activity) <= LARGEST for activity in made)
    inputs = [[n for n in nodes(a) if str(n.get("type", "")).startswith("Input.")] for a in made]
    assert not any(inputs[:-1])
    assert len(inputs[-1]) == len(ASK) + 1  # an order has one field for each place
    assert ["actions" in card(activity) for activity in made] == [False] * (len(made) - 1) + [True]
    text = json.dumps(made)
    assert [text.count(f"Paragraph {n}. Many") > 0 for n in range(24)] == [True] * 24


def test_a_long_choice_stays_one_card_on_the_own_page() -> None:
    items = tuple(
        Item(f"c{n}", "A conversation of some length. " * 11, f"No. {n}") for n in range(18)
    )
    asked = message(Text("Choose", "title"), PickInto("set", "Choose", "Archive", "Set", items))
    made = rendered([asked], OWN_PAGE, LINKS)
    assert len(made) == 1
    assert size(made[0]) <= LARGEST


def test_a_word_becomes_a_whole_card_where_the_card_before_can_be_replaced() -> None:
    whole = message(Text("Epoch 2 of 3"), *ASK)
    halfway = Message((Text("Half way"),), slot="job", instead=replace(whole, slot="job"))
    (made,) = rendered([halfway], EVERYWHERE, LINKS)
    assert made["text"] == "Half way"
    (drawn,) = render([halfway], TEAMS, LINKS)
    assert "Epoch 2 of 3" in json.dumps(drawn.activity["attachments"])
    assert (drawn.slot, "channelData" in drawn.activity) == ("job", False)
    assert rendered([replace(halfway, blocks=())], EVERYWHERE, LINKS) == []


def test_teams_gets_actions_that_replace_the_card_and_figures_of_its_own() -> None:
    asked = replace(message(*READ, *ASK), suggestions=("Where is my order?",))
    (made,) = rendered([asked], TEAMS, LINKS)
    shown = card(made)
    assert shown["version"] == "1.5"
    rows: list[Any] = [n["selectAction"] for n in nodes(shown) if "selectAction" in n]
    assert [a["title"] for a in rows if a["type"] == "Action.Execute"] == ["Words"]
    executed: list[Any] = [
        a for a in nodes(shown) if a.get("type") == "Action.Execute" and a not in rows
    ]
    assert all(a["fallback"]["data"] == a["data"] for a in executed)
    assert len(executed) == len(BUTTONS) + 1
    # Nothing is suggested below the message there: it is pressed on the card.
    assert "suggestedActions" not in made
    said = press.parse(next(a["data"] for a in executed if a["title"] == "Where is my order?"))
    assert said
    assert said.do == Say("Where is my order?")
    kinds = {str(n.get("type")) for n in nodes(shown)}
    assert {"Chart.Line", "ProgressBar"} <= kinds
    lines: Any = next(n for n in nodes(shown) if n.get("type") == "Chart.Line")
    assert lines["fallback"]["altText"]


def test_without_cards_everything_is_text_and_can_be_tapped() -> None:
    (made,) = rendered([message(*READ, *ASK)], TEXT_ONLY, LINKS)
    assert "attachments" not in made
    text = str(made["text"])
    assert "1. Select base model\n2. Upload training dataset" in text
    assert "![Both losses fall.](https://tutor.example/charts/2.png)" in text
    offered = made["suggestedActions"]["actions"]  # type: ignore[index]
    assert [o["value"] for o in offered] == ["check", *(b.typed for b in BUTTONS if not b.primary)]


def test_a_mere_remark_is_a_bubble_of_text() -> None:
    (made,) = rendered([Message((Text("Somebody **else** began this."),))], OWN_PAGE, LINKS)
    assert made["text"] == "Somebody **else** began this."


def test_typing_is_typing() -> None:
    assert rendered([Typing()], EVERYWHERE, LINKS) == [{"type": "typing"}]


POINTS = {"text": "Politeness 2/5", "value": 2, "of": 5}


def test_the_own_page_gets_its_elements_with_what_was_answered() -> None:
    made = {str(n["type"]): n for n in nodes(shown(*READ, *ASK, surface=OWN_PAGE)) if "type" in n}
    assert made["Tutor.Order"]["value"] == "upload,model"
    assert made["Tutor.Pick"]["value"] == "upload"
    assert made["Tutor.Jsonl"]["check"] == "/api/check/polite-chatbot/write"
    assert made["Tutor.Curves"]["plot"]["marker"] == {"x": 40.0, "label": "lowest"}  # type: ignore[index]
    assert made["Tutor.Curves"]["plot"]["x"]["label"] == "step"  # type: ignore[index]
    assert made["Tutor.Curves"]["plot"]["y"]["ticks"] == [0, 0.5, 1, 1.5, 2, 2.5]  # type: ignore[index]
    assert made["Tutor.Bars"]["highest"] == 5
    assert [line["after"] for line in made["Tutor.Job"]["events"]] == [0, 3.5]  # type: ignore[attr-defined]
    assert made["Tutor.Table"]["header"] == ["Query", "Base", "Tuned"]
    assert made["Tutor.Scores"]["scores"] == [POINTS, {"text": "Helpfulness: not judged", "of": 5}]
    assert [side["scores"] for side in made["Tutor.Sides"]["sides"]] == [[POINTS], []]  # type: ignore[attr-defined]
    assert made["Tutor.Frames"]["frames"][1] == {"caption": "After", "text": "{}", "mono": True}  # type: ignore[index]


@pytest.mark.parametrize("surface", [TEAMS, EMULATOR, EVERYWHERE])
def test_the_numbers_of_an_order_stand_before_its_items_where_they_are_to_be_typed(
    surface: Surface,
) -> None:
    (order,) = (block for block in ASK if isinstance(block, Arrange))
    made = nodes(shown(*ASK, surface=surface))
    places = [n for n in made if str(n.get("id", "")).startswith("order.")]
    numbered = [f"{n} · {item.text}" for n, item in enumerate(order.items, 1)]
    assert len(places) == len(numbered)
    for place in places:
        assert [choice["title"] for choice in place["choices"]] == numbered  # type: ignore[attr-defined]
    words = [str(n.get("text", "")).split("\r") for n in nodes(shown(*ASK, surface=surface))]
    assert numbered in words


def test_a_job_elsewhere_shows_no_more_than_has_happened() -> None:
    for surface in (EVERYWHERE, TEAMS, TEXT_ONLY):
        told = json.dumps(rendered([Message((JOB,), stamp=STAMP)], surface, LINKS))
        assert "Job created." in told
        assert "Epoch 1 is done." not in told
    assert JOB.chart_now
    assert [s.points for s in JOB.chart_now.series] == [((0, 2.5),), ((0, 2.2),)]


def test_a_notice_has_one_sign_its_own_or_ours() -> None:
    first = [
        next(n["text"] for n in nodes(shown(notice)) if n.get("type") == "TextRun")
        for notice in (
            Notice("good", "So it is.", "Right"),
            Notice("info", "Go.", "🎯 Your Challenge"),
        )
    ]
    assert first == ["✔ Right", "🎯 Your Challenge"]


def test_what_a_card_sends_is_read_as_its_button() -> None:
    actions = shown(*ASK)["actions"]
    assert isinstance(actions, list)
    told = press.parse({"n_epochs": "3", "order.1": "upload", **actions[0]["data"]})
    assert told is not None
    assert (told.do, told.step, told.ticket) == (Answer(), STAMP.step, STAMP.ticket)
    assert told.texts == {"n_epochs": "3"}
    assert told.picks == {"order": ("upload",)}
