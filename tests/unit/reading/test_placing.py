"""Placing, with what the polite chatbot's author wrote, on messages that the author never saw."""

from collections import Counter
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from content.world import PlacingLimits
from dialogs.reading.encoder import cost_ms
from dialogs.reading.placing import Matters, Placed, Placing
from dialogs.simulations.persona.matters import matters_of
from dialogs.work.persona_company import as_company
from tests.lessons import tutor

MESSAGES = yaml.safe_load(Path(__file__).with_name("messages.yaml").read_text("utf-8"))


@pytest.fixture(scope="module")
def matters() -> Matters:
    company = as_company(tutor().simulation("polite-chatbot", "en"))
    return matters_of(company.world)


@pytest.fixture(scope="module")
def placing(matters: Matters) -> Placing:
    return Placing(matters)


def outcome(placed: Placed, meant: Collection[str]) -> str:
    """What somebody who meant this gets."""
    match placed.band:
        case "sure":
            return "right" if placed.intent in [*meant] else "wrong"
        case "ask":
            return "offered" if set(placed.choices) & set(meant) else "misled"
        case _:
            return "left"


def test_what_people_write_is_answered_or_asked_about_and_seldom_wrongly(placing: Placing) -> None:
    told = MESSAGES["inside"]
    found = Counter(outcome(placing.place(text), meant) for text, meant in told)
    assert found["right"] >= 0.6 * len(told)
    assert found["right"] + found["offered"] >= 0.85 * len(told)
    assert found["wrong"] <= 0.03 * len(told)
    assert found["misled"] <= 0.03 * len(told)


def test_what_is_not_for_us_is_left(placing: Placing) -> None:
    told = MESSAGES["outside"]
    found = Counter(placing.place(text).band for text in told)
    assert found["sure"] == 0
    assert found["ask"] <= 0.08 * len(told)


def test_other_languages_are_read_too(placing: Placing) -> None:
    told = MESSAGES["foreign"]
    found = Counter(outcome(placing.place(text), meant) for _, text, meant in told)
    assert found["right"] >= 0.5 * sum(bool(meant) for _, _, meant in told)
    assert found["wrong"] + found["misled"] <= 0.04 * len(told)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("WHERE IS MY PACKAGE", "order-status"),
        ("opnening hours", "opening-hours"),
        ("pw reset", "forgot-password"),
        ("😡😡 you charged me twice 😡", "charged-twice"),
        ("Thanks for the quick reply, but the stove still doesn't light.", "product-broken"),
        ("Good morning. My name is Tom. I want to cancel my order. Kind regards", "cancel-order"),
        ("Thank you!", "thanks"),
        ("Thanks a lot for your help. Have a nice day!", "thanks"),
        ("I love my new tent. My kids love it too.", "praise"),
        ("This is the worst shop ever. I want my money back.", "refund-request"),
        ("My acount is loked", "account-locked"),
        ("Quiero cancelar mi pedido y nada más", "cancel-order"),
    ],
)
def test_slips_shouting_and_courtesies_do_no_harm(placing: Placing, text: str, intent: str) -> None:
    assert placing.place(text).intent == intent


def test_two_matters_of_one_message_are_both_read(placing: Placing) -> None:
    placed = placing.place("I want to cancel my order. And how do I reset my password?")
    assert (placed.intent, placed.second) == ("cancel-order", "forgot-password")
    assert placing.place("My package is late. Where is my package?").second is None


@pytest.mark.parametrize("text", ["", " ", "?", "🙂", "...", "\x00", "x" * 5000])
def test_what_says_nothing_is_left(placing: Placing, text: str) -> None:
    placed = placing.place(text)
    assert (placed.band, placed.intent, placed.choices) == ("none", None, ())
    assert len(placed.shares) == len(placing.intents)


def test_a_learner_is_asked_about_a_few_matters_of_which_none_is_named_twice(
    placing: Placing,
) -> None:
    for text, _ in MESSAGES["inside"]:
        placed = placing.place(text)
        assert (len(set(placed.choices)) in (2, 3, 4)) == (placed.band == "ask")
        assert len(set(placed.choices)) == len(placed.choices)


def test_an_author_may_state_the_limits(matters: Matters) -> None:
    never = Placing(replace(matters, limits=PlacingLimits(ours=-99, lead=99)))
    assert never.place("Where is my package?").band == "ask"
    always = Placing(replace(matters, limits=PlacingLimits(ours=-99, lead=0)))
    assert always.place("Who wrote Moby Dick?").band != "none"


def test_what_the_encoder_gets_is_known_beforehand(placing: Placing) -> None:
    told = placing.texts("Hello!  I lost my PW, and my parcel is laet 🙂")
    assert told[0] == "hello i lost my password and my parcel is laet"
    assert "and my parcel is laet" in told


@pytest.mark.parametrize(
    "text", ["One more thing. " * 40, "and what, " * 60, "\ufdfa" * 600, "x" * 600]
)
def test_no_message_takes_long_to_read(placing: Placing, text: str) -> None:
    assert sum(map(cost_ms, placing.texts(text))) < 25


@pytest.mark.parametrize("word", ["sorry", "bother", "pairs", "stands", "closes", "weird", "nicht"])
def test_a_word_that_is_one_is_left_alone(placing: Placing, word: str) -> None:
    assert placing.plain(word) == word


@pytest.mark.parametrize(
    ("slip", "meant"),
    [("opnening", "opening"), ("recieve", "receive"), ("parcle", "parcel")],
)
def test_a_slip_is_mended(placing: Placing, slip: str, meant: str) -> None:
    assert placing.plain(slip) == meant
