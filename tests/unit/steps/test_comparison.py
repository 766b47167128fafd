"""The comparison step, where learners err: no model, nothing asked, a query of their own."""

import pytest

from dialogs.values.replies import Sides
from tests.unit.conftest import At, WithModel
from tests.unit.steps.practice import Seen

OWN = "Where can I pay my fine?"


def voices(seen: Seen) -> list[str]:
    """Who answered a query, side by side."""
    blocks = [b for m in seen.messages for b in m.blocks]
    return [side.title for b in blocks if isinstance(b, Sides) for side in b.sides]


@pytest.mark.parametrize("text", [OWN, "show the next query", ""])
def test_without_a_model_there_is_nothing_to_compare(at: At, text: str) -> None:
    learner = at("side")
    assert "show" not in learner.buttons
    seen = learner.type(text)
    assert (seen.outcome, seen.counts) == ("unclear", (0, 0))
    assert "no tuned model yet" in seen.said


def test_a_query_of_ones_own_is_answered_by_all_models_and_counts_for_none_of_the_lessons(
    with_model: WithModel,
) -> None:
    seen = with_model("side", "sound").type(OWN)
    assert OWN not in seen.said, "the learner's own bubble shows it"
    assert voices(seen) == ["Base one", "Prompted one", "Tuned one"]
    assert (seen.kept, seen.counts, seen.record.status) == (
        {"seen": 0, "open": None},
        (0, 0),
        "tried",
    )


def test_each_model_speaks_for_itself(with_model: WithModel) -> None:
    seen = with_model("side", "sound").type(OWN)
    (sides,) = (b for m in seen.messages for b in m.blocks if isinstance(b, Sides))
    base, _, tuned = (side.text for side in sides.sides)
    assert "municipal treasury" in base
    assert "at the desk" in tuned


@pytest.mark.parametrize("text", ["", "  ", "\n"])
def test_an_empty_query_is_put_to_nobody(with_model: WithModel, text: str) -> None:
    seen = with_model("side", "sound").type(text)
    assert (seen.outcome, voices(seen)) == ("unclear", [])
    assert seen.kept == {}


def test_it_is_passed_by_the_lessons_queries_and_not_before_the_last(
    with_model: WithModel,
) -> None:
    learner = with_model("side", "sound")
    first = learner.press("show")
    assert (first.outcome, first.kept) == ("noted", {"seen": 1, "open": None})
    assert "Show the next query" in first.said
    learner.type(OWN)
    last = learner.type("show")
    assert (last.outcome, last.score, last.kept) == ("passed", 1.0, {"seen": 2, "open": None})
    assert learner.record("side").model == learner.progress.model.training  # type: ignore[union-attr]
    assert "Two examples." in last.said


def test_after_the_last_query_only_ones_own_are_left(with_model: WithModel) -> None:
    learner = with_model("side", "sound")
    learner.press("show")
    learner.press("show")
    assert "show" not in learner.buttons
    seen = learner.type("show")
    assert (seen.outcome, seen.kept, seen.record.attempts) == (
        "unclear",
        {"seen": 2, "open": None},
        1,
    )
    own = learner.type(OWN)
    assert (own.outcome, own.record.status) == ("shown", "passed")
    assert len(voices(own)) == 3


def test_what_no_model_can_place_is_answered_once(with_model: WithModel) -> None:
    seen = with_model("side", "sound").type("qwertz asdf yxcv")
    assert voices(seen) == []
    assert seen.record.attempts == 0


def test_a_long_query_is_read_up_to_its_limit(with_model: WithModel) -> None:
    seen = with_model("side", "sound").type(f"{OWN} {'please ' * 200}")
    assert seen.said.count("please") < 90
