"""The reader: a small model that is trained to copy an answer, to remember it, or to decline.

For a question it weighs up candidates: every sentence of the pages that it is given, every
answer that it has seen in training, and "the documents don't say that". A linear score of each
goes into one softmax, and the parameters are learned by stochastic gradient descent on the cross
entropy of the wanted answer. So everything that it does, it has from the examples:

- `pairs` says which words of a question go with which words of a sentence;
- `ties` says how much it matters that the page is the one which the question names. All
  sentences of one page agree in that, so examples without distractors can't teach it;
- `memory` ties a question's words to answers seen. It only grows where an answer couldn't be
  copied, which is why RAFT leaves the right page out of some examples.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dialogs.simulations.retrieval.search import Floats

Ints = NDArray[np.int64]

TIES = 5  # features that tie a sentence's page to a question, in the order of `START_TIES`
START_TIES = (1.5, 0.0, 1.0, 0.5, -1.0)  # share of the title, whole title, likeness, first, opening
START_PAIRS = 0.35  # how strongly an untrained reader goes by words that both have
START_MEMORY = -3.0  # an untrained reader knows nothing of the shop, and hardly guesses
START_DECLINE = -1.0  # and seldom declines
SITUATION = 3  # of a question's documents: always 1, the best share of a title, whether none
EPOCHS = 6
RATE = 0.5  # the step of the descent


@dataclass(frozen=True)
class Reading:
    """A question with what was put before it, as the reader sees it.

    `question` are its words by their places in the vocabulary, `asked` those that name no page,
    each with its weight. Each row of `sentences` and `ties` is a sentence that could be copied.
    """

    question: Ints
    question_weights: Floats
    asked: Ints
    asked_weights: Floats
    sentences: Floats
    ties: Floats
    situation: Floats


class Reader:
    """The parameters, and what is done with them."""

    def __init__(self, rarity: Floats, answers: int) -> None:
        """As the base model is: `answers` are those that training could make it remember."""
        self.pairs = np.diag(START_PAIRS * rarity**2)
        self.ties = np.array(START_TIES)
        self.memory = np.zeros((len(rarity), answers))
        self.recall = np.array([START_MEMORY, 0.0, 0.0])
        self.decline = np.array([START_DECLINE, 0.0, 0.0])

    def chances(self, reading: Reading) -> Floats:
        """How probable each candidate is: the sentences, the remembered answers, declining."""
        sought = reading.asked_weights @ self.pairs[reading.asked]
        copied = reading.sentences @ sought + reading.ties @ self.ties
        known = reading.question_weights @ self.memory[reading.question]
        known = known + reading.situation @ self.recall
        scores = np.concatenate([copied, known, [reading.situation @ self.decline]])
        risen = np.exp(scores - scores.max())
        return np.asarray(risen / risen.sum())

    def learn(self, reading: Reading, wanted: Ints) -> float:
        """One step down the loss. `wanted` are the candidates that count as the right answer.

        Where there are several, the loss is that of their sum: the reader may choose. Returns the
        loss before the step.
        """
        chances = self.chances(reading)
        right = float(chances[wanted].sum())
        pull = chances.copy()
        pull[wanted] -= chances[wanted] / max(right, 1e-12)
        pull *= RATE
        copies = len(reading.sentences)
        copied, known, declined = pull[:copies], pull[copies:-1], float(pull[-1])
        self.pairs[reading.asked] -= np.outer(reading.asked_weights, copied @ reading.sentences)
        self.ties -= copied @ reading.ties
        self.memory[reading.question] -= np.outer(reading.question_weights, known)
        self.recall -= known.sum() * reading.situation
        self.decline -= declined * reading.situation
        return -float(np.log(max(right, 1e-12)))


def train(
    reader: Reader, examples: Sequence[tuple[Reading, Ints]], dice: np.random.Generator
) -> list[float]:
    """Train on the examples in a fresh order each epoch; the mean loss of each epoch."""
    return list(epochs(reader, examples, dice))


def epochs(
    reader: Reader, examples: Sequence[tuple[Reading, Ints]], dice: np.random.Generator
) -> Iterator[float]:
    """The same epoch by epoch."""
    for _ in range(EPOCHS):
        order = dice.permutation(len(examples))
        yield float(np.mean([reader.learn(*examples[at]) for at in order]))


def loss(reader: Reader, examples: Sequence[tuple[Reading, Ints]]) -> float:
    """The mean loss of examples that nothing is learned from."""
    right = [float(reader.chances(reading)[wanted].sum()) for reading, wanted in examples]
    return -float(np.mean(np.log(np.maximum(right, 1e-12))))
