"""The quiz step, where learners err: at the limit, just below it, and again."""

import pytest

from dialogs.steps.quiz import State as QuizState
from tests.unit.conftest import At
from tests.unit.steps.practice import Practice, Seen


def answers(learner: Practice, *, right: bool) -> tuple[str, ...]:
    """Option ids that answer the question at hand rightly, or not."""
    ids = [i.id for i in learner.items]
    return tuple(i for i in ids if i.startswith("yes") == right)


def drawn(learner: Practice) -> set[str]:
    """The questions of the last attempt."""
    return set(QuizState.of(learner.record("exam").state).drawn)


def sit(learner: Practice, right: int) -> list[Seen]:
    """Take the quiz with so many right answers; what came of each."""
    learner.press("begin-quiz")
    return [learner.press(picked=answers(learner, right=n < right)) for n in range(5)]


@pytest.mark.parametrize(
    ("right", "outcome", "said"),
    [
        pytest.param(5, "passed", "Passed: 5 of 5", id="all right"),
        pytest.param(4, "passed", "Passed: 4 of 5", id="just at the limit"),
        pytest.param(3, "missed", "3 of 5 right: 60%", id="just below the limit"),
        pytest.param(0, "missed", "0 of 5 right: 0%", id="nothing right"),
    ],
)
def test_the_share_of_right_answers_decides(at: At, right: int, outcome: str, said: str) -> None:
    learner = at("exam")
    seen = sit(learner, right)
    assert [s.outcome for s in seen] == ["noted"] * 4 + [outcome]
    assert said in seen[4].said
    record = learner.record("exam")
    assert (record.score, record.attempts, record.misses) == (right / 5, 1, outcome == "missed")


def test_a_wrong_answer_is_told_with_the_right_one(at: At) -> None:
    learner = at("exam")
    learner.press("begin-quiz")
    seen = learner.press(picked=answers(learner, right=False))
    assert (seen.outcome, seen.counts, seen.score) == ("noted", (0, 0), None)
    assert "Not quite" in seen.said
    assert "The right answer: Right" in seen.said
    assert seen.kept["right"] == [False]


def test_a_failed_quiz_names_the_phases_and_is_taken_again_with_other_questions(at: At) -> None:
    learner = at("exam")
    assert "Worth another look: Make, Judge" in sit(learner, 3)[4].said
    first = drawn(learner)
    assert "begin-quiz" in learner.buttons
    assert sit(learner, 5)[4].outcome == "passed"
    record = learner.record("exam")
    assert (record.attempts, record.misses, record.score) == (2, 1, 1.0)
    assert first | drawn(learner) == {f"q{n}" for n in range(1, 7)}


def test_a_later_failure_takes_no_pass_away(at: At) -> None:
    learner = at("exam")
    sit(learner, 5)
    learner.press("again")
    sit(learner, 0)
    record = learner.record("exam")
    assert (record.status, record.score, record.attempts, record.misses) == ("passed", 1.0, 2, 1)


@pytest.mark.parametrize(
    "picked", [(), ("dance",), ("yes1", "no1", "yes2")], ids=["nothing", "unknown", "too many"]
)
def test_a_slip_answers_no_question(at: At, picked: tuple[str, ...]) -> None:
    learner = at("exam")
    learner.press("begin-quiz")
    before = learner.record("exam")
    seen = learner.press(picked=picked)
    assert (seen.outcome, seen.record) == ("unclear", before)


@pytest.mark.parametrize("text", ["0", "9", "the second, I think", "two"])
def test_what_names_no_option_is_a_slip(at: At, text: str) -> None:
    learner = at("exam")
    learner.press("begin-quiz")
    before = learner.record("exam")
    assert learner.type(text).record == before


@pytest.mark.parametrize(
    ("picked", "right"),
    [(("yes1",), False), (("yes1", "no1", "yes2"), False), (("yes2", "yes1"), True)],
    ids=["half of them", "one too many", "just the right ones"],
)
def test_of_several_right_options_just_these_are_right(
    at: At,
    picked: tuple[str, ...],
    right: bool,  # noqa: FBT001 (a row of the table)
) -> None:
    learner = at("exam")
    learner.press("begin-quiz")
    for _ in range(4):
        learner.press(picked=answers(learner, right=True))
    seen = learner.press(picked=picked)
    assert seen.kept["right"] == [*[True] * 4, right]
    assert (seen.outcome, seen.score) == ("passed", 1.0 if right else 0.8)


def test_any_word_begins_the_quiz_and_answers_nothing(at: At) -> None:
    learner = at("exam")
    seen = learner.type("1")
    assert (seen.outcome, seen.kept["right"], len(seen.kept["drawn"])) == ("noted", [], 5)
