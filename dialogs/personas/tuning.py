"""Fine-tuning: stochastic gradient descent on a low-rank update of the base model (LoRA).

The loss is the mean negative log-likelihood per act. With g = p - y for a batch,

    D -= r cᵀ(g Uᵀ)        U -= r (c D)ᵀ g K        K = psi psiᵀ

so what is learnt about a phrase spreads to phrases that share its features. Gradients are
clipped; the rate rises from 0 over the first epoch and then stays. A full-rank update
would be convex and never diverge; this product does, as real training can.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, sqrt

import numpy as np

from dialogs.personas.company import Company
from dialogs.personas.features import Floats, softmax
from dialogs.personas.model import Model
from dialogs.personas.outcome import outcome
from dialogs.personas.phrase import Phrase, Reply
from dialogs.personas.pretraining import next_phrases
from dialogs.personas.training import (
    RANK,
    Checkpoint,
    Example,
    NewPhrase,
    Settings,
    StepLoss,
    Training,
    TrainingRecipe,
    Weights,
    message_digest,
    recipe_key,
)

START = 0.5  # scale that `down` starts at
RATE, USUAL_SIZE, SIZE_POWER, BATCH_POWER = 0.2, 40, 0.6, 0.8  # multiplier 1.0 means this rate
CLIP = 3.0  # longest gradient; unclipped, a high rate ends in NaN at once
HELD_OUT = 0.2  # of the examples, when there is no validation file; two at least
KEPT = 3  # most recent epochs whose checkpoints stay deployable, and the best besides
POINTS = 240  # of the training curve, at most
FEW = 30  # examples below which smaller sets call for more epochs
LOSS_FLOOR = 1e-30


def automatic(examples: int) -> Settings:
    """What "auto" chooses for so many examples: as the service did for 40 (3 epochs, batch 1)."""
    return Settings(n_epochs=4 if examples < FEW else 3)


@dataclass
class _Lessons:
    """Contexts, the base's logits for them and the phrases that came next, one entry a reply."""

    x: list[Floats]
    base: list[Floats]
    y: list[np.ndarray[tuple[int], np.dtype[np.intp]]]

    def joined(self) -> tuple[Floats, Floats, np.ndarray[tuple[int], np.dtype[np.intp]]]:
        return np.concatenate(self.x), np.concatenate(self.base), np.concatenate(self.y)


def train(company: Company, recipe: TrainingRecipe) -> Training:
    """Tune the base model on a recipe's examples; the same recipe gives the same result."""
    dice = np.random.default_rng(recipe.seed)
    examples, held = _split(company, recipe, dice)
    replies = [_read(company, e) for e in (*examples, *held)]
    new = _new_phrases(company, replies)
    model = company.widened(new)
    lessons = _lessons(model, examples, replies[: len(examples)])
    vx, vbase, vy = _lessons(model, held, replies[len(examples) :]).joined()
    _, tbase, ty = lessons.joined()
    psi = company.features.rows(model.phrases)
    alike = psi @ psi.T
    down = (START / sqrt(RANK) * dice.standard_normal((len(model.ranks), RANK))).astype(np.float32)
    up = np.zeros((RANK, len(model.phrases)), np.float32)
    per_epoch = ceil(len(examples) / recipe.batch_size)
    rate = RATE * recipe.learning_rate_multiplier * recipe.batch_size**BATCH_POWER
    rate *= (USUAL_SIZE / len(examples)) ** SIZE_POWER
    losses: list[tuple[float, float]] = []
    checkpoints: list[Checkpoint] = []
    weights: dict[int, Weights] = {}
    for epoch in range(1, recipe.n_epochs + 1):
        order = dice.permutation(len(examples))
        for start in range(0, len(examples), recipe.batch_size):
            picks = order[start : start + recipe.batch_size]
            x, base, y = _batch(lessons, picks)
            low, at = x @ down, np.arange(len(y))
            logits: Floats = base + low @ up
            p = softmax(logits)
            losses.append(_loss(p, y))
            p[at, y] -= 1.0
            p /= len(y)
            to_down, to_up = x.T @ (p @ up.T), low.T @ p
            size = sqrt(float(np.vdot(to_down, to_down) + np.vdot(to_up, to_up)))
            pace = np.float32(
                rate * min(1.0, len(losses) / per_epoch) * min(1.0, CLIP / max(size, 1e-9))
            )
            down -= pace * to_down
            up -= pace * (to_up @ alike)
        weights[epoch] = Weights.packed(down, up)
        held_logits: Floats = vbase + (vx @ down) @ up
        valid_loss, valid_accuracy = _loss(softmax(held_logits), vy)
        recent = np.array(losses[-per_epoch:])
        checkpoints.append(
            Checkpoint(
                epoch=epoch,
                step=len(losses),
                train_loss=round(float(recent[:, 0].mean()), 4),
                train_accuracy=round(float(recent[:, 1].mean()), 4),
                valid_loss=round(valid_loss, 4),
                valid_accuracy=round(valid_accuracy, 4),
                changed=round(_changed(company, model, down @ up), 4),
                deployable=True,
            )
        )
    best = min(checkpoints, key=lambda c: c.valid_loss).epoch
    kept = {best, *range(max(1, recipe.n_epochs - KEPT + 1), recipe.n_epochs + 1)}
    checkpoints = [c.model_copy(update={"deployable": c.epoch in kept}) for c in checkpoints]
    start_train, start_valid = _loss(softmax(tbase), ty)[0], _loss(softmax(vbase), vy)[0]
    return Training(
        recipe_key=recipe_key(recipe),
        settings=Settings.model_validate(recipe.model_dump(include=set(Settings.model_fields))),
        examples=len(examples),
        held_out=len(held),
        steps=len(losses),
        start_train_loss=round(start_train, 4),
        start_valid_loss=round(start_valid, 4),
        curve=_curve(losses),
        checkpoints=tuple(checkpoints),
        best_epoch=best,
        kind=outcome(checkpoints, start_train, start_valid),
        phrases=tuple(NewPhrase(text=p.text, act=p.act, intent=p.intent) for p in new),
        weights={e: weights[e] for e in sorted(kept)},
        seen=tuple(dict.fromkeys(message_digest(e.message) for e in recipe.examples)),
    )


