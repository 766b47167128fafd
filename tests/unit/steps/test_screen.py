"""The screen step, where learners err: refused options, no option, notes beyond the last."""

import json
import re
from dataclasses import replace

import pytest

from content.lesson import ScreenStep
from content.rules import surroundings
from dialogs.steps import screen
from dialogs.values.actions import Answer
from dialogs.values.events import Pressed
from dialogs.values.replies import Code, Notice, Screen, Select
from dialogs.values.scene import Judged, Unclear
from dialogs.work.decisions import entered
from dialogs.work.figures import figures
from dialogs.work.training_set import TrainingSet
from tests.unit.conftest import At, ModelKind, WithModel
from tests.unit.steps.practice import Practice, practice_lesson


def asks(learner: Practice) -> dict[str, list[str]]:
    """What is still to be decided, and the options of each."""
    return {b.id: [o.id for o in b.options] for b in learner.blocks if isinstance(b, Select)}


def shown(learner: Practice) -> Screen:
    """The screen on the newest card."""
    return next(b for b in learner.blocks if isinstance(b, Screen))


@pytest.mark.parametrize("way", ["pressed", "typed"])
def test_a_refused_option_is_a_miss_and_is_asked_again(at: At, way: str) -> None:
    learner = at("form")
    seen = learner.press(base="numbers") if way == "pressed" else learner.type("3")
    assert (seen.outcome, seen.score, seen.counts) == ("missed", 0.0, (1, 1))
    assert "It writes no words." in seen.said
    assert seen.kept["decisions"] == {}
    assert asks(learner)["base"] == ["small", "large", "numbers"], "the same is asked"


def test_a_refused_second_option_keeps_the_first_decision(at: At) -> None:
    learner = at("form")
    both = learner.press(base="small", data="same")
    assert (both.outcome, both.record.status) == ("missed", "tried")
    assert both.kept["decisions"] == {"base": "small"}
    assert list(asks(learner)) == ["data"]
    last = learner.press(data="split")
    assert (last.outcome, last.score, last.counts) == ("passed", 1.0, (2, 1))
    assert last.kept["decisions"] == {"base": "small", "data": "split"}


def test_one_decision_of_two_is_taken_and_the_other_asked_for(at: At) -> None:
    learner = at("form")
    first = learner.press(data="file")
    assert (first.outcome, first.counts) == ("noted", (0, 0))
    assert first.kept["decisions"] == {"data": "file"}
    assert list(asks(learner)) == ["base"]
    assert learner.press(base="large").outcome == "passed"


@pytest.mark.parametrize(
    ("text", "decided"),
    [
        ("1 2", {"base": "small", "data": "split"}),
        ("2, 1", {"base": "large", "data": "file"}),
        ("b", {"base": "large"}),
        ("a share held back", {"data": "split"}),
    ],
)
def test_decisions_are_typed_together_or_one_at_a_time(
    at: At, text: str, decided: dict[str, str]
) -> None:
    assert at("form").type(text).kept["decisions"] == decided


@pytest.mark.parametrize(
    "picked",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"base": "dance"}, id="an unknown one"),
        pytest.param({"base": "file"}, id="one of the other decision"),
        pytest.param({"base": ("small", "large")}, id="two at once"),
    ],
)
def test_a_slip_decides_nothing(at: At, picked: dict[str, str | tuple[str, ...]]) -> None:
    seen = at("form").press(**picked)
    assert (seen.outcome, seen.counts, seen.kept) == ("unclear", (0, 0), {})
    assert "Choose in the screen first" in seen.said


@pytest.mark.parametrize("text", ["0", "4", "1 2 3", "the red one", "two"])
def test_what_names_no_option_is_a_slip(at: At, text: str) -> None:
    seen = at("form").type(text)
    assert (seen.outcome, seen.counts) == ("unclear", (0, 0))


def test_feedback_says_of_which_field_it_is(at: At) -> None:
    learner = at("form")
    learner.press(base="large", data="same")
    told = [(b.about, b.tone) for b in learner.blocks if isinstance(b, Notice)]
    assert told == [("base", "good"), ("data", "warning")]


@pytest.mark.parametrize("text", ["look", "Look around", "note"])
def test_each_look_shows_the_next_note_and_decides_nothing(at: At, text: str) -> None:
    learner, told = at("form"), []
    for read in (1, 2, 3, 4):
        seen = learner.type(text)
        assert (seen.kept["noted"], seen.counts) == (read, (0, 0))
        told += [b.text for b in learner.blocks if isinstance(b, Notice)]
    assert told == ["Note on models.", "Note on data.", "Note on next.", "Note on models."]
    assert learner.record("form").status == "tried"


def test_notes_can_be_asked_for(at: At) -> None:
    lesson = practice_lesson()
    form = lesson.step("form")
    assert isinstance(form, ScreenStep)
    asking = ScreenStep.model_validate({**form.model_dump(), "notes": 2})
    scene = replace(at("form").scene, step_id="form")
    given = Pressed(
        lesson="practice", step="form", ticket=0, digest="", learner="", do=Answer(),
        picks={"base": ("small",), "data": ("file",)}, texts={},
    )  # fmt: skip
    assert isinstance(screen.answer(asking, scene, given), Unclear)
    read = given.model_copy(update={"texts": {"notes": "1,3"}})
    assert isinstance(screen.answer(asking, scene, read), Judged)


