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


class Picked(Frozen):
    """An input that gives a choice: the options' ids in the order shown, and those picked."""

    input: str
    shown: tuple[str, ...]
    chosen: tuple[str, ...] = ()


class StepAnswered(BaseFact):
    """An attempt was judged; `score` is 0.0 to 1.0.

    `picks` has what was shown and picked. `text` has the learner's own words, where the step
    says that they are recorded. `hints` counts those that were shown before, `seconds` is the
    time since the step was put; where they are None, they were not noted in those days.
    """

    kind: Literal["step-answered"] = "step-answered"
    step: str
    attempt: int
    score: float
    passed: bool
    picks: tuple[Picked, ...] = ()
    text: str | None = None
    hints: int | None = None
    seconds: float | None = None


class SurveyAnswered(BaseFact):
    """A question without a right answer was answered; `option` counts from 1.

    `text` has what was written beside it, in the learner's own words.
    """

    kind: Literal["survey-answered"] = "survey-answered"
    step: str
    option: int
    text: str | None = None


class FollowUpAnswered(BaseFact):
    """A question was answered that came some days after the lesson.

    `days` is the day of the plan on which it came, `case` whether it was the longer one, in which
    what was learned is applied. `run` is that in which the learner asked for it.
    """

    kind: Literal["follow-up-answered"] = "follow-up-answered"
    question: str
    days: int
    case: bool
    shown: tuple[str, ...]
    chosen: str
    right: bool


class QuestionAsked(BaseFact):
    """One of the storyboard's questions was asked in the learner's own words.

    `question` names which one; what was typed isn't kept here.
    """

    kind: Literal["question-asked"] = "question-asked"
    question: str


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


class ModelMeasured(BaseFact):
    """A model that the learner trained was measured, in an evaluation or a trial of their own.

    `figures` are by name; shares are 0.0 to 1.0.
    """

    kind: Literal["model-measured"] = "model-measured"
    step: str
    key: str
    figures: dict[str, float]


class SessionJoined(BaseFact):
    """The learner came into a live session's room; `lesson` is the session's id."""

    kind: Literal["session-joined"] = "session-joined"
    room: str


class LessonCompleted(BaseFact):
    """All phases are complete.

    `score` is the mean of the best scores of the assessed steps, `first_attempts` the share of
    them that passed at the first attempt: 0.0 to 1.0. `attempt` is the one at which the last quiz's
    score was reached. None: not noted in those days.
    """

    kind: Literal["lesson-completed"] = "lesson-completed"
    version: str
    score: float | None = None
    first_attempts: float | None = None
    attempt: int | None = None


Fact = Annotated[
    LessonStarted
    | StepAnswered
    | SurveyAnswered
    | FollowUpAnswered
    | QuestionAsked
    | HintShown
    | PhaseCompleted
    | ModelTrained
    | ModelMeasured
    | SessionJoined
    | LessonCompleted,
    Field(discriminator="kind"),
]
