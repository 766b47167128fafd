"""What is written for the exercise on distillation: messages by topic, what the teacher is told.

`bench.yaml` of a lesson with `simulation: distillation` loads into `Distillation`;
`dialogs/simulations/distillation/` labels the messages and trains a student on them.
"""

from collections.abc import Mapping
from typing import Annotated, Self

from pydantic import Field, model_validator

from content.frozen import Frozen
from content.simulation import BenchContent, Choices, Declared, Span
from content.world import Name, Words

Dollars = Annotated[float, Field(ge=0)]
Lines = Annotated[tuple[Words, ...], Field(min_length=1)]

SIZES = {"tiny": 32, "small": 256, "large": 4096}  # features that a student has, by its name


class Topic(Frozen):
    """A topic that messages are sorted by.

    The teacher is told of it by `first`, and in a second asking by `second`. It labels the lines
    of the `pool`; `held_out` are never labelled and never trained on.
    """

    id: Name
    label: Words
    first: Lines
    second: Lines
    pool: Lines
    held_out: Lines


class Calls(Frozen):
    """Tokens of a call besides the message: its `instructions`, and the `answer`."""

    instructions: Annotated[int, Field(ge=0)]
    answer: Annotated[int, Field(ge=1)]


class Rate(Frozen):
    """Dollars for a million tokens that a model reads, and writes."""

    reads: Dollars
    writes: Dollars


class Prices(Frozen):
    """What both models cost; `training` a million tokens, `hosting` the student an hour."""

    teacher: Rate
    student: Rate
    training: Dollars
    hosting: Dollars


class CaseWords(Frozen):
    """What is behind a case: who says the true label, the teacher's, and lines of the training."""

    truth: Words
    teacher: Words
    label: Annotated[str, Field(pattern=r"\{label\}.*\{sure\}")]
    training: Words
    labelled: Annotated[str, Field(pattern=r"\{text\}.*\{label\}")]


class Distillation(Frozen):
    """The messages. `noise` are lines of the pool that are about none of the topics."""

    topics: Annotated[tuple[Topic, ...], Field(min_length=3)]
    noise: Lines
    calls: Calls
    prices: Prices
    words: CaseWords

    @model_validator(mode="after")
    def _nothing_twice(self) -> Self:
        lines = [line for topic in self.topics for line in (*topic.pool, *topic.held_out)]
        twice = sorted({line for line in lines if lines.count(line) > 1})
        names = [topic.id for topic in self.topics]
        twice += sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError("; ".join(f"{one!r} stands here twice" for one in twice))
        return self


class DistillationContent(BenchContent):
    """A large model that labels, a small one that learns from it."""

    bench: Distillation

    @property
    def experiments(self) -> Mapping[str, Declared]:
        """One: how many lines are labelled, what is left out of them, and how large the student."""
        pool = sum(len(topic.pool) for topic in self.bench.topics) + len(self.bench.noise)
        return {
            "distil": Declared(
                settings={
                    "lines": Span(lowest=10, highest=pool),
                    "filter": Choices(options=("agree", "sure", "read"), many=True),
                    "student": Choices(options=tuple(SIZES)),
                    "volume": Span(lowest=0, highest=10_000_000),
                },
                figures=(
                    "teacher-right",
                    "student-right",
                    "agrees",
                    "kept",
                    "wrong-labels",
                    "minutes",
                    "teacher-month",
                    "student-month",
                    "labelling",
                    "teacher-ms",
                    "student-ms",
                ),
            )
        }
