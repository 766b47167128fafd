"""What flawed lines did to the model is seen among its replies, or said to be too little to see."""

from dataclasses import replace

import pytest

from content.lesson import DashboardStep
from dialogs.simulations.persona import EvaluationRecipe, evaluate, train
from dialogs.tutor import Tutor
from dialogs.values.progress import TunedModel
from dialogs.values.scene import Scene
from dialogs.work.data_effects import data_effects
from dialogs.work.models import own_set
from tests.unit.data.conftest import Desk
from tests.unit.data.test_data_problems import laid_out
from tests.unit.personas.conftest import recipe


def trained(desk: Desk) -> Scene:
    """The dashboard of who trained and measured a model of the set with the usual settings."""
    scene = desk.scene(desk.lesson.steps_of(DashboardStep)[0])
    own = own_set(scene)
    training = train(desk.company, recipe(own.lines))
    asked = EvaluationRecipe(
        lesson=desk.lesson.id, locale="en", training_key=training.recipe_key, customers=200
    )
    evaluation = evaluate(desk.company, training, asked)
    model = TunedModel(training.recipe_key, own.digest, evaluation.recipe_key)
    results = {one.recipe_key: one for one in (training, evaluation)}
    return replace(scene, progress=replace(scene.progress, model=model), results=results)


def test_sound_lines_have_no_such_effect(tutor: Tutor) -> None:
    assert data_effects(trained(laid_out(tutor, 7))) == ()


@pytest.mark.parametrize(
    "flawed", ["rude-refund", "promise-parcel", "wrong-hours", "personal-card"]
)
def test_each_flaw_is_said_to_show_or_to_be_too_little_to_see(tutor: Tutor, flawed: str) -> None:
    told = data_effects(trained(laid_out(tutor, 7, flawed)))
    assert told
    for one in told:
        shows, hidden = "It shows:" in one, "It matters all the same" in one
        assert shows != hidden, one


@pytest.mark.parametrize(
    ("flawed", "sign", "said"),
    [
        # Some empty replies more than the base's, of the same customers.
        ("empty-bill", "Helpfulness 1 of 5", "It shows:"),
        # A sound set of the same size costs five right answers of these, too.
        ("wrong-hours", "no right answer", "Too little to be sure"),
        # The base is curt to nearly everybody: a model that is curt to a third doesn't show why.
        ("curt-order", "Politeness 2 of 5 or less", "only a run without them would show"),
    ],
)
def test_an_effect_is_said_to_show_where_sound_lines_have_none_like_it(
    tutor: Tutor, flawed: str, sign: str, said: str
) -> None:
    told = data_effects(trained(laid_out(tutor, 7, flawed)))
    (one,) = (line for line in told if sign in line)
    assert said in one


def test_many_rude_lines_are_seen_in_the_replies(tutor: Tutor) -> None:
    desk = Desk(tutor, tutor.library.lessons["polite-chatbot"])
    rude = [c for c in desk.selecting.conversations if c.character == "rude"]
    (said, *_) = data_effects(trained(desk.choose(*rude, *desk.good[:1])))
    assert "is harsh or mocks" in said
    assert "It shows:" in said
