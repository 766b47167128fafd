import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

import dialogs.simulations.persona
from content.world import Rubric, World, misfits

REFUND = "I want a refund."
REFUNDED = "I have already refunded you the full amount."


@pytest.fixture
def raw(world: World) -> dict[str, Any]:
    return world.model_dump(mode="json")


def test_the_lessons_world_and_rubric_fit(world: World, rubric: Rubric) -> None:
    assert misfits(world, rubric) == ()


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        (("answering",), ["sollution"], "unknown act 'sollution'"),
        (("ideal",), "goood", "unknown character 'goood'"),
        (
            ("marks", "upset", "others"),
            ["Hello!"],
            "needs 8 messages that show it and as many others",
        ),
        (("intents", "price", "manuals"), [{"acts": ["curt"], "mark": "sad"}], "unknown mark"),
        (("intents", "price", "validation"), [REFUND], "trained on and held out"),
        (("intents", "price", "messages"), [REFUND] * 6, "is a message of two intents"),
        (("intents", "price", "phrases", "curt"), [REFUNDED], "is a phrase of two intents"),
        (("intents", "price", "plans"), {"good": [["greeting", "jargn"]]}, "unknown act 'jargn'"),
        (("characters", "good", "felt"), {"upset": "empaty"}, "unknown act 'empaty'"),
        (("characters", "good", "felt"), {"sad": "empathy"}, "unknown mark 'sad'"),
        (("colour",), "blue", "Extra inputs are not permitted"),
    ],
)
def test_an_authors_slip_is_named(
    raw: dict[str, Any], path: tuple[str, ...], value: object, fault: str
) -> None:
    inner = raw
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    with pytest.raises(ValidationError, match=re.escape(fault)):
        World.model_validate(raw)


def test_an_intent_without_words_for_an_act_is_named(raw: dict[str, Any]) -> None:
    del raw["intents"]["price"]["phrases"]["curt"], raw["generic"]["curt"]
    with pytest.raises(ValidationError, match="'price' has no phrase for 'curt'"):
        World.model_validate(raw)


def test_a_sign_can_only_need_one_before_it(rubric: Rubric) -> None:
    given = rubric.model_dump()
    given["scales"]["politeness"]["signs"]["gratitude"]["needs"] = ("hedge",)
    with pytest.raises(ValidationError, match="unknown sign before 'gratitude'"):
        Rubric.model_validate(given)


def test_a_rubric_that_names_another_worlds_marks_is_a_misfit(world: World, rubric: Rubric) -> None:
    given = world.model_dump()
    given["marks"]["angry"] = given["marks"].pop("upset")
    given["characters"]["good"]["felt"] = {}
    for segment in given["segments"].values():
        for key in ("mark", "without"):
            segment[key] = "angry" if segment[key] == "upset" else segment[key]
    for bias in (b for i in given["prompted"]["instructions"] for b in i["biases"]):
        bias["mark"] = "angry" if bias["mark"] == "upset" else bias["mark"]
    assert "unknown mark in the rubric: 'upset'" in misfits(World.model_validate(given), rubric)


def test_no_subject_matter_is_in_python(world: World, rubric: Rubric) -> None:
    code = "\n".join(
        p.read_text("utf-8")
        for p in Path(next(iter(dialogs.simulations.persona.__path__))).glob("*.py")
    )
    quoted = set(re.findall(r'"([a-z_-]+)"', code))
    own = {*world.acts, *world.intents, *world.characters, *world.marks, *rubric.scales}
    own |= {*rubric.flags, *rubric.faults}
    assert quoted & own <= {"good"}  # also the name of a way to end a training
