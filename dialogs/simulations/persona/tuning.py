"""Fine-tuning: stochastic gradient descent on a low-rank update of the base model (LoRA).

The loss is the mean negative log-likelihood per act. With g = p - y for a batch,

    D -= r cᵀ(g psi Uᵀ)        U -= r (c D)ᵀ g psi

where the logits are s R c + c D U psiᵀ, so that what is learnt about a phrase spreads to phrases
that share its features. A context c also holds how near the message is to each message trained on:
the model remembers. Gradients are clipped; the rate rises from 0 over the first epoch and then
stays. With each step a little of what the base knew fades (s falls from 1): who trains for long
forgets. A full-rank update
would be convex and never diverge; this product does, as real training can.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import ceil, sqrt
from typing import NamedTuple

import numpy as np

from dialogs.reading.encoder import vectors
from dialogs.simulations.computation import recipe_key
from dialogs.simulations.persona.company import Company
from dialogs.simulations.persona.features import Floats, Indices, PhraseRows, softmax
from dialogs.simulations.persona.model import Model, Tuned, memory
from dialogs.simulations.persona.outcome import outcome
from dialogs.simulations.persona.phrase import ENDING, Phrase, Phrases
from dialogs.simulations.persona.pretraining import next_phrases
from dialogs.simulations.persona.training import (
    RANK,
    Checkpoint,
    Example,
    Hyperparameters,
    NewPhrase,
    StepLoss,
    Training,
    TrainingRecipe,
    Weights,
)

START = 0.5  # scale that `down` starts at
RATE, USUAL_SIZE, SIZE_POWER = 0.2, 40, 0.6  # multiplier 1.0 means this rate
OWN = 3  # times that a line with sentences of the learner's own is learnt from in an epoch
FADE = 0.0022  # of what the base knew, with each step, times its rate
CLIP = 3.0  # longest gradient; unclipped, a high rate ends in NaN at once
HELD_OUT = 0.2  # of the examples, when there is no validation file; two at least
KEPT = 3  # most recent epochs, whose checkpoints stay deployable, as in the service
POINTS = 240  # of the training curve, at most
TINY = 1e-9  # keeps a division from zero
LOSS_FLOOR = 1e-30  # keeps a logarithm from zero


@dataclass(frozen=True)
class Batches:
    """Contexts, the base's logits for them and the phrases that came next, one entry a reply."""

    x: list[Floats]
    base: list[Floats]
    y: list[Indices]

    def of(self, picks: Sequence[int]) -> "Batch":
        """Some replies joined into one batch."""
        if len(picks) == 1:
            return Batch(self.x[picks[0]], self.base[picks[0]], self.y[picks[0]])
        return Batch(
            np.concatenate([self.x[i] for i in picks]),
            np.concatenate([self.base[i] for i in picks]),
            np.concatenate([self.y[i] for i in picks]),
        )

    def all(self) -> "Batch":
        """Every reply."""
        return self.of(range(len(self.y)))


class Batch(NamedTuple):
    """Contexts with the base's logits, and the phrases that came next."""

    x: Floats
    base: Floats
    y: Indices


class Update:
    """The low-rank update while it is learnt."""

    def __init__(self, contexts: int, psi: PhraseRows, dice: np.random.Generator) -> None:
        start = START / sqrt(RANK) * dice.standard_normal((contexts, RANK))
        self.down: Floats = start.astype(np.float32)
        self.up: Floats = np.zeros((RANK, psi.width), np.float32)
        self.base_share = 1.0
        self._psi = psi

    def logits(self, x: Floats, base: Floats) -> Floats:
        """The tuned model's logits for contexts whose base logits are known."""
        return self._total(x @ self.down, base)

    def _total(self, hidden: Floats, base: Floats) -> Floats:
        total: Floats = np.float32(self.base_share) * base + self._psi.logits(hidden @ self.up)
        return total

    def learn(self, batch: Batch, rate: float) -> float:
        """One step of gradient descent; the loss before it."""
        hidden = batch.x @ self.down
        p = softmax(self._total(hidden, batch.base))
        before = _nats(p, batch.y)
        p[np.arange(len(batch.y)), batch.y] -= 1.0
        p /= len(batch.y)
        slope = self._psi.features(p)
        to_down, to_up = batch.x.T @ (slope @ self.up.T), hidden.T @ slope
        size = sqrt(float(np.vdot(to_down, to_down) + np.vdot(to_up, to_up)))
        pace = np.float32(rate * min(1.0, CLIP / max(size, TINY)))
        self.down -= pace * to_down
        self.up -= pace * to_up
        self.base_share *= 1 - FADE * rate
        return before


