"""The decision step, where learners err: another step than the figures call for, no reason."""

import pytest

from tests.unit.conftest import At, ModelKind, WithModel

SOUND = "The answers are plainer: plain language rose, and accuracy stayed the same."


@pytest.mark.parametrize(
    ("kind", "picked", "outcome", "said"),
    [
        ("sound", "deploy", "passed", "It is plainer."),
        ("sound", "more-data", "missed", "The examples are sound."),
        ("sound", "parameters", "missed", "The run was fine."),
        ("sound", "base", "missed", "It is clearly plainer."),
        ("narrow", "more-data", "passed", "The data holds it back."),
        ("narrow", "deploy", "missed", "It covers only 2 topics"),
        ("narrow", "parameters", "missed", "The run was fine."),
        ("weak", "parameters", "passed", "The run was off."),
        ("weak", "deploy", "missed", "too short or too gentle"),
        ("weak", "more-data", "missed", "The examples are sound."),
    ],
)
def test_the_figures_decide_which_step_is_right(
    with_model: WithModel, kind: ModelKind, picked: str, outcome: str, said: str
) -> None:
    why = {
        "sound": SOUND,
        "narrow": SOUND,
        "weak": "I see that plain language stayed the same as before.",
    }[kind]
    seen = with_model("decide", kind).press(picked=picked, why=why)
    assert (seen.outcome, seen.score) == (outcome, float(outcome == "passed"))
    assert said in seen.said
    assert seen.kept == {"picked": picked, "why": why}
    assert seen.counts == (1, outcome == "missed")


@pytest.mark.parametrize(
    ("why", "said"),
    [
        pytest.param(
            "The answers sound plain to my ears today.", "What about the goal?", id="no figure"
        ),
        pytest.param(
            "Plain language fell by a lot, sadly.", "something else than they do", id="the opposite"
        ),
        pytest.param(
            "Accuracy is 40 %, so it is better.", "something else than they do", id="a wrong figure"
        ),
        pytest.param(
            "Plain language is at 4.2 and that is better.", "something else", id="a wrong mean"
        ),
        pytest.param(
            "Plain language went from 5.0 to 1.8.", "Plain language: 2.00", id="the wrong way"
        ),
        pytest.param("Everything fell.", "something else", id="all of them"),
        pytest.param("Plain language is half as good now.", "2.00 → 5.00", id="half"),
        pytest.param("Plain language only rose slightly.", "2.00 → 5.00", id="slightly"),
        pytest.param("Plain language rose: the data is at fault.", "Your data: ", id="the data"),
        pytest.param("Accuracy stayed; the run was overfit.", "The run: training loss", id="run"),
    ],
)
def test_a_right_decision_without_evidence_that_agrees_is_half_right(
    with_model: WithModel, why: str, said: str
) -> None:
    seen = with_model("decide", "sound").press(picked="deploy", why=why)
    assert (seen.outcome, seen.score, seen.counts) == ("missed", 0.5, (1, 1))
    assert said in seen.said


@pytest.mark.parametrize(
    "why",
    [
        SOUND,
        "Plain language is at 5.0 now and accuracy at 100 %.",
        "Accuracy did not fall, and the words are plain.",
        "Plain language: 2.00 → 5.00",
        "plainer, and no mistakes",
        "People understand it much better now.",
        "Plain language more than doubled.",
        "Plain language improved a great deal.",
        "My data is sound, and the run went well.",
    ],
)
def test_evidence_that_agrees_with_the_figures_passes(with_model: WithModel, why: str) -> None:
    seen = with_model("decide", "sound").press(picked="deploy", why=why)
    assert (seen.outcome, seen.score) == ("passed", 1.0)
    assert "Decided it is." in seen.said


