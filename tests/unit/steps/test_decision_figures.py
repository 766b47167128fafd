"""The decision over drawn figures: every sentence is true of them, and some step is refused.

What each sentence claims stands here anew, worked out from the drawn digits and losses alone.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import erfc, sqrt

import numpy as np
import pytest
from numpy.typing import NDArray

from dialogs.simulations.persona import Evaluation, Training
from dialogs.simulations.persona.evaluation import Answers, ModelVariant
from dialogs.values.replies import Bullets, Details, Notice, Text
from dialogs.work.training_set import Selected
from tests.unit.conftest import TOPICS, WithModel
from tests.unit.steps.practice import Practice, Seen

STEPS = ("deploy", "more-data", "parameters", "base")
GOAL, OTHER = "plainness", "usefulness"
LIMIT = 0.02  # of replies that promise what nothing backs
Digits = NDArray[np.float64]


@dataclass(frozen=True)
class Drawn:
    """What was drawn, as numbers of this test's own."""

    scales: Mapping[str, Mapping[str, Digits]]  # by side, by scale
    accurate: Mapping[str, Digits]
    honest: Mapping[str, Digits]
    training: Training
    targets: Mapping[str, float]
    flawed: bool

    def moved(self, values: Mapping[str, Digits], one: str, other: str) -> tuple[float, bool]:
        """By how much the one exceeds the other, and whether that is proven."""
        gaps = values[other] - values[one]
        error = gaps.std(ddof=1) / sqrt(len(gaps))
        difference = float(gaps.mean())
        proven = error > 0 and erfc(abs(difference) / error / sqrt(2)) <= 0.05
        return difference, bool(proven)

    def scale(self, name: str) -> Mapping[str, Digits]:
        return {side: scales[name] for side, scales in self.scales.items()}

    def far_ahead(self, one: str, other: str) -> bool:
        """Whether a side is ahead of another on some scale, proven and by 0.3."""
        found = (self.moved(self.scale(s), other, one) for s in (GOAL, OTHER))
        return any(proven and by >= 0.3 for by, proven in found)

    def points_lost(self, side: str) -> int:
        shown = [round(100 * float(self.accurate[s].mean())) for s in ("base", side)]
        return shown[0] - shown[1]

    def fell(self, values: Mapping[str, Digits], side: str) -> bool:
        by, proven = self.moved(values, "base", side)
        return proven and by < 0

    def harmed(self, side: str) -> bool:
        return (
            (self.fell(self.accurate, side) and self.points_lost(side) >= 5)
            or self.fell(self.scale(OTHER), side)
            or self.fell(self.honest, side)
            or 1 - float(self.honest[side].mean()) > LIMIT
        )

    def reaches(self, side: str) -> bool:
        """Whether a side reaches every target as it is shown."""
        shown = {
            GOAL: round(float(self.scales[side][GOAL].mean()), 2),
            "accuracy": round(float(self.accurate[side].mean()), 2),
        }
        return all(shown[metric] >= least for metric, least in self.targets.items())

    @property
    def gained(self) -> bool:
        by, proven = self.moved(self.scale(GOAL), "base", "tuned")
        return proven and by >= 0.3

    @property
    def suffices(self) -> bool:
        """Whether the prompt does without training."""
        if self.harmed("prompted"):
            return False
        return self.reaches("prompted") if self.targets else not self.far_ahead("tuned", "prompted")

    @property
    def valid(self) -> tuple[float, float]:
        """Validation loss, the base's and the model's."""
        return self.training.start_valid_loss, self.training.checkpoints[-1].valid_loss

    @property
    def is_usual(self) -> bool:
        made = self.training.settings
        return (made.learning_rate_multiplier, made.batch_size, made.n_epochs) == (0.5, 1, 5)

    @property
    def is_enough(self) -> bool:
        return self.gained and self.reaches("tuned") and not self.harmed("tuned")


