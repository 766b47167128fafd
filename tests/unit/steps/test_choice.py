"""The choice step, where learners err: one right option, and several."""

import pytest

from tests.unit.conftest import At


@pytest.mark.parametrize(
    ("step", "picked", "plea"),
    [
        pytest.param("pick", (), "at least one", id="nothing"),
        pytest.param("pick", ("tone", "facts"), "just one", id="two where one is asked"),
        pytest.param("pick", ("dance",), "at least one", id="an unknown one"),
        pytest.param("pick", ("tone", "dance"), "at least one", id="a right and an unknown one"),
        pytest.param("picks", (), "at least one", id="nothing of many"),
        pytest.param("picks", ("tone", "dance"), "at least one", id="an unknown one of many"),
    ],
)
def test_a_slip_costs_no_attempt_and_no_hint(
    at: At, step: str, picked: tuple[str, ...], plea: str
) -> None:
    seen = at(step).press(picked=picked)
    assert (seen.outcome, seen.counts, seen.hint, seen.kept) == ("unclear", (0, 0), 0, {})
    assert plea in seen.said


@pytest.mark.parametrize(
    ("picked", "feedback"), [("facts", "The facts are right."), ("speed", "It is quick.")]
)
def test_a_wrong_option_is_a_miss_with_its_own_feedback(at: At, picked: str, feedback: str) -> None:
    seen = at("pick").press(picked=(picked,))
    assert (seen.outcome, seen.score, seen.hint, seen.counts) == ("missed", 0.0, 1, (1, 1))
    assert feedback in seen.said
    assert "The tone it is." not in seen.said, "the answer isn't told"
    assert seen.kept == {"picked": [picked]}


@pytest.mark.parametrize(
    ("picked", "outcome", "score", "lead"),
    [
        pytest.param(("tone", "length"), "passed", 1.0, "Well done.", id="just the right ones"),
        pytest.param(("length", "tone"), "passed", 1.0, "Well done.", id="in any order"),
        pytest.param(("tone",), "missed", 0.75, "1 more to find", id="half of them"),
        pytest.param(("tone", "length", "facts"), "missed", 0.75, "isn't it yet", id="one more"),
        pytest.param(("tone", "facts"), "missed", 0.5, "isn't it yet", id="one right, one wrong"),
        pytest.param(("facts", "speed"), "missed", 0.0, "isn't it yet", id="just the wrong ones"),
        pytest.param(
            ("tone", "length", "facts", "speed"), "missed", 0.5, "isn't it yet", id="all of them"
        ),
        pytest.param(("tone", "tone", "length"), "passed", 1.0, "Well done.", id="one named twice"),
    ],
)
def test_of_many_the_score_is_the_share_treated_rightly(
    at: At, picked: tuple[str, ...], outcome: str, score: float, lead: str
) -> None:
    seen = at("picks").press(picked=picked)
    assert (seen.outcome, seen.score) == (outcome, score)
    assert lead in seen.said


def test_hints_grow_and_the_last_one_stays(at: At) -> None:
    learner = at("pick")
    told = [learner.press(picked=(name,)) for name in ("facts", "speed", "facts")]
    assert [seen.hint for seen in told] == [1, 2, 3]
    assert "Read aloud." in told[0].said
    assert "It is no fact." in told[1].said
    assert "It is no fact." in told[2].said


def test_wrong_then_right_passes_and_a_later_miss_takes_nothing_away(at: At) -> None:
    learner = at("pick")
    learner.press(picked=("facts",))
    passed = learner.press(picked=("tone",))
    assert (passed.outcome, passed.score, passed.counts) == ("passed", 1.0, (2, 1))
    assert "Well chosen." in passed.said
    learner.press("again")
    later = learner.press(picked=("speed",))
    assert (later.outcome, later.record.status, later.record.score) == ("missed", "passed", 1.0)


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("the tone", "passed"),
        ("The facts.", "missed"),
        ("the toen", "passed"),
        ("0", "unclear"),
        ("4", "unclear"),
        ("1, 2", "unclear"),
        ("one", "unclear"),
        ("something else altogether", "unclear"),
        ("d", "unclear"),
    ],
)
def test_a_typed_answer_counts_when_it_names_an_option(at: At, text: str, outcome: str) -> None:
    assert at("pick").type(text).outcome == outcome


@pytest.mark.parametrize("step", ["pick", "picks"])
def test_numbers_and_letters_mean_what_is_shown(at: At, step: str) -> None:
    learner = at(step)
    letter = "abcd"[[i.id for i in learner.items].index("facts")]
    assert learner.type(letter).kept == {"picked": ["facts"]}
    assert learner.type(learner.numbers("speed")).kept == {"picked": ["speed"]}


def test_the_options_stand_in_another_order_for_another_run(at: At) -> None:
    learner, orders = at("picks"), set()
    for run in range(1, 9):
        learner.in_run(run).look()
        orders.add(tuple(i.id for i in learner.items))
    assert len(orders) > 3
