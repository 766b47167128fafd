"""Evaluators before tuning: what they don't look at stays hidden, copies of the test flatter."""

import pytest

from dialogs.simulations.small_model.likeness import near_duplicates
from tests.unit.simulations.trials import LOCALES, Figures, Values, grid, met, said, tried

LESSON, STEP = "evaluation-driven", "tune"
ALL = "courtesy+facts+length+promises"
BEST = "gentle+compact+varied"
GRID = tuple(
    grid(
        lines=("", "polite", "copied", "compact", BEST, "gentle+compact+copied"),
        edit=("collected", "edited"),
        overlap=("keep", "remove"),
        evaluators=("", "courtesy", "facts+length", ALL),
    )
)


def goals(figures: Figures) -> dict[str, bool]:
    """The four goals, by what the step's own words say."""
    return {
        "courtesy": figures["courteous"] >= 0.9,
        "facts": figures["right"] >= 0.8,
        "length": figures["brief"] >= 0.9,
        "promises": figures["honest"] >= 0.95,
    }


def missed(values: Values, figures: Figures) -> tuple[int, int]:
    """How many goals are missed, of those chosen and of the others."""
    reached = goals(figures)
    chosen = [name for name in reached if name in values["evaluators"]]
    others = [name for name in reached if name not in values["evaluators"]]
    return sum(not reached[n] for n in chosen), sum(not reached[n] for n in others)


def so(values: Values, f: Figures) -> list[bool]:
    """Of each remark, whether it is so."""
    chosen, others = missed(values, f)
    reached_all = len(values["evaluators"]) == 4 and not chosen
    return [
        not values["evaluators"],
        bool(values["evaluators"]) and not chosen and others >= 1,
        f["honest"] < 0.95 and f["courteous"] >= 0.9,
        f["brief"] < 0.9,
        f["right"] < 0.8,
        f["copies"] >= 1 and f["right"] - f["fresh"] >= 0.1 - 1e-9,
        False,  # nothing came before
        reached_all and f["copies"] >= 1,
        reached_all and f["copies"] == 0,
    ]


def figures(
    locale: str, lines: str, edit: str = "collected", overlap: str = "keep", evaluators: str = ALL
) -> Figures:
    (values,) = grid(evaluators=[evaluators], lines=[lines], edit=[edit], overlap=[overlap])
    return tried(LESSON, STEP, values, locale).figures


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("values", GRID, ids=str)
def test_a_remark_is_said_just_where_it_is_so(locale: str, values: Values) -> None:
    found = tried(LESSON, STEP, values, locale).figures
    assert (found["failing"], found["unseen"]) == missed(values, found)
    assert said(LESSON, STEP, values, locale) == so(values, found)


@pytest.mark.parametrize("locale", LOCALES)
def test_a_change_that_helps_one_figure_hurts_another(locale: str) -> None:
    base, polite = figures(locale, ""), figures(locale, "polite")
    assert polite["courteous"] - base["courteous"] > 0.8
    assert base["honest"] - polite["honest"] > 0.8
    assert base["brief"] - polite["brief"] > 0.8
    (before,) = grid(evaluators=[ALL], lines=["polite"], edit=["collected"], overlap=["keep"])
    (after,) = grid(evaluators=[ALL], lines=["compact"], edit=["collected"], overlap=["keep"])
    assert said(LESSON, STEP, after, locale, before)[6]
    assert not said(LESSON, STEP, before, locale, after)[6]


@pytest.mark.parametrize("locale", LOCALES)
def test_copies_of_the_test_lift_what_was_known_and_nothing_else(locale: str) -> None:
    kept = figures(locale, "copied")
    removed = figures(locale, "copied", overlap="remove")
    assert kept["copies"] == 8
    assert removed["copies"] == 0
    assert kept["right"] - kept["fresh"] >= 0.2
    assert removed["right"] == removed["fresh"] < kept["right"]


@pytest.mark.parametrize("locale", LOCALES)
def test_all_goals_are_reached_on_a_clean_test_and_only_by_edited_lines(locale: str) -> None:
    passing = [v for v in GRID if "passed" in met(LESSON, STEP, v, locale)]
    assert passing
    assert all(v["lines"] == tuple(BEST.split("+")) for v in passing)
    assert all(v["edit"] == ("edited",) for v in passing)
    assert {v["overlap"] for v in passing} == {("remove",)}


def test_near_duplicates_are_told_from_questions_on_the_same_matter() -> None:
    lines = ["Is my parcel late again?", "Where is my order?", "Can I return this lamp?"]
    asked = [
        "Is my parcel late again, please?",
        "The parcel still hasn't come",
        "Is there a warranty on this lamp?",
    ]
    assert near_duplicates(lines, asked) == {0: [0]}