def _split(
    company: Company, recipe: TrainingRecipe, dice: np.random.Generator
) -> tuple[list[Example], list[Example]]:
    examples = list(recipe.examples)
    if recipe.validation == "file":
        return examples, list(company.validation)
    order = dice.permutation(len(examples))
    keep = len(examples) - max(2, round(HELD_OUT * len(examples)))
    return [examples[i] for i in order[:keep]], [examples[i] for i in order[keep:]]


def _read(company: Company, example: Example) -> Reply:
    return company.phrasebook.read(example.reply, company.place(example.message))


def _new_phrases(company: Company, replies: Iterable[Reply]) -> tuple[Phrase, ...]:
    known = set(company.phrasebook.phrases)
    return tuple(dict.fromkeys(p for reply in replies for p in reply if p not in known))


def _lessons(model: Model, examples: Sequence[Example], replies: Sequence[Reply]) -> _Lessons:
    voice = model.voice
    places = {p: i for i, p in enumerate(model.phrases)}
    lessons = _Lessons([], [], [])
    for example, reply in zip(examples, replies, strict=True):
        start = voice.features.message(voice.place(example.message), voice.see(example.message))
        x, y = next_phrases(voice.features, places, start, reply)
        lessons.x.append(x)
        lessons.base.append(x @ model.ranks)
        lessons.y.append(np.array(y, np.intp))
    return lessons


def _batch(
    lessons: _Lessons, picks: np.ndarray[tuple[int], np.dtype[np.int64]]
) -> tuple[Floats, Floats, np.ndarray[tuple[int], np.dtype[np.intp]]]:
    if len(picks) == 1:
        at = int(picks[0])
        return lessons.x[at], lessons.base[at], lessons.y[at]
    chosen = [int(i) for i in picks]
    return (
        np.concatenate([lessons.x[i] for i in chosen]),
        np.concatenate([lessons.base[i] for i in chosen]),
        np.concatenate([lessons.y[i] for i in chosen]),
    )


def _loss(p: Floats, y: np.ndarray[tuple[int], np.dtype[np.intp]]) -> tuple[float, float]:
    """Nats per act, and the share of acts that were the first choice."""
    right = p[np.arange(len(y)), y]
    loss = float(-np.log(np.maximum(right, LOSS_FLOOR)).mean())
    return loss, float((p.argmax(1) == y).mean())


def _changed(company: Company, model: Model, update: Floats) -> float:
    tuned = Model(model.voice, model.phrases, model.ranks + update)
    moods = (frozenset[str](), frozenset(company.world.marks))
    asked = [(intent, mood) for intent in company.world.intents for mood in moods]
    return sum(tuned.answer(*a) != company.base.answer(*a) for a in asked) / len(asked)


def _curve(losses: Sequence[tuple[float, float]]) -> tuple[StepLoss, ...]:
    stride = ceil(len(losses) / POINTS)
    points = []
    for start in range(0, len(losses), stride):
        loss, accuracy = np.array(losses[start : start + stride]).mean(0).tolist()
        step = min(start + stride, len(losses))
        points.append(
            StepLoss(step=step, train_loss=round(loss, 3), train_accuracy=round(accuracy, 3))
        )
    return tuple(points)
