"""What an author is told about examples: the ones in the wrong place, twice, or too few."""

import pytest

from dialogs.reading.review import FEW, Example, repeated, review
from tests.unit.reading.test_heads import EXAMPLES

WRONG = "The zip came off on the first day!"
TWIN = "The delivery is two days overdue."
ODD = {
    **EXAMPLES,
    "praise": (*EXAMPLES["praise"], WRONG, TWIN),
    "hours": ("When do you open?", "Are you closed on Sunday?"),
}


def test_an_example_under_the_wrong_label_is_found_and_what_it_is_like() -> None:
    found = review(ODD)
    misread = {example.text: (example.label, taken) for example, taken, _ in found.misread}
    assert misread[WRONG] == ("praise", "broken")
    assert [share for *_, share in found.misread] == sorted(s for *_, s in found.misread)
    assert ("broken", "praise") in {(a, b) for a, b, _ in found.confused}
    assert sum(count for *_, count in found.confused) == found.total - found.right
    assert found.total == sum(map(len, ODD.values()))
    assert found.right >= found.total - len(found.misread)


def test_sentences_nearly_alike_under_two_labels_are_found() -> None:
    alike = [(a, b) for a, b, _ in review(ODD).alike]
    late = Example("late", "The delivery is three days overdue.")
    assert (late, Example("praise", TWIN)) in alike
    assert review(EXAMPLES).alike == ()


def test_labels_with_few_examples_are_counted() -> None:
    assert dict(review(ODD).few) == {"late": 5, "broken": 5, "praise": 6, "hours": 2}
    many = {label: tuple(f"{text} {n}" for n in range(2) for text in texts) for label, texts in
            EXAMPLES.items()}  # fmt: skip
    assert min(map(len, many.values())) >= FEW
    assert review(many).few == ()


@pytest.mark.parametrize(
    ("text", "is_found"),
    [("I love it!", True), ("i love it", True), ("I loved it!", False), ("???", False)],
)
def test_the_same_words_under_two_labels_are_found(text: str, *, is_found: bool) -> None:
    found = list(repeated({**EXAMPLES, "other": [text, "!!!", "!!!"]}))
    assert found == ([(Example("other", text), "praise")] if is_found else [])
