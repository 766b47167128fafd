"""What a lesson's simulation is made of: what its author writes for it, and how it is declared.

A lesson names the kind in its `simulation`; `content/simulations.py` is the table of all.
"""

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar, TypeGuard

from pydantic import BaseModel

from content.frozen import Frozen
from content.world import Rubric, World, misfits
from content.yaml_nodes import Loc


def _is_model(kind: object) -> TypeGuard[type[BaseModel]]:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


class SimulationContent(Frozen):
    """What is written for a simulation. Each field is a file of its name beside lesson.yaml."""

    practises: ClassVar[bool] = False  # comes with training examples to take home: practice.jsonl

    @classmethod
    def files(cls) -> Mapping[str, type[BaseModel]]:
        """The files by their names without ".yaml", and what each is read into."""
        kinds = {name: field.annotation for name, field in cls.model_fields.items()}
        return {name: kind for name, kind in kinds.items() if _is_model(kind)}

    @classmethod
    def apart(cls) -> Mapping[str, tuple[Loc, ...]]:
        """For a file, which mappings in it may be written in files of their own.

        A mapping called `intents` is then `intents.yaml`, or every file of the folder `intents`.
        """
        return {}

    def misfits(self) -> Iterator[tuple[str, str]]:
        """What doesn't fit together: the field at fault, and words for its author."""
        yield from ()


class PersonaWorld(SimulationContent):
    """A company whose models are talked to, trained and judged."""

    practises = True

    world: World
    rubric: Rubric

    @classmethod
    def apart(cls) -> Mapping[str, tuple[Loc, ...]]:
        """What takes many examples: intents, what is about none of them, moods, acts of replies."""
        recognition = (("recognition", name) for name in ("elsewhere", "abbreviations"))
        return {"world": (("intents",), *recognition, ("marks",)), "rubric": (("acts",),)}

    def misfits(self) -> Iterator[tuple[str, str]]:
        """Names in the rubric that the world doesn't have."""
        for message in misfits(self.world, self.rubric):
            yield "rubric", message


@dataclass(frozen=True)
class Choices:
    """A setting of an experiment that is chosen: its options' ids; `many` lets several hold."""

    options: tuple[str, ...]
    many: bool = False


@dataclass(frozen=True)
class Span:
    """A setting of an experiment that is a number, from `lowest` to `highest`."""

    lowest: float
    highest: float


@dataclass(frozen=True)
class Declared:
    """What an experiment can be set to, by the settings' ids, and the figures that it gives."""

    settings: Mapping[str, Choices | Span]
    figures: tuple[str, ...]


class BenchContent(SimulationContent):
    """What is written for a simulation in which experiments are tried."""

    @property
    @abstractmethod
    def experiments(self) -> Mapping[str, Declared]:
        """Its experiments by their ids; the checker holds the lesson's steps against them."""

    @property
    def talks(self) -> bool:
        """Whether one can talk with the model of a trial."""
        return False
