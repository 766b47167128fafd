"""The figures of a training and of its evaluation, worked out from what every customer was told."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import erfc, sqrt
from statistics import fmean, stdev

from dialogs.simulations.persona import Evaluation, Training
from dialogs.simulations.persona.evaluation import ModelVariant
from dialogs.simulations.persona.statistics import Label
from tests.grid.points import SOUND

LESS_IS_BETTER = ("seconds", "tokens")
USUAL = (1.0, 1, 3)  # multiplier, batch size, epochs
FEWEST = 20  # customers of whom anything is concluded


@dataclass(frozen=True)
class Difference:
    """The mean with the base and with the tuned model, their difference and its 95% interval."""

    base: float
    tuned: float
    low: float
    high: float
    p: float
    size: int

    @property
    def by(self) -> float:
        """How much more it is with the tuned model."""
        return self.tuned - self.base


@dataclass(frozen=True)
class Known:
    """What a sentence can be held against."""

    training: Training
    evaluation: Evaluation | None = None
    targets: Mapping[str, float] | None = None
    segment: str | None = None
    data: str = SOUND[0]  # what it was trained on, by its name
    # What was worked out of the evaluation, which stays the same whatever the targets are.
    kept: dict[tuple[str, ...], Difference] = field(default_factory=dict, compare=False)

    def values(self, side: ModelVariant, metric: str, segment: str | None = None) -> list[float]:
        """A metric for each customer of a kind."""
        assert self.evaluation
        e = self.evaluation
        answers = e.sides[side]
        replies = [answers.replies[at] for at in answers.reply_of]
        flags = {name: flag for flag, name in e.flag_metrics.items()}
        if metric in answers.scales:
            found = [float(digit) for digit in answers.scales[metric]]
        elif metric == "accuracy":
            found = [float(digit) for digit in answers.accurate]
        elif metric in flags:
            found = [float(flags[metric] not in reply.flags) for reply in replies]
        elif metric == "satisfaction":
            found = [float(digit) for digit in answers.satisfaction]
        elif metric == "satisfied":
            found = [float(int(digit) >= e.satisfied) for digit in answers.satisfaction]
        elif metric == "seconds":
            found = [reply.seconds for reply in replies]
        else:
            found = [float(answers.prompt_tokens)] * len(replies)
        return [value for at, value in enumerate(found) if self._is_of(at, segment)]

    def _is_of(self, at: int, segment: str | None) -> bool:
        assert self.evaluation
        if segment is None:
            return True
        crowd, kind = self.evaluation.customers, self.evaluation.segments[segment]
        marks = crowd.marks[at]
        return (
            kind.family in (None, crowd.families[at])
            and (kind.mark is None or kind.mark in marks)
            and (kind.without is None or kind.without not in marks)
        )

    def difference(
        self,
        metric: str,
        segment: str | None = None,
        sides: tuple[ModelVariant, ModelVariant] = ("base", "tuned"),
    ) -> Difference:
        """A model, the tuned one mostly, against another, the base mostly."""
        key = (metric, segment or "", *sides)
        if key not in self.kept:
            self.kept[key] = self._difference(metric, segment, sides)
        return self.kept[key]

    def _difference(
        self, metric: str, segment: str | None, sides: tuple[ModelVariant, ModelVariant]
    ) -> Difference:
        a, b = (self.values(side, metric, segment) for side in sides)
        pairs = [y - x for x, y in zip(a, b, strict=True)]
        error = stdev(pairs) / sqrt(len(pairs)) if len(pairs) > 1 else 0.0
        by = fmean(b) - fmean(a)
        p = erfc(abs(by) / error / sqrt(2)) if error else float(by == 0)
        return Difference(fmean(a), fmean(b), by - 1.96 * error, by + 1.96 * error, p, len(pairs))

    def word(self, metric: str, segment: str | None = None) -> Label:
        """The name of what may be said of a metric's change."""
        found = self.difference(metric, segment)
        if found.size < FEWEST or found.p > 0.05:
            return "Inconclusive"
        better = (found.by > 0) != (metric in LESS_IS_BETTER)
        if found.p <= 0.001:
            return "ImprovedStrong" if better else "DegradedStrong"
        return "ImprovedWeak" if better else "DegradedWeak"

    # --- the curves ---------------------------------------------------------------------

    @property
    def train(self) -> list[float]:
        """Training losses: the base's, then each epoch's."""
        t = self.training
        return [t.start_train_loss, *(c.train_loss for c in t.checkpoints)]

    @property
    def valid(self) -> list[float]:
        """Validation losses: the base's, then each epoch's."""
        t = self.training
        return [t.start_valid_loss, *(c.valid_loss for c in t.checkpoints)]

    @property
    def flawed(self) -> bool:
        """Whether something is wrong with the data."""
        return self.data not in SOUND

    @property
    def until_chosen(self) -> tuple[list[float], list[float]]:
        """Both losses up to the checkpoint that was evaluated."""
        epoch = self.evaluation.epoch if self.evaluation else None
        last = epoch or len(self.training.checkpoints)
        return self.train[: last + 1], self.valid[: last + 1]

    @property
    def is_usual(self) -> bool:
        """Whether it was trained with what the service would have chosen."""
        made = self.training.settings
        return (made.learning_rate_multiplier, made.batch_size, made.n_epochs) == USUAL

    @property
    def best(self) -> int:
        """The epoch of the lowest validation loss."""
        losses = self.valid[1:]
        return 1 + losses.index(min(losses))

    @property
    def changed(self) -> float:
        """The share of replies that aren't the base's, at the end."""
        return self.training.checkpoints[-1].changed


Claim = Callable[[Known, Mapping[str, str]], bool]
