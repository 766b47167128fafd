"""The base of all computations: recipes, results, and simulations that they run in."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from hashlib import blake2b

from content.frozen import Frozen


class Recipe(Frozen):
    """Everything that decides a computation: equal recipes give equal results."""

    lesson: str
    locale: str

    @property
    def rests_on(self) -> tuple[str, ...]:
        """The keys of the results that this is computed from."""
        return ()


class Result(Frozen):
    """The outcome of a computation. `recipe_key` is the digest of its recipe."""

    recipe_key: str


Results = Mapping[str, Result]  # by their keys


class Simulation(ABC):
    """A simulated world that a lesson's steps compute in: built once, then shared."""

    @abstractmethod
    def warm(self) -> None:
        """Make what is costly now, so that no learner waits for it."""

    def texts(self, text: str) -> Sequence[str]:
        """What is read by its meaning of a text that a learner wrote, besides its sentences."""
        del text
        return ()


def recipe_key(recipe: Recipe) -> str:
    """A digest of a recipe: equal recipes have equal keys.

    Stored results are found by it, so a recipe's class is never renamed.
    """
    said = f"{type(recipe).__name__}:{recipe.model_dump_json()}"
    return blake2b(said.encode(), digest_size=16).hexdigest()
