"""The forms of what is stored of a learner, and how older ones become today's.

Who changes the fields of `Learner`, `Progress`, a fact, `Timed` or of what a kind of step keeps
in a record adds an upgrade here. (Recipes and results: `dialogs/simulations/registry.py`.)
"""

from pydantic import TypeAdapter

from content.errors import TutorError
from content.stored import Document, Stored
from dialogs.values.certificate import Certificate
from dialogs.values.events import Timed
from dialogs.values.facts import Fact
from dialogs.values.progress import Learner, Progress


class ProgressError(TutorError):
    """What is wrong with a learner's stored progress."""


def _name_the_completed_version(progress: Document) -> Document:
    """Say which version of the lesson was completed: the last one that was seen is the nearest."""
    if progress.get("completed_at") is None:
        return progress
    return {**progress, "completed_version": progress["version"]}


def _say_whose_training_runs(progress: Document) -> Document:
    """Call the training that a running job plays back by what it is."""
    other = {name: value for name, value in progress.items() if name != "job"}
    return {**other, "running_training": progress.get("job")}


def _know_files_of_their_own(progress: Document) -> Document:
    """Nothing changes: nobody had brought a file yet."""
    return progress


def _confirm_nothing(learner: Document) -> Document:
    """What waits for a yes, and whom else the learner was, are new: nothing is."""
    return learner


def _say_where_the_step_was_shown(learner: Document) -> Document:
    """Nothing is known of it, and an answer counts wherever it comes from."""
    return learner


def _name_nobody(learner: Document) -> Document:
    """Whether a name is waited for is new: none is."""
    return learner


def _follow_nothing_up(learner: Document) -> Document:
    """Nothing changes: nobody had asked for reminders yet, and there were no rooms."""
    return learner


def _be_about_no_lesson(timed: Document) -> Document:
    """Nothing changes: no reminder was about a lesson."""
    return timed


def _ask_nothing_later(fact: Document) -> Document:
    """Nothing changes: nobody was asked anything after a lesson."""
    return fact


def _ask_nothing_typed(fact: Document) -> Document:
    """Nothing changes: which question was asked wasn't noted."""
    return fact


def _say_nothing_beside(fact: Document) -> Document:
    """Nothing changes: nobody was asked for a sentence beside a survey's answer."""
    return fact


LEARNER = Stored(
    "learner",
    TypeAdapter(Learner),
    (_confirm_nothing, _say_where_the_step_was_shown, _name_nobody, _follow_nothing_up),
    omitted=frozenset({"progress"}),
)
PROGRESS = Stored(
    "learner's progress",
    TypeAdapter(Progress),
    (_name_the_completed_version, _say_whose_training_runs, _know_files_of_their_own),
    sparse=True,
)
CERTIFICATE = Stored("certificate", TypeAdapter(Certificate))
FACT: Stored[Fact] = Stored(
    "fact",
    TypeAdapter(Fact),
    (_say_nothing_beside, _ask_nothing_later, _ask_nothing_typed),
)
TIMED: Stored[Timed] = Stored("later event", TypeAdapter(Timed), (_be_about_no_lesson,))
