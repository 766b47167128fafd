"""What a step module is given, and what it gives back."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from zlib import crc32

from content.lesson import Lesson
from content.strings import Strings, TutorStrings
from dialogs.simulations.computation import Results, Simulation
from dialogs.values.events import Computed, Due, Pressed, Typed
from dialogs.values.facts import Fact, Picked
from dialogs.values.kept import Kept
from dialogs.values.progress import Progress, Record
from dialogs.values.replies import Block, Button, Item
from dialogs.values.turn import Later


def nowhere(_: str) -> None:
    """No other lesson."""


@dataclass(frozen=True)
class Scene:
    """Everything a step may look at. `record` is its own part of `progress`.

    `simulation` is what the lesson's steps compute in; `results` holds what workers computed, at
    least for `progress.keys` and, on `Computed`, for its key. `lesson`, `simulation` and `strings`
    are in one language; in `others` commands are understood as well. `elsewhere` is what the
    learner sees of another lesson by its id, None where they never began it.
    """

    lesson: Lesson
    simulation: Simulation | None
    strings: Strings
    learner: str
    progress: Progress
    step_id: str
    results: Results
    now: datetime
    others: tuple[TutorStrings, ...] = ()
    elsewhere: "Elsewhere" = nowhere

    @property
    def record(self) -> Record:
        """The record of this step."""
        return self.progress.record(self.step_id)

    @property
    def seed(self) -> int:
        """The dice of this learner for this step: the same until a new run begins."""
        return crc32(f"{self.progress.seed}/{self.progress.run}/{self.step_id}".encode())


Elsewhere = Callable[[str], Scene | None]


# --- what the learner gives ---------------------------------------------------------


# A card's press, whatever its button does but for moving about; what is typed, navigation words
# excepted; that a recipe is computed (`scene.results[key]`, unless `fault` says why there is
# none); that a time has come which the step asked for.
StepEvent = Pressed | Typed | Computed | Due


# --- what a step puts to the learner ------------------------------------------------


@dataclass(frozen=True)
class Ask:
    """A step as it is put: blocks (inputs among them), its own buttons, texts offered for one tap.

    `typed` says in one sentence how to answer by typing. Navigation is added around it. `stays`:
    what comes before the inputs isn't put again when the step is answered.
    """

    blocks: tuple[Block, ...]
    buttons: tuple[Button, ...] = ()
    suggestions: tuple[str, ...] = ()
    typed: str = ""
    stays: bool = False


# --- what a step makes of an answer -------------------------------------------------


@dataclass(frozen=True)
class Judged:
    """An attempt. `score` is 0.0 to 1.0. Passed: Next is offered; else the step is put again.

    `state` replaces the record's, where it is given; `hint` is the one to show (the module picks
    it by `record.misses`). `depends` ties the pass to the learner's current model.
    `buttons` are further ways on after a pass; `progress`, when given, replaces the whole first.
    `answered` is what was shown and picked, for the fact; `text` what was written, where the
    lesson lets it be recorded.
    """

    passed: bool
    score: float
    blocks: tuple[Block, ...]
    state: Kept | None = None
    hint: str | None = None
    depends: bool = False
    buttons: tuple[Button, ...] = ()
    progress: Progress | None = None
    facts: tuple[Fact, ...] = ()
    later: tuple[Later, ...] = ()
    answered: tuple[Picked, ...] = ()
    text: str | None = None


@dataclass(frozen=True)
class Unclear:
    """A slip: kind words, no attempt, no hint; the step is put again."""

    text: str


@dataclass(frozen=True)
class Noted:
    """Something happened that isn't judged: shown, kept, and the step put again.

    `state` replaces the record's, where it is given. `progress`, when given, replaces the whole
    first (a new model, for instance).
    With `quiet` the step is not put again (more is on its way). `waive` lets the learner
    go on with a flawed answer. `unplaced`: what was written is nothing that a model knows, or,
    with `asks`, may be: the learner is asked what it is about.
    """

    blocks: tuple[Block, ...]
    state: Kept | None = None
    progress: Progress | None = None
    facts: tuple[Fact, ...] = ()
    later: tuple[Later, ...] = ()
    quiet: bool = False
    waive: bool = False
    unplaced: bool = False
    asks: bool = False


@dataclass(frozen=True)
class Ignored:
    """What came is nothing to the step: a result or a time of before, say."""


Outcome = Judged | Unclear | Noted | Ignored


def next_hint(hints: tuple[str, ...], misses: int) -> str | None:
    """The hint for one more miss: from gentle to telling, the last one stays."""
    return hints[min(misses, len(hints) - 1)] if hints else None


def pick_of(name: str, items: Iterable[Item], ids: Iterable[str]) -> tuple[Picked, ...]:
    """What was picked of the items that an input, or a question, showed; in the order chosen."""
    shown = tuple(item.id for item in items)
    return (Picked(input=name, shown=shown, chosen=tuple(i for i in ids if i in shown)),)
