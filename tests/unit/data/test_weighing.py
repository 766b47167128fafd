"""What is weighed for the decision: in its order, with the figures, what fell first."""

import re
from dataclasses import replace

import pytest

from dialogs.reading.causes import Cause
from dialogs.simulations.persona import Evaluation
from dialogs.simulations.persona.diagnosis import Rival
from dialogs.tutor import Tutor
from dialogs.values.scene import Scene
from dialogs.work.weighing import diagnosis, ground, on_cause, usual_settings, weighed
from tests.unit.data.test_data_effects import trained
from tests.unit.data.test_data_problems import laid_out


@pytest.fixture(scope="module")
def sound(tutor: Tutor) -> Scene:
    """A good run on sound data."""
    return trained(laid_out(tutor, 7))


def test_all_that_was_weighed_stands_in_its_order(sound: Scene) -> None:
    found = diagnosis(sound)
    assert found
    run, data, prompted, few_shot, guardrails, price = weighed(sound, found)
    assert re.fullmatch(
        r"☑ The run: training loss \d\.\d\d → \d\.\d\d, validation loss \d\.\d\d → \d\.\d\d\. .+",
        run,
    )
    assert re.fullmatch(r"☑ Your data: \d+ lines about \d+ topics, and no fault found\.", data)
    for line, name in ((prompted, "With prompt"), (few_shot, "With examples")):
        assert re.match(rf"[☑☐] {name}: Response politeness \d\.\d\d, your model \d\.\d\d\. ", line)
    parts = guardrails.removeprefix("☑ Guardrails: ").split("; ")
    assert [part.partition(":")[0] for part in parts] == [
        "Accuracy",
        "Helpfulness",
        "No unbacked promises",
    ]
    assert re.fullmatch(
        r"The price: Response time: \d\.\d\d s → \d\.\d\d s, .+; Prompt tokens: your model \d+, "
        r"With prompt \d+, With examples \d+\. .+",
        price,
    )


def test_what_fell_comes_first_of_the_guardrails(sound: Scene) -> None:
    (shown,) = (one for one in sound.results.values() if isinstance(one, Evaluation))
    base, tuned = shown.sides["base"], shown.sides["tuned"]
    scales = {**tuned.scales, "helpfulness": "1" * len(shown.customers)}
    worse = tuned.model_copy(update={"scales": scales, "accurate": base.accurate})
    fallen = shown.model_copy(update={"sides": {**shown.sides, "tuned": worse}})
    scene = replace(sound, results={**sound.results, shown.recipe_key: fallen})
    found = diagnosis(scene)
    assert found
    (line,) = (one for one in weighed(scene, found) if "guardrail fell:" in one)
    names = re.findall(r"(Accuracy|Helpfulness|No unbacked promises):", line)
    assert names == ["Helpfulness", "Accuracy", "No unbacked promises"]


def test_a_ground_names_the_models_that_it_is_about(sound: Scene) -> None:
    found = diagnosis(sound)
    assert found
    both = tuple(sufficient(rival) for rival in found.rivals)
    enough = found.model_copy(update={"rivals": both})
    assert ground(sound, enough, "base").startswith("With prompt / With examples: good enough")
    one = found.model_copy(update={"rivals": both[1:]})
    assert ground(sound, one, "base").startswith("With examples: good enough")


def sufficient(rival: Rival) -> Rival:
    """The same one, where it does all that is asked."""
    return rival.model_copy(update={"missed": (), "harms": ()})


def test_a_statement_on_data_or_run_is_answered_with_its_line(sound: Scene) -> None:
    found = diagnosis(sound)
    assert found
    run, data, *_ = weighed(sound, found)
    assert on_cause(sound, found, Cause("data", at_fault=True)) == data
    assert on_cause(sound, found, Cause("run", at_fault=True)) == run
    nothing = replace(sound, progress=replace(sound.progress, model=None))
    assert on_cause(nothing, found, Cause("run", at_fault=True)) == ""
    assert weighed(nothing, found) == ()
    assert diagnosis(nothing) is None


def test_the_usual_settings_are_those_that_the_job_names(sound: Scene) -> None:
    usual = usual_settings(sound)
    assert usual
    assert (usual.learning_rate_multiplier, usual.batch_size, usual.n_epochs) == (1, 1, 3)
