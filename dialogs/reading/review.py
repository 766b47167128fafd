"""What a head makes of its own author's examples: where they are mistaken, and what to write."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from dialogs.reading.encoder import content_vectors
from dialogs.reading.heads import Examples, held_out
from dialogs.reading.typed import plain

ALIKE = 0.85  # cosine from which two sentences say nearly the same
FEW = 8  # examples below which a label is learned badly
SHOWN = 8  # of each kind of finding, the worst first


@dataclass(frozen=True)
class Example:
    """A sentence under its label."""

    label: str
    text: str


@dataclass(frozen=True)
class Review:
    """What cross-validation found; of lists the worst first.

    `right` of `total` examples were told by heads that hadn't seen them. `confused`: labels that
    were taken for each other, and how often. `misread`: examples that were least understood, with
    the label that was thought more of, and the share of the true one. `alike`: two examples of
    different labels with nearly the same meaning, and their cosine. `few`: labels with fewer than
    `FEW` examples, and how many.
    """

    right: int
    total: int
    confused: tuple[tuple[str, str, int], ...]
    misread: tuple[tuple[Example, str, float], ...]
    alike: tuple[tuple[Example, Example, float], ...]
    few: tuple[tuple[str, int], ...]


def review(examples: Examples, cost: float = 5.0) -> Review:
    """Cross-validate a head's examples. Raises ValueError as `heads.head` does."""
    shares, labels = held_out(examples, cost), tuple(examples)
    listed = [Example(label, text) for label, texts in examples.items() for text in texts]
    true = np.repeat(np.arange(len(labels)), [len(texts) for texts in examples.values()])
    taken, own = shares.argmax(axis=1), shares[np.arange(len(listed)), true]
    wrong = np.flatnonzero(taken != true)
    pairs = Counter(tuple(sorted((labels[true[n]], labels[taken[n]]))) for n in wrong)
    worst = wrong[np.argsort(own[wrong], kind="stable")][:SHOWN]
    counts = {label: len(texts) for label, texts in examples.items()}
    return Review(
        right=len(listed) - len(wrong),
        total=len(listed),
        confused=tuple((a, b, count) for (a, b), count in pairs.most_common(SHOWN)),
        misread=tuple((listed[n], labels[taken[n]], float(own[n])) for n in worst),
        alike=tuple(_alike(listed)),
        few=tuple((label, count) for label, count in counts.items() if count < FEW),
    )


def repeated(examples: Examples) -> Iterator[tuple[Example, str]]:
    """Examples that stand word for word under an earlier label, too, with that label."""
    first: dict[str, str] = {}
    for label, texts in examples.items():
        for text in texts:
            earlier = first.setdefault(plain(text) or text, label)
            if earlier != label:
                yield Example(label, text), earlier


def _alike(listed: Sequence[Example]) -> Iterator[tuple[Example, Example, float]]:
    rows = content_vectors([example.text for example in listed])
    cosines = np.triu(rows @ rows.T, 1)
    places: Mapping[float, tuple[int, int]] = {
        -float(cosines[a, b]): (int(a), int(b))
        for a, b in zip(*np.nonzero(cosines > ALIKE), strict=True)
        if listed[a].label != listed[b].label
    }
    for cosine, (a, b) in sorted(places.items())[:SHOWN]:
        yield listed[a], listed[b], -cosine
