"""What words alone say of a text, beside its vector."""

import numpy as np
import pytest

from dialogs.reading.wording import Wording

SAID = {
    "voucher": ["a voucher for my dad", "is the voucher valid", "my voucher is lost"],
    "parcel": ["my parcel is lost", "is the parcel here", "a parcel for my dad"],
}
EVEN = np.array([0.5, 0.5], np.float32)


@pytest.fixture(scope="module")
def wording() -> Wording:
    return Wording(SAID)


def test_a_word_that_only_one_label_has_speaks_for_it(wording: Wording) -> None:
    voucher, parcel = wording.weighed("where is the voucher", EVEN)
    assert voucher > 0.5 > parcel
    assert voucher + parcel == pytest.approx(1)


def test_words_of_all_labels_and_unknown_ones_say_nothing(wording: Wording) -> None:
    assert wording.weighed("my dad", EVEN) == pytest.approx(EVEN)
    assert wording.weighed("ein gutschein bitte", EVEN) == pytest.approx(EVEN)


def test_where_no_word_is_known_the_vector_counts_for_more(wording: Wording) -> None:
    shares = np.array([0.7, 0.3], np.float32)
    assert wording.weighed("un buono", shares)[0] > wording.weighed("my dad", shares)[0]


def test_an_example_is_no_witness_for_itself(wording: Wording) -> None:
    alone = Wording({**SAID, "refund": ["refund refund", "money back", "refund please"]})
    shares = np.array([0.4, 0.3, 0.3], np.float32)
    assert alone.weighed("refund please", shares)[2] > alone.weighed("refund please", shares, 2)[2]
    assert wording.weighed("voucher", EVEN, 0)[0] > 0.5  # two other examples have it too
