"""The text step, where learners err."""

import pytest
from pydantic import JsonValue

from dialogs.values.replies import Select
from tests.unit.conftest import At, WithModel
from tests.unit.steps.practice import Practice

BOTH = "It should use simple words, and name the next step for the visitor."
KEPT: dict[str, JsonValue] = {"asking": False, "misread": []}
UNSURE = "plain step"  # which may mean something, or nothing


@pytest.mark.parametrize(
    ("text", "outcome", "score", "said"),
    [
        pytest.param(BOTH, "passed", 0.5, "Covered: a step.", id="two aspects"),
        pytest.param("plain words", "passed", 0.25, "Covered: language.", id="two words"),
        pytest.param(
            "Einfache Wörter verwenden.",
            "passed", 0.25, "Covered: language.", id="in another language",
        ),
        pytest.param(
            "My neighbour went to that library every single week.",
            "missed", 0.0, "doesn't get to the question", id="beside the question",
        ),
        pytest.param(
            "Don't answer them. Send the visitors away.",
            "missed", 0.0, "Then nobody comes back.", id="a misconception",
        ),
        pytest.param("", "unclear", None, "Tell me a little more", id="nothing"),
        pytest.param("   \n ", "unclear", None, "Tell me a little more", id="spaces"),
        pytest.param("words", "unclear", None, "couldn't read that", id="one word"),
        pytest.param("xkcd qwrt zxcv bnmp", "unclear", None, "couldn't read that", id="noise"),
        pytest.param("plain plain plain plain", "unclear", None, "couldn't", id="a word again"),
        pytest.param(
            "blah plain step blah words 7 kind", "unclear", None, "couldn't read", id="stuffed"
        ),
        pytest.param(
            "plain step kind short simple button", "unclear", None, "couldn't read", id="a heap"
        ),
        pytest.param("I don't know", "unclear", None, "That is all right", id="lost"),
        pytest.param("don't know", "unclear", None, "That is all right", id="lost in two words"),
        pytest.param("Not sure, sorry.", "unclear", None, "That is all right", id="unsure"),
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
def test_an_honest_try_is_judged_by_what_it_means(  # noqa: PLR0913, PLR0917 (a row of the table)
    at: At, text: str, outcome: str, score: float | None, said: str, way: str
) -> None:
    learner = at("say")
    seen = learner.press(text=text) if way == "pressed" else learner.type(text)
    assert (seen.outcome, seen.score) == (outcome, score)
    assert said in seen.said
    assert seen.counts == ((0, 0) if outcome == "unclear" else (1, outcome == "missed"))
    assert seen.kept == ({} if outcome == "unclear" else {"text": text, **KEPT})


def unsure(at: At) -> Practice:
    """A learner who is asked what their text means."""
    learner = at("say")
    seen = learner.type(UNSURE)
    assert (seen.outcome, seen.counts) == ("noted", (0, 0))
    assert "Which of these do you mean?" in seen.said
    assert "Answer nobody" in seen.said
    return learner


@pytest.mark.parametrize("typed", [False, True])
def test_a_right_meaning_passes(at: At, typed: bool) -> None:  # noqa: FBT001
    learner = unsure(at)
    seen = learner.type("Say what to do") if typed else learner.press(meant="step")
    assert (seen.outcome, seen.score, seen.counts) == ("passed", 0.25, (1, 0))
    assert "Covered: a step." in seen.said


@pytest.mark.parametrize(("meant", "said"), [("never", "nobody comes back"), ("other", "wrongly")])
def test_a_wrong_meaning_asks_for_other_words_and_costs_no_attempt(
    at: At, meant: str, said: str
) -> None:
    learner = unsure(at)
    seen = learner.press(meant=meant)
    assert (seen.outcome, seen.counts) == ("noted", (0, 0))
    assert said in seen.said
    assert learner.inputs == {"text": UNSURE}
    for same in (UNSURE, f"{UNSURE}!", UNSURE.upper()):
        again = learner.press(text=same)
        assert (again.outcome, again.counts) == ("unclear", (0, 0))
        assert "asked about these words already" in again.said
    assert learner.press(text=BOTH).outcome == "passed"


def test_one_meaning_alone_is_right_among_those_that_are_offered(at: At) -> None:
    learner = unsure(at)
    (offered,) = [b for b in learner.blocks if isinstance(b, Select)]
    right = {"plain", "step", "kind", "short"} & {item.id for item in offered.options}
    assert len(right) == 1
    assert len(offered.options) >= 4  # all misconceptions, and something else


def test_who_picked_wrongly_twice_has_to_say_it(at: At) -> None:
    learner = at("say")
    for text in (UNSURE, "a step of some kind"):
        assert learner.press(text=text).outcome == "noted"
        assert learner.press(meant="never").outcome == "noted"
    assert learner.press(text="some plainness").counts == (1, 1)
    assert learner.press(text=BOTH).outcome == "passed"


def test_a_meaning_that_was_not_offered_is_none(at: At) -> None:
    learner = unsure(at)
    for picks in ("", "nonsense", "plain,never"):
        seen = learner.press(meant=picks)
        assert (seen.outcome, seen.counts) == ("unclear", (0, 0))


def test_who_is_asked_may_say_it_in_other_words(at: At) -> None:
    assert unsure(at).type(BOTH).outcome == "passed"


def test_the_example_is_shown_after_a_pass_alone(at: At) -> None:
    learner = at("say")
    assert "Tap Renew." not in learner.press(text="My neighbour went there every week.").said
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
    learner.press(text="plain")
    assert learner.inputs == {"text": "plain"}


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
        pytest.param("Some more examples, and fewer epochs.", "passed", 1.0, id="both"),
        pytest.param("The building should open on Sunday as well.", "missed", 0.0, id="beside it"),
        pytest.param("other examples", "passed", 0.5, id="two words"),
        pytest.param("data", "unclear", None, id="one word"),
    ],
)
def test_a_question_on_figures_is_answered_with_the_learners_figures(
    with_model: WithModel, text: str, outcome: str, score: float | None
) -> None:
    learner = with_model("opinion", "sound")
    seen = learner.type(text)
    assert (seen.outcome, seen.score) == (outcome, score)
    assert ("Plain language: 2.00 → 5.00" in seen.said) == (outcome != "unclear")
    assert learner.progress.model
    assert seen.record.model == (None if outcome == "unclear" else learner.progress.model.training)
