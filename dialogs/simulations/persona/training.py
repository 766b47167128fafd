"""Recipes and results of training: plain, frozen data that crosses processes as JSON."""

from base64 import b64decode, b64encode
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from typing import Literal

import numpy as np
from pydantic import Field

from content.frozen import Frozen
from dialogs.simulations.computation import Recipe, Result
from dialogs.simulations.persona.features import Floats
from dialogs.simulations.persona.phrase import Phrase

RANK = 16  # of the low-rank update (LoRA)

TrainingOutcome = Literal["underfit", "good", "overfit", "diverged", "unlike-validation"]


class Example(Frozen):
    """One training line: what a customer wrote and the reply to learn."""

    message: str
    reply: str


class Hyperparameters(Frozen):
    """Hyperparameters as the service names them; the multiplier is relative to its own rate."""

    learning_rate_multiplier: float = Field(default=1.0, gt=0)
    batch_size: int = Field(default=1, ge=1)
    n_epochs: int = Field(default=3, ge=1)


class TrainingRecipe(Recipe, Hyperparameters):
    """Everything that decides a training. `validation`: the lesson's own file, or 20% held out."""

    examples: tuple[Example, ...] = Field(min_length=3)
    seed: int = 105
    validation: Literal["file", "split"] = "file"


class StepLoss(Frozen):
    """A point of the training curve, in nats per act.

    Long trainings keep a mean over neighbouring steps; `step` is the last of them.
    """

    step: int
    train_loss: float


@dataclass(frozen=True)
class Checkpoint:
    """The model after an epoch.

    Losses are nats per act; `changed` is the share of replies (one for each intent) that differ
    from the base model's.
    """

    epoch: int
    step: int
    train_loss: float
    valid_loss: float
    changed: float


class NewPhrase(Frozen):
    """A sentence of the learner's own, which the tuned model can say."""

    text: str
    act: str
    intent: str | None

    @property
    def phrase(self) -> Phrase:
        """The same as a phrase."""
        return Phrase(self.text, self.act, self.intent)


class Weights(Frozen):
    """The low-rank update of one checkpoint: two matrices of half floats, as base64.

    `base_share`: how much of what the base knew is left, 0.0 to 1.0.
    """

    down: str
    up: str
    base_share: float

    @classmethod
    def packed(cls, down: Floats, up: Floats, base_share: float) -> "Weights":
        """Keep both matrices at half precision."""
        halves = (np.clip(m, -6e4, 6e4).astype(np.float16) for m in (down, up))
        packed = [b64encode(h.tobytes()).decode("ascii") for h in halves]
        return cls(down=packed[0], up=packed[1], base_share=round(base_share, 4))

    @property
    def matrices(self) -> tuple[Floats, Floats]:
        """Both: contexts and messages x rank, rank x phrase features."""
        parts = (np.frombuffer(b64decode(m), np.float16) for m in (self.down, self.up))
        down, up = (p.astype(np.float32) for p in parts)
        return down.reshape(-1, RANK), up.reshape(RANK, -1)


class Training(Result):
    """What a training gave: curves, checkpoints, the kept weights by epoch (the last ones').

    `start_train_loss` and `start_valid_loss` are the base model's on the same data.
    `taught` are the places of the phrases that something was learnt about; `messages` are those
    trained on, which the model remembers, so that none is evaluated.
    """

    settings: Hyperparameters
    steps: int
    start_train_loss: float
    start_valid_loss: float
    curve: tuple[StepLoss, ...]
    checkpoints: tuple[Checkpoint, ...]
    best_epoch: int
    kind: TrainingOutcome
    phrases: tuple[NewPhrase, ...]
    taught: tuple[int, ...]
    weights: dict[int, Weights]
    messages: tuple[str, ...]

    @cached_property
    def seen_messages(self) -> frozenset[str]:
        """Digests of the messages for looking up."""
        return frozenset(map(message_digest, self.messages))

    def checkpoint(self, epoch: int | None = None) -> Checkpoint:
        """The checkpoint of an epoch; the last one without a number."""
        return self.checkpoints[-1 if epoch is None else epoch - 1]

    def deployable(self, epoch: int | None = None) -> Checkpoint:
        """The checkpoint that a model of this epoch speaks from: the last where it isn't kept."""
        return self.checkpoint(epoch if epoch in self.weights else None)

    @property
    def best_kept(self) -> Checkpoint:
        """Of the checkpoints that are kept, the one with the lowest validation loss."""
        return min(map(self.checkpoint, self.weights), key=lambda c: c.valid_loss)

    @property
    def last_but_best(self) -> Checkpoint | None:
        """The last checkpoint that is kept beside the best; None where there is but one."""
        others = [epoch for epoch in self.weights if epoch != self.best_kept.epoch]
        return self.checkpoint(max(others)) if others else None


def message_digest(message: str) -> str:
    """A short digest of a message, whatever its case and spacing."""
    return blake2b(" ".join(message.lower().split()).encode(), digest_size=4).hexdigest()
