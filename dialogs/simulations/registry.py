"""The one place that knows what is simulated, and what can be computed in it.

A new kind of simulation is one more entry of `BUILDERS`, a new kind of computation one more of
`COMPUTATIONS`. A kind that isn't there is an error, and never taken for another.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter

from content.costs import CostsContent
from content.distillation import DistillationContent
from content.errors import TutorError
from content.preferences import PreferencesContent
from content.retrieval import RetrievalContent
from content.simulation import PersonaWorld, SimulationContent
from content.small_model import SmallModelContent
from content.stored import Document, Stored, UnreadableError, Upgrade
from content.techniques import TechniquesContent
from dialogs.simulations.computation import Recipe, Result, Results, Simulation, recipe_key
from dialogs.simulations.costs import CostBench
from dialogs.simulations.distillation import DistillationBench
from dialogs.simulations.experiment import Bench, Trial, TrialRecipe, try_out
from dialogs.simulations.own_file import FileRecipe, FileReport, check_file
from dialogs.simulations.persona import (
    Company,
    Evaluation,
    EvaluationRecipe,
    Training,
    TrainingRecipe,
    evaluate,
    train,
)
from dialogs.simulations.persona.evaluation import with_usual_prompting
from dialogs.simulations.preferences import PreferenceBench
from dialogs.simulations.recorded_run import RecordableBench, RecordedRun, RunRecipe, record
from dialogs.simulations.retrieval import PageBench
from dialogs.simulations.small_model import SmallModel
from dialogs.simulations.techniques import TechniquesBench

Where = TypeVar("Where")
Asked = TypeVar("Asked", bound=Recipe)
Given = TypeVar("Given", bound=Result)


class ComputationError(TutorError):
    """A recipe that can't be computed, or a result that can't be read."""


class UnknownSimulationError(ComputationError):
    """A lesson's simulation is of a kind that nothing is built of."""


class UnknownComputationError(ComputationError):
    """A recipe or result is of a kind that this version of the tutor doesn't know."""


class MissingResultError(ComputationError):
    """A recipe rests on a result that isn't there."""


@dataclass(frozen=True)
class Computation(Generic[Where, Asked, Given]):
    """A kind of computation. `run` is also given the results that the recipe rests on.

    `simulation` is `object` where the lesson may have any, or none.

    Who changes the recipe or the result so that a stored one would be read wrongly or not at
    all adds an upgrade. A result that no upgrade can read is computed again.
    """

    simulation: type[Where]
    recipe: type[Asked]
    result: type[Given]
    run: Callable[[Where, Asked, Results], Given]
    recipe_upgrades: tuple[Upgrade, ...] = ()
    result_upgrades: tuple[Upgrade, ...] = ()

    @cached_property
    def stored_recipe(self) -> Stored[Asked]:
        """How its recipes are stored."""
        return Stored(self.recipe.__name__, TypeAdapter(self.recipe), self.recipe_upgrades)

    @cached_property
    def stored_result(self) -> Stored[Given]:
        """How its results are stored."""
        return Stored(self.result.__name__, TypeAdapter(self.result), self.result_upgrades)

    def compute(self, simulation: Simulation | None, recipe: Recipe, results: Results) -> Given:
        """Run the recipe. Raises UnknownComputationError in a simulation of another kind."""
        if not isinstance(simulation, self.simulation) or not isinstance(recipe, self.recipe):
            msg = f"{type(recipe).__name__} can't be computed in {type(simulation).__name__}"
            raise UnknownComputationError(msg)
        return self.run(simulation, recipe, results)


def _evaluate(company: Company, recipe: EvaluationRecipe, results: Results) -> Evaluation:
    training = results.get(recipe.training_key)
    if isinstance(training, Training):
        return evaluate(company, training, recipe)
    if recipe.training_key:
        msg = f"the training {recipe.training_key}, whose model is to be evaluated, isn't there"
        raise MissingResultError(msg)
    return evaluate(company, None, recipe)


def computed_anew(_: Document) -> Document:
    """Refuse a result of a company that heard otherwise: what is refused is computed again."""
    msg = "the company's models have changed"
    raise ValueError(msg)


def _check_file(simulation: object, recipe: FileRecipe, _: Results) -> FileReport:
    return check_file(simulation if isinstance(simulation, Simulation) else None, recipe)


# By the name that stored recipes and results carry, which is never changed.
COMPUTATIONS: dict[str, Computation[Any, Any, Any]] = {
    "training": Computation(
        Company,
        TrainingRecipe,
        Training,
        lambda company, recipe, _: train(company, recipe),
        result_upgrades=(computed_anew, computed_anew, computed_anew),
    ),
    "evaluation": Computation(
        Company,
        EvaluationRecipe,
        Evaluation,
        _evaluate,
        recipe_upgrades=(with_usual_prompting,),
        result_upgrades=(computed_anew, computed_anew, computed_anew),
    ),
    "file": Computation(object, FileRecipe, FileReport, _check_file),
    "trial": Computation(
        Bench, TrialRecipe, Trial, lambda bench, recipe, _: try_out(bench, recipe)
    ),
    "run": Computation(
        RecordableBench, RunRecipe, RecordedRun, lambda bench, recipe, _: record(bench, recipe)
    ),
}


# What is built of each kind's content.
BUILDERS: dict[type[SimulationContent], Callable[[Any], Simulation]] = {
    PersonaWorld: lambda content: Company(content.world, content.rubric),
    CostsContent: CostBench,
    RetrievalContent: PageBench,
    DistillationContent: DistillationBench,
    PreferencesContent: PreferenceBench,
    TechniquesContent: TechniquesBench,
    SmallModelContent: SmallModel,
}


def build(content: SimulationContent) -> Simulation:
    """Make a lesson's simulation. Raises UnknownSimulationError."""
    try:
        builder = BUILDERS[type(content)]
    except KeyError:
        msg = f"nothing is built of {type(content).__name__}"
        raise UnknownSimulationError(msg) from None
    return builder(content)


def kind_of(value: Recipe | Result) -> str:
    """The name of a recipe's or result's kind. Raises UnknownComputationError."""
    for name, known in COMPUTATIONS.items():
        if type(value) in {known.recipe, known.result}:
            return name
    msg = f"{type(value).__name__} belongs to no kind of computation"
    raise UnknownComputationError(msg)


def stored_recipe(kind: str) -> Stored[Recipe]:
    """How the recipes of a kind are stored. Raises UnknownComputationError."""
    return computation(kind).stored_recipe


def stored_result(kind: str) -> Stored[Result]:
    """How the results of a kind are stored. Raises UnknownComputationError."""
    return computation(kind).stored_result


def recipe_of(key: str, doc: str, form: int) -> Recipe | None:
    """The recipe of this key, of whatever kind; None where the document isn't its recipe."""
    for known in COMPUTATIONS.values():
        try:
            recipe: Recipe = known.stored_recipe.read(doc, form)
        except UnreadableError:
            continue
        if recipe_key(recipe) == key:
            return recipe
    return None


def compute(simulation: Simulation | None, recipe: Recipe, results: Results) -> Result:
    """Compute a recipe from the results that it rests on. Raises UnknownComputationError."""
    result: Result = computation(kind_of(recipe)).compute(simulation, recipe, results)
    return result


def computation(kind: str) -> Computation[Any, Any, Any]:
    """What is known of a kind. Raises UnknownComputationError."""
    try:
        return COMPUTATIONS[kind]
    except KeyError:
        msg = f'there is no computation of kind "{kind}"'
        raise UnknownComputationError(msg) from None
