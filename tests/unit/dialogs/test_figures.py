"""Figures show no group smaller than five, and agree with their sums."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.records.figures import (
    FEWEST,
    FIGURES,
    Goal,
    StepSums,
    Sums,
    cell,
    counted,
    figure,
    figures,
    misses,
    part,
    share_interval,
    step_figures,
)


def share(yes: int, n: int) -> Sums:
    """The sums of `n` values, `yes` of them 1."""
    return Sums(n, yes, yes)


def test_an_interval_is_wilsons() -> None:
    # The worked example of most textbooks: 10 of 20.
    low, high = share_interval(10, 20)
    assert (round(low, 3), round(high, 3)) == (0.299, 0.701)
    assert share_interval(20, 20)[1] == pytest.approx(1.0)


@given(a=st.integers(0, 60), b=st.integers(0, 60), filtered=st.booleans())
def test_no_count_and_no_rest_below_five_shows(a: int, b: int, *, filtered: bool) -> None:
    yes, n = min(a, b), max(a, b)
    made = figure("quiz", "share", share(yes, n), None, filtered=filtered)
    if 0 < n < FEWEST or 0 < yes < FEWEST or 0 < n - yes < FEWEST:
        assert made.value is None
        assert made.why
    for shown in (cell(n, filtered=filtered), part(yes, n, filtered=filtered), made.n):
        assert shown is None or shown == 0 or shown >= FEWEST
        assert not filtered or shown is None or shown % FEWEST == 0
    if made.value is not None:
        assert made.low is not None
        assert made.high is not None
        assert 0 <= made.low <= made.value <= made.high <= 1


@given(st.integers(5, 100), st.integers(0, 4))
def test_one_learner_more_changes_nothing_under_a_filter(n: int, more: int) -> None:
    there = n // FEWEST * FEWEST
    assert counted(there + more, filtered=True) == there


def test_figures_without_data_say_so_and_reach_no_goal() -> None:
    made = figures({}, filtered=False)
    assert [one.name for one in made] == list(FIGURES)
    assert {one.why for one in made} == {"none"}
    assert {one.is_met for one in made} == {None}


@pytest.mark.parametrize(
    ("goal", "value", "met"),
    [
        (Goal(0.9), 0.9, True),
        (Goal(0.9), 0.89, False),
        (Goal(0.7, is_above=True), 0.7, False),
        (Goal(45, 60), 60, True),
        (Goal(45, 60), 61, False),
    ],
)
def test_a_goal_is_met_as_it_is_worded(goal: Goal, value: float, *, met: bool) -> None:
    assert goal.is_met(value) is met


def test_the_costliest_step_stands_first_and_a_rare_one_tells_nothing() -> None:
    steps = {
        "quick": StepSums(20, 20, 10, 20, 0, 600.0),
        "slow": StepSums(20, 12, 5, 60, 30, 12000.0),
        "rare": StepSums(3, 1, 0, 9, 3, 999999.0),
    }
    slow, quick, rare = step_figures(steps, 20, filtered=False)
    assert (slow.step, slow.cost, slow.at_once, slow.attempts) == ("slow", 10.0, 0.25, 3.0)
    assert (quick.step, quick.cost) == ("quick", 0.5)
    assert (rare.learners, rare.cost, rare.minutes) == (None, None, None)


def test_wrong_options_show_with_their_share_from_five_on() -> None:
    steps = {"pick": StepSums(30, 25, 10, 50, 0, 1.0)}
    found = {("pick", "answer", "a"): 15, ("pick", "answer", "b"): 4}
    (one,) = misses(found, steps, lambda _step, _input, option: option.upper(), filtered=False)
    assert (one.option, one.count, one.share) == ("A", 15, 0.75)
