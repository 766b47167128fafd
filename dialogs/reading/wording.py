"""What a text's words alone say of it: how much oftener each stands under a label than under all.

They tell apart what a vector blurs ("newsletter", "voucher").
"""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from dialogs.reading.network import Floats

FEWEST = 2  # examples that a word stands in before it counts
PRIOR = 2.0  # examples' worth of the rate under all labels that each label's rate starts from
WEIGHT = 0.12  # of a word beside the vector: words of a text repeat each other
STRANGE = 0.3  # by how much more a vector counts where no word is known, as in another language
LEAST = np.float32(1e-9)  # of a share, so that it has a logarithm


class Wording:
    """The words of examples by label."""

    def __init__(self, examples: Mapping[str, Sequence[str]]) -> None:
        """`examples` are plain texts: words with blanks between them."""
        texts = [set(text.split()) for texts in examples.values() for text in texts]
        often = Counter(word for words in texts for word in words)
        known = sorted(word for word, count in often.items() if count >= FEWEST)
        self._places = {word: at for at, word in enumerate(known)}
        self._rates = np.array([often[word] / len(texts) for word in known], np.float32)
        self._sizes = np.array([len(texts) for texts in examples.values()], np.float32)
        self._counts = np.zeros((len(examples), len(known)), np.float32)
        for label, said in enumerate(examples.values()):
            for text in said:
                self._counts[label, self._known(set(text.split()))] += 1
        self._weights = _weights(self._counts, self._rates, self._sizes[:, None])

    def _known(self, words: set[str]) -> list[int]:
        return sorted(self._places[word] for word in words if word in self._places)

    def weighed(self, text: str, shares: Floats, apart_from: int | None = None) -> Floats:
        """The labels' `shares` of a text by its vector, once its words have spoken too.

        `apart_from` is the label of a text that is an example itself: it doesn't count for that.
        """
        words = set(text.split())
        known = self._known(words)
        evidence: Floats = self._weights[:, known].sum(axis=1)
        if apart_from is not None:
            others = self._counts[apart_from, known] - 1
            size = self._sizes[apart_from] - 1
            evidence[apart_from] = _weights(others, self._rates[known], size).sum()
        strange = np.float32(STRANGE * (1 - len(known) / max(1, len(words))))
        logits = (1 + strange) * np.log(shares + LEAST) + np.float32(WEIGHT) * evidence
        powers = np.exp(logits - logits.max())
        found: Floats = powers / powers.sum()
        return found


def _weights(counts: Floats, rates: Floats, sizes: Floats | np.float32) -> Floats:
    """How much a word speaks for a label that has it in `counts` of `sizes` examples, in nats."""
    found: Floats = np.log((counts / rates + PRIOR) / (sizes + PRIOR))
    return found
