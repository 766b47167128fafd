"""Every kind of step, when something comes that it didn't ask for, or isn't there yet."""

import pytest

from dialogs.values.events import Computed, Due
from tests.unit.conftest import At, WithModel
from tests.unit.steps.practice import practice_lesson

STEPS = [s.id for s in practice_lesson().steps]
FIGURES = ("figures", "where", "opinion", "decide")


@pytest.mark.parametrize("step", STEPS)
def test_what_no_step_asked_for_is_no_answer(at: At, step: str) -> None:
    learner = at(step)
    for event in (
        Computed(lesson="practice", run=1, step=step, key="k"),
        Due(lesson="practice", run=1, step=step, name="1:done"),
    ):
        seen = learner.send(event)
        assert (seen.facts, seen.later, seen.counts) == ((), (), (0, 0))
        assert seen.record.status != "passed"
        assert learner.progress.cursor == step


@pytest.mark.parametrize("step", STEPS)
def test_nor_is_it_one_for_who_has_a_model(with_model: WithModel, step: str) -> None:
    learner = with_model(step, "sound")
    before = learner.record(step)
    seen = learner.send(Computed(lesson="practice", run=1, step=step, key="k"))
    assert (seen.facts, seen.later) == ((), ())
    assert (seen.record.attempts, seen.record.status) in {
        (before.attempts, before.status),
        (before.attempts, "tried"),
    }


@pytest.mark.parametrize("step", STEPS)
def test_no_step_is_passed_by_nothing(with_model: WithModel, step: str) -> None:
    learner = with_model(step, "sound")
    before = learner.record(step)
    for text in ("", " ", "…", "?!"):
        learner.type(text)
    assert learner.record(step).attempts == before.attempts
    assert learner.record(step).status in (before.status, "tried")


@pytest.mark.parametrize("step", FIGURES)
def test_figures_that_are_still_computed_are_waited_for(with_model: WithModel, step: str) -> None:
    learner = with_model(step, "sound")
    model = learner.progress.model
    assert model
    assert model.evaluation
    evaluation = learner.results.pop(model.evaluation)
    waiting = learner.look()
    assert "held-out customers" in waiting.said
    assert learner.buttons[0] == "look"
    assert learner.inputs == {}
    for seen in (learner.press("look"), learner.type("look"), learner.type("1")):
        assert (seen.outcome, seen.counts) == ("unclear", (0, 0))
    learner.results[model.evaluation] = evaluation
    learner.look()
    assert learner.inputs != {}


@pytest.mark.parametrize("step", FIGURES)
def test_figures_that_are_waited_for_are_shown_when_they_are_there(
    with_model: WithModel, step: str
) -> None:
    learner = with_model(step, "sound")
    model = learner.progress.model
    assert model
    assert model.evaluation
    evaluation = learner.results.pop(model.evaluation)
    learner.look()
    assert learner.inputs == {}
    learner.results[model.evaluation] = evaluation
    (job,) = (s.id for s in practice_lesson().steps if s.kind == "job")
    there = Computed(lesson="practice", run=1, step=job, key=model.evaluation)
    shown = learner.send(there)
    assert learner.inputs != {}, "nobody has to press Look"
    assert [fact.kind for fact in shown.facts] == ["model-measured"], "nothing was answered"
