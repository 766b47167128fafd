"""Trials that were stored before some settings and figures were there: nobody is locked out."""

import json
from dataclasses import replace
from typing import Any

import pytest
from pydantic import JsonValue

from cards.words import transcript
from content.lesson import ExperimentStep
from dialogs.simulations import registry
from dialogs.simulations.experiment import Trial, TrialRecipe
from dialogs.steps.experiment import Made, trials
from dialogs.values import versions
from dialogs.values.events import Computed
from dialogs.values.replies import Number, Table
from tests.conversation.classroom import Classroom
from tests.conversation.test_forms import STORED
from tests.lessons import library, tutor

LESSON = "cost-benefit"
OLD = STORED / "trials.json"  # of a lesson in which hosting and training had no price to set
FORM = 4
NEW = {"month": {"hosting-price": ("1.7",)}}
NEW["year"] = {**NEW["month"], "training-price": ("2",)}


def room_of(who: str) -> Classroom:
    """Somebody of whom this is stored, as the store reads it."""
    doc = json.loads(OLD.read_text("utf-8"))[who]
    found = versions.PROGRESS.read(json.dumps(doc), FORM)
    room = Classroom(tutor(), LESSON)
    room.learner = replace(room.learner, progress={LESSON: found})
    return room


def made(room: Classroom, step: str) -> tuple[Made, ...]:
    return trials(room.progress.record(step).state)


def held(room: Classroom) -> dict[str, float]:
    """The numbers that stand in the newest card."""
    assert room.stamped
    return {b.id: b.value for b in room.stamped.blocks if isinstance(b, Number)}


@pytest.mark.parametrize(("who", "step"), [("tried", "month"), ("a year", "year")])
def test_what_was_tried_is_shown_and_what_is_new_is_as_usual(who: str, step: str) -> None:
    room = room_of(who)
    (before,) = made(room, step)
    room.type("hello")
    assert room.progress.cursor == step
    numbers = held(room)
    for name, (value,) in NEW[step].items():
        assert name not in before.values
        assert numbers[name] == float(value)
    assert numbers["volume"] == float(before.values["volume"][0])
    room.type("Conversations a month: 20,000")
    old, new = made(room, step)
    assert old == before
    assert new.values == {**before.values, **NEW[step], "volume": ("20000",)}
    assert room.stamped
    table = next(b for b in room.stamped.blocks if isinstance(b, Table))
    price = table.header.index("An hour of hosting, $")
    assert [row[price] for row in table.rows] == ["–", "1.7"], "what wasn't set isn't made up"


@pytest.mark.parametrize(("who", "step"), [("tried", "month"), ("a year", "year")])
def test_who_had_tried_can_finish(who: str, step: str) -> None:
    room = room_of(who)
    room.type("hello")
    found = library().lessons[LESSON].step(step)
    assert isinstance(found, ExperimentStep)
    numbers = {name: f"{value:g}" for name, value in held(room).items()}
    for trial in found.way:
        values = {name: ",".join(ids) for name, ids in trial.items()}
        picks = {"now": "gpt-4-1", "tuned": "gpt-4-1-nano"} if step == "month" else {}
        room.press("answer", {**picks, **numbers, **values})
    assert room.progress.record(step).status == "passed"
    room.type("next")
    assert room.progress.cursor != step


def test_a_trial_that_was_under_way_comes_back_with_a_fault_and_is_made_anew() -> None:
    room = room_of("under way")
    pending: Any = room.progress.record("month").state
    key, values = pending["pending"]["key"], pending["pending"]["values"]
    bench = tutor().simulation(LESSON, "en")
    recipe = TrialRecipe(
        lesson=LESSON, locale="en", experiment="month", values=values, made_of="before"
    )
    with pytest.raises(KeyError):  # which a worker reports as a fault
        registry.compute(bench, recipe, {})
    told = Computed(lesson=LESSON, run=room.progress.run, step="month", key=key, fault="failed")
    assert "Nothing is lost" in transcript(room.send(told))
    assert held(room)["volume"] == 100_000
    assert held(room)["hosting-price"] == 1.7
    room.type("Tokens read in each: 2000")
    assert [one.values["volume"] for one in made(room, "month")] == [("10000",), ("100000",)]


def test_a_result_without_what_is_new_of_it_is_still_read() -> None:
    doc = {
        "recipe_key": "k",
        "figures": {"result": -882.0},
        "cases": [{"title": "Model in use", "said": "Together $360", "right": None}],
    }
    found = registry.stored_result("trial").read(json.dumps(doc), 1)
    assert isinstance(found, Trial)
    assert not found.cases[0].chance


def test_a_talk_goes_on_with_the_model_of_an_older_trial() -> None:
    room = Classroom(tutor(), "multi-turn")
    room.type("begin")
    values: JsonValue = {"lines": ["multi"], "weights": ["marked"], "gone": ["last"]}
    state: JsonValue = {"trials": [{"values": values, "figures": {"follow": 1.0}}], "shown": 0}
    record = replace(room.progress.record("tune"), status="passed", state=state)
    there = replace(room.progress.with_record("tune", record), cursor="talk")
    room.learner = replace(room.learner, progress={"multi-turn": there})
    room.type("Hello, I look for a lawn mower")
    said = transcript(room.type("How long is the warranty?"))
    assert "Your model" in said
    assert "could not be computed" not in said
