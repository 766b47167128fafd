"""Charts and screens as pictures, and as short descriptions that an address can carry."""

import json
import sys
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as BadBase64
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Literal, Protocol

import resvg_py
from pydantic import Field, ValidationError
from pygal import PluginImportFixer
from pygal.graph.bar import Bar
from pygal.graph.xy import XY
from pygal.style import Style

from cards import axis
from cards.screens import DescribedScreen, as_screen, described, svg
from content.frozen import Frozen
from dialogs.values.replies import Bars, Chart, Screen, Series

Drawing = Chart | Bars | Screen

MOST_POINTS = 32  # of one line; more can't be told apart at this width
LONGEST = 1_800  # characters of a description; addresses over 2,048 break in some clients
_LARGEST = 20_000  # bytes of a description, unpacked

# pygal hooks into imports, the old way, for its maps: with it, an import that finds nothing warns.
sys.meta_path[:] = [finder for finder in sys.meta_path if not isinstance(finder, PluginImportFixer)]

_PAPER, _INK, _FAINT = "#ffffff", "#242424", "#d6d6d6"
# Lines: 4.5:1 at least on white, told apart by dashes, which the legend repeats.
_COLORS = ("#0f6cbd", "#b10e1c", "#0e700e", "#5c2e91")
_DASHES = ("", "9,5", "2,4", "12,4,2,4")
_DASH_NAMES = ("\u2014", "- -", "···", "-·-")
# Bars: from light to dark, so that they differ without colour too.
_FILLS = ("#8a8886", "#0f6cbd", "#0b3d0b", "#5c2e91")
_FONT = "Lato"
_TEXTS = ("label_font_size", "major_label_font_size", "legend_font_size", "value_font_size")
_HEIGHT, _LEGEND_LINE = 264, 25
# Large letters on a small picture: it must be readable when a phone shows it 280 pixels wide.
_FRAME: dict[str, object] = {
    "width": 420,
    "explicit_size": True,
    "js": [],
    "css": [
        "file://style.css",
        "file://graph.css",
        # Every line of a labelled tick counts as a major one, drawn as dark as the text.
        f"inline:.axis .major.line {{ stroke: {_FAINT} !important }}",
    ],
    "legend_at_bottom": True,
    "legend_at_bottom_columns": 1,
    "legend_box_size": 10,
    "truncate_legend": -1,
    "margin": 8,
    "margin_bottom": 20,
    "truncate_label": -1,
}


class _Drawing(Protocol):
    """What we use of pygal, which has no types."""

    def add(
        self,
        title: str,
        values: list[tuple[float, float]] | list[float],
        *,
        stroke_style: dict[str, str] | None = None,
    ) -> None: ...

    def render(self, is_unicode: bool) -> str: ...  # noqa: FBT001, theirs


_LINES: Callable[..., _Drawing] = XY
_BARS: Callable[..., _Drawing] = Bar
_STYLE: Callable[..., Style] = Style


_Label = Annotated[str, Field(max_length=80)]
_Number = Annotated[float, Field(allow_inf_nan=False)]


class _Lines(Frozen):
    """A line chart, by short keys."""

    k: Literal["l"] = "l"
    t: _Label
    x: _Label
    y: _Label
    s: Annotated[
        tuple[tuple[_Label, tuple[tuple[_Number, _Number], ...]], ...], Field(max_length=8)
    ]
    m: tuple[_Number, _Label] | None = None
    e: _Number | None = None
    c: tuple[_Number, _Label] | None = None


class _Columns(Frozen):
    """A bar chart, by short keys."""

    k: Literal["b"] = "b"
    t: _Label
    n: Annotated[tuple[_Label, ...], Field(max_length=24)]
    s: Annotated[tuple[tuple[_Label, tuple[_Number, ...]], ...], Field(max_length=8)]


class _Described(Frozen):
    chart: Annotated[_Lines | _Columns | DescribedScreen, Field(discriminator="k")]


def encode(chart: Drawing) -> str:
    """Describe the picture of a chart in few URL-safe characters.

    Its alternative text isn't part of the picture; long lines lose points between.
    """
    most = MOST_POINTS
    while True:
        text = _packed(_described(chart, most))
        if len(text) <= LONGEST or most <= 2:  # noqa: PLR2004, a line has two ends
            return text
        most //= 2


def decode(text: str) -> Drawing:
    """Read a description; raises ValueError when it is none."""
    try:
        packed = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
        inflate = zlib.decompressobj()
        plain = inflate.decompress(packed, _LARGEST)
        drawing = _Described.model_validate_json(plain).chart
    except (UnicodeEncodeError, BadBase64, zlib.error, ValidationError) as error:
        raise ValueError("not the description of a chart") from error
    match drawing:
        case _Lines():
            series = tuple(Series(name, points) for name, points in drawing.s)
            return Chart(
                drawing.t, drawing.x, drawing.y, series, "", drawing.m, drawing.e, drawing.c
            )
        case _Columns():
            return Bars(drawing.t, drawing.n, drawing.s, "")
        case DescribedScreen():
            return as_screen(drawing)


