"""The screen step, where learners err: refused options, no option, notes beyond the last."""

import pytest

from content.lesson import ScreenStep
from content.rules import surroundings
from dialogs.work.figures import figures
from dialogs.work.training_set import TrainingSet
from tests.unit.conftest import At
from tests.unit.steps.practice import practice_lesson


@pytest.mark.parametrize("way", ["pressed", "typed"])
def test_a_refused_option_is_a_miss_and_is_asked_again(at: At, way: str) -> None:
    learner = at("form")
    typed = learner.numbers("numbers")
    seen = learner.press(picked="numbers") if way == "pressed" else learner.type(typed)
    assert (seen.outcome, seen.score, seen.counts) == ("missed", 0.0, (1, 1))
    assert "It writes no words." in seen.said
    assert seen.kept["decisions"] == {}
    assert [i.id for i in learner.items] == ["small", "large", "numbers"], "the same is asked"


def test_a_refused_second_option_keeps_the_first_decision(at: At) -> None:
    learner = at("form")
    first = learner.press(picked="small")
    assert (first.outcome, first.counts) == ("noted", (0, 0))
    assert first.kept["decisions"] == {"base": "small"}
    second = learner.press(picked="same")
    assert (second.outcome, second.record.status) == ("missed", "tried")
    assert second.kept["decisions"] == {"base": "small"}
    third = learner.press(picked="split")
    assert (third.outcome, third.score, third.counts) == ("passed", 1.0, (2, 1))
    assert third.kept["decisions"] == {"base": "small", "data": "split"}


@pytest.mark.parametrize(
    "picked",
    [
        pytest.param("", id="nothing"),
        pytest.param("dance", id="an unknown one"),
        pytest.param("file", id="one of the next decision"),
        pytest.param(("small", "large"), id="two at once"),
    ],
)
def test_a_slip_decides_nothing(at: At, picked: str | tuple[str, ...]) -> None:
    seen = at("form").press(picked=picked)
    assert (seen.outcome, seen.counts, seen.kept) == ("unclear", (0, 0), {})
    assert "Choose one of the options first" in seen.said


@pytest.mark.parametrize("text", ["0", "4", "the red one", "two"])
def test_what_names_no_option_is_a_slip(at: At, text: str) -> None:
    seen = at("form").type(text)
    assert (seen.outcome, seen.counts) == ("unclear", (0, 0))


@pytest.mark.parametrize("text", ["look", "Look around", "note"])
def test_each_look_shows_the_next_note_and_decides_nothing(at: At, text: str) -> None:
    learner = at("form")
    seen = [learner.type(text) for _ in range(4)]
    assert [s.kept["noted"] for s in seen] == [1, 2, 3, 3]
    assert "Note on models." in seen[0].said
    assert "Note on next." in seen[2].said
    assert seen[3].counts == (0, 0)
    assert "look" not in learner.buttons
    assert learner.record("form").status == "tried"


def test_looking_by_the_button_keeps_the_decisions(at: At) -> None:
    learner = at("form")
    learner.press(picked="large")
    seen = learner.press("look")
    assert seen.kept == {"decisions": {"base": "large"}, "noted": 1}


def test_decisions_stay_in_the_form_and_are_all_made_after_the_last(at: At) -> None:
    learner = at("form")
    learner.press(picked="small")
    said = learner.press(picked="file").said
    assert "The form is filled in." in said
    assert "The small one" in learner.look().said
    learner.type("try again")
    seen = learner.type("1")
    assert (seen.outcome, seen.record.status) == ("unclear", "passed")
    assert "All decisions on this screen are made." in seen.said


@pytest.mark.parametrize("picked", ["best", "last"])
def test_a_checkpoint_of_no_model_changes_nothing_else(at: At, picked: str) -> None:
    learner = at("finish")
    seen = learner.press(picked=picked)
    assert (seen.outcome, seen.later) == ("passed", ())
    assert learner.progress.model is None


def test_an_accepted_option_that_figures_name_needs_a_name() -> None:
    lesson = practice_lesson()
    step = lesson.step("form")
    assert isinstance(step, ScreenStep)
    told = step.model_dump()
    for option in told["decisions"][0]["options"]:
        option["name"] = None
    nameless = ScreenStep.model_validate(told)
    around = surroundings(lesson, None)
    assert list(step.complaints(around)) == []
    assert [at for at, _ in nameless.complaints(around)] == [
        ("decisions", 0, "options", 0),
        ("decisions", 0, "options", 1),
    ], "the refused one is named nowhere"


def test_a_screen_says_which_page_it_follows(at: At) -> None:
    assert "This screen follows “The portal's manual” (2026-10-05)." in at("form").look().said


def test_tokens_count_the_system_message_and_what_frames_each_message(at: At) -> None:
    learner = at("write")
    own = TrainingSet(practice_lesson(), learner.company, (), (("Where?", "Here."),), 1)
    system = "You answer in plain language."
    assert own.tokens == len(system + "Where?" + "Here.") // 4 + 3 * 4 + 3


@pytest.mark.parametrize(("data", "share"), [("file", 1.0), ("split", 0.8)])
def test_lines_that_are_held_back_are_not_billed(at: At, data: str, share: float) -> None:
    learner = at("choose")
    learner.press(picked=("renew", "fine", "room", "card"))
    for choice in ("small", data):
        learner.go("form").press(picked=choice)
    learner.go("train")
    learner.press(learning_rate_multiplier=0.5, batch_size=1, n_epochs=2)
    learner.wait(60)
    known = figures(learner.scene)
    tokens, billed = (int(known[k].replace(",", "")) for k in ("tokens", "billed_tokens"))
    assert billed == pytest.approx(2 * share * tokens, rel=0.02)
