"""What all kinds of step share, and what a kind says of itself."""

from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from content.frozen import Frozen
from content.simulation import PersonaWorld, SimulationContent
from content.world import Rubric, World

Id = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
# A name that the lesson's world, its rubric or a figure of the dashboard has.
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*([-_][a-z0-9]+)*$", max_length=40)]
Words = Annotated[str, Field(min_length=1, max_length=4000)]

Loc = tuple[int | str, ...]  # a place in a model: keys, and indexes from 0
Complaint = tuple[Loc, str]  # what an author must mend, and where

Material = Literal["examples", "model"]  # what steps make and later ones work with
EXAMPLES: frozenset[Material] = frozenset({"examples"})
MODEL: frozenset[Material] = frozenset({"model"})


class Image(Frozen):
    """A picture: `source` is a file beside the lesson's YAML, `alt` says what it shows."""

    source: Words
    alt: Words


@dataclass(frozen=True)
class Surroundings:
    """What a step may refer to outside itself.

    `metrics` are those that the lesson's dashboards show, None where there is no dashboard;
    `simulation` is None where the lesson has none, or a faulty one.
    """

    phases: tuple[str, ...]
    steps: tuple["BaseStep", ...]
    metrics: frozenset[str] | None
    simulation: SimulationContent | None

    @property
    def world(self) -> World | None:
        """The persona company, where there is one."""
        return self.simulation.world if isinstance(self.simulation, PersonaWorld) else None

    @property
    def rubric(self) -> Rubric | None:
        """How its replies are scored, where there is one."""
        return self.simulation.rubric if isinstance(self.simulation, PersonaWorld) else None


class BaseStep(Frozen):
    """What all kinds of step share.

    `tutorial` marks explanations that "skip tutorial" passes over; `optional` marks
    work that nothing requires; `terms` are glossary ids explained where the step stands.
    """

    # What is known of a kind, for whoever deals with its steps.
    assessed: ClassVar[bool]  # there to be passed, and not just to be read; each kind says it
    stays_open: ClassVar[bool] = False  # goes on as before once it is passed: more can be tried
    reopens: ClassVar[bool] = False  # who returns to the passed step finds it open
    written: ClassVar[bool] = False  # answered in the learner's own words
    converses: ClassVar[bool] = False  # answers in messages of their own, and its card stays one
    live: ClassVar[bool] = False  # more comes by itself: the newest message replaces the last one
    gives: ClassVar[frozenset[Material]] = frozenset()  # what later steps can work with
    simulation: ClassVar[str | None] = None  # the kind of simulation that the lesson must have
    # How its texts count in an estimate: names of texts that this learner doesn't meet, and lists
    # whose texts repeat the one before.
    unread: ClassVar[frozenset[str]] = frozenset()
    repeats: ClassVar[frozenset[str]] = frozenset()
    # What of its texts doesn't stand on its card at once: what comes after an answer or is opened,
    # and lists of which one member is shown at a time.
    later: ClassVar[frozenset[str]] = frozenset()
    one_by_one: ClassVar[frozenset[str]] = frozenset()
    missable: ClassVar[bool] = False  # an answer can be wrong, and is then given again

    id: Id
    title: Words
    help: Words
    optional: bool = False
    tutorial: bool = False
    terms: tuple[Id, ...] = ()
    kind: str

    @property
    @abstractmethod
    def effort_s(self) -> float:
        """Seconds that a careful beginner needs for what the step asks, beyond reading."""

    @property
    def answers(self) -> int:
        """How many answers that time is for."""
        return 1

    @property
    def needs(self) -> frozenset[Material]:
        """What earlier steps must have made."""
        return frozenset()

    def share_read(self, loc: Loc) -> float:
        """How much of the text at `loc` a careful beginner reads, 0.0 to 1.0."""
        return 1.0

    def complaints(self, around: Surroundings) -> Iterator[Complaint]:
        """What is wrong with the step beyond its shape; places are inside the step."""
        yield from ()
