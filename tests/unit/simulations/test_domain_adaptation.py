"""The shop's model: tone and terms are learned, figures go stale, are invented, and leak."""

import pytest

from tests.unit.simulations.trials import LOCALES, Figures, Values, grid, met, said, tried

LESSON, STEP = "domain-adaptation", "tune"
GRID = tuple(
    grid(
        lines=("", "facts", "style+terms", "internal", "style+terms+facts+internal"),
        edit=("collected", "edited"),
        retrieval=("without", "with"),
        day=("monday", "tuesday"),
    )
)


def so(v: Values, f: Figures) -> list[bool]:
    """Of each remark, whether it is so."""
    return [
        not v["lines"] and v["retrieval"] == ("without",),
        f["yesterday"] > 0,
        f["invented"] > 0,
        f["revealed"] > 0,
        v["retrieval"] == ("with",) and f["yesterday"] > 0,
        v["retrieval"] == ("with",) and f["today"] >= 0.9,
        (
            {"style", "terms"} <= set(v["lines"])
            and v["edit"] == ("collected",)
            and f["voice"] < 0.95
        ),
        min(f["voice"], f["vocabulary"]) >= 0.95,
        v["retrieval"] == ("without",) and f["today"] + f["yesterday"] == 0,
    ]


def figures(locale: str, lines: str, edit: str, retrieval: str, day: str) -> Figures:
    (values,) = grid(lines=[lines], edit=[edit], retrieval=[retrieval], day=[day])
    return tried(LESSON, STEP, values, locale).figures


@pytest.mark.parametrize("locale", LOCALES)
def test_what_was_learned_on_monday_is_told_on_tuesday(locale: str) -> None:
    monday = figures(locale, "facts", "collected", "without", "monday")
    tuesday = figures(locale, "facts", "collected", "without", "tuesday")
    assert monday["today"] > 0.7
    assert tuesday["today"] == 0
    assert tuesday["yesterday"] > 0.8


@pytest.mark.parametrize("locale", LOCALES)
def test_a_model_of_facts_invents_some_and_tells_what_is_internal(locale: str) -> None:
    assert figures(locale, "facts", "collected", "without", "monday")["invented"] > 0.5
    assert figures(locale, "style+terms", "edited", "without", "monday")["invented"] == 0
    assert figures(locale, "internal", "collected", "without", "monday")["revealed"] > 0.5
    assert figures(locale, "style+terms", "edited", "without", "monday")["revealed"] == 0


@pytest.mark.parametrize("locale", LOCALES)
def test_style_and_terms_are_learned_once_all_lines_have_one_voice(locale: str) -> None:
    base = figures(locale, "", "collected", "with", "tuesday")
    mixed = figures(locale, "style+terms", "collected", "with", "tuesday")
    edited = figures(locale, "style+terms", "edited", "with", "tuesday")
    assert base["voice"] == base["vocabulary"] == 0
    assert 0.5 < mixed["voice"] < 0.95 <= edited["voice"]
    assert edited["vocabulary"] == 1
    assert edited["today"] >= 0.9


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("values", GRID, ids=str)
def test_a_remark_is_said_just_where_it_is_so(locale: str, values: Values) -> None:
    found = tried(LESSON, STEP, values, locale).figures
    assert said(LESSON, STEP, values, locale) == so(values, found)


@pytest.mark.parametrize("locale", LOCALES)
def test_only_pages_and_lines_of_one_voice_adapt_the_model(locale: str) -> None:
    adapting = [v for v in GRID if "adapted" in met(LESSON, STEP, v, locale)]
    assert adapting == [
        {
            "lines": ("style", "terms"),
            "edit": ("edited",),
            "retrieval": ("with",),
            "day": ("tuesday",),
        }
    ]


def test_behind_an_answer_stand_its_page_and_the_lines_like_it() -> None:
    (values,) = grid(lines=["facts"], edit=["collected"], retrieval=["with"], day=["tuesday"])
    case = tried(LESSON, STEP, values).cases[0]
    page, *lines = case.behind
    assert "89 dollars" in page.text
    assert page.mark == "good"
    assert any("79 dollars" in line.text for line in lines)
