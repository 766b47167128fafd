"""The analysis step, where learners err: one kind too many, one too few, none, the opposite."""

import pytest

from tests.unit.conftest import At, ModelKind, WithModel

BETTER = ("loans", "money")  # where the narrow model is better; neither the cards nor the hours


@pytest.mark.parametrize(
    ("kind", "picked", "outcome", "score"),
    [
        pytest.param("narrow", BETTER, "passed", 1.0, id="just those"),
        pytest.param("narrow", BETTER[::-1], "passed", 1.0, id="in another order"),
        pytest.param("narrow", BETTER[:1], "missed", 0.8, id="one too few"),
        pytest.param("narrow", (*BETTER, "information"), "missed", 0.8, id="one too many"),
        pytest.param("narrow", ("information",), "missed", 0.4, id="the wrong one alone"),
        pytest.param("narrow", ("none",), "missed", 0.4, id="none where there are some"),
        pytest.param("narrow", (*BETTER, "none"), "missed", 0.8, id="those, and none as well"),
        pytest.param("weak", ("none",), "passed", 1.0, id="none where there is none"),
        pytest.param("weak", ("loans",), "missed", 0.6, id="one where there is none"),
        pytest.param("weak", BETTER, "missed", 0.4, id="two where there is none"),
        pytest.param(
            "weak", (*BETTER, "information"), "missed", 0.2, id="three where there is none"
        ),
    ],
)
def test_just_the_kinds_that_the_learners_figures_name_pass(
    with_model: WithModel, kind: ModelKind, picked: tuple[str, ...], outcome: str, score: float
) -> None:
    learner = with_model("where", kind)
    seen = learner.press(picked=picked)
    assert seen.outcome == outcome
    assert seen.score == pytest.approx(score)
    assert seen.kept == {"picked": [*picked]}
    assert learner.progress.model
    assert seen.record.model == learner.progress.model.training


def test_the_verdict_does_not_stand_beside_the_options(with_model: WithModel) -> None:
    learner = with_model("where", "narrow")
    shown = learner.look().said
    assert "difference +" in shown
    assert not [told for told in learner.strings.model.labels.values() if told in shown]


def test_a_miss_says_what_speaks_against_the_wrong_one_and_names_no_right_one(
    with_model: WithModel,
) -> None:
    seen = with_model("where", "narrow").press(picked=("loans", "information"))
    notice = seen.said.partition("By the figures.")[2]
    why, _, more = notice.partition("Still missing are kinds")
    assert "doesn't lie wholly above zero" in why
    assert "whole interval lies above zero" in more
    none = with_model("enough", "narrow").press(picked=("money",))
    assert "is under 3.5" in none.said


@pytest.mark.parametrize(
    "picked",
    [(), ("dogs",), (*BETTER, "dogs")],
    ids=["nothing", "an unknown one", "all and an unknown one"],
)
def test_a_slip_costs_no_attempt(with_model: WithModel, picked: tuple[str, ...]) -> None:
    seen = with_model("where", "narrow").press(picked=picked)
    assert (seen.outcome, seen.counts, seen.kept) == ("unclear", (0, 0), {})


@pytest.mark.parametrize("text", ["0", "6", "all of them, I think", "three"])
def test_what_names_no_kind_is_a_slip(with_model: WithModel, text: str) -> None:
    assert with_model("where", "narrow").type(text).outcome == "unclear"


@pytest.mark.parametrize(
    ("text", "outcome"),
    [("1, 2", "passed"), ("loans; fines", "passed"), ("4", "missed"), ("5", "missed")],
)
def test_a_typed_answer_is_judged_the_same(with_model: WithModel, text: str, outcome: str) -> None:
    assert with_model("where", "narrow").type(text).outcome == outcome


def test_where_the_base_was_enough_has_its_own_answer(with_model: WithModel) -> None:
    learner = with_model("enough", "narrow")
    assert learner.press(picked=("money",)).outcome == "missed"
    assert learner.press(picked=("none",)).outcome == "passed"


@pytest.mark.parametrize("text", ["1", "loans"])
def test_without_a_model_there_is_nothing_to_analyse(at: At, text: str) -> None:
    learner = at("where")
    assert learner.inputs == {}
    seen = learner.type(text)
    assert (seen.outcome, seen.counts) == ("unclear", (0, 0))
    assert "no tuned model yet" in seen.said


def test_a_later_miss_takes_no_pass_away(with_model: WithModel) -> None:
    learner = with_model("where", "narrow")
    learner.press(picked=BETTER)
    learner.press("again")
    later = learner.press(picked=("none",))
    assert (later.outcome, later.record.status, later.record.score) == ("missed", "passed", 1.0)