@pytest.mark.parametrize(
    ("picked", "why", "said"),
    [
        pytest.param("", SOUND, "Choose a next step", id="no decision"),
        pytest.param("dance", SOUND, "Choose a next step", id="an unknown decision"),
        pytest.param("deploy", "", "Tell me a little more", id="no reason"),
        pytest.param("deploy", "plainness", "couldn't read", id="a reason too short"),
        pytest.param("deploy", "blah plain blah accuracy 7", "couldn't read", id="stuffed"),
        pytest.param("deploy", "I don't know", "That is all right", id="who doesn't know"),
        pytest.param("deploy", "Why do you think so?", "my own words", id="the question"),
        pytest.param("base", "", "Tell me a little more", id="a wrong decision without a reason"),
        pytest.param(
            "deploy", "My colleagues would surely like it very much.", "Name one", id="unsure"
        ),
    ],
)
def test_a_slip_costs_no_attempt(with_model: WithModel, picked: str, why: str, said: str) -> None:
    learner = with_model("decide", "sound")
    seen = learner.press(picked=picked, why=why)
    assert (seen.outcome, seen.counts, seen.kept) == ("unclear", (0, 0), {})
    assert said in seen.said
    assert learner.inputs["why"] == why, "what was written is not lost"


def test_the_settings_and_a_rival_are_named_with_their_figures(with_model: WithModel) -> None:
    said = with_model("decide", "weak").press(picked="parameters", why="It is underfit.").said
    own, usual = "multiplier 0.1, batch size 1, epochs 1", "multiplier 0.5, batch size 1, epochs 5"
    assert f"☐ The settings: {own}, and not the usual {usual}." in said
    assert "☐ With prompt: Plain language 3.89, your model 2.00." in said
    assert "Your model is clearly behind in: Plain language." in said
    assert "With prompt: good enough without training" in said
    sound = with_model("decide", "sound").press(picked="deploy", why=SOUND).said
    assert "Your model is clearly ahead in: Plain language." in sound
    assert "Guardrails: Accuracy: 98% → 97%, no proven difference; Usefulness" in sound


def test_what_flawed_data_or_a_bad_run_is_blamed_for_has_to_be_so(with_model: WithModel) -> None:
    learner = with_model("decide", "weak")
    seen = learner.copy().press(picked="parameters", why="The examples are bad.")
    assert (seen.outcome, seen.score) == ("missed", 0.5)
    assert "☑ Your data: " in seen.said
    seen = learner.press(picked="parameters", why="The run was underfit.")
    assert seen.outcome == "passed"
    assert seen.said.count("too short or too gentle") == 2, "as evidence, and when weighed"


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        pytest.param(f"1 {SOUND}", "passed", id="by its number"),
        pytest.param(f"1. {SOUND}", "passed", id="by its number with a point"),
        pytest.param(f"Use the tuned model. {SOUND}", "passed", id="by its words"),
        pytest.param(f"4 {SOUND}", "missed", id="another one"),
        pytest.param(f"0 {SOUND}", "unclear", id="none of that number"),
        pytest.param(f"5 {SOUND}", "unclear", id="beyond the last"),
        pytest.param(SOUND, "unclear", id="a reason without a decision"),
        pytest.param("1", "unclear", id="a decision without a reason"),
    ],
)
def test_a_typed_decision_names_its_option_first(
    with_model: WithModel, text: str, outcome: str
) -> None:
    assert with_model("decide", "sound").type(text).outcome == outcome


@pytest.mark.parametrize("kind", ["narrow", "weak"])
def test_the_way_back_to_training_is_offered_where_it_is_called_for(
    with_model: WithModel, kind: ModelKind
) -> None:
    learner = with_model("decide", kind)
    picked = {"narrow": "more-data", "weak": "parameters"}[kind]
    seen = learner.press(picked=picked, why="Accuracy stayed the same, at 100 %.")
    assert seen.outcome == "passed"
    assert "goto:train" in learner.buttons


def test_no_way_back_is_offered_after_the_decision_to_deploy(with_model: WithModel) -> None:
    learner = with_model("decide", "sound")
    learner.press(picked="deploy", why=SOUND)
    assert "goto:train" not in learner.buttons


def test_without_a_model_there_is_nothing_to_decide(at: At) -> None:
    learner = at("decide")
    assert learner.inputs == {}
    seen = learner.type(f"1 {SOUND}")
    assert (seen.outcome, seen.counts) == ("unclear", (0, 0))
    assert "no tuned model yet" in seen.said


def test_a_later_miss_takes_no_pass_away(with_model: WithModel) -> None:
    learner = with_model("decide", "sound")
    learner.press(picked="deploy", why=SOUND)
    learner.press("again")
    later = learner.press(picked="base", why=SOUND)
    assert (later.outcome, later.record.status, later.record.score) == ("missed", "passed", 1.0)
