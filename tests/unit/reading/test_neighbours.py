"""Of a sentence the nearest examples say most, however many a label has."""

import numpy as np

from dialogs.reading.encoder import vectors
from dialogs.reading.neighbours import Neighbours
from tests.unit.reading.test_heads import EXAMPLES


def said(text: str, emphasis: dict[str, float] | None = None) -> dict[str, float]:
    (row,) = vectors([text])
    shares = Neighbours(EXAMPLES, emphasis or {}).shares(row)
    assert np.isclose(shares.sum(), 1, atol=1e-5)
    return dict(zip(EXAMPLES, map(float, shares), strict=True))


def test_what_one_example_says_in_other_words_is_its_labels() -> None:
    for text, label in (("A wheel has a crack.", "broken"), ("still no order here", "late")):
        shares = said(text)
        assert max(shares, key=shares.__getitem__) == label
        assert shares[label] > 0.5


def test_a_label_that_is_emphasised_has_more_to_say() -> None:
    plain, more = said("Good morning"), said("Good morning", {"late": 4.0})
    assert np.isclose(more["late"] / more["broken"], 4 * plain["late"] / plain["broken"], rtol=1e-3)
