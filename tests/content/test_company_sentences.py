"""What the polite chatbot's company hears and says, as its author wrote it."""

import re
from functools import cache
from typing import Any

import pytest
import yaml

from content.loader import SHIPPED

LESSON = SHIPPED / "polite-chatbot"
# Their replies are the exercise specification's, word for word.
SPECIFIED = {"product-broken", "order-problem"}
HURRY = re.compile(r"(?i)\b(right away|immediately|at once|instantly|as soon as possible)\b")
LEAST = 4  # words of a sentence that another one may wrap


@cache
def intents() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for file in sorted((LESSON / "intents").glob("*.yaml")):
        found |= yaml.safe_load(file.read_text("utf-8"))
    return found


def bare(text: str) -> str:
    return " ".join(re.findall(r"[\w']+", text.lower()))


def test_held_out_customers_are_many_and_wrap_no_other_sentence() -> None:
    told = intents().values()
    assert len({t for i in told for t in i["customers"]}) >= 240
    for intent in told:
        held = [bare(t) for key in ("customers", "validation") for t in intent[key]]
        others = [*map(bare, intent["messages"]), *held]
        whole = [t for t in others if len(t.split()) >= LEAST]
        assert len({*others}) == len(others)
        assert not [(t, o) for t in held for o in whole if o != t and f" {o} " in f" {t} "]


@pytest.mark.parametrize("name", sorted(intents()))
def test_a_good_reply_promises_no_hurry(name: str) -> None:
    intent = intents()[name]
    acts = {act for plan in intent["plans"]["good"] for act in plan}
    said = [t for act in acts for t in intent["phrases"].get(act, ())]
    assert said
    assert name in SPECIFIED or not [t for t in said if HURRY.search(t)]
