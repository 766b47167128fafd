"""A computation is what its kind says, and never taken for another."""

import pytest

from content.frozen import Frozen
from content.loader import load
from content.stored import UnreadableError
from dialogs.simulations import registry
from dialogs.simulations.computation import Recipe, Result, Results, Simulation, recipe_key
from dialogs.simulations.persona import EvaluationRecipe, Example, TrainingRecipe
from dialogs.simulations.registry import (
    COMPUTATIONS,
    Computation,
    MissingResultError,
    UnknownComputationError,
)
from dialogs.tutor import Tutor

LINES = (Example(message="Where is it?", reply="On its way."),) * 3
TRAINING = TrainingRecipe(lesson="some", locale="en", examples=LINES)
EVALUATION = EvaluationRecipe(lesson="some", locale="en", training_key="abc")


class SumRecipe(Recipe):
    """Numbers to add."""

    numbers: tuple[int, ...]
    base: str


class Sum(Result):
    """What they add up to."""

    total: int


class Abacus(Simulation):
    """What adds."""

    def warm(self) -> None:
        """Nothing is costly here."""


def add(_: Abacus, recipe: SumRecipe, results: Results) -> Sum:
    base = results[recipe.base]
    assert isinstance(base, Sum)
    return Sum(recipe_key=recipe_key(recipe), total=base.total + sum(recipe.numbers))


@pytest.fixture
def _sums(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(COMPUTATIONS, "sum", Computation(Abacus, SumRecipe, Sum, add))


SUM = SumRecipe(lesson="some", locale="en", numbers=(1, 2), base="three")


@pytest.mark.usefixtures("_sums")
def test_one_more_entry_is_a_new_kind_of_computation() -> None:
    assert registry.kind_of(SUM) == "sum"
    assert registry.stored_recipe("sum").read(SUM.model_dump_json(), 1) == SUM
    made = registry.compute(Abacus(), SUM, {"three": Sum(recipe_key="three", total=3)})
    assert made == Sum(recipe_key=recipe_key(SUM), total=6)
    assert registry.kind_of(made) == "sum"
    assert registry.stored_result("sum").read(made.model_dump_json(), 1) == made


def test_an_unknown_kind_is_an_error() -> None:
    with pytest.raises(UnknownComputationError, match="SumRecipe"):
        registry.kind_of(SUM)
    with pytest.raises(UnknownComputationError, match="SumRecipe"):
        registry.compute(Abacus(), SUM, {})
    for stored in (registry.stored_recipe, registry.stored_result):
        with pytest.raises(UnknownComputationError, match='"sum"'):
            stored("sum")


@pytest.mark.parametrize("recipe", [TRAINING, EVALUATION])
def test_a_recipe_is_computed_in_a_simulation_of_its_own_kind_alone(recipe: Recipe) -> None:
    with pytest.raises(UnknownComputationError, match=f"{type(recipe).__name__} .* Abacus"):
        registry.compute(Abacus(), recipe, {})


def test_an_evaluation_without_its_training_judges_nothing() -> None:
    company = Tutor(load()).simulations["polite-chatbot", "en"]
    recipe = EVALUATION.model_copy(update={"customers": 20})
    with pytest.raises(MissingResultError, match="abc"):
        registry.compute(company, recipe, {})
    bare = registry.compute(company, recipe.model_copy(update={"training_key": ""}), {})
    with pytest.raises(MissingResultError, match="abc"):
        registry.compute(company, recipe, {"abc": bare})


@pytest.mark.parametrize(("kind", "recipe"), [("training", TRAINING), ("evaluation", EVALUATION)])
def test_a_stored_recipe_comes_back_as_it_was(kind: str, recipe: Recipe) -> None:
    assert registry.kind_of(recipe) == kind
    doc = registry.stored_recipe(kind).write(recipe)
    assert registry.recipe_of(recipe_key(recipe), doc, 1) == recipe
    assert registry.recipe_of("another", doc, 1) is None


def test_the_models_of_the_kinds_are_all_different() -> None:
    models: list[type[Frozen]] = [m for c in COMPUTATIONS.values() for m in (c.recipe, c.result)]
    assert len(models) == len(set(models))


def test_the_keys_of_stored_results_stay_what_they_were() -> None:
    """Another key for the same recipe would forget every model that learners have made."""
    assert recipe_key(TRAINING) == "08f47f6087178c9f75d08594060d73df"
    assert recipe_key(EVALUATION) == "321b767a203cf11d8ca0bad2847a9335"


def test_results_of_a_company_that_heard_otherwise_are_computed_again() -> None:
    """Their weights belong to other features: an older form is refused, so that it is made anew."""
    for kind in ("training", "evaluation"):
        stored = registry.stored_result(kind)
        for form in range(1, stored.form):
            with pytest.raises(UnreadableError):
                stored.read("{}", form)
