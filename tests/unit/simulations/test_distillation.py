"""Distillation on the bench: what lines, filters and the student's size do, and what it costs."""

import pytest

from tests.unit.simulations.trials import LOCALES, Figures, Holds, Values, grid, met, said, tried

LESSON, STEP = "distillation", "student"
ALL = "232"
GRID = tuple(
    grid(
        lines=("20", "232"),
        filter=("", "agree", "read", "agree+sure+read"),
        student=("tiny", "large"),
        volume=("100000", "3000000"),
    )
)
TRUE_OF: tuple[Holds, ...] = (
    lambda v, _: v["student"] == ("tiny",) and v["lines"] == (ALL,),
    lambda _, f: f["wrong-labels"] >= 0.15,
    lambda v, f: "agree" in v["filter"] and f["wrong-labels"] <= 0.1,
    lambda v, _: "read" in v["filter"],
    lambda _, f: f["student-right"] >= f["teacher-right"],
    lambda _, f: f["teacher-right"] - f["student-right"] > 0.15 + 1e-9,
    lambda _, f: f["student-month"] > f["teacher-month"],
    lambda _, f: f["student-month"] < f["teacher-month"],
)


def figures(
    locale: str, filters: str, student: str = "large", lines: str = ALL, volume: str = "100000"
) -> Figures:
    (values,) = grid(lines=[lines], filter=[filters], student=[student], volume=[volume])
    return tried(LESSON, STEP, values, locale).figures


@pytest.mark.parametrize("locale", LOCALES)
def test_a_student_needs_lines_and_room_for_them(locale: str) -> None:
    few = figures(locale, "", lines="20")
    many = figures(locale, "")
    tiny = figures(locale, "", "tiny")
    assert many["student-right"] > few["student-right"] + 0.2
    assert many["student-right"] > tiny["student-right"] + 0.2
    assert many["student-right"] < many["teacher-right"]


@pytest.mark.parametrize("locale", LOCALES)
def test_filters_leave_fewer_wrong_labels_and_fewer_lines(locale: str) -> None:
    none, agree, read = (figures(locale, one) for one in ("", "agree", "read"))
    assert agree["wrong-labels"] < none["wrong-labels"] / 2
    assert agree["kept"] < none["kept"] - 50
    assert read["wrong-labels"] < none["wrong-labels"] / 2
    # A person keeps what is hard, and throws out only what is about nothing.
    assert read["kept"] > agree["kept"]
    assert read["minutes"] > 0 == none["minutes"]
    assert agree["labelling"] == pytest.approx(2 * none["labelling"])


@pytest.mark.parametrize("locale", LOCALES)
def test_reading_the_doubtful_labels_brings_a_student_to_its_teachers_level(locale: str) -> None:
    read, none = figures(locale, "read"), figures(locale, "")
    assert read["student-right"] >= read["teacher-right"] - 0.03 > none["student-right"]


def test_the_bill_is_that_of_the_prices() -> None:
    found = figures("en", "", volume="1000000")
    # 400 tokens of instructions and some nine of the message read, five written.
    assert found["teacher-month"] == pytest.approx(1e6 * (409 * 2 + 5 * 8) / 1e6, rel=0.01)
    assert found["student-month"] == pytest.approx(
        1e6 * (409 * 0.1 + 5 * 0.4) / 1e6 + 720 * 1.7, rel=0.01
    )


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("values", GRID, ids=str)
def test_a_remark_is_said_just_where_it_is_so(locale: str, values: Values) -> None:
    found = tried(LESSON, STEP, values, locale).figures
    assert said(LESSON, STEP, values, locale) == [so(values, found) for so in TRUE_OF]


@pytest.mark.parametrize("locale", LOCALES)
def test_only_a_good_student_with_much_traffic_pays(locale: str) -> None:
    paying = [values for values in GRID if "pays" in met(LESSON, STEP, values, locale)]
    assert paying
    for values in paying:
        assert values["lines"] == (ALL,)
        assert "read" in values["filter"]
        assert values["student"] == ("large",)
        assert values["volume"] == ("3000000",)


def test_behind_an_answer_stand_the_teachers_label_and_the_lines_like_it() -> None:
    (values,) = grid(lines=[ALL], filter=[""], student=["large"], volume=["100000"])
    cases = tried(LESSON, STEP, values).cases
    assert {case.right for case in cases} == {True, False}
    for case in cases:
        teacher, *lines, truth = case.behind
        assert teacher.title == "Teacher"
        assert len(lines) == 2
        said_by_person = truth.text
        assert (case.said == said_by_person) == case.right
        assert (teacher.text.split(",")[0] == said_by_person) == (teacher.mark == "good")
