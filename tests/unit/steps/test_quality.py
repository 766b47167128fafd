"""The quality step, where learners err: wrong lines, no set, an unsound set."""

import pytest

from content.lesson import QualityStep
from dialogs.steps.quality import State, puzzle
from tests.unit.conftest import At
from tests.unit.steps.practice import Practice

GOOD = ("renew", "fine", "room", "card", "lost", "hours")
CHECKS = ("tone", "topics", "pairs", "format", "quantity")


@pytest.fixture
def checking(at: At) -> Practice:
    """A learner with a sound set."""
    learner = at("choose")
    learner.press(picked=GOOD)
    return learner.go("check-set")


def right(learner: Practice) -> str:
    """The right option of the point that is asked now."""
    assert isinstance(learner.step, QualityStep)
    ticked = State.of(learner.record("check-set").state).ticked
    check = next(c for c in learner.step.checks if c.id not in ticked)
    return puzzle(check, learner.scene).right


def wrong(learner: Practice) -> str:
    return next(i.id for i in learner.items if i.id != right(learner))


def test_a_wrong_line_ticks_nothing_and_says_why(checking: Practice) -> None:
    seen = checking.press(picked=(wrong(checking),))
    assert (seen.outcome, seen.score, seen.counts) == ("missed", 0.0, (1, 1))
    assert seen.kept == {"ticked": []}
    assert "Read them aloud." in seen.said


def test_every_point_can_be_missed_and_is_asked_again(checking: Practice) -> None:
    for n, check in enumerate(CHECKS):
        missed = checking.press(picked=(wrong(checking),))
        assert (missed.outcome, missed.score) == ("missed", n / 5)
        seen = checking.press(picked=(right(checking),))
        assert seen.kept == {"ticked": [*CHECKS[: n + 1]]}, check
    assert (seen.outcome, seen.score, seen.counts) == ("passed", 1.0, (6, 5))
    assert "Your set is checked." in seen.said


@pytest.mark.parametrize(
    "picked", [(), ("dance",), ("off", "own-0")], ids=["nothing", "an unknown one", "two"]
)
def test_a_slip_costs_no_attempt(checking: Practice, picked: tuple[str, ...]) -> None:
    seen = checking.press(picked=picked)
    assert (seen.outcome, seen.counts, seen.kept) == ("unclear", (0, 0), {})


@pytest.mark.parametrize("text", ["0", "99", "1, 2", "the bad one"])
def test_what_names_no_line_is_a_slip(checking: Practice, text: str) -> None:
    assert checking.type(text).outcome == "unclear"


def test_a_number_means_the_line_that_is_shown(checking: Practice) -> None:
    assert checking.type(checking.numbers(wrong(checking))).outcome == "missed"
    assert checking.type(checking.numbers(right(checking))).outcome == "noted"


def test_without_a_set_there_is_nothing_to_check(at: At) -> None:
    learner = at("check-set")
    assert "answer" not in learner.buttons
    seen = learner.type("1")
    assert (seen.outcome, seen.counts) == ("unclear", (0, 0))


def test_an_unsound_set_is_not_passed_but_may_be_taken_on(at: At) -> None:
    learner = at("choose")
    learner.press(picked=("renew", "official", "short"))
    learner.go("check-set")
    for _ in CHECKS:
        seen = learner.press(picked=(right(learner),))
    assert (seen.outcome, seen.record.status, seen.record.waived) == ("noted", "tried", True)
    assert seen.kept == {"ticked": []}, "about the mended set it is asked anew"
    assert "Choose" in seen.said, "where it is mended"
    assert "Your set is checked." not in seen.said


def test_after_the_last_point_an_answer_changes_nothing(checking: Practice) -> None:
    for _ in CHECKS:
        checking.press(picked=(right(checking),))
    checking.press("again")
    seen = checking.type("1")
    assert (seen.record.status, seen.counts) == ("passed", (1, 0))
