"""The survey step, where learners err: any answer is right, and none is needed."""

import pytest

from dialogs.values.facts import SurveyAnswered
from tests.unit.conftest import At


@pytest.mark.parametrize("picked", ["1", "2", "3"])
def test_any_answer_is_right(at: At, picked: str) -> None:
    seen = at("mood").press(picked=(picked,))
    assert (seen.outcome, seen.score, seen.kept) == ("passed", 1.0, {"picked": [picked]})
    assert "Thanks for telling." in seen.said


@pytest.mark.parametrize(
    ("written", "kept"),
    [("", None), (" \n", None), (" More\nexamples ", "More examples"), ("x" * 600, "x" * 500)],
)
def test_a_sentence_beside_it_may_be_written_and_needs_not(
    at: At, written: str, kept: str | None
) -> None:
    seen = at("mood").press(picked=("2",), remark=written)
    (fact,) = [one for one in seen.facts if isinstance(one, SurveyAnswered)]
    assert (seen.outcome, fact.option, fact.text) == ("passed", 2, kept)


@pytest.mark.parametrize(
    "picked", [(), ("0",), ("4",), ("1", "2")], ids=["nothing", "below", "beyond", "two"]
)
def test_a_slip_is_no_answer(at: At, picked: tuple[str, ...]) -> None:
    seen = at("mood").press(picked=picked)
    assert (seen.outcome, seen.counts) == ("unclear", (0, 0))
    assert "just one" in seen.said


@pytest.mark.parametrize(
    ("text", "outcome"),
    [("2", "passed"), ("so so", "passed"), ("0", "unclear"), ("4", "unclear"), ("meh", "unclear")],
)
def test_a_typed_answer_counts_when_it_names_a_place_on_the_scale(
    at: At, text: str, outcome: str
) -> None:
    assert at("mood").type(text).outcome == outcome


def test_it_may_be_skipped(at: At) -> None:
    learner = at("needs").pass_all("needs", "talk", "pick", "goals", "say").go("mood")
    learner.type("next")
    assert learner.progress.cursor == "choose"
    assert learner.record("mood").status == "new"
