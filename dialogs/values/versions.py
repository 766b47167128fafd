"""The forms of stored documents: today's, by its number, and how older ones become it.

Who changes `Learner`, `Progress` or what a kind of step keeps in a record, so that a stored
document would be read wrongly or not at all, adds a step here. A new field with a default
needs none.
"""

import json
from collections.abc import Callable, Sequence

from pydantic import JsonValue, TypeAdapter

from content.errors import TutorError
from dialogs.values.progress import Learner, Progress

_PROGRESS = TypeAdapter(Progress)
_LEARNER = TypeAdapter(Learner)

Document = dict[str, JsonValue]
Step = Callable[[Document], Document]


class ProgressError(TutorError):
    """What is wrong with a learner's stored progress."""


class NewerFormError(ProgressError):
    """A document was written by a newer version of the tutor, which alone can read it."""


def _name_the_completed_version(progress: Document) -> Document:
    """Say which version of the lesson was completed: the last one that was seen is the nearest."""
    if progress.get("completed_at") is None:
        return progress
    return {**progress, "completed_version": progress["version"]}


def _say_whose_training_runs(progress: Document) -> Document:
    """Call the training that a running job plays back by what it is."""
    other = {name: value for name, value in progress.items() if name != "job"}
    return {**other, "running_training": progress.get("job")}


# The first step makes form 2 of form 1, the next form 3 of form 2, and so on.
OF_PROGRESS: tuple[Step, ...] = (_name_the_completed_version, _say_whose_training_runs)
OF_LEARNER: tuple[Step, ...] = ()

PROGRESS = len(OF_PROGRESS) + 1  # today's form
LEARNER = len(OF_LEARNER) + 1


def read_progress(doc: str, form: int) -> Progress:
    """Progress as stored in this form. Raises NewerFormError."""
    return _PROGRESS.validate_json(upgraded(doc, form, OF_PROGRESS))


def read_learner(doc: str, form: int) -> Learner:
    """A learner, without progress, as stored in this form. Raises NewerFormError."""
    return _LEARNER.validate_json(upgraded(doc, form, OF_LEARNER))


def write_progress(progress: Progress) -> str:
    """Progress as it is stored, in today's form."""
    return _PROGRESS.dump_json(progress, exclude_defaults=True).decode()


def write_learner(learner: Learner) -> str:
    """A learner, without progress, as stored in today's form."""
    return _LEARNER.dump_json(learner, exclude={"progress"}).decode()


def upgraded(doc: str, form: int, steps: Sequence[Step]) -> str:
    """The document in the form that all steps lead to. Raises NewerFormError."""
    newest = len(steps) + 1
    if form == newest:
        return doc
    if form > newest:
        msg = (
            "a newer version of the tutor wrote this learner's progress "
            f"(in form {form}, this version knows {newest}): install it here too"
        )
        raise NewerFormError(msg)
    found: Document = json.loads(doc)
    for step in steps[form - 1 :]:
        found = step(found)
    return json.dumps(found)
