"""Charts as pictures, and as addresses."""

import struct
from dataclasses import replace
from math import exp

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards import axis
from cards.charts import LONGEST, decode, encode, png
from dialogs.values.replies import Bars, Chart, Series
from tests.unit.cards.samples import BARS, CHART

CURVES = Chart(
    "Loss by step",
    "step",
    "loss",
    tuple(
        Series(name, tuple((float(n), k * exp(-n / 90) + n / 300) for n in range(600)))
        for name, k in (("training", 2.5), ("validation", 2.2))
    ),
    "Both fall, then validation loss rises.",
    (80.0, "lowest validation loss"),
)


@pytest.mark.parametrize("chart", [CHART, BARS], ids=["lines", "bars"])
def test_a_description_gives_the_chart_back_without_its_words(chart: Chart | Bars) -> None:
    assert decode(encode(chart)) == replace(chart, alt="")


def test_a_long_run_fits_into_an_address_and_keeps_its_ends() -> None:
    text = encode(CURVES)
    assert len(text) <= LONGEST
    assert text.replace("-", "").replace("_", "").isalnum()
    told = decode(text)
    assert isinstance(told, Chart)
    assert told.series[0].points[0] == (0.0, 2.5)
    assert told.series[0].points[-1][0] == 599.0


NUMBERS = st.floats(-1e6, 1e6)
LINES = st.lists(
    st.builds(Series, st.text(max_size=99), st.lists(st.tuples(NUMBERS, NUMBERS)).map(tuple)),
    max_size=8,
)


@given(st.text(max_size=200), LINES)
def test_any_chart_has_a_short_description(title: str, series: list[Series]) -> None:
    chart = Chart(title, title, title, tuple(series), "")
    assert encode(decode(encode(chart))) == encode(chart)


@given(st.text(max_size=200) | st.binary(max_size=200).map(lambda b: b.hex()))
def test_garbage_is_no_chart(text: str) -> None:
    with pytest.raises(ValueError, match="not the description of a chart"):
        decode(text)


@pytest.mark.parametrize(
    "chart",
    [
        CURVES,
        BARS,
        replace(CHART, series=()),
        replace(CHART, series=(Series("one point", ((1.0, 1.0),)),)),
        replace(CHART, series=(Series("flat", ((0.0, 0.0), (9.0, 0.0))),), marker=None),
        replace(BARS, series=(("none", (0.0, 0.0)),)),
    ],
    ids=["curves", "bars", "nothing", "one point", "flat", "zeros"],
)
def test_a_picture_is_small_and_narrow(chart: Chart | Bars) -> None:
    picture = png(chart)
    assert picture.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", picture[16:24])
    assert width == 420
    assert 240 < height < 420
    assert len(picture) <= 18_000


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0.0, 6.0, (0, 2, 4, 6)),
        (0.0, 1.0, (0, 0.2, 0.4, 0.6, 0.8, 1)),
        (0.0, 183.0, (0, 50, 100, 150, 200)),
        (0.0, 4.8, (0, 1, 2, 3, 4, 5)),
        (0.0, 0.0, (0, 0.1)),
    ],
)
def test_an_axis_has_round_ticks_and_covers_its_lines(
    low: float, high: float, ticks: tuple[float, ...]
) -> None:
    chart = replace(CHART, series=(Series("a line", ((0.0, low), (9.0, high))),))
    found = axis.of_y(chart)
    assert found.ticks == ticks
    assert (found.low, found.high) == (ticks[0], ticks[-1])


def test_a_chart_that_is_cut_says_so_and_ends_there() -> None:
    cut = replace(CURVES, cut=(2.0, "Cut off at 2."))
    assert axis.of_y(cut).high == 2
    told = decode(encode(cut))
    assert isinstance(told, Chart)
    assert told.cut == (2.0, "Cut off at 2.")
    assert png(cut) != png(CURVES)
