"""The steps that ask nothing: start, information, explanation and the end."""

import pytest

from dialogs.values.facts import LessonStarted
from tests.unit.conftest import At


@pytest.mark.parametrize("step", ["intro", "tour", "complete"])
@pytest.mark.parametrize("text", ["1", "banana", "", "42 43"])
def test_an_answer_where_nothing_is_asked_is_told_how_to_go_on(
    at: At, step: str, text: str
) -> None:
    learner = at(step)
    seen = learner.type(text)
    assert (seen.outcome, seen.counts, learner.progress.cursor) == ("unclear", (0, 0), step)
    assert "I can't make anything of that" in seen.said


@pytest.mark.parametrize(("step", "there"), [("intro", "tour"), ("complete", "complete")])
def test_a_yes_goes_on_where_nothing_is_asked(at: At, step: str, there: str) -> None:
    learner = at(step)
    learner.type("ok then")
    assert learner.progress.cursor == there


@pytest.mark.parametrize("text", ["1", "banana", ""])
def test_what_is_no_beginning_begins_nothing(at: At, text: str) -> None:
    learner = at("start")
    seen = learner.type(text)
    assert (learner.progress.cursor, learner.progress.started) == ("start", False)
    assert 'type "Begin"' in seen.said


@pytest.mark.parametrize("text", ["begin", "Begin Exercise", "start!", "next"])
def test_the_lesson_is_begun_by_typing_too(at: At, text: str) -> None:
    learner = at("start")
    seen = learner.type(text)
    assert learner.progress.cursor == "intro"
    assert [type(f) for f in seen.facts] == [LessonStarted]


def test_a_lesson_is_begun_once_a_run(at: At) -> None:
    learner = at("start")
    learner.press("begin")
    learner.type("back")
    assert learner.type("begin").facts == ()


def test_the_end_too_early_names_what_is_open_and_leads_there(at: At) -> None:
    learner = at("complete")
    learner.pass_all("needs", "pick", "say", "choose", "write", "check-set", "order", "form")
    seen = learner.look()
    assert "Some things are open." in seen.said
    assert "It is done." not in seen.said
    assert "A page" not in seen.said
    assert [t for t in seen.buttons if t.startswith("Go to")] == [
        "Go to: Goals",
        "Go to: Where",
        "Go to: Decide",
    ]


def test_the_way_from_the_end_is_barred_where_it_is_barred_for_next(at: At) -> None:
    learner = at("complete")
    learner.pass_all("needs", "pick", "say")
    learner.look()
    seen = learner.press("goto:choose")
    assert "comes later" in seen.said
    assert learner.progress.cursor == "complete"