# How losses go, epoch by epoch, as shares of the base's: training, then validation.
RUNS: dict[str, tuple[tuple[float, float], ...]] = {
    "good": ((0.8, 0.8), (0.6, 0.6), (0.5, 0.5)),
    "underfit": ((0.99, 0.99), (0.98, 0.98)),
    "overfit": ((0.5, 0.5), (0.2, 0.6), (0.1, 0.9)),
    "diverged": ((0.9, 0.9), (1.5, 2.0), (3.0, 4.0)),
    "unlike": ((0.6, 1.2), (0.3, 1.4)),
}


def draw(learner: Practice, seed: int) -> tuple[Drawn, str]:
    """Put drawn figures in the place of the learner's own."""
    dice = np.random.default_rng(seed)
    model = learner.progress.model
    assert model
    evaluation, training = learner.results[model.evaluation or ""], learner.results[model.training]
    assert isinstance(evaluation, Evaluation)
    assert isinstance(training, Training)
    size, sides = len(evaluation.customers), ("base", "prompted", "tuned")
    (flag,) = evaluation.flag_metrics

    def digits(middle: float) -> Digits:
        return np.clip(np.round(dice.normal(middle, 0.4, size)), 1, 5)

    base = {GOAL: dice.uniform(2, 4), OTHER: dice.uniform(3, 4.5)}
    scales = {
        side: {
            name: digits(base[name] + (0 if side == "base" else dice.choice([-0.5, 0, 0.2, 1, 2])))
            for name in (GOAL, OTHER)
        }
        for side in sides
    }
    right = dice.random(size)
    accurate = {s: (right < dice.choice([0.8, 0.9, 0.95, 0.97])).astype(float) for s in sides}
    honest = {s: (dice.random(size) > dice.choice([0, 0, 0.01, 0.1])).astype(float) for s in sides}
    kind = str(dice.choice([*RUNS, "good", "good", "good"]))
    epochs, multiplier = int(dice.choice([5, 5, 8])), float(dice.choice([0.5, 0.5, 3]))
    shares = [RUNS[kind][min(n, len(RUNS[kind]) - 1)] for n in range(epochs)]
    start = training.start_train_loss, training.start_valid_loss
    first = training.checkpoints[0]
    drawn_training = training.model_copy(
        update={
            "settings": training.settings.model_copy(
                update={"learning_rate_multiplier": multiplier, "n_epochs": epochs}
            ),
            "checkpoints": tuple(
                replace(
                    first,
                    epoch=n + 1,
                    train_loss=start[0] * a,
                    valid_loss=start[1] * b,
                    changed=0.2 if kind == "underfit" else 0.9,
                )
                for n, (a, b) in enumerate(shares)
            ),
        }
    )
    some = evaluation.sides["base"].replies[0]
    replies = tuple(some.model_copy(update={"flags": flags}) for flags in ((flag,), ()))
    answers: dict[ModelVariant, Answers] = {
        side: evaluation.sides[side].model_copy(
            update={
                "replies": replies,
                "reply_of": tuple(int(kept) for kept in honest[side]),
                "scales": {n: "".join(f"{d:.0f}" for d in v) for n, v in scales[side].items()},
                "accurate": "".join(f"{d:.0f}" for d in accurate[side]),
            }
        )
        for side in evaluation.sides
    }
    learner.results[model.training] = drawn_training
    learner.results[model.evaluation or ""] = evaluation.model_copy(
        update={"sides": answers, "epoch": epochs}
    )
    targets: dict[str, float] = {}
    if dice.random() < 0.8:
        targets = {
            GOAL: float(dice.choice([3, 3.5, 4.5])),
            "accuracy": float(dice.choice([80, 92])),
        }
        learner.keep("goals", replace(learner.record("goals"), state={"numbers": {**targets}}))
        targets["accuracy"] /= 100
    flawed = len(Selected.of(learner.record("choose").state).picked) < len(TOPICS)
    return Drawn(scales, accurate, honest, drawn_training, targets, flawed), kind


Truth = Callable[[Drawn, Mapping[str, str]], bool]


