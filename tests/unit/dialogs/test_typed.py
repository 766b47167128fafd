"""How typed answers are read, where learners err."""

from dataclasses import dataclass

import pytest

from content.strings import TypingForms
from dialogs.reading.typed import (
    after,
    beyond,
    chosen,
    honest,
    is_one_of,
    number,
    numbers,
    plain,
    unquoted,
)
from dialogs.tutor import Tutor


@dataclass(frozen=True)
class Item:
    id: str
    text: str


FRUIT = (Item("apple", "A red apple"), Item("pear", "A green pear"), Item("plum", "Plums & prunes"))


@pytest.fixture(scope="module")
def forms(tutor: Tutor) -> TypingForms:
    return tutor.library.strings.tutor.typing


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("Filter 2", "2"),
        ("filter", ""),
        ("show me more", "me more"),
        ("filters 2", None),
        ("2", None),
        ("", None),
    ],
)
def test_what_follows_a_verb_is_what_is_meant(text: str, rest: str | None) -> None:
    assert after(text, ("filter", "show")) == rest


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("1", ("apple",)),
        ("1, 3", ("apple", "plum")),
        ("3 1", ("plum", "apple")),
        ("1 and 3", ("apple", "plum")),
        ("2 > 1", ("pear", "apple")),
        ("1 & 2", ("apple", "pear")),
        ("2.", ("pear",)),
        ("#2", ("pear",)),
        ("(2)", ("pear",)),
        ("2 2", ("pear", "pear")),
        ("1.5", None),
        ("0", None),
        ("4", None),
        ("1, 4", None),
        ("-1", ("apple",)),
        ("9999999999999999999999", None),
        ("b", ("pear",)),
        ("a, c", ("apple", "plum")),
        ("C A", ("plum", "apple")),
        ("d", None),
        ("pear", ("pear",)),
        ("A green pear", ("pear",)),
        ("a GREEN pear!", ("pear",)),
        ("a green paer", ("pear",)),
        ("a gre", ("pear",)),
        ("plums and prunes", ("plum",)),
        ("a red apple; plums prunes", ("apple", "plum")),
        ("a red apple\na green pear", ("apple", "pear")),
        ("a red apple; a banana", None),
        ("banana", None),
        ("a re", ("apple",)),
        ("", None),
        ("   ", None),
        (";;;", None),
        ("!", None),
        ("one", None),
        ("first", None),
        ("x;" * 50, None),
    ],
)
def test_an_answer_names_items_or_nothing(
    forms: TypingForms, text: str, ids: tuple[str, ...] | None
) -> None:
    assert chosen(text, FRUIT, forms) == ids


def test_a_form_is_the_whole_of_a_text() -> None:
    assert is_one_of("Look around!", ("look", "look around"))
    assert not is_one_of("look at this", ("look", "look around"))
    assert not is_one_of("", ("look",))


def test_what_two_items_begin_with_names_neither(forms: TypingForms) -> None:
    twins = (Item("one", "Same words here"), Item("two", "Same words there and more of them"))
    assert chosen("same words", twins, forms) is None
    assert chosen("same words here", twins, forms) == ("one",)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("4", 4.0),
        (" 4 ", 4.0),
        ("4.5", 4.5),
        ("4,5", 4.5),
        ("-4", -4.0),
        ("95%", 95.0),
        ("95 %", 95.0),
        ("", None),
        ("4 5", None),
        ("four", None),
        ("4 apples", None),
        ("1e3", None),
        ("1000000000", 1e9),
        ("1000000001", None),
        ("9" * 400, None),
    ],
)
def test_a_number_is_one_number_and_nothing_else(text: str, value: float | None) -> None:
    assert number(text) == value


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("4 95", (4, 95)),
        ("4,5 and 95%", (4.5, 95)),
        ("politeness 4, accuracy 95", (4, 95)),
        ("from -1 to 1", (-1, 1)),
        ("none", ()),
        ("9999999999 4", (4,)),
    ],
)
def test_numbers_are_found_among_words(text: str, values: tuple[float, ...]) -> None:
    assert numbers(text) == values


def test_plain_words_are_lower_case_with_straight_apostrophes() -> None:
    assert plain("  What’s  THIS — a «test»? ") == "what's this a test"


@pytest.mark.parametrize(
    ("text", "lacks"),
    [
        ("Say sorry first and then ask what is broken.", None),
        ("", "empty"),
        ("42 !!", "empty"),
        ("sorry", "noise"),
        ("say sorry", "empty"),
        ("say sorry first", "empty"),
        ("sorry sorry sorry sorry", "noise"),
        ("xkcd qwrt zxcv bnmp", "noise"),
        ("How could the answer be improved?", "echo"),
        ("How could the answer be improved kindly?", "echo"),
    ],
)
def test_an_honest_try_has_words_of_its_own(
    forms: TypingForms, text: str, lacks: str | None
) -> None:
    assert honest(text, "How could the answer be improved?", forms) == lacks


def test_what_was_told_is_left_out_and_the_own_words_stay() -> None:
    told = ("Look at what the visitor wants to do next.",)
    text = "I would look at what the visitor wants to do next, and say it kindly."
    own = unquoted(text, told)
    assert "visitor" not in own
    assert own.startswith("I would")
    assert "say it kindly" in own
    assert unquoted("", told) == ""
    assert unquoted("...", told) == "..."


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("4", "4"),
        ("1, 3 and 11", "11"),
        ("1 0 2", "0"),
        ("#12", "12"),
        ("99999999999999999999", "99999999999999999999"),
        ("1, 3", None),
        ("4 of them", None),
        ("route 66", None),
        ("", None),
        ("1.", None),
    ],
)
def test_a_number_that_no_option_has_is_named(
    text: str, number: str | None, forms: TypingForms
) -> None:
    assert beyond(text, FRUIT, forms) == number


@pytest.mark.parametrize(
    ("text", "ids"),
    [("100", ("large",)), ("10", ("topics",)), ("2", ("large",)), ("45", None)],
    ids=["what it says", "what it begins with", "its place goes before", "nothing"],
)
def test_a_number_that_counts_no_option_may_be_what_one_says(
    text: str, ids: tuple[str, ...] | None, forms: TypingForms
) -> None:
    items = (Item("small", "40"), Item("large", "100"), Item("topics", "10 topics"))
    assert chosen(text, items, forms) == ids
    assert beyond(text, items, forms) == (None if ids else text)