def train(company: Company, recipe: TrainingRecipe) -> Training:
    """Tune the base model on a recipe's examples; the same recipe gives the same result."""
    dice = np.random.default_rng(recipe.seed)
    examples, held = _split(company, recipe, dice)
    replies = _read(company, [*examples, *held])
    learnt = replies[: len(examples)]
    new = _new_phrases(company, replies)
    model = company.widened(new)
    places = {p: i for i, p in enumerate(model.phrases)}
    taught = sorted({places[p] for reply in learnt for p in reply} | {places[ENDING]})
    psi = company.features.taught(model.phrases, taught, len(new))
    messages = tuple(dict.fromkeys(e.message for e in examples))
    anchors = vectors(messages)
    own = {at for at, reply in enumerate(learnt) if set(reply) & set(new)}
    batches = _batches(model, anchors, examples, learnt)
    validation = _batches(model, anchors, held, replies[len(examples) :]).all()
    update = Update(len(model.ranks) + len(messages), psi, dice)
    start_train, start_valid = _loss(update, batches.all()), _loss(update, validation)
    per_epoch = ceil(len(examples) / recipe.batch_size)
    rate = _rate(recipe, len(examples))
    losses: list[float] = []
    checkpoints: list[Checkpoint] = []
    weights: dict[int, Weights] = {}
    for epoch in range(1, recipe.n_epochs + 1):
        order = dice.permutation(len(examples)).tolist()
        for start in range(0, len(examples), recipe.batch_size):
            warm = min(1.0, (len(losses) + 1) / per_epoch)
            picks = order[start : start + recipe.batch_size]
            losses.append(update.learn(batches.of(picks), rate * warm))
            for again in [[i] for i in picks if i in own] * (OWN - 1):
                update.learn(batches.of(again), rate * warm)
        if epoch > recipe.n_epochs - KEPT:
            weights[epoch] = Weights.packed(update.down, update.up, update.base_share)
        train_loss = float(np.mean(losses[-per_epoch:]))
        checkpoints.append(
            Checkpoint(
                epoch=epoch,
                step=len(losses),
                train_loss=round(train_loss, 4),
                valid_loss=round(_loss(update, validation), 4),
                changed=round(_changed(company, model, update, psi, anchors), 4),
            )
        )
    best = min(checkpoints, key=lambda c: c.valid_loss).epoch
    return Training(
        recipe_key=recipe_key(recipe),
        settings=Hyperparameters.model_validate(
            recipe.model_dump(include=set(Hyperparameters.model_fields))
        ),
        steps=len(losses),
        start_train_loss=round(start_train, 4),
        start_valid_loss=round(start_valid, 4),
        curve=_curve(losses),
        checkpoints=tuple(checkpoints),
        best_epoch=best,
        kind=outcome(checkpoints, start_train, start_valid),
        phrases=tuple(NewPhrase(text=p.text, act=p.act, intent=p.intent) for p in new),
        taught=tuple(taught),
        weights=weights,
        messages=messages,
    )


def _rate(settings: Hyperparameters, examples: int) -> float:
    """The learning rate: the multiplier is relative to what fits the set's size.

    The batch changes it no more than in the service: who takes a larger one raises the rate.
    """
    fitting = (USUAL_SIZE / examples) ** SIZE_POWER
    return float(RATE * settings.learning_rate_multiplier * fitting)


def _split(
    company: Company, recipe: TrainingRecipe, dice: np.random.Generator
) -> tuple[list[Example], list[Example]]:
    examples = list(recipe.examples)
    if recipe.validation == "file":
        return examples, list(company.validation)
    order = dice.permutation(len(examples))
    keep = len(examples) - max(2, round(HELD_OUT * len(examples)))
    return [examples[i] for i in order[:keep]], [examples[i] for i in order[keep:]]


def _read(company: Company, examples: Sequence[Example]) -> list[Phrases]:
    """The replies as phrases. A learner's sentence is about what its line is about.

    One that stands in lines of several intents fits any.
    """
    known = set(company.phrasebook.phrases)
    replies = [company.phrasebook.read(e.reply, company.intent_of(e.message)) for e in examples]
    new = dict.fromkeys(p for reply in replies for p in reply if p not in known)
    first: dict[str, Phrase] = {}
    for phrase in new:
        same = first.setdefault(phrase.text, phrase)
        if same != phrase:
            first[phrase.text] = replace(same, intent=None)
    return [tuple(p if p in known else first[p.text] for p in reply) for reply in replies]


def _new_phrases(company: Company, replies: Iterable[Phrases]) -> tuple[Phrase, ...]:
    known = set(company.phrasebook.phrases)
    return tuple(dict.fromkeys(p for reply in replies for p in reply if p not in known))


def _batches(
    model: Model,
    anchors: Floats,
    examples: Sequence[Example],
    replies: Sequence[Phrases],
) -> Batches:
    features = model.voice.features
    places = {p: i for i, p in enumerate(model.phrases)}
    heard = model.voice.hearing.hear([e.message for e in examples])
    near = memory(anchors, np.stack([h.vector for h in heard]))
    batches = Batches([], [], [])
    for message, memories, reply in zip(heard, near, replies, strict=True):
        stages, y = next_phrases(features, places, reply)
        always = np.tile(np.concatenate([message.row, memories]), (len(y), 1))
        x = np.hstack([stages, always])
        batches.x.append(x)
        batches.base.append(model.base_logits(x[:, : len(model.ranks)]))
        batches.y.append(np.array(y, np.intp))
    return batches


def _nats(p: Floats, y: Indices) -> float:
    """The loss per act of predictions `p` for the phrases `y` that came next."""
    right = p[np.arange(len(y)), y]
    return float(-np.log(np.maximum(right, LOSS_FLOOR)).mean())


def _loss(update: Update, batch: Batch) -> float:
    """The loss on a batch that is not learnt from here."""
    return _nats(softmax(update.logits(batch.x, batch.base)), batch.y)


def _changed(
    company: Company, model: Model, update: Update, psi: PhraseRows, anchors: Floats
) -> float:
    added = Tuned(update.down, psi.logits(update.up), anchors, {}, update.base_share)
    tuned = replace(model, tuned=added, _answers={})
    asked = [intent.validation[0] for intent in company.world.intents.values()]
    pairs = zip(tuned.answers(asked), company.base.answers(asked), strict=True)
    return sum(one != other for one, other in pairs) / len(asked)


def _curve(losses: Sequence[float]) -> tuple[StepLoss, ...]:
    stride = ceil(len(losses) / POINTS)
    points = []
    for start in range(0, len(losses), stride):
        loss = float(np.mean(losses[start : start + stride]))
        step = min(start + stride, len(losses))
        points.append(StepLoss(step=step, train_loss=round(loss, 3)))
    return tuple(points)
