"""The policy: how probable each reply is, and the two ways in which that is trained.

A reply is put together of pieces, and its logarithmic probability is what the reference model
gives it plus a learned weight for each of its pieces (less what makes all of them sum to one).

- `prefer` is direct preference optimisation (Rafailov et al. 2023, arXiv 2305.18290): gradient
  descent on -log sigmoid(beta · (how much more the policy raised the better reply over the
  reference than the worse one)).
- `pursue` raises the expected reward, by its exact gradient: what reinforcement learning
  estimates from samples is summed here over all replies that there are.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from content.preferences import NONE, OWN, SLOTS, Customer, Piece, Preferences, Slot

Floats = NDArray[np.float64]

ROUNDS = 300  # of gradient descent on all pairs
RATE = 0.5  # the step, over beta: so that beta decides where it ends and not how fast it goes


@dataclass(frozen=True)
class Reply:
    """A way to put pieces together, one for each slot in order."""

    pieces: tuple[Piece, ...]

    def text(self, customer: Customer) -> str:
        """What it says to a customer."""
        own = {"full": customer.full, "curt": customer.curt}
        said = [own[piece.id] if piece.id in OWN else piece.text for piece in self.pieces]
        return " ".join(part for part in said if part)

    @property
    def worth(self) -> int:
        """What a careful person gives for it, 0 to 100."""
        return min(max(sum(piece.worth for piece in self.pieces), 0), 100)

    def has(self, slot: Slot, *names: str) -> bool:
        """Whether one of these pieces fills a slot."""
        return self.pieces[SLOTS.index(slot)].id in names


class Policy:
    """Weights of the pieces, and the probability that they give each reply."""

    def __init__(self, content: Preferences) -> None:
        self.replies = [Reply(pieces) for pieces in product(*(content.pieces[s] for s in SLOTS))]
        known = [(slot, piece.id) for slot in SLOTS for piece in content.pieces[slot]]
        named = [_named(reply) for reply in self.replies]
        self._features = np.array([[float(one in pieces) for one in known] for pieces in named])
        chances = [np.prod([piece.usual for piece in reply.pieces]) for reply in self.replies]
        self.reference: Floats = np.log(np.array(chances) / np.sum(chances))
        self.weights: Floats = np.zeros(len(known))

    def log_chances(self) -> Floats:
        """The logarithm of each reply's probability."""
        scores = self.reference + self._features @ self.weights
        return np.asarray(scores - np.log(np.exp(scores - scores.max()).sum()) - scores.max())

    def chances(self) -> Floats:
        """How probable each reply is."""
        return np.exp(self.log_chances())

    def place(self, wanted: Mapping[Slot, str]) -> int:
        """The reply with these pieces, and with none in every other slot."""
        ids = [tuple(piece.id for piece in reply.pieces) for reply in self.replies]
        return ids.index(tuple(wanted.get(slot, NONE) for slot in SLOTS))

    def prefer(self, pairs: Sequence[tuple[int, int]], beta: float) -> None:
        """Train on pairs of replies, the better one first."""
        if not pairs:
            return
        better, worse = np.array(pairs).T
        apart = self._features[better] - self._features[worse]
        for _ in range(ROUNDS):
            # What makes the probabilities sum to one is the same for both replies, and cancels out.
            margins = beta * (apart @ self.weights)
            pull = beta / (1 + np.exp(margins))
            self.weights += RATE / beta * (pull @ apart) / len(pairs)

    def pursue(self, rewards: Floats, steps: int) -> Iterator[None]:
        """Train on the reward of each reply; yields after each step."""
        for _ in range(steps):
            chances = self.chances()
            gain = chances * (rewards - chances @ rewards)
            self.weights += gain @ self._features
            yield

    def drift(self) -> float:
        """How far it is from the reference, as Kullback-Leibler divergence in nats."""
        logs = self.log_chances()
        return float(np.exp(logs) @ (logs - self.reference))


def _named(reply: Reply) -> set[tuple[str, str]]:
    return {(slot, piece.id) for slot, piece in zip(SLOTS, reply.pieces, strict=True)}
