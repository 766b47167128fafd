"""The checklist step, where learners err."""

import pytest

from tests.unit.conftest import At

RIGHT = ("facts", "words", "step")


@pytest.mark.parametrize(
    ("picked", "score", "found"),
    [
        pytest.param(("facts",), 0.6, 1, id="one of three"),
        pytest.param(("facts", "words"), 0.8, 2, id="two of three"),
        pytest.param((*RIGHT, "jokes"), 0.8, 3, id="one too many"),
        pytest.param((*RIGHT, "jokes", "rules"), 0.6, 3, id="all of them"),
        pytest.param(("jokes",), 0.2, 0, id="a wrong one alone"),
        pytest.param(("jokes", "rules"), 0.0, 0, id="the wrong ones alone"),
        pytest.param(("facts", "jokes"), 0.4, 1, id="half right"),
    ],
)
def test_what_is_not_just_the_relevant_items_is_a_miss(
    at: At, picked: tuple[str, ...], score: float, found: int
) -> None:
    seen = at("needs").press(picked=picked)
    assert (seen.outcome, seen.counts) == ("missed", (1, 1))
    assert seen.score == pytest.approx(score)
    assert f"{found} of the 3 that matter" in seen.said
    assert ("Jokes explain no rule." in seen.said) == ("jokes" in picked)
    assert ("Still missing" in seen.said) == (found < 3)
    assert seen.kept == {"picked": [*picked]}


@pytest.mark.parametrize(
    "picked",
    [
        pytest.param((), id="nothing"),
        pytest.param(("dance",), id="an unknown one"),
        pytest.param((*RIGHT, "dance"), id="all right and an unknown one"),
    ],
)
def test_a_slip_costs_no_attempt_and_no_hint(at: At, picked: tuple[str, ...]) -> None:
    seen = at("needs").press(picked=picked)
    assert (seen.outcome, seen.counts, seen.hint, seen.kept) == ("unclear", (0, 0), 0, {})


@pytest.mark.parametrize(
    "picked", [RIGHT, RIGHT[::-1], (*RIGHT, "facts")], ids=["as listed", "backwards", "one twice"]
)
def test_just_the_relevant_items_pass_in_any_order(at: At, picked: tuple[str, ...]) -> None:
    seen = at("needs").press(picked=picked)
    assert (seen.outcome, seen.score, seen.hint) == ("passed", 1.0, 0)
    assert "Those are the three." in seen.said


def test_the_first_miss_points_at_one_missing_item_and_the_next_at_all(at: At) -> None:
    learner = at("needs")
    first, second = learner.press(picked=("facts",)), learner.press(picked=("facts", "jokes"))
    assert "Children read this." in first.said
    assert "People want to do something." not in first.said
    assert "People want to do something." in second.said
    assert [first.hint, second.hint] == [1, 2]
    assert "Think of a visitor." in first.said
    assert "There are three." in second.said
    assert "There are three." in learner.press(picked=("facts",)).said


def test_wrong_then_right_passes_and_a_later_miss_takes_nothing_away(at: At) -> None:
    learner = at("needs")
    learner.press(picked=("facts",))
    assert learner.press(picked=RIGHT).counts == (2, 1)
    learner.type("try again")
    later = learner.press(picked=("jokes",))
    assert (later.outcome, later.record.status, later.record.score) == ("missed", "passed", 1.0)


def test_numbers_mean_what_is_shown(at: At) -> None:
    learner = at("needs")
    seen = learner.type(learner.numbers("jokes", "facts"))
    assert (seen.outcome, seen.kept) == ("missed", {"picked": ["jokes", "facts"]})
    assert learner.type(learner.numbers(*RIGHT)).outcome == "passed"


@pytest.mark.parametrize("text", ["0", "6", "1, 6", "three", "all of the above", "!!!"])
def test_what_names_no_item_is_a_slip(at: At, text: str) -> None:
    seen = at("needs").type(text)
    assert (seen.outcome, seen.counts) == ("unclear", (0, 0))
