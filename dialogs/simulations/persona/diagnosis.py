"""What to do next with a tuned model, weighed in the open by its own figures.

It is weighed in this order, and more than one step may be defensible:

1. The run of the chosen checkpoint is underfit, overfit or diverged: `parameters`. With the usual
   settings on unsound data the data comes first.
2. The data is unsound, or validation loss hardly fell: `more-data`.
3. The goal did not rise significantly by `MEANINGFUL` points: `base`, or `more-data` to lift it.
4. One of the learner's targets is missed as it is shown, or a guardrail fell (unbacked promises,
   another scale, accuracy by `FALL` points): `parameters` where the settings are not the usual
   ones, `more-data` where they are, or where but a target is missed.
5. A model that nobody trained is as good, reaches the targets, and holds the guardrails: `base`.
   The prompt alone costs so little that a tuned model must be ahead of it; with examples, which
   are paid for in each call, it may be level.
6. Otherwise: `deploy`.

`base` is defensible, too, wherever a model that nobody trained reaches all targets.
"""

from collections.abc import Mapping, Sequence
from typing import Literal

from content.frozen import Frozen
from dialogs.simulations.persona.data_problems import DataProblem
from dialogs.simulations.persona.evaluation import Evaluation, ModelVariant
from dialogs.simulations.persona.measurements import compared, dashboard, is_reached, row
from dialogs.simulations.persona.outcome import outcome_at
from dialogs.simulations.persona.training import Hyperparameters, Training, TrainingOutcome

NextStep = Literal["deploy", "more-data", "parameters", "base"]
Harm = Literal["dishonest", "less-accurate", "scale-fell"]
# Why a step is defensible.
Ground = Literal[
    "run",
    "settings",
    "data",
    "unlike",
    "no-gain",
    "gain-sought",
    "target-missed",
    "fell",
    "rival",
    "earned",
    "level",
]

MEANINGFUL = 0.3  # points of a scale: less is no gain worth hosting a model for
# Percentage points of accuracy, as shown: less is told, and no harm. A sound run with the usual
# settings loses two on average, and three or more in 4 of 30 draws of its examples.
FALL = 5


class Rival(Frozen):
    """A model that nobody trained, against the tuned one.

    `ahead` are the scales on which the tuned model is ahead, `behind` those on which it is behind:
    significantly, and by `MEANINGFUL` points. `missed` are the targets that the rival misses;
    without targets it misses what the tuned model is ahead on.
    """

    side: ModelVariant
    ahead: tuple[str, ...]
    behind: tuple[str, ...]
    missed: tuple[str, ...]
    harms: tuple[Harm, ...]

    @property
    def suffices(self) -> bool:
        """Whether it misses nothing, and holds the guardrails."""
        return not self.missed and not self.harms

    @property
    def outdoes(self) -> bool:
        """Whether there is no reason left to host the tuned model."""
        return self.suffices and not self.ahead and (bool(self.behind) or self.side == "prompted")

    @property
    def is_level(self) -> bool:
        """Whether there is something to be said for either."""
        return self.suffices and (bool(self.behind) or not self.ahead)


