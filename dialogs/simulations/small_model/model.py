"""A language model of a few hundred words: it is trained line by line, and speaks word by word.

After the words said so far, the next word v has

    p(v | conversation, said) = softmax_v( sum of weights[f, v] over the features f that hold )

A feature is a word of the question, of an earlier turn or of the reply so far, the last one or two
words, each of these beside the last word, and whether a document is at hand. The weights are
all that the model knows. Pre-training and tuning are the same thing, done one after the other:
the gradient of a line's cross-entropy, scaled for each weight by what it has moved (AdaGrad).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float32]

END = "<end>"
LONGEST = 40  # words of a reply
RATE = np.float32(0.5)  # of AdaGrad
FORGETS = np.float32(1e-4)  # share of a weight that is added to its slope
STILL = np.float32(1e-4)  # added to what a weight has moved

_TOKEN = re.compile(r"\{\w+\}|\d+(?:[.,]\d+)*|[^\W\d_]+(?:[-'’&][^\W\d_]+)*|[^\w\s]")
_TIGHT = re.compile(r"\s+([.,:;!?%)])|(?<=[(])\s+")
# How much each kind of feature weighs beside the others.
ASKED, EARLIER, SAID, BESIDE = 0.6, 0.6, 0.25, 0.5


@dataclass(frozen=True)
class Turn:
    """Something said in a conversation; `learned` where it is a reply that is trained on."""

    role: str
    text: str
    learned: bool = True


Dialogue: TypeAlias = tuple[Turn, ...]


def tokens(text: str) -> list[str]:
    """The words and signs of a text, as they are written."""
    return _TOKEN.findall(text)


def joined(words: Sequence[str]) -> str:
    """Words and signs as a text."""
    return _TIGHT.sub(r"\1", " ".join(words))


def stems(text: str) -> list[str]:
    """The words of a text as the model hears them: small, and without their endings."""
    return list(dict.fromkeys(w.lower()[:7] for w in tokens(text) if w[0].isalnum()))


@dataclass(eq=False)
class Model:
    """What was learnt. `heard` are the features by their places, `words` the vocabulary."""

    words: tuple[str, ...]
    heard: dict[str, int] = field(default_factory=dict)
    weights: Floats = field(default_factory=lambda: np.zeros((0, 0), np.float32))
    moved: Floats = field(default_factory=lambda: np.zeros((0, 0), np.float32))

    def __post_init__(self) -> None:
        self.places = {w: at for at, w in enumerate(self.words)}

    def copy(self) -> "Model":
        """The same model, to be tuned further."""
        return Model(self.words, dict(self.heard), self.weights.copy(), self.moved.copy())

    def _room(self, more: int) -> None:
        """Place for features that weren't met yet."""
        rows, size = self.weights.shape[0], len(self.words)
        if len(self.heard) + more > rows:
            grown = max(1024, rows * 2, len(self.heard) + more)
            for name in ("weights", "moved"):
                bigger = np.zeros((grown, size), np.float32)
                bigger[:rows] = getattr(self, name) if rows else 0
                setattr(self, name, bigger)

    def rows(self, held: Mapping[str, float], *, learn: bool) -> tuple[list[int], list[float]]:
        """Where features stand, and how much each weighs; unknown ones count only in learning."""
        if learn:
            new = [f for f in held if f not in self.heard]
            self._room(len(new))
            for name in new:
                self.heard[name] = len(self.heard)
        known = [(self.heard[f], x) for f, x in held.items() if f in self.heard]
        return [at for at, _ in known], [x for _, x in known]


def _context(earlier: Sequence[Turn], *, document: bool) -> dict[str, float]:
    """What is heard of the conversation before a reply."""
    asked = stems(earlier[-1].text) if earlier else []
    before = dict.fromkeys(s for t in earlier[:-1] if t.role != "system" for s in stems(t.text))
    held = {f"asked:{s}": ASKED for s in asked}
    held |= {f"earlier:{s}": EARLIER for s in before if s not in asked}
    held["document" if document else "none"] = 1.0
    return held


