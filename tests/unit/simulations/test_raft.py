"""RAFT on the bench: what distractors, left-out pages and quotations in the examples teach."""

import pytest

from content.simulation import Choices
from dialogs.simulations.experiment import Case
from tests.unit.simulations.trials import (
    LOCALES,
    Figures,
    Holds,
    Values,
    declared,
    grid,
    met,
    said,
    tried,
)

LESSON, STEP = "raft", "mix"
GRID = tuple(
    grid(
        oracle=("untrained", "0", "60", "100"),
        distractors=("0", "4"),
        answers=("quote", "value"),
        without=("memory", "decline"),
    )
)
TRUE_OF: tuple[Holds, ...] = (
    lambda v, _: v["oracle"] == ("untrained",),
    lambda v, f: (
        v["oracle"] in {("0",), ("60",), ("100",)}
        and v["distractors"] == ("0",)
        and f["given"] >= 0.8
        and f["given"] - f["precision"] > 0.1
    ),
    lambda _, f: f["precision"] >= 0.85 and f["invented"] >= 0.5,
    lambda _, f: f["precision"] >= 0.85 and f["invented"] <= 0.1,
    lambda v, _: v["oracle"] == ("100",) and v["without"] == ("decline",),
    lambda v, f: v["oracle"] == ("0",) and v["distractors"] == ("4",) and f["closed"] >= 0.5,
    lambda v, f: v["oracle"] in {("60",), ("100",)} and f["closed"] >= 0.15,
    lambda _, f: f["declined"] >= 0.9 and f["given"] < 0.1,
    lambda v, f: v["oracle"] != ("untrained",) and f["backed"] >= 0.8,
    lambda v, f: v["answers"] == ("value",) and f["precision"] >= 0.7,
    lambda _, f: f["found"] < 1,
)


def figures(locale: str, oracle: str, distractors: str, answers: str, without: str) -> Figures:
    return tried(LESSON, STEP, settings(oracle, distractors, answers, without), locale).figures


def settings(oracle: str, distractors: str, answers: str, without: str) -> Values:
    (values,) = grid(
        oracle=[oracle], distractors=[distractors], answers=[answers], without=[without]
    )
    return values


@pytest.mark.parametrize("locale", LOCALES)
def test_training_with_distractors_raises_precision_over_the_base_and_over_right_pages_alone(
    locale: str,
) -> None:
    base = figures(locale, "untrained", "0", "quote", "memory")
    alone = figures(locale, "100", "0", "quote", "memory")
    among = figures(locale, "100", "4", "quote", "memory")
    assert base["precision"] < 0.6
    assert base["precision"] + 0.15 < alone["precision"] < among["precision"] - 0.05
    # Both can read: what one lacks is to tell whose page it is.
    assert alone["given"] == pytest.approx(among["given"], abs=0.05)


@pytest.mark.parametrize("locale", LOCALES)
def test_only_examples_without_their_page_teach_to_decline(locale: str) -> None:
    always = figures(locale, "100", "4", "quote", "decline")
    mixed = figures(locale, "60", "4", "quote", "decline")
    assert always["invented"] > 0.9
    assert mixed["invented"] < 0.05
    assert mixed["precision"] >= always["precision"] - 0.02


@pytest.mark.parametrize("locale", LOCALES)
def test_an_answer_is_remembered_only_where_it_could_not_be_copied(locale: str) -> None:
    closed = [figures(locale, p, "4", "quote", "memory")["closed"] for p in ("0", "60", "100")]
    assert closed[0] > 0.5 > closed[1] > 0.1 > closed[2]


@pytest.mark.parametrize("locale", LOCALES)
def test_who_never_saw_a_right_page_does_not_read(locale: str) -> None:
    memory = figures(locale, "0", "4", "quote", "memory")
    # The same with any pages before it, and wrong on what is new or has changed.
    assert memory["given"] == memory["closed"] == memory["right"] < 0.7
    silent = figures(locale, "0", "4", "quote", "decline")
    assert silent["precision"] == silent["given"] == 0
    assert silent["declined"] == 1


def test_bare_values_back_no_answer() -> None:
    assert figures("en", "60", "4", "value", "memory")["backed"] == 0
    assert figures("en", "60", "4", "quote", "memory")["backed"] > 0.8


# Remarks and figures are computed alike in both editions; the German one is tried where it quotes.
@pytest.mark.parametrize(
    ("locale", "values"),
    [
        *(("en", values) for values in GRID),
        *(("de", values) for values in GRID if values["answers"] == ("quote",)),
    ],
    ids=str,
)
def test_a_remark_is_said_just_where_it_is_so(locale: str, values: Values) -> None:
    found = tried(LESSON, STEP, values, locale).figures
    assert said(LESSON, STEP, values, locale) == [so(values, found) for so in TRUE_OF]


def test_a_good_mix_has_distractors_left_out_pages_and_declines() -> None:
    good = [values for values in GRID if "good" in met(LESSON, STEP, values)]
    assert good
    for values in good:
        assert values["oracle"] == ("60",)
        assert values["distractors"] != ("0",)
        assert values["without"] == ("decline",)


def cases(*setting: str) -> tuple[Case, ...]:
    return tried(LESSON, STEP, settings(*setting)).cases


def test_behind_an_answer_stand_the_pages_that_were_before_the_reader() -> None:
    for case in cases("100", "0", "quote", "memory"):
        for passage in case.behind:
            if passage.title in case.title:
                assert passage.mark == "good"
        if case.right and "taken out" not in case.title:
            (right,) = [p for p in case.behind if p.mark == "good"]
            quoted = case.said.split("“")[2].split("”")[0]
            assert quoted in right.text
        if case.right is False:
            astray = [p for p in case.behind if p.mark == "bad"]
            assert all(p.title in case.said for p in astray)
    assert any(case.right is False for case in cases("100", "0", "quote", "memory"))


def test_a_page_that_was_taken_out_is_not_among_those_behind_its_answer() -> None:
    taken_out = [c for c in cases("60", "4", "quote", "decline") if "taken out" in c.title]
    assert taken_out
    for case in taken_out:
        assert not [p for p in case.behind if p.mark == "good"]
        assert case.right
        assert case.said == "The documents don't say that."


def test_each_setting_that_can_be_made_is_offered() -> None:
    offered = declared(LESSON, STEP)
    assert all(isinstance(one, Choices) for one in offered.values())
    assert set(offered) == set(GRID[0])
