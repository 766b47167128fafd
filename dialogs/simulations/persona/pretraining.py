"""How the base model came to be: gradient descent on the company's manuals.

The weights are contexts x phrase features: what phrases share, then each phrase itself. They
are fitted once for a world and then kept on disk.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np

from content.world import ReplyPlan, World
from dialogs.reading.encoder import ENCODER
from dialogs.reading.shelf import kept
from dialogs.simulations.persona.features import IDENTITY, Features, Floats, Indices, softmax
from dialogs.simulations.persona.hearing import Heard, Hearing
from dialogs.simulations.persona.phrase import ENDING, Phrase, Phrases

MOMENTUM, PACE, BATCH = 0.9, 12.0, 64  # the batch: messages
READ = {"acts", "generic", "marks", "intents", "characters", "pretraining"}  # of a world
FORM = 2  # of the fit; a change of this module or of the features that changes weights raises it


@dataclass(frozen=True)
class Weights:
    """What each context feature adds to each phrase's logit: by what phrases share, and alone."""

    shared: Floats
    alone: Floats

    def ranks(self, shared: Floats) -> Floats:
        """The logits that each context feature gives to the world's phrases."""
        found: Floats = self.shared @ shared.T + np.float32(IDENTITY) * self.alone
        return found


def pretrained(
    world: World, hearing: Hearing, features: Features, phrases: tuple[Phrase, ...]
) -> Weights:
    """The base model's weights, fitted or as they were kept."""
    said = f"{FORM} {ENCODER} {world.model_dump_json(include=READ)}"
    digest = blake2b(said.encode(), digest_size=16).hexdigest()
    found = kept("base", digest, lambda: vars(_fit(world, hearing, features, phrases)))
    return Weights(shared=found["shared"], alone=found["alone"])


def next_phrases(
    features: Features, places: dict[Phrase, int], reply: Phrases
) -> tuple[Floats, list[int]]:
    """A reply as lessons: each stage of it (a row), and the place of the phrase that came next."""
    rows = np.stack([features.said(reply[:i]) for i in range(len(reply) + 1)])
    return rows, [places[p] for p in (*reply, ENDING)]


@dataclass(frozen=True)
class _Lessons:
    """Everything that the base read: a message, a stage of its reply, what came next, how often."""

    message: Indices
    stage: Floats
    target: Indices
    worth: Floats

    def of(self, messages: Indices) -> "_Lessons":
        picks = np.flatnonzero(np.isin(self.message, messages))
        where = {int(m): at for at, m in enumerate(messages)}
        at = np.array([where[int(m)] for m in self.message[picks]], np.intp)
        return _Lessons(at, self.stage[picks], self.target[picks], self.worth[picks])


def _fit(
    world: World, hearing: Hearing, features: Features, phrases: tuple[Phrase, ...]
) -> Weights:
    told = [(n, m) for n, intent in world.intents.items() for m in intent.messages]
    heard = hearing.hear([m for _, m in told])
    lessons = _lessons(world, features, phrases, told, heard)
    about = np.stack([h.row for h in heard])
    shared = features.shared(phrases)
    dice = np.random.default_rng(0)
    contexts = features.flow + hearing.width
    weights = Weights(
        np.zeros((contexts, shared.shape[1]), np.float32),
        np.zeros((contexts, len(phrases)), np.float32),
    )
    speed = [np.zeros_like(weights.shared), np.zeros_like(weights.alone)]
    decay = np.float32(world.pretraining.decay)
    rounds = world.pretraining.rounds
    for turn in range(rounds):
        pace = np.float32(PACE * min(1.0, 2 * (1 - turn / rounds)))
        order = dice.permutation(len(told))
        for start in range(0, len(order), BATCH):
            picks = order[start : start + BATCH]
            slope = _slope(weights.ranks(shared), lessons.of(picks), about[picks])
            steps = (slope @ shared, np.float32(IDENTITY) * slope)
            for part, (whole, step) in enumerate(zip(vars(weights).values(), steps, strict=True)):
                speed[part] = MOMENTUM * speed[part] - pace * (step + decay * whole)
                np.add(whole, speed[part], out=whole)
    return weights


def _slope(ranks: Floats, lessons: _Lessons, about: Floats) -> Floats:
    """The gradient of a batch's mean loss by the ranks."""
    flow = len(ranks) - about.shape[1]
    logits = (about @ ranks[flow:])[lessons.message] + lessons.stage @ ranks[:flow]
    p = softmax(logits)
    p[np.arange(len(p)), lessons.target] -= 1.0
    p *= lessons.worth[:, None] / lessons.worth.sum()
    by_message = np.zeros((len(about), p.shape[1]), np.float32)
    np.add.at(by_message, lessons.message, p)
    slope: Floats = np.concatenate([lessons.stage.T @ p, about.T @ by_message])
    return slope


def _lessons(
    world: World,
    features: Features,
    phrases: tuple[Phrase, ...],
    told: Sequence[tuple[str, str]],
    heard: Sequence[Heard],
) -> _Lessons:
    book = {(p.text, p.act): p for p in reversed(phrases)}
    places = {p: i for i, p in enumerate(phrases)}
    dice = np.random.default_rng(1)
    at, stages, targets, worth = [], [], [], []
    for place, ((name, _), message) in enumerate(zip(told, heard, strict=True)):
        for acts, share in _read(world, name, message.marks, dice):
            reply = tuple(book[world.sayings(a, name)[0], a] for a in acts)
            rows, next_ones = next_phrases(features, places, reply)
            at += [place] * len(rows)
            stages.append(rows)
            targets += next_ones
            worth += [share] * len(rows)
    return _Lessons(
        np.array(at), np.concatenate(stages), np.array(targets), np.array(worth, np.float32)
    )


def _read(
    world: World, name: str, marks: frozenset[str], dice: np.random.Generator
) -> Iterator[tuple[ReplyPlan, float]]:
    """The replies to a message that the base model read, with their shares."""
    manuals = world.intents[name].manuals
    fitting = [m for m in manuals if m.mark in marks] or [m for m in manuals if m.mark is None]
    for manual in fitting:
        yield manual.acts, world.pretraining.manuals / len(fitting)
    for character, share in world.pretraining.shares.items():
        plans = world.plans(name, character)
        yield plans[int(dice.integers(len(plans)))], share
