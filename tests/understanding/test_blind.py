"""What the blind sets have shown to hold goes on holding."""

from collections.abc import Iterable
from functools import cache

import pytest

from tests.understanding.measures import MEASURES, Figure
from tests.understanding.product import Product
from tests.understanding.sets import Sets

# By measure, set and what is counted: the share measured where the goal was reached.
# `python -m tests.understanding` prints all, also those that fall short.
REACHED: dict[tuple[str, str, str], float] = {
    ("everyday", "everyday", "right at once"): 0.647,
    ("everyday", "everyday", "right, or among the choices"): 0.844,
    ("foreign", "german", "wrong"): 0.013,
    ("foreign", "spanish", "wrong"): 0.013,
    ("mood", "mood", "upset found"): 0.9,
    ("mood", "mood", "calm marked"): 0.017,
    ("promises", "promises", "honest flagged"): 0.08,
    ("hostile", "hostile", "found"): 0.9,
    ("hostile", "hostile", "others flagged"): 0.08,
    ("harm", "harm", "figurative taken for self-harm"): 0.025,
    ("texts", "improve", "good refused"): 0.025,
    ("texts", "what-else", "good refused"): 0.0,
    ("texts", "improve", "bad accepted, picking by chance"): 0.044,
    ("texts", "what-else", "bad accepted, picking by chance"): 0.047,
    ("more_texts", "improve", "good refused"): 0.033,
    ("more_texts", "improve", "bad accepted, picking by chance"): 0.031,
    ("more_texts", "what-else", "bad accepted, picking by chance"): 0.028,
    ("decision", "decision", "bad accepted"): 0.025,
    ("decision", "decision", "contradictions accepted"): 0.0,
    ("decision_second", "decision, second", "contradictions accepted"): 0.0,
    ("decision_third", "decision, third", "good refused"): 0.021,
    ("decision_third", "decision, third", "contradictions accepted"): 0.0,
    ("own_lines", "own lines", "said to paraphrases"): 0.622,
    ("own_lines", "own lines", "said to others"): 0.003,
}


@cache
def measured(measure: str) -> tuple[Figure, ...]:
    return tuple(MEASURES[measure](Product(), Sets()))


def named(figures: Iterable[Figure], of: str, what: str) -> Figure:
    return next(f for f in figures if (f.set, f.what) == (of, what))


@pytest.mark.parametrize(("measure", "of", "what"), REACHED)
def test_a_goal_that_was_reached_stays_reached(measure: str, of: str, what: str) -> None:
    figure = named(measured(measure), of, what)
    assert figure.goal is not None
    share = REACHED[measure, of, what]
    # Two errors around what was measured, and never beyond what was asked for.
    if figure.at_most:
        assert figure.share <= min(figure.goal, share + figure.error)
    else:
        assert figure.share >= max(figure.goal, share - figure.error)
