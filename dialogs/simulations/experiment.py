"""Experiments: what a learner sets becomes a trial, which is really computed.

A bench is a simulation in which experiments are tried. Its words are content, its computing is
plain: the same content and settings give the same trial, in some three seconds at most.
"""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import ClassVar, Literal

from content.frozen import Frozen
from content.simulation import BenchContent, Choices, Declared, Span
from dialogs.simulations.computation import Recipe, Result, Simulation, recipe_key

__all__ = ["Bench", "Case", "Choices", "Declared", "Line", "Passage", "Span", "Tried", "Values"]

# A setting's id and the ids of the options that are chosen; a number as its text.
Values = Mapping[str, tuple[str, ...]]


class Passage(Frozen):
    """What lies behind an answer: a document, an example; `mark` says whether it helped."""

    title: str
    text: str
    mark: Literal["good", "bad", ""] = ""


class Case(Frozen):
    """A question that was held out, what was said to it, and whether that is right.

    One that is the learner's `own` is shown whatever else is. `chance`: what was said would have
    been right by luck, since nothing before it mattered. `unasked`: it is of the right thing, and
    tells something else of it than was asked.
    """

    title: str
    said: str
    right: bool | None = None
    behind: tuple[Passage, ...] = ()
    own: bool = False
    chance: bool = False
    unasked: bool = False


class Line(Frozen):
    """A curve."""

    name: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Tried:
    """What a trial gave. `figures` has every figure that its experiment declares."""

    figures: Mapping[str, float]
    cases: tuple[Case, ...] = ()
    lines: tuple[Line, ...] = ()


class TrialRecipe(Recipe):
    """An experiment with its settings; `made_of` is the digest of what it is computed with.

    With something `said`, a conversation is held with the trial's model in place of the trial.
    """

    experiment: str
    values: dict[str, tuple[str, ...]]
    made_of: str
    seed: int = 105
    said: tuple[str, ...] = ()


class Trial(Result):
    """A trial's outcome."""

    figures: dict[str, float]
    cases: tuple[Case, ...] = ()
    lines: tuple[Line, ...] = ()


class Bench(Simulation):
    """A simulation in which experiments are tried.

    Who changes its computing raises `version`, so that what was computed before is computed anew.
    """

    version: ClassVar[int] = 1

    def __init__(self, content: BenchContent) -> None:
        self.content = content
        self.experiments: Mapping[str, Declared] = content.experiments
        told = f"{type(self).__name__} {self.version} {content.model_dump_json()}"
        self.digest = blake2b(told.encode(), digest_size=8).hexdigest()

    def warm(self) -> None:
        """Make what is costly now; most benches have nothing."""

    def talk(self, experiment: str, values: Values, seed: int, said: Sequence[str]) -> Tried:
        """Hold a conversation with a trial's model: a case for each message, and no figures.

        Of a case it is right that the reply keeps the thread, wrong that it loses it; None where
        there is none yet, or a reply names the right thing by `chance`. Of a bench whose models
        talk this is pure, as `run` is.
        """
        del experiment, values, seed, said
        return Tried({})

    @abstractmethod
    def run(self, experiment: str, values: Values, seed: int) -> Tried:
        """Try an experiment. Pure; every declared setting is there, with values that it can have.

        Of an option setting that isn't `many` exactly one option is chosen.
        """


def try_out(bench: Bench, recipe: TrialRecipe) -> Trial:
    """Run a trial's recipe."""
    if recipe.said:
        tried = bench.talk(recipe.experiment, recipe.values, recipe.seed, recipe.said)
    else:
        tried = bench.run(recipe.experiment, recipe.values, recipe.seed)
    return Trial(
        recipe_key=recipe_key(recipe),
        figures={name: float(tried.figures[name]) for name in tried.figures},
        cases=tried.cases,
        lines=tried.lines,
    )


def one(values: Values, name: str) -> str:
    """The one option that is chosen of a setting, or a number's text."""
    return values[name][0]


def amount(values: Values, name: str) -> float:
    """The number that was set."""
    return float(values[name][0])
