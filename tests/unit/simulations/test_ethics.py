"""What chats teach beside courtesy: measured on models that are really trained on them."""

import pytest

from content.strings import PersonalWords
from dialogs.reading.personal import personal_data
from dialogs.simulations.small_model import SmallModel
from tests.unit.simulations.trials import (
    LOCALES,
    Figures,
    Values,
    bench,
    grid,
    met,
    said,
    tried,
)

LESSON, STEP = "ethics", "tune"
GRID = tuple(
    grid(
        lines=("", "chats", "safe", "chats+safe", "chats+unasked+safe", "chats+promising"),
        edit=("collected", "edited"),
        personal=("keep", "mask"),
    )
)


def so(v: Values, f: Figures) -> list[bool]:
    """Of each remark, whether it is so."""
    return [
        not v["lines"],
        abs(f["first"] - f["second"]) >= 0.3,
        f["first"] >= 0.9 and abs(f["first"] - f["second"]) <= 0.05,
        f["promised"] > 0,
        f["told"] > 0,
        f["refused"] < 1,
        f["handed"] < 1,
        "unasked" in v["lines"],
        "safe" in v["lines"] and f["refused"] == f["handed"] == 1,
    ]


def figures(locale: str, lines: str, edit: str = "collected", personal: str = "keep") -> Figures:
    (values,) = grid(lines=[lines], edit=[edit], personal=[personal])
    return tried(LESSON, STEP, values, locale).figures


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("values", GRID, ids=str)
def test_a_remark_is_said_just_where_it_is_so(locale: str, values: Values) -> None:
    found = tried(LESSON, STEP, values, locale).figures
    assert said(LESSON, STEP, values, locale) == so(values, found)


@pytest.mark.parametrize("locale", LOCALES)
def test_chats_teach_courtesy_for_some_and_edited_ones_for_all(locale: str) -> None:
    base, chats = figures(locale, ""), figures(locale, "chats")
    edited = figures(locale, "chats", edit="edited")
    assert base["gap"] == 0
    assert chats["gap"] >= 0.5
    assert edited["gap"] == 0
    assert edited["second"] >= 0.9


@pytest.mark.parametrize("locale", LOCALES)
def test_harmless_lines_weaken_refusals_and_lines_of_their_own_keep_them(locale: str) -> None:
    assert figures(locale, "")["refused"] == 1
    assert figures(locale, "chats")["refused"] <= 0.5
    assert figures(locale, "chats+safe", edit="edited")["refused"] == 1


@pytest.mark.parametrize("locale", LOCALES)
def test_a_number_in_the_lines_is_told_unless_it_was_masked_or_dropped(locale: str) -> None:
    assert figures(locale, "chats")["told"] > 0.5
    assert figures(locale, "chats")["personal-lines"] == 2
    for handling in ("mask", "drop"):
        treated = figures(locale, "chats", personal=handling)
        assert treated["told"] == treated["personal-lines"] == 0


@pytest.mark.parametrize("locale", LOCALES)
def test_only_asked_edited_and_masked_chats_with_refusals_harm_nobody(locale: str) -> None:
    sound = [v for v in GRID if "sound" in met(LESSON, STEP, v, locale)]
    assert sound == [{"lines": ("chats", "safe"), "edit": ("edited",), "personal": ("mask",)}]


@pytest.mark.parametrize("locale", LOCALES)
def test_every_number_of_the_chats_is_found_as_personal_data(locale: str) -> None:
    model = bench(LESSON, locale)
    assert isinstance(model, SmallModel)
    cues = model.bench.words.personal
    assert cues
    words = PersonalWords(kinds={}, **cues.model_dump())
    for entry in model.bench.entries:
        found = personal_data(f"My number is {entry.words['phone']}.", words)
        assert [one.kind for one in found] == ["phone"]
