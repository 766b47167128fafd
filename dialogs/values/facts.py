"""What happened, in the past tense. Analytics and certificates are made of facts alone."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from content.frozen import Frozen


class BaseFact(Frozen):
    """When, in which lesson and in which run of it."""

    lesson: str
    run: int
    at: datetime


class LessonStarted(BaseFact):
    """The learner pressed "Begin Exercise"."""

    kind: Literal["lesson-started"] = "lesson-started"
    version: str


class StepAnswered(BaseFact):
    """An attempt was judged; `score` is 0.0 to 1.0."""

    kind: Literal["step-answered"] = "step-answered"
    step: str
    attempt: int
    score: float
    passed: bool


class HintShown(BaseFact):
    """A hint was given; `level` counts from 1."""

    kind: Literal["hint-shown"] = "hint-shown"
    step: str
    level: int


class PhaseCompleted(BaseFact):
    """All requirements of a phase were met, for the first time in this run."""

    kind: Literal["phase-completed"] = "phase-completed"
    phase: str


class ModelTrained(BaseFact):
    """A training job gave the learner a model."""

    kind: Literal["model-trained"] = "model-trained"
    key: str


class LessonCompleted(BaseFact):
    """All phases are complete."""

    kind: Literal["lesson-completed"] = "lesson-completed"
    version: str


Fact = Annotated[
    LessonStarted | StepAnswered | HintShown | PhaseCompleted | ModelTrained | LessonCompleted,
    Field(discriminator="kind"),
]