def losses(drawn: Drawn, told: Mapping[str, str]) -> bool:
    """Whether the losses that are told are those that were drawn."""
    last, made = drawn.training.checkpoints[-1], drawn.training
    known = {
        "first": made.start_train_loss,
        "train": last.train_loss,
        "vfirst": made.start_valid_loss,
        "valid": last.valid_loss,
        "lowest": min(c.train_loss for c in made.checkpoints),
        "vbest": min(c.valid_loss for c in made.checkpoints),
    }
    return all(told[name] == f"{loss:.2f}" for name, loss in known.items() if name in told)


def standing(drawn: Drawn, told: Mapping[str, str]) -> bool:
    rival, tuned = (f"{drawn.scales[s][GOAL].mean():.2f}" for s in ("prompted", "tuned"))
    does_as_well = drawn.suffices and not drawn.far_ahead("tuned", "prompted")
    return (
        f"{told['label']} {told['rival']}" == f"Plain language {rival}"
        and told["tuned"] == tuned
        and told["mark"] == ("☐" if does_as_well else "☑")
    )


# By the strings' names: what each claims.
CLAIMS: dict[str, Truth] = {
    "run.good": lambda d, t: losses(d, t) and d.valid[1] < d.valid[0],
    "run.unlike-validation": lambda d, t: losses(d, t) and d.valid[1] > 0.85 * d.valid[0],
    "run.underfit": lambda d, t: losses(d, t) and d.valid[1] > 0.9 * d.valid[0],
    "run.overfit": lambda d, t: losses(d, t) and float(t["valid"]) > float(t["vbest"]),
    "run.diverged": lambda d, t: losses(d, t) and float(t["train"]) > float(t["first"]),
    "unseen": lambda d, _: d.is_enough,
    "settings": lambda d, _: not d.is_usual,
    "data_sound": lambda d, _: not d.flawed,
    "data_flawed": lambda d, _: d.flawed,
    "rival": standing,
    "ahead": lambda d, _: d.far_ahead("tuned", "prompted"),
    "behind": lambda d, _: d.far_ahead("prompted", "tuned"),
    "level": lambda d, _: (
        not d.far_ahead("tuned", "prompted") and not d.far_ahead("prompted", "tuned")
    ),
    "rival_reaches": lambda d, _: d.reaches("prompted"),
    "rival_misses": lambda d, _: not d.reaches("prompted"),
    "rival_fell": lambda d, _: d.harmed("prompted"),
    "held": lambda d, _: not d.harmed("tuned") and not d.fell(d.accurate, "tuned"),
    "fell_little": lambda d, _: (
        not d.harmed("tuned") and d.fell(d.accurate, "tuned") and d.points_lost("tuned") < 5
    ),
    "fell": lambda d, _: d.harmed("tuned"),
    "no_other_fell": lambda d, t: (
        not any(
            d.fell(values, "tuned")
            for label, values in (
                ("Accuracy", d.accurate),
                ("Usefulness", d.scale(OTHER)),
                ("No unbacked promises", d.honest),
            )
            if f"{label}: " in t["figures"]
        )
    ),
    "grounds.run": lambda d, _: d.valid[1] > 0.85 * d.valid[0],
    "grounds.settings": lambda d, _: not d.is_usual and not d.is_enough,
    "grounds.data": lambda d, _: d.flawed,
    "grounds.unlike": lambda d, _: d.valid[1] > 0.85 * d.valid[0],
    "grounds.gain-sought": lambda d, _: not d.gained,
    "grounds.no-gain": lambda d, _: not d.gained,
    "grounds.target-missed": lambda d, _: not d.flawed and not d.reaches("tuned"),
    "grounds.fell": lambda d, _: not d.flawed and d.harmed("tuned"),
    "grounds.rival": lambda d, _: d.suffices,
    "grounds.earned": lambda d, _: not d.flawed and d.is_enough,
    "grounds.level": lambda d, _: not d.flawed and d.is_enough and d.suffices,
    "target_met": lambda d, _: d.reaches("tuned") or len(d.targets) > 1,
    "target_missed": lambda d, _: not d.reaches("tuned"),
}


