"""A head learns from a handful of sentences what others mean, and says how sure it is."""

import subprocess
import sys

import numpy as np
import pytest

from dialogs.reading import heads
from dialogs.reading.encoder import content_vectors

EXAMPLES = {
    "late": (
        "My parcel should have come last week.",
        "Still waiting for my order.",
        "The delivery is three days overdue.",
        "Nothing has arrived yet.",
        "Why does shipping take so long?",
    ),
    "broken": (
        "The zip came off on the first day.",
        "My kettle doesn't heat any more.",
        "One of the wheels is cracked.",
        "The lamp stopped working.",
        "It fell apart when I opened it.",
    ),
    "praise": (
        "I love it!",
        "Great service, thank you.",
        "My daughter is so happy with the bike.",
        "Best shop in town.",
    ),
}
OTHERS = {
    "where is the package i paid for ten days ago": "late",
    "the handle snapped": "broken",
    "Das Paket ist immer noch nicht da.": "late",
    "La lámpara está rota": "broken",
    "absolutely wonderful": "praise",
}


def test_sentences_in_other_words_and_languages_are_understood() -> None:
    head = heads.head(EXAMPLES)
    shares = head.shares(content_vectors(list(OTHERS)))
    assert head.labels == ("late", "broken", "praise")
    assert [head.labels[n] for n in shares.argmax(axis=1)] == list(OTHERS.values())
    assert np.allclose(shares.sum(axis=1), 1, atol=1e-5)
    assert shares.min() >= 0


def test_a_label_isnt_likelier_because_it_has_more_examples() -> None:
    many = {"a": [f"The lamp number {n} is broken." for n in range(40)], "b": EXAMPLES["late"][:2]}
    shares = heads.head(many).shares(content_vectors(["My order hasn't come.", "Good morning"]))
    assert shares[0, 1] > 0.5
    assert shares[1, 1] > 0.3


def test_a_label_that_counts_for_several_is_thought_of_more() -> None:
    rows = content_vectors(["Good morning", "What a day"])
    plain = heads.head(EXAMPLES).shares(rows)
    more = heads.head(EXAMPLES, emphasis={"late": 8.0}).shares(rows)
    assert (more[:, 0] > plain[:, 0] + 0.05).all()
    assert heads.head(EXAMPLES).shares(rows).tolist() == plain.tolist()


def test_shares_are_the_same_alone_and_in_a_list() -> None:
    head = heads.head(EXAMPLES)
    rows = content_vectors(list(OTHERS))
    together = head.shares(rows)
    for n in range(len(rows)):
        assert (head.shares(rows[n : n + 1])[0] == together[n]).all()
    assert head.shares(rows[:0]).shape == (0, 3)


def test_a_held_out_share_knows_nothing_of_its_example() -> None:
    odd = {**EXAMPLES, "praise": (*EXAMPLES["praise"], "The zip came off on the first day!")}
    places = [(label, text) for label, texts in odd.items() for text in texts]
    shares = heads.held_out(odd, folds=5)
    assert shares.shape == (len(places), 3)
    assert np.allclose(shares.sum(axis=1), 1, atol=1e-5)
    # The one that stands with the wrong label: fitted on it a head believes it, held out not.
    at = places.index(("praise", "The zip came off on the first day!"))
    assert shares[at].argmax() == 1
    seen = heads.head(odd, cost=100).shares(content_vectors([places[at][1]]))[0]
    assert seen[2] > shares[at, 2]


def test_a_label_with_one_example_cant_be_told_without_it() -> None:
    shares = heads.held_out({**EXAMPLES, "hours": ["When do you open?"]}, folds=5)
    assert shares[-1, -1] == 0
    assert np.isclose(shares[-1].sum(), 1, atol=1e-5)


def test_a_higher_cost_trusts_the_examples_more() -> None:
    rows = content_vectors(EXAMPLES["late"])
    shy, bold = (heads.head(EXAMPLES, cost).shares(rows)[:, 0].mean() for cost in (0.5, 50))
    assert shy < bold


@pytest.mark.parametrize("examples", [{"one": ["a"]}, {"one": ["a"], "two": []}, {}])
def test_what_tells_nothing_apart_is_refused(examples: dict[str, list[str]]) -> None:
    with pytest.raises(ValueError, match="two labels"):
        heads.head(examples)


def test_another_process_fits_the_same_head() -> None:
    """Without the files of this one: a training must repeat on another machine's first start."""
    code = (
        "import sys, pathlib, tempfile; from dialogs.reading import encoder, heads, shelf;"
        "encoder.prepare(); shelf.BESIDE = pathlib.Path(tempfile.mkdtemp());"
        f"sys.stdout.buffer.write(heads.head({EXAMPLES!r}).weights.tobytes())"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert told.stdout == heads.head(EXAMPLES).weights.tobytes()