def _features(context: Mapping[str, float], said: Sequence[str]) -> dict[str, float]:
    last = said[-1] if said else ""
    before = said[-2] if len(said) > 1 else ""
    held = dict(context)
    held |= {f"{f}|{last}": BESIDE for f in context}
    held |= {f"said:{w}": SAID for w in said}
    held[f"last|{last}"] = 1.0
    held[f"last|{before}|{last}"] = 1.0
    return held


@dataclass(frozen=True)
class TrainingLine:
    """A training line, whether it was written beside a document, and the box that it is from."""

    turns: Dialogue
    document: bool = False
    box: str = ""


def _lessons(line: TrainingLine) -> Iterator[tuple[dict[str, float], str]]:
    """Each word to be said, with what holds before it."""
    for at, turn in enumerate(line.turns):
        if turn.role != "assistant" or not turn.learned:
            continue
        context, said = _context(line.turns[:at], document=line.document), list[str]()
        for word in (*tokens(turn.text), END):
            yield _features(context, said), word
            said.append(word)


def vocabulary(lines: Sequence[TrainingLine]) -> tuple[str, ...]:
    """All words of all replies."""
    replies = (t.text for line in lines for t in line.turns if t.role == "assistant")
    return (END, *dict.fromkeys(w for r in replies for w in tokens(r)))


def trained(
    model: Model, lines: Sequence[TrainingLine], epochs: int, seed: int
) -> tuple[float, ...]:
    """Train a model on lines, one after the other; each epoch's loss, in nats a word."""
    batches = [batch for line in lines if (batch := _batch(model, line)) is not None]
    words = sum(len(batch.following) for batch in batches)
    random = np.random.default_rng(seed)
    losses = []
    for _ in range(epochs if batches else 0):
        order = random.permutation(len(batches))
        losses.append(sum(_step(model, batches[n]) for n in order) / words)
    return tuple(losses)


@dataclass(frozen=True)
class _Batch:
    """A line made ready: features by words to be said, where those features stand, the words."""

    held: Floats
    rows: NDArray[np.intp]
    following: NDArray[np.intp]


def _batch(model: Model, line: TrainingLine) -> _Batch | None:
    lessons = list(_lessons(line))
    if not lessons:
        return None
    known = [model.rows(held, learn=True) for held, _ in lessons]
    rows = sorted({at for found, _ in known for at in found})
    place = {at: n for n, at in enumerate(rows)}
    held = np.zeros((len(lessons), len(rows)), np.float32)
    for n, (found, values) in enumerate(known):
        held[n, [place[at] for at in found]] = values
    following = np.array([model.places[word] for _, word in lessons], np.intp)
    return _Batch(held, np.array(rows, np.intp), following)


def _step(model: Model, batch: _Batch) -> float:
    """Learn from a line; its loss before that, in nats."""
    weights = model.weights[batch.rows]
    share = _softmax(batch.held @ weights)
    each = np.arange(len(batch.following))
    loss = -float(np.log(share[each, batch.following] + np.float32(1e-9)).sum())
    share[each, batch.following] -= 1
    slope = batch.held.T @ share / np.float32(np.sqrt(len(each))) + FORGETS * weights
    moved = model.moved[batch.rows] + slope * slope
    model.moved[batch.rows] = moved
    model.weights[batch.rows] = weights - RATE * slope / np.sqrt(moved + STILL)
    return loss


def _softmax(logits: Floats) -> Floats:
    shifted = np.exp(logits - logits.max(axis=-1, keepdims=True))
    share: Floats = shifted / shifted.sum(axis=-1, keepdims=True)
    return share


def reply(model: Model, earlier: Sequence[Turn], *, document: bool = False) -> list[str]:
    """The words of the likeliest next turn, one after the other."""
    context, said = _context(earlier, document=document), list[str]()
    while len(said) < LONGEST:
        rows, values = model.rows(_features(context, said), learn=False)
        logits = np.array(values, np.float32) @ model.weights[rows]
        word = model.words[int(logits.argmax())]
        if word == END:
            break
        said.append(word)
    return said
