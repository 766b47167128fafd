"""The buttons that a kind of step has of its own, and what is typed for them."""

import pytest

from content.lesson import JobStep
from dialogs.steps import registry
from dialogs.steps.registry import TAUGHT, AmbiguousActionError, Kind
from dialogs.values.actions import Answer, Own
from tests.unit.conftest import At, WithModel
from tests.unit.steps.practice import Practice, practice_lesson

STEPS = [s.id for s in practice_lesson().steps]


def hold(learner: Practice) -> None:
    """What may be typed is just what may be pressed, and its kind names all that it does."""
    scene = learner.scene
    step = scene.lesson.step(scene.step_id)
    assert step
    pressed = [b for b in registry.present(step, scene).buttons if not isinstance(b.do, Answer)]
    assert pressed == list(registry.buttons(step, scene))
    assert {b.do for b in pressed if isinstance(b.do, Own)} <= set(TAUGHT[type(step)].own)


@pytest.mark.parametrize("step", STEPS)
def test_a_buttons_words_may_be_typed_at_every_step(
    at: At, with_model: WithModel, step: str
) -> None:
    hold(at(step))
    learner = with_model(step, "sound")
    hold(learner)
    for text in ("1", "2", "{", "look", "start"):
        learner.type(text)
        hold(learner)


@pytest.mark.parametrize("name", ["next", "answer", "say", "goto:lab", "lesson:x", "language:de"])
def test_no_kind_may_name_its_button_like_something_else(name: str) -> None:
    ambiguous = Kind(JobStep, TAUGHT[JobStep].present, own=(Own(name),))
    with pytest.raises(AmbiguousActionError, match=f'JobStep can have no button "{name}"'):
        registry.check({**TAUGHT, JobStep: ambiguous})
