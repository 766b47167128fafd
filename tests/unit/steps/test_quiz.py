"""The quiz step, where learners err: at the limit, just below it, and again."""

from datetime import timedelta

import pytest

from content.lesson import QuizStep
from dialogs.steps.quiz import State as QuizState
from tests.unit.conftest import At
from tests.unit.steps.practice import Practice, Seen

PAUSE_S = 300


def answers(learner: Practice, *, right: bool) -> tuple[str, ...]:
    """Option ids that answer the question at hand rightly, or not."""
    ids = [i.id for i in learner.items]
    return tuple(i for i in ids if i.startswith("yes") == right)


def drawn(learner: Practice) -> set[str]:
    """The questions of the last attempt."""
    return set(QuizState.of(learner.record("exam").state).drawn)


def sit(learner: Practice, right: int) -> list[Seen]:
    """Take the quiz with so many right answers; what came of each."""
    learner.wait(PAUSE_S)
    learner.press("begin-quiz")
    return [learner.press(picked=answers(learner, right=n < right)) for n in range(5)]


@pytest.mark.parametrize(
    ("right", "outcome", "said"),
    [
        pytest.param(5, "passed", "Passed at attempt 1: 5 of 5", id="all right"),
        pytest.param(4, "passed", "Passed at attempt 1: 4 of 5", id="just at the limit"),
        pytest.param(3, "missed", "Attempt 1: 3 of 5 right (60%)", id="just below the limit"),
        pytest.param(0, "missed", "Attempt 1: 0 of 5 right (0%)", id="nothing right"),
    ],
)
def test_the_share_of_right_answers_decides(at: At, right: int, outcome: str, said: str) -> None:
    learner = at("exam")
    seen = sit(learner, right)
    assert [s.outcome for s in seen] == ["noted"] * 4 + [outcome]
    assert said in seen[4].said
    record = learner.record("exam")
    assert (record.score, record.attempts, record.misses) == (right / 5, 1, outcome == "missed")


def test_a_wrong_answer_is_told_why_and_not_what_would_be_right(at: At) -> None:
    learner = at("exam")
    learner.press("begin-quiz")
    seen = learner.press(picked=answers(learner, right=False))
    assert (seen.outcome, seen.counts, seen.score) == ("noted", (0, 0), None)
    assert "Not quite" in seen.said
    assert "Right " not in seen.said.split("Question 2")[0].split("Not quite")[1]
    assert seen.kept["right"] == [False]


def test_the_right_answers_to_what_was_missed_come_with_the_pass(at: At) -> None:
    learner = at("exam")
    assert "What you missed" not in sit(learner, 3)[4].said
    said = sit(learner, 4)[4].said
    assert "What you missed, with the right answers" in said
    assert "Fifth? Right five; Also five" in said


def test_a_failed_quiz_says_what_to_look_at_again_and_leads_there(at: At) -> None:
    learner = at("exam")
    learner.pass_all(*(s.id for p in learner.lesson.phases for s in p.steps if s.id != "exam"))
    said = sit(learner, 3)[4].said
    bank = {q.id: q for s in learner.lesson.steps_of(QuizStep) for q in s.bank}
    state = QuizState.of(learner.record("exam").state)
    for name, right in zip(state.drawn, state.right, strict=True):
        assert (bank[name].idea in said) == (not right)
    there = next(
        bank[n].step for n, right in zip(state.drawn, state.right, strict=True) if not right
    )
    learner.press(f"goto:{there}")
    assert learner.progress.cursor == there
    learner.press("goto:exam")
    assert learner.progress.cursor == "exam"


def test_after_a_failure_there_is_a_pause_that_says_when_it_ends(at: At) -> None:
    learner = at("exam")
    said = sit(learner, 3)[4].said
    opens = learner.now + timedelta(seconds=PAUSE_S)
    assert f"opens in 5 min, at {opens:%H:%M} UTC" in said
    for seconds, minutes in ((0, 5), (10, 5), (200, 2)):
        learner.wait(seconds)
        seen = learner.press("begin-quiz")
        assert (seen.outcome, len(seen.kept["right"])) == ("unclear", 5)
        assert f"opens in {minutes} min" in seen.said
    learner.wait(100)
    assert learner.press("begin-quiz").kept["right"] == []


def test_a_later_attempt_asks_other_questions_and_says_which_it_is(at: At) -> None:
    learner = at("exam")
    sit(learner, 3)
    first = drawn(learner)
    seen = sit(learner, 5)[4]
    assert seen.outcome == "passed"
    assert "Passed at attempt 2" in seen.said
    record = learner.record("exam")
    assert (record.attempts, record.misses, record.score) == (2, 1, 1.0)
    assert QuizState.of(record.state).best == 2
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


def test_what_is_said_before_the_quiz_doesnt_begin_it(at: At) -> None:
    learner = at("exam")
    for text in ("1", "how many questions are there", "zzz"):
        assert learner.type(text).outcome == "unclear"


@pytest.mark.parametrize("word", ["Begin", "start the assessment"])
def test_a_word_begins_the_quiz_and_answers_nothing(at: At, word: str) -> None:
    learner = at("exam")
    seen = learner.type(word)
    assert (seen.outcome, seen.kept["right"], len(seen.kept["drawn"])) == ("noted", [], 5)
