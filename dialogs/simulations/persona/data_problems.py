"""What is unsound about a training set, however few of its lines have it."""

from typing import Literal

from content.frozen import Frozen
from content.world import Rubric
from dialogs.simulations.persona.training_set_figures import SetFigures

DataProblemKind = Literal[
    "unfit",
    "personal-data",
    "flagged",
    "astray",
    "low",
    "mixed-tone",
    "copies",
    "few-lines",
    "few-topics",
    "one-sided",
]


class DataProblem(Frozen):
    """One thing that is wrong with a set, and the lines that have it, counted from 0.

    No lines where it is the set as a whole. `about` names the rubric's flag or scale.
    """

    kind: DataProblemKind
    lines: tuple[int, ...] = ()
    about: str = ""


def data_problems(figures: SetFigures, rubric: Rubric) -> tuple[DataProblem, ...]:
    """What a set's figures show, worst first; one flawed line is enough."""
    sound = rubric.soundness
    lines = [DataProblem(kind="flagged", lines=n, about=f) for f, n in figures.flagged.items()]
    lines.append(DataProblem(kind="astray", lines=figures.astray))
    lines += [DataProblem(kind="low", lines=n, about=s) for s, n in figures.low.items()]
    lines.append(DataProblem(kind="mixed-tone", lines=figures.off_tone))
    lines.append(DataProblem(kind="copies", lines=figures.repeated))
    whole: list[tuple[bool, DataProblemKind]] = [
        (figures.lines < sound.lines, "few-lines"),
        (len(figures.topics) < sound.topics, "few-topics"),
        (figures.dominant > sound.dominant, "one-sided"),
    ]
    return (
        *(problem for problem in lines if problem.lines),
        *(DataProblem(kind=kind) for holds, kind in whole if holds),
    )