def templates(learner: Practice) -> dict[str, re.Pattern[str]]:
    """The strings of `CLAIMS` as patterns."""
    words = learner.strings.model
    told: dict[str, str] = {}
    for name in CLAIMS:
        at, _, key = name.partition(".")
        value = getattr(words, at) if at.startswith("target") else getattr(words.weighing, at)
        told[name] = value[key] if key else value
    return {
        name: re.compile(
            re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+?)", re.escape(text)) + r"(?=\s|$)", re.DOTALL
        )
        for name, text in told.items()
    }


def sentences(seen: Seen, learner: Practice) -> list[str]:
    """What is said of the figures: the bullets behind their titles, and why it is so."""
    words = learner.strings.model
    heads = {words.decide_weighed, words.decide_speaks, words.decide_also}
    (message, *_) = (m for m in seen.messages if any(isinstance(b, Notice) for b in m.blocks))
    opened = (b for b in message.blocks if isinstance(b, Details) and b.title in heads)
    found = [
        i for b in opened for told in b.blocks if isinstance(told, Bullets) for i in told.items
    ]
    for before, block in zip(message.blocks, message.blocks[1:], strict=False):
        if isinstance(before, Text) and before.text in heads and isinstance(block, Bullets):
            found += [re.sub(r"^\*\*.+?\*\* – ", "", line) for line in block.items]
        if isinstance(before, Notice) and isinstance(block, Text) and block.text not in heads:
            found.append(block.text)
    return found


def untrue(line: str, drawn: Drawn, known: Mapping[str, re.Pattern[str]]) -> str:
    """What of a line is no sentence of the table, or claims what isn't so; empty where all is."""
    rest = line
    while rest:
        found = [(n, m) for n, p in known.items() if (m := p.match(rest))]
        if not found:
            return f"unlisted: {rest}"
        name, match = max(found, key=lambda pair: pair[1].end() if pair[0] != "rival" else 0)
        if not CLAIMS[name](drawn, match.groupdict()):
            return f"{name}: {line}"
        rest = rest[match.end() :].strip()
    return ""


@pytest.mark.parametrize("data", ["sound", "narrow"])
@pytest.mark.parametrize("seed", range(12))
def test_every_sentence_is_true_and_some_step_is_refused(
    with_model: WithModel, data: str, seed: int
) -> None:
    learner = with_model("decide", "sound" if data == "sound" else "narrow")
    drawn, kind = draw(learner, seed)
    known, words = templates(learner), learner.strings.model
    a, b = (drawn.scales[s][GOAL].mean() for s in ("base", "tuned"))
    passed = set()
    for step in STEPS:
        seen = learner.copy().press(picked=step, why=f"Plain language: {a:.2f} → {b:.2f}.")
        assert seen.outcome in {"passed", "missed"}, seen.said
        lines = sentences(seen, learner)
        assert len(lines) >= 4, seen.said
        assert not [fault for line in lines if (fault := untrue(line, drawn, known))]
        assert (words.decide_speaks in seen.said) == (seen.outcome == "passed")
        passed |= {step} if seen.outcome == "passed" else set()
    assert 0 < len(passed) < len(STEPS)
    sound = kind == "good" and not drawn.flawed
    if "deploy" in passed:
        assert sound
        assert drawn.is_enough
        assert passed <= {"deploy", "base"}
    if sound and drawn.is_enough and not drawn.suffices:
        assert passed == {"deploy"}
    if sound and drawn.is_enough and drawn.suffices and not drawn.far_ahead("tuned", "prompted"):
        assert passed == {"base"}, "the prompt does as well, for nothing"
    if drawn.suffices:
        assert "base" in passed
    elif "base" in passed:
        assert sound
        assert not drawn.gained
    if drawn.flawed or kind == "unlike":
        assert "more-data" in passed
    if kind not in {"good", "unlike"} and (not drawn.is_usual or not drawn.flawed):
        assert "parameters" in passed
    if sound and not drawn.is_enough:
        assert ("parameters" in passed) == (not drawn.is_usual)
        if drawn.gained and drawn.is_usual:
            assert "more-data" in passed
