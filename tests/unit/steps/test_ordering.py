"""The ordering step, where learners err."""

import pytest

from dialogs.values.replies import Arrange
from tests.unit.conftest import At

TRUE = ("model", "upload", "check", "run", "deploy")
LAST_TWO = ("model", "upload", "check", "deploy", "run")
BACKWARDS = ("deploy", "run", "check", "upload", "model")

WRONG = [
    pytest.param(LAST_TWO, 3, "Deploy the model", id="the last two have changed places"),
    pytest.param(BACKWARDS, 1, "Deploy the model", id="backwards, the middle one in its place"),
    pytest.param(
        ("upload", "check", "run", "deploy", "model"), 0, "Upload the file", id="all one too early"
    ),
    pytest.param(
        ("upload", "model", "check", "run", "deploy"), 3, "Upload the file", id="the first two"
    ),
]
SLIPS = [
    pytest.param((), id="nothing"),
    pytest.param(TRUE[:4], id="one too few"),
    pytest.param((*TRUE, "model"), id="one twice"),
    pytest.param((*TRUE[:4], "run"), id="one instead of another"),
    pytest.param((*TRUE[:4], "dance"), id="an unknown one"),
    pytest.param((*TRUE, "dance"), id="an unknown one more"),
]


@pytest.mark.parametrize(("order", "right", "first"), WRONG)
def test_a_wrong_order_is_a_miss_scored_by_the_items_in_their_place(
    at: At, order: tuple[str, ...], right: int, first: str
) -> None:
    seen = at("order").press(order=order)
    assert (seen.outcome, seen.score, seen.counts) == ("missed", right / 5, (1, 1))
    assert (seen.record.status, seen.kept, seen.reissued) == ("tried", {"picks": [*order]}, True)
    assert f"{right} of 5 are in their place" in seen.said
    assert f"first one that is off, {first}" in seen.said
    assert "That is the order." not in seen.said


@pytest.mark.parametrize("order", SLIPS)
def test_a_slip_costs_no_attempt_and_no_hint_and_keeps_nothing(
    at: At, order: tuple[str, ...]
) -> None:
    seen = at("order").press(order=order)
    assert (seen.outcome, seen.hint, seen.counts, seen.kept) == ("unclear", 0, (0, 0), {})
    assert "each of the 5 items exactly once" in seen.said
    assert seen.reissued, "the same slip on the new card is no double click"


def test_a_slip_leaves_the_card_as_the_learner_left_it(at: At) -> None:
    learner = at("order")
    learner.press(order=("upload", "model", "dance"))
    assert learner.inputs["order"] == ("upload", "model")


def test_hints_grow_with_each_miss_and_the_last_one_stays(at: At) -> None:
    learner = at("order")
    told = [learner.press(order=order) for order in (LAST_TWO, BACKWARDS, LAST_TWO, BACKWARDS)]
    assert [seen.hint for seen in told] == [1, 2, 3, 4]
    gentle, nearer, telling, still = (seen.said for seen in told)
    assert "What comes first?" in gentle
    assert "Model, file, training." in nearer
    assert "Model, upload, check, run, deploy." in telling
    assert "Model, upload, check, run, deploy." in still
    assert learner.record("order").misses == 4


def test_wrong_then_right_passes_and_the_best_score_is_kept(at: At) -> None:
    learner = at("order")
    learner.press(order=BACKWARDS)
    seen = learner.press(order=TRUE)
    assert (seen.outcome, seen.score, seen.hint, seen.counts) == ("passed", 1.0, 0, (2, 1))
    assert "That is the order." in seen.said


def test_a_later_miss_takes_no_pass_away(at: At) -> None:
    learner = at("order")
    learner.press(order=TRUE)
    learner.press("again")
    seen = learner.press(order=BACKWARDS)
    assert (seen.outcome, seen.score, seen.counts) == ("missed", 0.2, (2, 1))
    assert (seen.record.status, seen.record.score) == ("passed", 1.0)
    assert learner.progress.reopened, "it goes on being tried"


def test_the_items_are_never_shown_in_their_true_order(at: At) -> None:
    learner = at("order")
    for run in range(1, 200):
        learner.in_run(run).look()
        assert tuple(i.id for i in learner.items) != TRUE


def test_after_a_miss_each_item_shows_whether_it_is_in_its_place(at: At) -> None:
    learner = at("order")
    learner.press(order=LAST_TWO)
    (field,) = (b for b in learner.blocks if isinstance(b, Arrange))
    marks = {i.id: i.mark for i in field.items}
    assert marks == dict.fromkeys(TRUE[:3], "right") | dict.fromkeys(TRUE[3:], "wrong")
    assert field.value == LAST_TWO


@pytest.mark.parametrize(
    ("order", "outcome", "score"),
    [
        pytest.param(TRUE, "passed", 1.0, id="the true order"),
        pytest.param(LAST_TWO, "missed", 0.6, id="a wrong order"),
        pytest.param(TRUE[:4], "unclear", None, id="one too few"),
        pytest.param((*TRUE, "model"), "unclear", None, id="one twice"),
    ],
)
def test_numbers_mean_what_is_shown(
    at: At, order: tuple[str, ...], outcome: str, score: float | None
) -> None:
    learner = at("order")
    seen = learner.type(learner.numbers(*order))
    assert (seen.outcome, seen.score) == (outcome, score)


@pytest.mark.parametrize(
    "text",
    ["0 1 2 3 4", "2 3 4 5 6", "1 2 3 4 5 6", "first the model", "1.5 2 3 4 5 1", "-", "five"],
)
def test_what_names_no_order_is_a_slip(at: At, text: str) -> None:
    seen = at("order").type(text)
    assert (seen.outcome, seen.counts, seen.hint) == ("unclear", (0, 0), 0)


def test_the_items_own_words_make_an_order_too(at: At) -> None:
    words = "select the model; upload the file; chek the file; run the training; deploy the model"
    assert at("order").type(words).outcome == "passed"
