"""The targets step, where learners err: each limit from both sides."""

import pytest

from tests.unit.conftest import At


@pytest.mark.parametrize(
    ("plainness", "accuracy", "outcome", "score", "said"),
    [
        pytest.param("4", "90", "passed", 1.0, "You will judge by these.", id="within"),
        pytest.param("3", "80", "passed", 1.0, "You will judge by these.", id="both at the least"),
        pytest.param("5", "100", "passed", 1.0, "You will judge by these.", id="both at the most"),
        pytest.param("2.99", "90", "missed", 0.5, "Below 3 is no gain.", id="just below the first"),
        pytest.param("5.01", "90", "missed", 0.5, "The scale ends at 5.", id="just above it"),
        pytest.param("4", "79.9", "missed", 0.5, "One in five is too much.", id="just below"),
        pytest.param("4", "100.5", "missed", 0.5, "A share ends at 100.", id="just above"),
        pytest.param("0", "0", "missed", 0.0, "Below 3 is no gain.", id="both far too low"),
        pytest.param("-4", "90", "missed", 0.5, "Below 3 is no gain.", id="a negative one"),
        pytest.param("6", "999", "missed", 0.0, "A share ends at 100.", id="both far too high"),
        pytest.param("3,5", "90 %", "passed", 1.0, "3.5", id="a comma and a percent sign"),
        pytest.param("", "90", "unclear", None, "I need 2 numbers", id="one left empty"),
        pytest.param("four", "90", "unclear", None, "I need 2 numbers", id="a number in words"),
        pytest.param("3 4", "90", "unclear", None, "I need 2 numbers", id="two in one field"),
        pytest.param("1e99", "90", "unclear", None, "I need 2 numbers", id="an exponent"),
        pytest.param("9" * 40, "90", "unclear", None, "I need 2 numbers", id="beyond all sense"),
    ],
)
def test_a_target_counts_within_its_range_alone(  # noqa: PLR0913, PLR0917 (a row of the table)
    at: At, plainness: str, accuracy: str, outcome: str, score: float | None, said: str
) -> None:
    seen = at("goals").press(plainness=plainness, accuracy=accuracy)
    assert (seen.outcome, seen.score) == (outcome, score)
    assert said in seen.said
    assert seen.counts == ((0, 0) if outcome == "unclear" else (1, outcome == "missed"))
    assert bool(seen.kept) == (outcome != "unclear")


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("4 90", "passed"),
        ("4, 90%", "passed"),
        ("plainness 3,5 and accuracy 85", "passed"),
        ("90 4", "missed"),
        ("2 90", "missed"),
        ("4", "unclear"),
        ("4 90 5", "unclear"),
        ("four ninety", "unclear"),
        ("whatever you say", "unclear"),
    ],
)
def test_typed_targets_are_read_in_their_order(at: At, text: str, outcome: str) -> None:
    assert at("goals").type(text).outcome == outcome


def test_numbers_that_miss_are_kept_to_be_changed_and_a_slip_keeps_the_fields(at: At) -> None:
    learner = at("goals")
    assert learner.inputs == {"plainness": 4, "accuracy": 90}
    learner.press(plainness="2", accuracy="95")
    assert learner.inputs == {"plainness": 2, "accuracy": 95}
    learner.press(plainness="3.5", accuracy="many")
    assert learner.inputs == {"plainness": 3.5, "accuracy": 95}


def test_a_later_miss_takes_no_pass_away(at: At) -> None:
    learner = at("goals")
    learner.press(plainness="4", accuracy="90")
    learner.press("again")
    later = learner.press(plainness="1", accuracy="90")
    assert (later.outcome, later.record.status, later.record.score) == ("missed", "passed", 1.0)
    assert later.hint == 0
