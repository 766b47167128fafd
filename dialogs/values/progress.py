"""All that is kept about a learner in a lesson.

Frozen dataclasses, which pydantic reads and writes (`dialogs/values/versions.py`). They are
changed by a named method or by `dataclasses.replace`, whose fields mypy checks.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from pydantic import ConfigDict, JsonValue

from dialogs.values.errands import Confirmed
from dialogs.values.follow_up import FollowUp

StepStatus = Literal["new", "tried", "passed"]
STORED = ConfigDict(extra="forbid")  # a key that nobody knows is a fault of ours


@dataclass(frozen=True)
class Record:
    """A learner's dealings with one step.

    `state` is the step kind's own (each module says what it keeps). `waived`: the learner
    chose to go on with a flawed answer, as an experiment; it passes nothing. `model` is the
    key of the tuned model that the answer depended on.
    """

    __pydantic_config__ = STORED

    status: StepStatus = "new"
    attempts: int = 0
    misses: int = 0
    score: float = 0.0
    waived: bool = False
    model: str | None = None
    state: JsonValue = None

    def noted(self, state: JsonValue, *, waive: bool) -> "Record":
        """The record after something that isn't judged."""
        status = "tried" if self.status == "new" else self.status
        return replace(self, state=state, status=status, waived=self.waived or waive)

    def judged(
        self, *, passed: bool, score: float, state: JsonValue, model: str | None
    ) -> "Record":
        """The record after an attempt; a pass and the best score stay."""
        return replace(
            self,
            status="passed" if passed or self.status == "passed" else "tried",
            attempts=self.attempts + 1,
            misses=self.misses + (not passed),
            score=max(score, self.score),
            model=model,
            state=state,
        )

    def outdated(self) -> "Record":
        """The record of a step that is asked again, since its answer depended on another model."""
        return replace(self, status="tried", model=None, state=None, score=0.0)


UNTOUCHED = Record()


@dataclass(frozen=True)
class Earlier:
    """An answer that depended on a model of before."""

    __pydantic_config__ = STORED

    step: str
    model: str
    score: float
    state: JsonValue


@dataclass(frozen=True)
class TunedModel:
    """The learner's own fine-tuned model: the results' keys, and the chosen checkpoint's epoch.

    `data` is the mark of the training set that it was made of.
    """

    __pydantic_config__ = STORED

    training: str
    data: str = ""
    evaluation: str | None = None
    epoch: int | None = None


@dataclass(frozen=True)
class OwnFile:
    """A training file that the learner brought: its name, and the key of its report.

    `before` is the key of the report on the file before, of another name; `training` the key of
    a training that is under way.
    """

    __pydantic_config__ = STORED

    name: str
    report: str
    before: str | None = None
    training: str | None = None


