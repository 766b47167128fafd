"""A name is read as it was written, in any script; what nobody sees is left out."""

import pytest

from bot.records.typesetting import undrawable
from dialogs.records.names import LONGEST, NotAName, read

NAMES = (
    "Ada Lovelace",
    "Zoë Ćwiek-Ŵilliams",
    "Nguyễn Thị Ánh",
    "Ėglė Šimonytė",
    "李小龍",
    "山田太郎",
    "김민준",
    "𠮷田",
    "محمد عبد الله",
    "דוד כהן",
    "Ελένη Παπαδοπούλου",
    "Юлия Щербакова",
    "अनुष्का शर्मा",
    "தமிழ்ச்செல்வன்",
    "สมชาย ใจดี",
    "გიორგი",
    "Արամ",
    "O'Brien, Jr.",
    "Ann 😀",
    "<b>Ann</b> **x** `y` #let $z$ \\",
    "X Æ A-12",
)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_stays_as_it_is_and_can_be_printed(name: str) -> None:
    assert read(f"  {name}\n") == name
    assert undrawable(name) is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Zoe\u0308", "Zoë"),  # in two characters, which look like one
        ("Ann\u202e Lee\u0000", "Ann Lee"),  # what turns the writing around
        ("नि\u200dल", "नि\u200dल"),  # what some scripts are spelt with
        ("My name is: Ann", "Ann"),
        ("I'm Ann", "Ann"),
        ("Imani", "Imani"),
        ("Ann\tLee\r\nMay", "Ann Lee May"),
    ],
)
def test_what_isnt_the_name_is_left_out(text: str, name: str) -> None:
    assert read(text, ("my name is", "i'm", "i am")) == name


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "empty"),
        (" \u200b\u200e\n", "empty"),
        ("\u200d", "empty"),
        ("12", "wordless"),
        ("😀", "wordless"),
        ("A" * (LONGEST + 1), "long"),
        ("Ann " * 75, "long"),
    ],
)
def test_what_is_no_name_is_told_why(text: str, why: str) -> None:
    assert read(text) == NotAName(why)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "sign"),
    [
        ("Ann \U000103a0", "\U000103a0"),  # Old Persian
        ("ꦲꦤ Ann", "ꦲ"),  # Javanese
        ("A" * 60 + "\U00013000" + "b" * 30, "\U00013000"),
    ],
)
def test_the_first_sign_that_cant_be_printed_is_named(name: str, sign: str) -> None:
    assert undrawable(name) == sign
