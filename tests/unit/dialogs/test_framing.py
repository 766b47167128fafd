"""What stands around a step: what was left in its inputs, what is read only, where one is."""

from dataclasses import replace

import pytest

from dialogs.values.replies import ProgressBar
from tests.unit.conftest import At
from tests.unit.steps.practice import Practice

READ = ("needs", "talk", "pick", "goals", "say")


def bar(learner: Practice) -> ProgressBar:
    (found,) = (b for b in learner.blocks if isinstance(b, ProgressBar))
    return found


@pytest.mark.parametrize(
    ("step", "left", "shown"),
    [
        ("needs", {"picked": ("facts", "dance")}, {"picked": ("facts",)}),
        ("order", {"order": ("run", "dance", "model")}, {"order": ("run", "model")}),
        ("goals", {"plainness": "3.5", "accuracy": "many"}, {"plainness": 3.5, "accuracy": 90}),
        ("goals", {"plainness": "", "accuracy": "85"}, {"plainness": 4, "accuracy": 85}),
        ("say", {"text": "plain"}, {"text": "plain"}),
        ("write", {"line": "   "}, {"line": "   "}),
        ("say", {"other": "what is not asked"}, {"text": ""}),
    ],
)
def test_a_slip_leaves_in_the_inputs_what_can_stand_there(
    at: At, step: str, left: dict[str, str | tuple[str, ...]], shown: dict[str, object]
) -> None:
    learner = at(step)
    assert learner.press(**left).outcome == "unclear"
    assert learner.inputs == shown


@pytest.mark.parametrize(
    ("step", "values", "read"),
    [
        ("needs", {"picked": ("facts", "words", "step")}, ["☑ Right facts"]),
        ("pick", {"picked": ("tone",)}, ["☑ The tone"]),
        ("goals", {"plainness": "4.5", "accuracy": "95"}, ["Plain language: 4.5"]),
        ("order", {"order": ("model", "upload", "check", "run", "deploy")}, ["2. Upload the file"]),
        (
            "say",
            {"text": "It should use simple words and name the next step."},
            ["It should use simple words and name the next step."],
        ),
    ],
)
def test_a_passed_step_is_read_as_it_was_answered(
    at: At, step: str, values: dict[str, str | tuple[str, ...]], read: list[str]
) -> None:
    learner = at(step)
    assert learner.press(**values).outcome == "passed"
    seen = learner.look()
    assert learner.inputs == {}
    for line in read:
        assert line in seen.said
    assert learner.buttons[-1] == "again"


def test_the_overview_says_what_is_done_what_is_open_and_how_to_review(at: At) -> None:
    learner = at("pick").pass_all("needs")
    said = learner.type("progress").said
    assert "▶ Read" in said
    assert "☐ Make" in said
    assert "☐ Answer the questions" in said
    assert "Still to do: Pick, Goals, Say" in said
    assert "You are at Pick." in said
    assert "1. Needs" in said
    assert "Make the set" not in said, "what lies ahead isn't told in parts"


def test_the_overview_of_a_finished_lesson_has_nothing_open(at: At) -> None:
    learner = at("complete")
    learner.pass_all(*READ, "choose", "write", "check-set", "order", "form", "where", "decide")
    learner.pass_all("exam")
    learner.progress = replace(learner.progress, frontier="complete")
    said = learner.type("progress").said
    assert "☑ Judge: complete" in said
    assert "Still to do" not in said


def test_the_overview_of_who_did_nothing_offers_no_review(at: At) -> None:
    assert "Finished steps" not in at("intro").type("progress").said


@pytest.mark.parametrize(
    ("step", "buttons"),
    [
        ("start", ["begin", "help"]),
        ("intro", ["next", "back", "help"]),
        ("tour", ["next", "back", "skip", "help"]),
        ("pick", ["answer", "back", "help"]),
        ("picks", ["answer", "next", "back", "help"]),
        ("complete", ["goto:needs", "goto:pick", "goto:goals", "back", "help"]),
    ],
)
def test_only_what_may_be_done_is_offered(at: At, step: str, buttons: list[str]) -> None:
    assert at(step).buttons == buttons


@pytest.mark.parametrize("step", ["intro", "tour", "pick", "picks", "choose", "complete"])
def test_one_button_stands_out(at: At, step: str) -> None:
    learner = at(step)
    assert learner.card
    assert [b.primary for b in learner.card.buttons].count(True) == 1


def test_after_a_pass_the_way_on_stands_out(at: At) -> None:
    learner = at("pick")
    learner.press(picked=("tone",))
    assert learner.card
    (first,) = (b for b in learner.card.buttons if b.primary)
    assert first.text == "Next"
    assert learner.buttons == ["next", "back", "again"]


def test_the_bar_shows_the_phases_and_the_place_in_them(at: At) -> None:
    learner = at("choose")
    learner.progress = replace(learner.progress, frontier="make")
    learner.look()
    found = bar(learner)
    assert found.label == "Phase 2 of 3 · Make · step 1 of 9"
    assert [p.state for p in found.parts] == ["done", "here", "ahead"]
    assert [p.share for p in found.parts] == [1.0, 0.0, 0.0]
    end = bar(learner.go("complete"))
    assert (end.label, end.value) == ("Practice", end.of)
