"""What to do next with a tuned model, told by its own figures.

The rules, in this order; the first that applies decides:

1. The data is unsound (`data_problems`): `more-data`. Parameters can't mend data.
2. The run of the chosen checkpoint is underfit, overfit or diverged: `parameters`.
3. The goal scale did not rise significantly, by `MEANINGFUL` points or more: `base`.
4. Unbacked promises, or another scale fell beyond the interval, or accuracy by `FALL`: `more-data`.
5. One of the learner's own targets is missed by more than `NEARLY`: `more-data`.
6. Otherwise: `deploy`.
"""

from collections.abc import Mapping, Sequence
from typing import Literal

from content.frozen import Frozen
from dialogs.simulations.persona.data_problems import DataProblem
from dialogs.simulations.persona.evaluation import Evaluation
from dialogs.simulations.persona.measurements import Row, dashboard, row
from dialogs.simulations.persona.outcome import outcome_at
from dialogs.simulations.persona.training import Training, TrainingOutcome

NextStep = Literal["deploy", "more-data", "parameters", "base"]
Problem = Literal[
    "unsound-data",
    "underfit",
    "overfit",
    "diverged",
    "no-gain",
    "dishonest",
    "less-accurate",
    "scale-fell",
    "target-missed",
]

MEANINGFUL = 0.3  # points of the goal scale: less is no gain worth hosting a model for
FALL = 0.03  # of accuracy: less is noticed among hundreds of customers, and no harm
NEARLY = 0.05  # a target counts as met when at most this share of it is missing


class Diagnosis(Frozen):
    """The next step, the problems that led to it (none when it is "deploy"), how the run ended."""

    next_step: NextStep
    problems: tuple[Problem, ...]
    kind: TrainingOutcome


def diagnose(
    training: Training,
    evaluation: Evaluation,
    data: Sequence[DataProblem],
    targets: Mapping[str, float] | None = None,
) -> Diagnosis:
    """Decide by the rules above; `targets` are the learner's minimum for a metric.

    A target for "seconds" is a maximum.
    """
    rows = dashboard(evaluation)
    kind = outcome_at(training, evaluation.epoch)
    missed = _missed(rows, targets or {})
    step, problems = _decide(kind, data, rows, evaluation, missed)
    return Diagnosis(next_step=step, problems=problems, kind=kind)


def _decide(
    kind: TrainingOutcome,
    data: Sequence[DataProblem],
    rows: tuple[Row, ...],
    evaluation: Evaluation,
    missed: tuple[str, ...],
) -> tuple[NextStep, tuple[Problem, ...]]:
    if data:
        return "more-data", ("unsound-data",)
    if kind == "underfit" or kind == "overfit" or kind == "diverged":  # noqa: PLR1714 (mypy)
        return "parameters", (kind,)
    goal = row(rows, evaluation.goal).comparison
    if not goal.improved or goal.difference < MEANINGFUL:
        return "base", ("no-gain",)
    harms = _harms(rows, evaluation)
    if harms:
        return "more-data", harms
    if missed:
        return "more-data", ("target-missed",)
    return "deploy", ()


def _harms(rows: tuple[Row, ...], evaluation: Evaluation) -> tuple[Problem, ...]:
    found: list[Problem] = []
    for flag, name in evaluation.flag_metrics.items():
        honesty = row(rows, name).comparison
        if honesty.degraded or 1 - honesty.b > evaluation.flag_limits[flag]:
            found.append("dishonest")
    accuracy = row(rows, "accuracy").comparison
    if accuracy.degraded and accuracy.difference <= -FALL:
        found.append("less-accurate")
    others = [s for s in evaluation.sides["base"].scales if s != evaluation.goal]
    if any(row(rows, s).comparison.degraded for s in others):
        found.append("scale-fell")
    return tuple(dict.fromkeys(found))


def _missed(rows: tuple[Row, ...], targets: Mapping[str, float]) -> tuple[str, ...]:
    missed = []
    for metric, wanted in targets.items():
        got = row(rows, metric).comparison.b
        short = got - wanted if metric == "seconds" else wanted - got
        if short > NEARLY * abs(wanted):
            missed.append(metric)
    return tuple(missed)
