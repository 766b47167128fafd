"""Numbers for replies under way and for phrases: what the log-linear model looks at."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from content.world import END, World
from dialogs.simulations.persona.phrase import Phrases

Floats = npt.NDArray[np.floating]
Indices = npt.NDArray[np.intp]

# Weights of a phrase's intent, and of what is only itself, beside its act. The base ties replies
# firmly to what they are about; tuning learns manners first, and sentences by heart slowly.
ABOUT, IDENTITY = 2.0, 0.8
TUNED_ABOUT, TUNED_IDENTITY = 0.1, 0.3
# A learner's own sentence is learnt by itself: nothing that was read before is like it.
OWN_IDENTITY = 1.2
SAID, LAST, MATTER = 0.7, 1.0, 1.0  # weights of a context's parts


class Features:
    """Turns the reply so far, and phrases, into rows of numbers.

    The reply so far is: bias, start, position, the last act, the acts said, and the intents
    spoken of. What was heard of the message stands beside it (`Hearing`). A phrase is: its act,
    its intent, its length.
    """

    def __init__(self, world: World) -> None:
        self._intent = {n: i for i, n in enumerate(world.intents)}
        self._act = {a: i for i, a in enumerate((*world.acts, END))}
        self._matters = 3 + 2 * len(self._act)
        self.flow = self._matters + len(self._intent)

    def said(self, reply: Phrases) -> Floats:
        """The reply so far."""
        row = np.zeros(self.flow, np.float32)
        row[0], row[1], row[2] = 1.0, not reply, len(reply) / 4
        for phrase in reply:
            row[3 + len(self._act) + self._act[phrase.act]] = SAID
            if phrase.intent is not None:
                row[self._matters + self._intent[phrase.intent]] = MATTER
        if reply:
            row[3 + self._act[reply[-1].act]] = LAST
        return row

    def shared(self, phrases: Phrases, about: float = ABOUT) -> Floats:
        """What each phrase has in common with others; its intent weighs `about`."""
        rows = np.zeros((len(phrases), len(self._act) + len(self._intent) + 2), np.float32)
        for row, phrase in zip(rows, phrases, strict=True):
            place = len(self._intent) if phrase.intent is None else self._intent[phrase.intent]
            row[self._act[phrase.act]] = 1.0
            row[len(self._act) + place] = about
            row[-1] = len(phrase.text) / 100
        return rows

    def taught(self, phrases: Phrases, taught: Sequence[int], own: int) -> "PhraseRows":
        """What tuning learns about `phrases`, of which those at `taught` are in the training set.

        The last `own` are a learner's sentences.
        """
        alone = np.full(len(taught), TUNED_IDENTITY, np.float32)
        alone[np.array(taught) >= len(phrases) - own] = OWN_IDENTITY
        return PhraseRows(self.shared(phrases, TUNED_ABOUT), np.array(taught, np.intp), alone)


class PhraseRows:
    """What tuning learns about: what phrases share, and each phrase of the training set alone.

    A row of features psi stands for each phrase, but only a few of its entries aren't zero.
    """

    def __init__(self, shared: Floats, taught: Indices, alone: Floats) -> None:
        self._shared = shared
        self._taught = taught
        self._alone = alone
        self.width = shared.shape[1] + len(taught)

    def logits(self, rows: Floats) -> Floats:
        """`rows` @ psi transposed: a number for each phrase."""
        size = self._shared.shape[1]
        found: Floats = rows[:, :size] @ self._shared.T
        found[:, self._taught] += self._alone * rows[:, size:]
        return found

    def features(self, by_phrase: Floats) -> Floats:
        """`by_phrase` @ psi: a number for each feature."""
        alone = self._alone * by_phrase[:, self._taught]
        found: Floats = np.hstack([by_phrase @ self._shared, alone])
        return found


def softmax(logits: Floats) -> Floats:
    """Probabilities along each row."""
    shifted: Floats = logits - logits.max(1, keepdims=True)
    np.exp(shifted, out=shifted)
    shifted /= shifted.sum(1, keepdims=True)
    return shifted