def _packed(drawing: _Lines | _Columns | DescribedScreen) -> str:
    told = {**drawing.model_dump(exclude_defaults=True), "k": drawing.k}
    body = json.dumps({"chart": told}, separators=(",", ":"))
    return urlsafe_b64encode(zlib.compress(body.encode(), 9)).decode().rstrip("=")


def _described(chart: Drawing, most: int) -> _Lines | _Columns | DescribedScreen:
    match chart:
        case Screen():
            return described(chart, 5 * most)
        case Chart():
            lines = tuple(
                (s.name[:80], tuple((_short(x), _short(y)) for x, y in _thinned(s.points, most)))
                for s in chart.series
            )
            return _Lines(
                t=chart.title[:80],
                x=chart.x_label[:80],
                y=chart.y_label[:80],
                s=lines,
                m=_labelled(chart.marker),
                e=None if chart.x_end is None else _short(chart.x_end),
                c=_labelled(chart.cut),
            )
        case Bars():
            columns = tuple(
                (n[:80], tuple(_short(v) for v in values)) for n, values in chart.series
            )
            return _Columns(
                t=chart.title[:80], n=tuple(name[:80] for name in chart.labels), s=columns
            )


def _labelled(place: tuple[float, str] | None) -> tuple[float, str] | None:
    return None if place is None else (_short(place[0]), place[1][:80])


def _short(number: float) -> float:
    """Four figures are more than a picture shows; whole numbers take the fewest characters."""
    short = float(f"{number:.4g}")
    return int(short) if short.is_integer() else short


def _thinned(points: Sequence[tuple[float, float]], most: int) -> list[tuple[float, float]]:
    """Keep at most `most` points, the first and the last among them."""
    if len(points) <= most:
        return list(points)
    last = len(points) - 1
    return [points[round(n * last / (most - 1))] for n in range(most)]


def png(chart: Drawing) -> bytes:
    """Draw it, readable on light and dark: dark lines on white, told apart by dashes."""
    match chart:
        case Screen():
            drawn = svg(chart)
        case Chart():
            drawn = _line_chart(chart).render(is_unicode=True)
        case Bars():
            drawn = _bar_chart(chart).render(is_unicode=True)
    fonts = _fonts()
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=drawn,
            background="#ffffff",
            font_files=fonts,
            skip_system_fonts=bool(fonts),
            font_family=_FONT if fonts else None,
            sans_serif_family=_FONT if fonts else None,
        )
    )


def _fonts() -> list[str]:
    """Find the font that is installed with us: a bare container has none."""
    package = find_spec("font_lato")
    if package is None or package.origin is None:
        return []
    files = Path(package.origin).parent / "files"
    return [str(files / f"Lato-{weight}.ttf") for weight in ("Regular", "Bold")]


def _line_chart(chart: Chart) -> _Drawing:
    drawn = [s for s in chart.series if s.points]
    x, y = axis.of_x(chart), axis.of_y(chart)
    marked = [chart.marker] if chart.marker and drawn else []
    told = [chart.title, chart.cut[1]] if chart.cut else [chart.title]
    drawing = _LINES(
        **_FRAME,
        height=_HEIGHT + _LEGEND_LINE * (len(chart.series) + len(marked) + len(told) - 1),
        style=_style(_COLORS),
        title="\n".join(told),
        x_title=chart.x_label,
        y_title=chart.y_label,
        show_dots=False,
        **(
            {
                "x_labels": x.ticks,
                "y_labels": y.ticks,
                "xrange": (x.low, x.high),
                "range": (y.low, y.high),
            }
            if drawn
            else {}
        ),
    )
    looks = list(zip(_DASHES, _DASH_NAMES, strict=True))
    for n, series in enumerate(chart.series):
        dash, name = looks[n % len(looks)]
        stroke = {"dasharray": dash} if dash else None
        points = axis.cut_off(series.points, y)
        drawing.add(f"{name} {series.name}", points, stroke_style=stroke)
    for at, label in marked:
        drawing.add(f"| {label}", [(at, y.low), (at, y.high)], stroke_style={"dasharray": "1,3"})
    return drawing


def _bar_chart(chart: Bars) -> _Drawing:
    y = axis.of_bars(chart)
    drawing = _BARS(
        **_FRAME,
        height=_HEIGHT + _LEGEND_LINE * len(chart.series),
        style=_style(_FILLS),
        title=chart.title,
        x_labels=chart.labels,
        y_labels=y.ticks,
        range=(y.low, y.high),
        print_values=True,
        print_values_position="top",
        value_formatter=lambda value: f"{value:.3g}",
    )
    for name, values in chart.series:
        drawing.add(name, list(values))
    return drawing


def _style(colors: tuple[str, ...]) -> Style:
    return _STYLE(
        background=_PAPER,
        plot_background=_PAPER,
        foreground=_INK,
        foreground_strong=_INK,
        foreground_subtle=_FAINT,
        guide_stroke_color=_FAINT,
        guide_stroke_dasharray="",
        major_guide_stroke_color=_FAINT,
        major_guide_stroke_dasharray="",
        colors=colors,
        value_colors=(_INK,) * len(colors),
        opacity=1,
        stroke_opacity=1,
        stroke_width=2.5,
        font_family=f"{_FONT}, sans-serif",
        **dict.fromkeys(_TEXTS, 14),
    )