def test_what_is_entered_goes_into_the_job(at: At) -> None:
    learner = at("form")
    learner.press(base="small", data="file", n_epochs=7, suffix="plain-2")
    learner.go("train")
    assert learner.inputs["n_epochs"] == 7.0
    assert entered(learner.lesson, learner.progress) == {"n_epochs": "7", "suffix": "plain-2"}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"n_epochs": "99"}, "Rounds"),
        ({"n_epochs": "2.5"}, "Rounds"),
        ({"suffix": "my model"}, "1 to 18 letters"),
        ({"suffix": ""}, "1 to 18 letters"),
    ],
)
def test_what_no_form_would_take_is_a_slip(at: At, given: dict[str, str], said: str) -> None:
    seen = at("form").press(base="small", data="file", **given)
    assert (seen.outcome, seen.counts, seen.kept) == ("unclear", (0, 0), {})
    assert said in seen.said


def test_a_field_is_filled_in_by_typing(at: At) -> None:
    learner = at("form")
    assert learner.type("Rounds: 4").kept["entered"] == {"n_epochs": "4"}
    assert learner.type("suffix = plain-3").kept["entered"] == {
        "n_epochs": "4",
        "suffix": "plain-3",
    }
    assert learner.type("rounds 99").outcome == "unclear"
    assert learner.inputs["n_epochs"] == 4.0


def test_decisions_stay_in_the_form_and_are_all_made_after_the_last(at: At) -> None:
    learner = at("form")
    said = learner.press(base="small", data="file", n_epochs=7).said
    assert "The form is filled in." in said
    looked = learner.look().said
    assert "The small one" in looked
    assert "Rounds: 7" in looked
    learner.type("try again")
    seen = learner.type("1")
    assert (seen.outcome, seen.record.status) == ("unclear", "passed")
    assert "All decisions on this screen are made." in seen.said


def test_the_screen_shows_the_first_lines_of_the_own_file(at: At) -> None:
    learner = at("choose")
    learner.press(picked=("renew", "fine", "room", "card"))
    learner.go("form").look()
    lines = next(p for p in shown(learner).parts if p.file).shows
    (code,) = lines
    assert isinstance(code, Code)
    first = json.loads(code.text.splitlines()[0])
    assert [m["role"] for m in first["messages"]] == ["system", "user", "assistant"]
    assert len(code.text.splitlines()) == 3


@pytest.mark.parametrize("picked", ["best", "last"])
def test_a_checkpoint_of_no_model_changes_nothing_else(at: At, picked: str) -> None:
    learner = at("finish")
    seen = learner.press(checkpoint=picked)
    assert (seen.outcome, seen.later) == ("passed", ())
    assert learner.progress.model is None


@pytest.mark.parametrize(("kind", "count"), [("sound", 2), ("weak", 1)])
def test_the_checkpoints_on_offer_are_never_the_same_one(
    with_model: WithModel, kind: ModelKind, count: int
) -> None:
    said = with_model("finish", kind).look().said
    told = re.findall(r"(?:best one|the others): epoch (\S+)", said)
    assert len(set(told)) == count
    assert all(epoch.isdigit() for epoch in told)


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
    learner.go("form").press(base="small", data=data)
    learner.go("train")
    learner.press(learning_rate_multiplier=0.5, batch_size=1, n_epochs=2)
    learner.wait(60)
    known = figures(learner.scene)
    tokens, billed = (int(known[k].replace(",", "")) for k in ("tokens", "billed_tokens"))
    assert billed == pytest.approx(2 * share * tokens, rel=0.02)


@pytest.mark.parametrize(
    ("place", "value", "loc", "said"),
    [
        ("annotations", {"target": "Modle", "text": "?"}, ("annotations", 0, "target"), "Modle"),
        ("annotations", {"target": "Data", "text": "?"}, ("annotations", 1, "target"), "already"),
        ("fields", {"label": "Model", "decides": "bass"}, ("fields", 0, "decides"), "bass"),
        ("fields", {"label": "Model"}, ("fields", 0), "shows nothing"),
        (
            "fields",
            {"label": "Model", "rows": (("a", "b"), ("c",))},
            ("fields", 0, "rows"),
            "cells",
        ),
        (
            "fields",
            {"label": "M", "decides": "base", "enters": "suffix"},
            ("fields", 0),
            "not both",
        ),
    ],
)
def test_an_author_learns_what_is_wrong_with_a_screen(
    place: str, value: dict[str, object], loc: tuple[str | int, ...], said: str
) -> None:
    lesson = practice_lesson()
    step = lesson.step("form")
    assert isinstance(step, ScreenStep)
    told = step.model_dump()
    told[place] = (value, *told[place][1:])
    found = dict(ScreenStep.model_validate(told).complaints(surroundings(lesson, None)))
    assert said in found[loc]


def test_settings_are_entered_for_a_job_only() -> None:
    lesson = practice_lesson()
    step = lesson.step("form")
    assert isinstance(step, ScreenStep)
    around = replace(surroundings(lesson, None), steps=())
    assert [at for at, _ in step.complaints(around)] == [("fields", 2, "enters")]
