"""All exercises on the small model: the author's own way reaches every goal, in whole sentences."""

import pytest

from content.conditions import condition
from dialogs.simulations.experiment import Tried
from dialogs.simulations.small_model.model import (
    Model,
    TrainingLine,
    Turn,
    reply,
    trained,
    vocabulary,
)
from dialogs.steps import experiment
from dialogs.steps.experiment import Made
from tests.conversation.classroom import Classroom
from tests.lessons import tutor
from tests.unit.simulations.trials import LOCALES, known, step_of, tried

LESSONS = ("domain-adaptation", "evaluation-driven", "ethics", "multi-turn")
EXPERIMENT = "tune"


def way(lesson: str, locale: str) -> list[tuple[Made, Tried]]:
    """The trials of the author's way."""
    trials = []
    for values in step_of(lesson, EXPERIMENT, locale).way:
        found = tried(lesson, EXPERIMENT, dict(values), locale)
        trials.append((Made(values=dict(values), figures=dict(found.figures)), found))
    return trials


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("lesson", LESSONS)
def test_the_way_meets_every_goal_and_each_trial_says_something(lesson: str, locale: str) -> None:
    step = step_of(lesson, EXPERIMENT, locale)
    trials = way(lesson, locale)
    seen = [known(step, dict(made.values), made.figures) for made, _ in trials]
    for goal in step.goals:
        assert any(condition(goal.when).holds(trial) for trial in seen), goal.id
    assert len(trials) >= step.minimum
    room = Classroom(tutor(), lesson)
    edition = tutor().library.edition(lesson, locale).lessons[lesson]
    scene = tutor().scene(room.learner, edition, room.now, {})
    for at in range(len(trials)):
        lines = experiment.remarks(step, scene, [made for made, _ in trials], at)
        assert lines
        assert not any("{" in line or "}" in line for line in lines)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("lesson", LESSONS)
def test_every_case_says_whether_it_is_right_and_what_it_was_tuned_on(
    lesson: str, locale: str
) -> None:
    for _, found in way(lesson, locale):
        assert len(found.cases) >= 16
        assert any(case.behind for case in found.cases)
        assert all(case.said and "{" not in case.said for case in found.cases)


def test_the_same_trial_gives_the_same_model() -> None:
    lines = [
        TrainingLine((Turn("user", f"Where is number {n}?"), Turn("assistant", f"At door {n}.")))
        for n in (1, 2, 3)
    ]
    first, second = Model(vocabulary(lines)), Model(vocabulary(lines))
    assert trained(first, lines, 8, seed=1) == trained(second, lines, 8, seed=1)
    asked = [Turn("user", "So where is number 2?")]
    assert reply(first, asked) == reply(second, asked) == ["At", "door", "2", "."]


def test_loss_falls_with_each_epoch() -> None:
    lines = [
        TrainingLine((Turn("user", f"How is it in {n}?"), Turn("assistant", f"Fine in {n}.")))
        for n in ("May", "June", "July")
    ]
    losses = trained(Model(vocabulary(lines)), lines, 6, seed=3)
    assert losses[-1] < losses[0] / 2