@dataclass(frozen=True)
class Progress:
    """Where a learner is in a lesson and what they did there.

    `frontier` is the state of the phase machine; `cursor` the step being looked at.
    `ticket` changes when a step is entered, judged or reopened. `accepted` is the last
    press that was acted on, so that a double click is known. `reopened`: the step at the
    cursor was passed and is tried again. `running_training` is the key of the training that
    a running job plays back. `history` keeps answers that depended on an older model.
    `put_at` is when the step at the cursor was put to the learner, by this ticket.
    `completed_version` is the lesson's at `completed_at`; `version` the one seen last.
    A change of this or of a step's state may need a step in `dialogs/values/versions.py`.
    """

    __pydantic_config__ = STORED

    lesson: str
    version: str
    seed: int
    frontier: str
    cursor: str
    run: int = 1
    ticket: int = 1
    accepted: str | None = None
    confirming: Literal["restart"] | None = None
    started: bool = False
    reopened: bool = False
    records: Mapping[str, Record] = field(default_factory=dict)
    model: TunedModel | None = None
    running_training: str | None = None
    history: tuple[Earlier, ...] = ()
    put_at: datetime | None = None
    completed_at: datetime | None = None
    completed_version: str | None = None
    own_file: OwnFile | None = None

    def record(self, step_id: str) -> Record:
        """The record of a step; a fresh one when there is none yet."""
        return self.records.get(step_id, UNTOUCHED)

    def with_record(self, step_id: str, record: Record) -> "Progress":
        """The same progress with another record for a step."""
        return replace(self, records={**self.records, step_id: record})

    def without_state(self, step_id: str) -> "Progress":
        """The same without what a step kept; what was earned there stays."""
        return self.with_record(step_id, replace(self.record(step_id), state=None))

    def at(self, step_id: str) -> "Progress":
        """The same, looking at a step: it is entered, so buttons from before are stale."""
        return replace(
            self, cursor=step_id, ticket=self.ticket + 1, reopened=False, confirming=None
        )

    def reissued(self) -> "Progress":
        """The same with a new ticket: buttons from before are stale."""
        return replace(self, ticket=self.ticket + 1)

    def reopen(self) -> "Progress":
        """The same with the passed step at the cursor open for another try."""
        return replace(self, ticket=self.ticket + 1, reopened=True)

    @property
    def keys(self) -> frozenset[str]:
        """The keys of the results that this progress needs at hand."""
        model, own = self.model, self.own_file
        keys = (model.training, model.evaluation) if model else ()
        files = (own.report, own.before) if own else ()
        return frozenset(k for k in (*keys, *files, self.running_training) if k)


@dataclass(frozen=True)
class Attending:
    """The room of a live session that a learner is in.

    `put` is the activity that was put to them last; `is_asked`: what they type may be meant for
    it, to answer a poll, also another time, until a step was shown again, or to answer in words,
    once.
    """

    __pydantic_config__ = STORED

    room: str
    session: str
    put: str | None = None
    is_asked: bool = False


@dataclass(frozen=True)
class Learner:
    """Who learns: an id of our own, and their progress in each lesson.

    `lesson` is the current one; `choosing`: the menu was shown last, so a number picks
    from it. `event` names the event that they came from last, so that hosts can tell rooms
    apart. `locale` is the language that they learn in; None until the first contact.
    `confirming` waits for a yes; `naming` is the lesson for whose certificate a name was asked.
    `codes_tried`: when codes of other places were typed lately.
    `formerly` are the ids of learners who became one with this one: their cards are still theirs.
    `follow_ups` are asked for by lesson; `quizzed` is the one of which a question was put last.
    `shown_in` is the shell's name of the conversation where the step at the cursor was shown
    last. `attending` is the live session that they follow.
    """

    __pydantic_config__ = STORED

    id: str
    seed: int
    lesson: str | None = None
    locale: str | None = None
    greeted: bool = False
    choosing: bool = False
    event: str | None = None
    confirming: Confirmed | None = None
    naming: str | None = None
    codes_tried: tuple[datetime, ...] = ()
    formerly: tuple[str, ...] = ()
    shown_in: str | None = None
    follow_ups: Mapping[str, FollowUp] = field(default_factory=dict)
    quizzed: str | None = None
    attending: Attending | None = None
    progress: Mapping[str, Progress] = field(default_factory=dict)

    def in_lesson(self, lesson: str) -> "Learner":
        """The same, at this lesson; the menu is done with."""
        return replace(self, lesson=lesson, choosing=False)

    def unasked(self) -> "Learner":
        """The same with no question of ours open: a later yes, or a name, means something else."""
        return replace(self, confirming=None, naming=None, quizzed=None)

    def with_follow_up(self, lesson: str, follow_up: FollowUp) -> "Learner":
        """The same with another follow-up of a lesson."""
        return replace(self, follow_ups={**self.follow_ups, lesson: follow_up})

    def with_progress(self, progress: Progress) -> "Learner":
        """The same with another progress in its lesson."""
        return replace(self, progress={**self.progress, progress.lesson: progress})
