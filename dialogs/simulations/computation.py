"""What every simulation's computations have in common: a recipe, a result, and where it runs."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
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
    """What a computation gave. `recipe_key` is the digest of its recipe."""

    recipe_key: str


Results = Mapping[str, Result]  # by their keys


class Simulation(ABC):
    """What a lesson's steps compute in, built once for a lesson and then shared."""

    @abstractmethod
    def warm(self) -> None:
        """Make what is costly now, so that no learner waits for it."""


def recipe_key(recipe: Recipe) -> str:
    """A digest of a recipe: equal recipes have equal keys.

    Stored results are found by it, so a recipe's class is never renamed.
    """
    said = f"{type(recipe).__name__}:{recipe.model_dump_json()}"
    return blake2b(said.encode(), digest_size=16).hexdigest()
