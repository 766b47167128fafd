"""The simulations that a lesson can have: what its author writes for each.

A lesson names the kind in its `simulation`; `dialogs/simulations/registry.py` says what is
built of it. A new kind is a class here, with an entry in `SIMULATIONS`, and a row there.
"""

from collections.abc import Iterator, Mapping
from typing import TypeGuard

from pydantic import BaseModel

from content.frozen import Frozen
from content.world import Rubric, World, misfits
from content.yaml_nodes import Loc


def _is_model(kind: object) -> TypeGuard[type[BaseModel]]:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


class SimulationContent(Frozen):
    """What is written for a simulation. Each field is a file of its name beside lesson.yaml."""

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


SIMULATIONS: dict[str, type[SimulationContent]] = {"persona": PersonaWorld}
