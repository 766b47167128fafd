"""The tutor's own words, for any lesson: one model for each file of `content/strings/`.

A file is `<section>.<locale>.yaml`. Braces in a string name what is filled in.
"""

from content.frozen import Frozen


class TutorStrings(Frozen):
    """`tutor.en.yaml`: navigation, commands, feedback of the plain kinds of step."""


class DataStrings(Frozen):
    """`data.en.yaml`: selection, JSONL and quality steps, and the training set."""


class ModelStrings(Frozen):
    """`model.en.yaml`: chat, lab, job, comparison, dashboard, decision and analysis steps."""


class AssessStrings(Frozen):
    """`assess.en.yaml`: screens, quiz and the end of a lesson."""


class Strings(Frozen):
    """All sections of one locale."""

    tutor: TutorStrings
    data: DataStrings
    model: ModelStrings
    assess: AssessStrings
    page: dict[str, str]
