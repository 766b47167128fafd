"""Recorded runs: a bench's training told epoch by epoch, what came of it, and models to ask."""

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass

from dialogs.simulations.computation import Recipe, Result, recipe_key
from dialogs.simulations.experiment import Bench, Values

Losses = tuple[tuple[float, float], ...]  # of the training lines and of held-out ones
Model = Callable[[str], str]  # says something to whatever is put to it


class RunRecipe(Recipe):
    """An experiment's training with its settings; `made_of` is the bench's digest.

    `before` are the settings of the model that it is held against, where an untrained one is.
    """

    experiment: str
    values: dict[str, tuple[str, ...]]
    before: dict[str, tuple[str, ...]] | None = None
    made_of: str
    seed: int = 105


class RecordedRun(Result):
    """A training as it went: the losses at its start and then after every `every` epochs.

    `figures` are those of the trial, `before` the same of the model that it is held against.
    """

    losses: Losses
    every: int
    figures: dict[str, float]
    before: dict[str, float] = {}


@dataclass(frozen=True)
class Course:
    """How a training went: the losses at its start, and after every `every` epochs."""

    losses: Losses
    every: int = 1


class RecordableBench(Bench):
    """A bench whose trainings can be recorded, and whose models can be asked afterwards."""

    @abstractmethod
    def course(self, values: Values, seed: int) -> Course:
        """How the training of a trial with these settings goes. Pure."""

    @abstractmethod
    def models(self, values: Values, seed: int) -> tuple[Model, Model]:
        """The model that a trial's is held against, and the trained one: the same each time."""


def record(bench: RecordableBench, recipe: RunRecipe) -> RecordedRun:
    """Run a training and keep how it went."""
    course = bench.course(recipe.values, recipe.seed)
    tried = bench.run(recipe.experiment, recipe.values, recipe.seed)
    before = {}
    if recipe.before is not None:
        before = dict(bench.run(recipe.experiment, recipe.before, recipe.seed).figures)
    return RecordedRun(
        recipe_key=recipe_key(recipe),
        losses=course.losses,
        every=course.every,
        figures={name: float(value) for name, value in tried.figures.items()},
        before={name: float(value) for name, value in before.items()},
    )
