from collections.abc import Sequence

import pytest

from dialogs.simulations.persona import (
    Company,
    Diagnosis,
    Evaluation,
    EvaluationRecipe,
    Example,
    Training,
    dashboard,
    data_problems,
    diagnose,
    evaluate,
    set_figures,
    train,
)
from dialogs.simulations.persona.measurements import row
from tests.unit.personas.conftest import recipe, training_set

SEEDS = (21, 22)
LONG: dict[str, object] = {"n_epochs": 30, "seed": 21}


def evaluated(
    company: Company,
    lines: Sequence[Example],
    settings: dict[str, object],
    epoch: int | None = None,
) -> tuple[Training, Evaluation]:
    training = train(company, recipe(lines, **settings))
    given = EvaluationRecipe(
        lesson="polite-chatbot", locale="en", training_key=training.recipe_key, epoch=epoch
    )
    return training, evaluate(company, training, given)


def diagnosed(
    company: Company,
    lines: Sequence[Example],
    settings: dict[str, object],
    *,
    targets: dict[str, float] | None = None,
    epoch: int | None = None,
) -> Diagnosis:
    training, evaluation = evaluated(company, lines, settings, epoch)
    problems = data_problems(set_figures(company, lines), company.rubric)
    return diagnose(training, evaluation, problems, targets)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("size", [36, 50, 70])
def test_sound_data_and_a_good_run_are_blamed_for_nothing(
    company: Company, size: int, seed: int
) -> None:
    lines = training_set(company, "good", size, seed)
    found = diagnosed(company, lines, {"seed": seed})
    assert (found.data, found.kind) == ((), "good")
    assert found.grounds.keys() <= {"deploy", "base"}, "a prompt alone may do as well"
    _, evaluation = evaluated(company, lines, {"seed": seed})
    politeness = row(dashboard(evaluation), "politeness").comparison
    assert politeness.b > politeness.a + 2


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("character", "size"),
    [
        ("good", 14),
        ("rude", 50),
        ("empty", 50),
        ("wrong", 50),
        ("contradictory", 50),
        ("promise", 50),
    ],
)
def test_unsound_data_needs_better_data(
    company: Company, character: str, size: int, seed: int
) -> None:
    found = diagnosed(company, training_set(company, character, size, seed), {"seed": seed})
    assert found.grounds["more-data"] == "data"
    assert "deploy" not in found.grounds


@pytest.mark.parametrize("seed", SEEDS)
def test_a_set_of_two_topics_needs_others(company: Company, seed: int) -> None:
    lines = training_set(company, "good", 40, seed, ["refund-request", "forgot-password"])
    found = diagnosed(company, lines, {"seed": seed})
    assert found.grounds["more-data"] == "data"


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("kind", "size", "settings"),
    [
        ("underfit", 50, {"learning_rate_multiplier": 0.1}),
        ("underfit", 50, {"n_epochs": 1}),
        ("overfit", 36, {"n_epochs": 30}),
        ("diverged", 50, {"learning_rate_multiplier": 10.0}),
    ],
)
def test_a_bad_run_on_sound_data_needs_other_parameters(
    company: Company, kind: str, size: int, settings: dict[str, object], seed: int
) -> None:
    lines = training_set(company, "good", size, seed)
    found = diagnosed(company, lines, {"seed": seed, **settings})
    assert (found.next_step, found.grounds["parameters"], found.kind) == ("parameters", "run", kind)


@pytest.mark.parametrize("seed", SEEDS)
def test_data_like_the_base_gains_nothing(company: Company, seed: int) -> None:
    found = diagnosed(company, training_set(company, "curt", 50, seed), {"seed": seed})
    assert found.grounds.keys() == {"base", "more-data"}


def test_fewer_epochs_can_save_an_overfit_run(company: Company) -> None:
    lines = training_set(company, "good", 36, 21)
    assert diagnosed(company, lines, LONG).kind == "overfit"
    best = train(company, recipe(lines, **LONG)).best_epoch
    found = diagnosed(company, lines, {**LONG, "n_epochs": best})
    assert found.kind == "good"
    assert "parameters" not in found.grounds
