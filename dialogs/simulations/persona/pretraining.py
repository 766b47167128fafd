"""How the base model came to be: full-batch descent on the company's manuals."""

from collections.abc import Iterator, Sequence

import numpy as np

from content.world import World
from dialogs.simulations.persona.features import Features, Floats
from dialogs.simulations.persona.phrase import ENDING, Phrase, Phrases

MOMENTUM, PACE = 0.9, 0.6


def next_phrases(
    features: Features, places: dict[Phrase, int], start: Floats, reply: Phrases
) -> tuple[Floats, list[int]]:
    """A reply as lessons: each context (a row), and the place of the phrase that came next."""
    rows = np.stack([features.said(start, reply[:i]) for i in range(len(reply) + 1)])
    return rows, [places[p] for p in (*reply, ENDING)]


def pretrain(world: World, features: Features, phrases: tuple[Phrase, ...]) -> Floats:
    """The base model's weights, contexts x phrase features (those shared, then identities).

    The loss is the mean negative log-likelihood of the corpus, with L2 decay.
    """
    book = {(p.text, p.act): p for p in reversed(phrases)}
    places = {p: i for i, p in enumerate(phrases)}
    rows, targets, worth = [], [], []
    for name, marks, acts, share in _corpus(world):
        reply = tuple(book[world.sayings(a, name)[0], a] for a in acts)
        x, y = next_phrases(features, places, features.message(name, marks), reply)
        rows.append(x)
        targets += y
        worth += [share] * len(y)
    # The same context comes often: count what follows it, once.
    x, group = np.unique(np.concatenate(rows), axis=0, return_inverse=True)
    wanted = np.zeros((len(x), len(phrases)), np.float32)
    np.add.at(wanted, (group.ravel(), np.array(targets)), np.array(worth) / sum(worth))
    return _descend(world, x, wanted, features.rows(phrases))


def _corpus(world: World) -> Iterator[tuple[str, frozenset[str], Sequence[str], float]]:
    """Intent, marks, acts and weight of everything the base model read."""
    reading = world.pretraining
    felt = [m for m, mark in world.marks.items() if mark.weight > 0]
    for name, intent in world.intents.items():
        moods = [frozenset[str](), *(frozenset({m}) for m in felt)]
        told_apart = [m.mark for m in intent.manuals if m.mark and m.mark not in felt]
        moods += [frozenset({m}) for m in told_apart]
        moods += [frozenset({m, f}) for m in told_apart for f in felt]
        for mood in moods:
            manual = [m for m in intent.manuals if m.mark in mood]
            manual = manual or [m for m in intent.manuals if m.mark is None]
            sources = [([m.acts for m in manual], reading.manuals)]
            sources += [(list(world.plans(name, c)), s) for c, s in reading.shares.items()]
            for plans, share in sources:
                for acts in plans:
                    yield name, mood, acts, share / len(plans) / len(moods)


def _descend(world: World, x: Floats, wanted: Floats, psi: Floats) -> Floats:
    mass = wanted.sum(1, keepdims=True)
    weights: Floats = np.zeros((x.shape[1], psi.shape[1]), np.float32)
    speed: Floats = np.zeros_like(weights)
    decay = np.float32(world.pretraining.decay)
    logits: Floats = np.empty((len(x), len(psi)), np.float32)
    for _ in range(world.pretraining.rounds):
        # In place: allocating these tables anew takes longer than filling them. The logits
        # stay small, so that no maximum needs to be taken off before `exp`.
        np.matmul(x, weights @ psi.T, out=logits)
        np.exp(logits, out=logits)
        np.multiply(logits, mass / logits.sum(1, keepdims=True), out=logits)
        logits -= wanted
        speed = MOMENTUM * speed - PACE * ((x.T @ logits) @ psi + decay * weights)
        weights = weights + speed
    return weights
