"""What is wrong with a bench's content is said to its author."""

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from content.distillation import Distillation
from content.lesson import ConversationStep, ExperimentStep
from content.lesson.base import Surroundings
from content.lesson.experimenting import Remark
from content.preferences import Preferences
from content.retrieval import Retrieval
from tests.lessons import library

Change = Callable[[Any], None]


def shipped(lesson: str) -> BaseModel:
    """The bench of a shipped exercise."""
    content = library().simulations[lesson]
    bench: BaseModel = content.bench  # type: ignore[attr-defined]
    return bench


def set_value(raw: Any) -> None:
    raw["pages"][0]["facts"][0]["value"] = "99 months"


def unknown_subject(raw: Any) -> None:
    raw["pages"][0]["facts"][0]["about"] = "colour"


def all_new(raw: Any) -> None:
    for page in raw["pages"]:
        page["new"] = True


def held_out_in_the_pool(raw: Any) -> None:
    raw["topics"][0]["held_out"][0] = raw["topics"][0]["pool"][0]


def unknown_piece(raw: Any) -> None:
    raw["pairs"][0]["a"]["opening"] = "cold"


def unnamed_core(raw: Any) -> None:
    del raw["pairs"][0]["b"]["core"]


def missing_fact(raw: Any) -> None:
    raw["customers"][0]["curt"] = "Exchange."


@pytest.mark.parametrize(
    ("lesson", "model", "change", "said"),
    [
        ("raft", Retrieval, set_value, "doesn't say '99 months'"),
        ("raft", Retrieval, unknown_subject, "unknown subject 'colour'"),
        ("raft", Retrieval, all_new, "some pages have to be new"),
        ("distillation", Distillation, held_out_in_the_pool, "stands here twice"),
        ("preferences", Preferences, unknown_piece, "tone: there is no 'opening cold'"),
        ("preferences", Preferences, unnamed_core, "tone: there is no 'core none'"),
        ("preferences", Preferences, missing_fact, "doesn't name '24 months'"),
    ],
)
def test_a_fault_is_named(lesson: str, model: type[BaseModel], change: Change, said: str) -> None:
    raw = shipped(lesson).model_dump(mode="json")
    model.model_validate(raw)
    change(raw)
    with pytest.raises(ValidationError, match=said):
        model.model_validate(raw)


def around(lesson: str, simulation: str = "") -> Surroundings:
    """What a step of a shipped lesson may refer to."""
    steps = tuple(library().lessons[lesson].steps)
    return Surroundings((), steps, None, library().simulations[simulation or lesson])


def test_a_map_has_one_place_for_each_option() -> None:
    lesson = "choosing-a-technique"
    step = library().lessons[lesson].step("everyday")
    assert isinstance(step, ExperimentStep)
    assert step.plan
    assert not list(step.complaints(around(lesson)))
    fewer = step.plan.model_copy(update={"regions": step.plan.regions[1:], "names": "request"})
    told = [text for _, text in step.model_copy(update={"plan": fewer}).complaints(around(lesson))]
    assert told == [
        'no setting with options is called "request"',
        'each option of "technique" needs one place',
    ]


@pytest.mark.parametrize(
    ("changed", "simulation", "told"),
    [
        ({"experiment": "zero"}, "", '"zero" is no step with an experiment'),
        ({}, "raft", "the simulation's models don't talk"),
        ({"told": ("boxes",)}, "", 'no setting is called "boxes"'),
        ({"remarks": (Remark(when="line == multi", text="So."),)}, "", "line"),
    ],
)
def test_a_conversation_is_held_with_an_experiments_model(
    changed: dict[str, Any], simulation: str, told: str
) -> None:
    step = library().lessons["multi-turn"].step("talk")
    assert isinstance(step, ConversationStep)
    assert not list(step.complaints(around("multi-turn")))
    found = step.model_copy(update=changed).complaints(around("multi-turn", simulation))
    assert told in next(text for _, text in found)
