"""The text step, where learners err."""

import pytest

from tests.unit.conftest import At, WithModel

BOTH = "It should use simple words and name the next step for the visitor."


@pytest.mark.parametrize(
    ("text", "outcome", "score", "said"),
    [
        pytest.param(BOTH, "passed", 0.5, "Covered: a step.", id="as many aspects as are needed"),
        pytest.param(
            "Be friendly, keep sentences short, use plain words and give one step.",
            "passed", 1.0, "Covered: warmth.", id="all aspects",
        ),
        pytest.param(
            "They ought to write everything in plain English.",
            "missed", 0.25, "Missing: what to do.", id="one aspect too few",
        ),
        pytest.param(
            "My neighbour went to that library every single week.",
            "missed", 0.0, "doesn't get to the question", id="beside the question",
        ),
        pytest.param("", "unclear", None, "Tell me a little more", id="nothing"),
        pytest.param("   \n ", "unclear", None, "Tell me a little more", id="spaces"),
        pytest.param("plain step", "unclear", None, "Tell me a little more", id="two keywords"),
        pytest.param("xkcd qwrt zxcv bnmp", "unclear", None, "couldn't read that", id="noise"),
        pytest.param("plain plain plain plain", "unclear", None, "couldn't read", id="one word"),
        pytest.param("I don't know", "unclear", None, "That is all right", id="lost"),
        pytest.param(
            "How could the answer be improved?", "unclear", None, "my own words", id="the question"
        ),
        pytest.param(
            "A visitor cannot read the answer of the office.",
            "unclear", None, "my own words", id="the situation",
        ),
        pytest.param("???", "unclear", None, "Tell me a little more", id="no words"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("way", ["pressed", "typed"])
def test_an_honest_try_is_judged_by_what_it_covers(  # noqa: PLR0913, PLR0917 (a row of the table)
    at: At, text: str, outcome: str, score: float | None, said: str, way: str
) -> None:
    learner = at("say")
    seen = learner.press(text=text) if way == "pressed" else learner.type(text)
    assert (seen.outcome, seen.score) == (outcome, score)
    assert said in seen.said
    assert seen.counts == ((0, 0) if outcome == "unclear" else (1, outcome == "missed"))
    assert seen.kept == ({} if outcome == "unclear" else {"text": text})


def test_the_example_is_shown_after_a_pass_alone(at: At) -> None:
    learner = at("say")
    assert "Tap Renew." not in learner.press(text="They ought to write in plain English.").said
    assert "Tap Renew." in learner.press(text=BOTH).said


def test_wrong_then_right_passes_and_a_later_miss_takes_nothing_away(at: At) -> None:
    learner = at("say")
    learner.press(text="My neighbour went to that library every week.")
    assert learner.press(text=BOTH).counts == (2, 1)
    learner.press("again")
    later = learner.press(text="My neighbour went to that library every week.")
    assert (later.outcome, later.record.status, later.record.score) == ("missed", "passed", 0.5)


def test_a_slip_keeps_what_was_written(at: At) -> None:
    learner = at("say")
    learner.press(text="plain step")
    assert learner.inputs == {"text": "plain step"}


@pytest.mark.parametrize("way", ["pressed", "typed"])
def test_what_is_too_long_is_neither_cut_nor_judged(at: At, way: str) -> None:
    learner, text = at("say"), f"{BOTH} {'friendly ' * 400}"
    seen = learner.press(text=text) if way == "pressed" else learner.type(text)
    assert (seen.score, seen.counts, seen.kept) == (None, (0, 0), {})
    assert f"{len(text)} characters, and here I read 2000 at most" in seen.said
    assert learner.press(text=BOTH).outcome == "passed"


def test_a_question_on_figures_waits_for_a_model(at: At) -> None:
    learner = at("opinion")
    assert learner.inputs == {}
    seen = learner.type("Collect more varied examples from other branches.")
    assert (seen.outcome, seen.counts) == ("unclear", (0, 0))
    assert "no tuned model yet" in seen.said


@pytest.mark.parametrize(
    ("text", "outcome", "score"),
    [
        pytest.param("Collect more varied examples from other branches.", "passed", 0.5, id="one"),
        pytest.param("Some more examples and fewer epochs, please.", "passed", 1.0, id="both"),
        pytest.param("The building should open on Sunday as well.", "missed", 0.0, id="beside it"),
        pytest.param("more data", "unclear", None, id="two keywords"),
    ],
)
def test_a_question_on_figures_is_answered_with_the_learners_figures(
    with_model: WithModel, text: str, outcome: str, score: float | None
) -> None:
    learner = with_model("opinion", "sound")
    seen = learner.type(text)
    assert (seen.outcome, seen.score) == (outcome, score)
    assert ("Plain language: 1.83 → 5.00" in seen.said) == (outcome != "unclear")
    assert learner.progress.model
    assert seen.record.model == (None if outcome == "unclear" else learner.progress.model.training)