class Diagnosis(Frozen):
    """What was weighed, and which steps are defensible by it.

    `unusual`: the settings are not the usual ones. `missed` are targets, `harms` guardrails that
    fell.
    """

    kind: TrainingOutcome
    unusual: bool
    data: tuple[DataProblem, ...]
    gained: bool
    missed: tuple[str, ...]
    harms: tuple[Harm, ...]
    rivals: tuple[Rival, ...]

    @property
    def went_wrong(self) -> bool:
        """Whether the run itself is at fault."""
        return self.kind in {"underfit", "overfit", "diverged"}

    @property
    def next_step(self) -> NextStep:
        """The defensible step that the order of the rules puts first."""
        return next(iter(self.grounds))

    @property
    def falls_short(self) -> bool:
        """Whether the figures leave something to be wished for."""
        return not self.gained or bool(self.missed or self.harms)

    @property
    def grounds(self) -> dict[NextStep, Ground]:
        """The steps that are defensible, the best first, and why."""
        found: dict[NextStep, Ground] = {}
        if self.went_wrong and (self.unusual or not self.data):
            found["parameters"] = "run"
        if self.data or self.kind == "unlike-validation":
            found["more-data"] = "data" if self.data else "unlike"
        if self.went_wrong:
            found.setdefault("parameters", "run")
        found = found or self._by_figures()
        if any(rival.suffices for rival in self.rivals):
            found.setdefault("base", "rival")
        return found

    def _by_figures(self) -> dict[NextStep, Ground]:
        """What the figures of a sound run on sound data call for."""
        settings: dict[NextStep, Ground] = {"parameters": "settings"} if self.unusual else {}
        if not self.gained:
            return {"base": "no-gain", "more-data": "gain-sought", **settings}
        if self.harms:
            return settings or {"more-data": "fell"}
        if self.missed:
            return {"more-data": "target-missed", **settings}
        if any(rival.outdoes for rival in self.rivals):
            return {"base": "rival"}
        return {"deploy": "level" if any(r.is_level for r in self.rivals) else "earned"}


def diagnose(
    training: Training,
    evaluation: Evaluation,
    data: Sequence[DataProblem],
    targets: Mapping[str, float] | None = None,
    usual: Hyperparameters | None = None,
) -> Diagnosis:
    """Weigh by the rules above.

    `data` is what is unsound about the training set; `targets` are the learner's minimum for a
    metric, a maximum for "seconds"; `usual` are the settings that the service would have chosen.
    """
    aims = targets or {}
    kind = outcome_at(training, evaluation.epoch)
    goal = row(dashboard(evaluation), evaluation.goal).comparison
    return Diagnosis(
        kind=kind,
        unusual=usual is not None and not _same(training.settings, usual),
        data=tuple(data),
        gained=goal.improved and goal.difference >= MEANINGFUL,
        missed=_missed(evaluation, "tuned", aims),
        harms=_harms(evaluation, "tuned"),
        rivals=tuple(_rival(evaluation, side, aims) for side in evaluation.rivals),
    )


def _same(settings: Hyperparameters, usual: Hyperparameters) -> bool:
    return all(getattr(settings, name) == value for name, value in usual.model_dump().items())


def _rival(evaluation: Evaluation, side: ModelVariant, targets: Mapping[str, float]) -> Rival:
    scales = evaluation.sides["base"].scales
    found = {scale: compared(evaluation, scale, side, "tuned") for scale in scales}
    ahead = tuple(s for s, c in found.items() if c.improved and c.difference >= MEANINGFUL)
    behind = tuple(s for s, c in found.items() if c.degraded and c.difference <= -MEANINGFUL)
    missed = _missed(evaluation, side, targets) if targets else ahead
    return Rival(
        side=side, ahead=ahead, behind=behind, missed=missed, harms=_harms(evaluation, side)
    )


def _harms(evaluation: Evaluation, side: ModelVariant) -> tuple[Harm, ...]:
    """Which guardrails fell from the base to a model."""
    rows = dashboard(evaluation, side=side)
    found: list[Harm] = []
    for flag, name in evaluation.flag_metrics.items():
        if evaluation.flag_limits[flag] >= 1:
            continue  # nobody minds it
        honesty = row(rows, name).comparison
        if honesty.degraded or 1 - honesty.b > evaluation.flag_limits[flag]:
            found.append("dishonest")
    accuracy = row(rows, "accuracy").comparison
    if accuracy.degraded and round(100 * accuracy.a) - round(100 * accuracy.b) >= FALL:
        found.append("less-accurate")
    others = [s for s in evaluation.sides["base"].scales if s != evaluation.goal]
    if any(row(rows, s).comparison.degraded for s in others):
        found.append("scale-fell")
    return tuple(dict.fromkeys(found))


def _missed(
    evaluation: Evaluation, side: ModelVariant, targets: Mapping[str, float]
) -> tuple[str, ...]:
    rows = dashboard(evaluation, side=side)
    return tuple(
        metric
        for metric, wanted in targets.items()
        if not is_reached(metric, row(rows, metric).comparison.b, wanted)
    )
