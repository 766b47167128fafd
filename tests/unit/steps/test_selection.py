"""The selection step, where learners err."""

import pytest

from tests.unit.conftest import At

GOOD = ("renew", "fine", "room", "card", "lost", "hours")


@pytest.mark.parametrize(
    ("picked", "outcome", "right", "said"),
    [
        pytest.param(GOOD, "passed", 8, "One voice.", id="all good ones"),
        pytest.param(GOOD[:3], "passed", 5, "One voice.", id="just the minimum"),
        pytest.param(GOOD[:2], "missed", 4, "", id="one below the minimum"),
        pytest.param((*GOOD, "official"), "missed", 7, "So it speaks today.", id="one unfit one"),
        pytest.param((*GOOD, "official", "short"), "missed", 6, "", id="everything"),
        pytest.param(("short",), "missed", 1, "Short and no answer.", id="an unfit one alone"),
        pytest.param(("renew", "short"), "missed", 2, "Short and no answer.", id="half right"),
        pytest.param(("renew", "renew", "fine"), "missed", 4, "", id="one twice is one"),
        pytest.param((*GOOD[:3], "dance"), "passed", 5, "", id="an unknown one counts for nothing"),
    ],
)
def test_the_score_is_the_share_of_conversations_treated_rightly(
    at: At, picked: tuple[str, ...], outcome: str, right: int, said: str
) -> None:
    seen = at("choose").press(picked=picked)
    assert (seen.outcome, seen.score) == (outcome, right / 8)
    assert said in seen.said
    known = [name for name in (*GOOD, "official", "short") if name in picked]
    assert seen.kept == {"picked": known}


@pytest.mark.parametrize("picked", [(), ("dance",)], ids=["nothing", "an unknown one alone"])
def test_a_slip_costs_no_attempt_and_no_hint(at: At, picked: tuple[str, ...]) -> None:
    seen = at("choose").press(picked=picked)
    assert (seen.outcome, seen.counts, seen.hint, seen.kept) == ("unclear", (0, 0), 0, {})


def test_hints_grow_and_the_last_one_stays(at: At) -> None:
    learner = at("choose")
    told = [learner.press(picked=("short", name)).said for name in GOOD[:3]]
    assert "Could a visitor act on it?" in told[0]
    assert "Six are good." in told[1]
    assert "Six are good." in told[2]


def test_an_experiment_is_offered_after_a_miss_lets_go_on_and_passes_nothing(at: At) -> None:
    learner = at("choose")
    assert "experiment" not in learner.buttons
    learner.press(picked=("renew", "official"))
    assert "next" not in learner.buttons
    seen = learner.press("experiment", picked=("renew", "official"))
    assert (seen.outcome, seen.record.status, seen.record.waived) == ("noted", "tried", True)
    assert seen.kept == {"picked": ["renew", "official"]}
    assert "You go on with a flawed set." in seen.said
    assert "next" in learner.buttons
    learner.type("next")
    assert learner.progress.cursor == "write"


def test_an_experiment_with_a_sound_set_is_an_answer(at: At) -> None:
    learner = at("choose")
    learner.press(picked=("official",))
    seen = learner.press("experiment", picked=GOOD)
    assert (seen.outcome, seen.record.waived) == ("passed", False)


def test_an_experiment_before_any_attempt_is_judged(at: At) -> None:
    learner = at("choose")
    assert learner.card
    seen = learner.press_on(learner.card, "experiment", picked=("official",))
    assert (seen.outcome, seen.record.waived) == ("missed", False)


def test_an_experiment_with_nothing_picked_takes_what_was_judged_last(at: At) -> None:
    learner = at("choose")
    learner.press(picked=("renew", "official"))
    seen = learner.press("experiment")
    assert (seen.record.waived, seen.kept) == (True, {"picked": ["renew", "official"]})


def test_a_set_is_mended_after_an_experiment(at: At) -> None:
    learner = at("choose")
    learner.press(picked=("official",))
    learner.press("experiment")
    learner.look()
    seen = learner.press(picked=GOOD)
    assert (seen.outcome, seen.counts) == ("passed", (2, 1))


def test_a_later_miss_takes_no_pass_away_and_is_what_is_trained_on(at: At) -> None:
    learner = at("choose")
    learner.press(picked=GOOD)
    learner.look()
    seen = learner.press(picked=("renew", "short"))
    assert (seen.outcome, seen.record.status, seen.record.score) == ("missed", "passed", 1.0)
    assert seen.kept == {"picked": ["renew", "short"]}


def test_numbers_mean_what_is_shown(at: At) -> None:
    learner = at("choose")
    assert learner.type(learner.numbers("renew", "short")).outcome == "missed"
    assert learner.type(learner.numbers(*GOOD)).outcome == "passed"


@pytest.mark.parametrize("text", ["0", "9", "1 9", "the good ones", "six"])
def test_what_names_no_conversation_is_a_slip(at: At, text: str) -> None:
    seen = at("choose").type(text)
    assert (seen.outcome, seen.counts) == ("unclear", (0, 0))
