"""All that is kept about a learner in a lesson."""

from datetime import datetime
from typing import Literal

from pydantic import JsonValue

from content.frozen import Frozen


class Record(Frozen):
    """A learner's dealings with one step.

    `state` is the step kind's own (each module says what it keeps). `waived`: the learner
    chose to go on with a flawed answer, as an experiment; it passes nothing. `model` is the
    key of the tuned model that the answer depended on.
    """

    status: Literal["new", "tried", "passed"] = "new"
    attempts: int = 0
    misses: int = 0
    score: float = 0.0
    waived: bool = False
    model: str | None = None
    state: JsonValue = None


UNTOUCHED = Record()


class Model(Frozen):
    """The learner's own fine-tuned model: the results' keys, and the chosen checkpoint's epoch.

    `data` is the mark of the training set that it was made of.
    """

    training: str
    data: str = ""
    evaluation: str | None = None
    epoch: int | None = None


class Progress(Frozen):
    """Where a learner is in a lesson and what they did there.

    `frontier` is the state of the phase machine; `cursor` the step being looked at.
    `ticket` changes when a step is entered, judged or reopened. `accepted` is the last
    press that was acted on, so that a double click is known. `reopened`: the step at the
    cursor was passed and is tried again. `job` is the key of the training that a
    running job plays back. `history` keeps answers that depended on an older model.
    `completed_version` is the lesson's at `completed_at`; `version` the one seen last.
    A change of this or of a step's state may need a step in `dialogs/values/versions.py`.
    """

    lesson: str
    version: str
    seed: int
    run: int = 1
    frontier: str
    cursor: str
    ticket: int = 1
    accepted: str | None = None
    confirming: Literal["restart"] | None = None
    started: bool = False
    reopened: bool = False
    records: dict[str, Record] = {}
    model: Model | None = None
    job: str | None = None
    history: tuple[dict[str, JsonValue], ...] = ()
    completed_at: datetime | None = None
    completed_version: str | None = None

    def record(self, step_id: str) -> Record:
        """The record of a step; a fresh one when there is none yet."""
        return self.records.get(step_id, UNTOUCHED)

    def with_record(self, step_id: str, record: Record) -> "Progress":
        """The same progress with another record for a step."""
        return self.model_copy(update={"records": {**self.records, step_id: record}})

    @property
    def keys(self) -> frozenset[str]:
        """The keys of the results that this progress needs at hand."""
        model = self.model
        keys = (model.training, model.evaluation) if model else ()
        return frozenset(k for k in (*keys, self.job) if k)


class Learner(Frozen):
    """Who learns: an id of our own, and their progress in each lesson.

    `lesson` is the current one; `choosing`: the menu was shown last, so a number picks
    from it. `event` names the event that they came from last, so that hosts can tell rooms
    apart.
    """

    id: str
    seed: int
    lesson: str | None = None
    locale: str = "en"
    greeted: bool = False
    choosing: bool = False
    event: str | None = None
    progress: dict[str, Progress] = {}
