"""Another company, with another goal than politeness, is YAML alone."""

import pytest
import yaml

from content.world import Rubric, World, misfits
from dialogs.simulations.persona import (
    Company,
    EvaluationRecipe,
    dashboard,
    data_problems,
    diagnose,
    evaluate,
    set_figures,
    train,
)
from tests.unit.personas.conftest import HERE, recipe, training_set


@pytest.fixture(scope="module")
def library() -> Company:
    folder = HERE / "second_lesson"
    world = World.model_validate(yaml.safe_load((folder / "world.yaml").read_text("utf-8")))
    rubric = Rubric.model_validate(yaml.safe_load((folder / "rubric.yaml").read_text("utf-8")))
    assert misfits(world, rubric) == ()
    return Company(world, rubric)


def test_a_long_winded_model_learns_to_be_brief(library: Company) -> None:
    message = "How do I renew a book?"
    said = library.base.reply(message).text
    assert said.startswith("With reference to your enquiry")
    assert library.observe(said, message) == ("long_winded",)
    lines = training_set(library, "concise", 36, 1)
    training = train(library, recipe(lines))
    tuned = library.tuned(training).reply(message).text
    assert tuned.startswith("Tap Renew beside the book in your account.")
    assert library.score(tuned, message).values["plainness"] == 5
    given = EvaluationRecipe(
        lesson="library", locale="en", training_key=training.recipe_key, customers=120
    )
    evaluation = evaluate(library, training, given)
    rows = {r.metric: r.comparison for r in dashboard(evaluation)}
    assert "politeness" not in rows
    assert rows["plainness"].low > 1
    assert rows["seconds"].high < 0  # a brief reply is a quick one
    found = diagnose(
        training, evaluation, data_problems(set_figures(library, lines), library.rubric)
    )
    assert found.data == ()
    assert found.grounds.keys() <= {"deploy", "base"}
