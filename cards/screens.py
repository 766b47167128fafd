"""A simulated screen as a drawing, and as one element that holds the inputs which belong in it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from html import escape
from itertools import groupby
from typing import Annotated, Literal

from pydantic import Field

from cards.markup import plain
from content.frozen import Frozen
from dialogs.values.replies import (
    Block,
    Bullets,
    Chart,
    Details,
    Input,
    Message,
    Notice,
    Screen,
    ScreenPart,
    Series,
    Table,
)

# --- one element --------------------------------------------------------------------


def together(message: Message) -> Message:
    """Put a screen's inputs, and what is said about them, into its parts.

    The list of its notes is left out: they stand behind its marks.
    """
    screen = next((b for b in message.blocks if isinstance(b, Screen)), None)
    if screen is None:
        return message
    names = {part.input for part in screen.parts if part.input}
    listed = (Bullets(screen.notes, numbered=True),)
    own = tuple(b for b in message.blocks if isinstance(b, Input) and b.id in names)
    told = tuple(b for b in message.blocks if isinstance(b, Notice) and b.about in names)
    whole = replace(screen, inputs=own, told=told)
    rest: list[Block] = []
    places: list[int] = []
    for block in message.blocks:
        places.append(len(rest))
        is_list = isinstance(block, Details) and block.blocks == listed
        if not (is_list or block in own or block in told):
            rest.append(whole if block is screen else block)
    places.append(len(rest))
    begins = message.news and message.blocks[message.news]
    news = rest.index(whole) if begins in told else places[message.news]
    return replace(message, blocks=tuple(rest), stays=places[message.stays], news=news)


def inputs(blocks: Iterable[Block]) -> Iterator[Input]:
    """The inputs among the blocks, those in a screen too."""
    for block in blocks:
        if isinstance(block, Input):
            yield block
        elif isinstance(block, Screen):
            yield from block.inputs


# --- as the address of a drawing carries it -------------------------------------------

_MOST_POINTS = 14  # of a curve, which is small here
_LONGEST = 160  # characters of one text

_Text = Annotated[str, Field(max_length=_LONGEST)]
_Number = Annotated[float, Field(allow_inf_nan=False)]
_Line = tuple[_Text, tuple[tuple[_Number, _Number], ...]]


class DescribedPart(Frozen):
    """A part, by short keys."""

    b: _Text
    v: _Text = ""
    t: _Text = ""
    n: int | None = None
    i: bool = False
    r: tuple[tuple[_Text, ...], ...] = ()
    c: Annotated[tuple[_Line, ...], Field(max_length=8)] = ()


class DescribedScreen(Frozen):
    """A screen, by short keys: what its drawing shows, which is no line of a learner's file."""

    k: Literal["s"] = "s"
    t: _Text
    p: tuple[_Text, ...]
    n: tuple[_Text, ...] = ()
    s: Annotated[tuple[DescribedPart, ...], Field(max_length=24)]


def described(screen: Screen, longest: int) -> DescribedScreen:
    """What the drawing needs, no text of it longer than `longest` characters."""
    cut = partial(_cut, longest=min(longest, _LONGEST))
    return DescribedScreen(
        t=cut(screen.says),
        p=tuple(map(cut, screen.path)),
        n=tuple(map(cut, screen.places)),
        s=tuple(_described(part, cut) for part in screen.parts),
    )


def _described(part: ScreenPart, cut: Callable[[str], str]) -> DescribedPart:
    tables = [t for t in part.shows if isinstance(t, Table)]
    charts = [c for c in part.shows if isinstance(c, Chart)]
    rows = (row for t in tables for row in (t.header, *t.rows))
    return DescribedPart(
        b=cut(part.label),
        v=cut(part.value),
        t=cut(part.tab),
        n=part.note,
        i=bool(part.input) and not part.value,
        r=tuple(tuple(map(cut, row)) for row in rows),
        c=tuple(
            (cut(s.name), tuple((_figure(x), _figure(y)) for x, y in _thinned(s.points)))
            for c in charts
            for s in c.series
        ),
    )


def as_screen(told: DescribedScreen) -> Screen:
    """The screen that a description is of, as far as it is drawn."""
    return Screen(told.t, told.p, told.n, tuple(map(_as_part, told.s)))


def _as_part(told: DescribedPart) -> ScreenPart:
    shows: list[Table | Chart] = []
    if told.r:
        shows.append(Table(told.r[0], told.r[1:]))
    if told.c:
        series = tuple(Series(name, points) for name, points in told.c)
        shows.append(Chart("", "", "", series, ""))
    return ScreenPart(told.b, told.v, told.t, told.n, "?" if told.i else "", tuple(shows))


def _cut(words: str, longest: int) -> str:
    flat = " ".join(plain(words).split())
    return flat if len(flat) <= longest else f"{flat[: longest - 1]}…"


def _figure(number: float) -> float:
    short = float(f"{number:.3g}")
    return int(short) if short.is_integer() else short


def _thinned(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    last = len(points) - 1
    if last < _MOST_POINTS:
        return list(points)
    return [points[round(n * last / (_MOST_POINTS - 1))] for n in range(_MOST_POINTS)]


# --- the drawing ----------------------------------------------------------------------

# Large letters on a small picture: it must be readable when a phone shows it 280 pixels wide.
_WIDTH, _EDGE, _INSIDE = 420, 16, 10
_ROOM = _WIDTH - 2 * _EDGE
_INK, _GREY, _FAINT, _BAND, _BLUE = "#242424", "#5c5c5c", "#8a8886", "#f0f0f0", "#0f6cbd"
_COLORS = (_BLUE, "#b10e1c", "#0e700e", "#5c2e91")
_DASHES = ("", "8,5", "2,4", "12,4,2,4")


@dataclass(frozen=True)
class _Style:
    """How a text looks: its size in pixels, color and weight."""

    size: int
    color: str = _INK
    bold: bool = False

    @property
    def line(self) -> float:
        """How high a line is."""
        return self.size * 1.35


_SMALL, _BODY = _Style(13), _Style(15)
_GREYED, _NAME = _Style(13, _GREY), _Style(13, _GREY, bold=True)
_HERE, _STRONG = _Style(13, _BLUE, bold=True), _Style(13, bold=True)
_TAB, _LARGE = _Style(15, bold=True), _Style(20, bold=True)
_CURVES = 110  # height of a chart


class _Pen:
    """Draws from the top down; `y` is where the next thing begins."""

    def __init__(self) -> None:
        self.y = 0.0
        self.made: list[str] = []

    def text(
        self, words: str, style: _Style, x: float = _EDGE, room: float = _ROOM
    ) -> tuple[int, float]:
        """Write in lines that fit into the room; how many, and how wide the last one is."""
        lines = _wrapped(words, style.size, room)
        weight = ' font-weight="700"' if style.bold else ""
        for n, line in enumerate(lines):
            base = self.y + style.size + n * style.line
            self.made.append(
                f'<text x="{x:g}" y="{base:.1f}" font-size="{style.size}" fill="{style.color}"'
                f"{weight}>{escape(line)}</text>"
            )
        return len(lines), _wide(lines[-1], style.size)

    def box(self, height: float, fill: str = "none", stroke: str = _FAINT) -> None:
        """Draw a box as wide as the page, from here down."""
        self.made.append(
            f'<rect x="{_EDGE}" y="{self.y:.1f}" width="{_ROOM}" height="{height:.1f}" rx="4" '
            f'fill="{fill}" stroke="{stroke}"/>'
        )

    def rule(self, x: float = _EDGE, width: float = _ROOM, color: str = "#d6d6d6") -> None:
        """Draw a line across."""
        self.made.append(
            f'<path d="M{x:g} {self.y:.1f}h{width:g}" stroke="{color}" stroke-width="1.5"/>'
        )


def svg(screen: Screen) -> str:
    """Draw a screen: where it is found, its parts below each other, the notes' numbers as marks."""
    pen = _Pen()
    _head(pen, screen)
    for tab, parts in groupby(screen.parts, lambda part: part.tab):
        if tab:
            pen.text(tab, _TAB)
            pen.y += _TAB.size + 9
            pen.rule(width=_wide(tab, _TAB.size), color=_BLUE)
            pen.y += 8
        for part in parts:
            _part(pen, part)
    height = pen.y + 6
    frame = (
        f'<rect x="0.5" y="0.5" width="{_WIDTH - 1}" height="{height - 1:.1f}" rx="6" '
        f'fill="none" stroke="{_FAINT}"/>'
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height:.0f}" '
        f'viewBox="0 0 {_WIDTH} {height:.0f}"><rect width="100%" height="100%" fill="#ffffff"/>'
        f"{''.join(pen.made)}{frame}</svg>"
    )


def _head(pen: _Pen, screen: Screen) -> None:
    pen.made.append(f'<rect width="{_WIDTH}" height="28" fill="{_BAND}"/>')
    pen.y = 6
    pen.text(screen.says, _NAME)
    pen.y = 38
    x = float(_EDGE)
    for place in screen.places:
        pen.text(place, _HERE if place in screen.path else _GREYED, x)
        x += _wide(place, _SMALL.size) + 18
    if screen.places:
        pen.y += _SMALL.size + 9
        pen.rule()
        pen.y += 6
    lines, _ = pen.text(" > ".join(screen.path), _GREYED)
    pen.y += lines * _GREYED.line + 5
    lines, _ = pen.text(screen.path[-1], _LARGE)
    pen.y += lines * _LARGE.line + 8


def _part(pen: _Pen, part: ScreenPart) -> None:
    lines, wide = pen.text(part.label, _NAME, room=_ROOM - 34)
    if part.note is not None:
        _mark(pen, part.note, _EDGE + wide + 17, pen.y + (lines - 1) * _NAME.line + 8)
    pen.y += lines * _NAME.line + 6
    if part.value or part.input:
        _value(pen, part)
    for shown in part.shows:
        match shown:
            case Table():
                _rows(pen, (shown.header, *shown.rows))
            case Chart():
                _chart(pen, shown)
            case _:
                pass
    pen.y += 10


def _mark(pen: _Pen, number: int, x: float, y: float) -> None:
    pen.made.append(
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="10.5" fill="{_BLUE}"/><text x="{x:.1f}" '
        f'y="{y + 4.7:.1f}" text-anchor="middle" font-size="{_SMALL.size}" font-weight="700" '
        f'fill="#ffffff">{number}</text>'
    )


def _value(pen: _Pen, part: ScreenPart) -> None:
    room = _ROOM - 2 * _INSIDE
    lines = len(_wrapped(part.value, _BODY.size, room))
    height = lines * _BODY.line + 10
    pen.box(height, stroke=_BLUE if part.input else _FAINT)
    pen.y += 3
    if part.input:
        x = _WIDTH - _EDGE - 22
        pen.made.append(f'<path d="M{x} {pen.y + 9:.1f}l6 6 6-6" fill="none" stroke="{_INK}"/>')
    else:
        pen.text(part.value, _BODY, _EDGE + _INSIDE, room)
    pen.y += height - 3


def _rows(pen: _Pen, rows: Sequence[Sequence[str]]) -> None:
    # The first column names the row, so it gets the room of two.
    unit = _ROOM / (len(rows[0]) + 1)
    for n, row in enumerate(rows):
        most = 1
        x = float(_EDGE)
        for at, cell in enumerate(row):
            room = unit * (2 if at == 0 else 1)
            lines, _ = pen.text(cell, _SMALL if n and at else _STRONG, x, room - 8)
            most, x = max(most, lines), x + room
        pen.y += most * _SMALL.line + 6
        pen.rule()
        pen.y += 4


def _chart(pen: _Pen, chart: Chart) -> None:
    points = [p for s in chart.series for p in s.points]
    if not points:
        return
    low, high = min(x for x, _ in points), max(x for x, _ in points)
    top = max(0.1, *(y for _, y in points))
    left, room = _EDGE + 40, _ROOM - 44
    pen.box(_CURVES + 8)
    for n, series in enumerate(chart.series):
        path = " ".join(
            f"{left + room * (x - low) / ((high - low) or 1):.1f},"
            f"{pen.y + 4 + _CURVES * (1 - max(y, 0) / top):.1f}"
            for x, y in series.points
        )
        pen.made.append(
            f'<polyline points="{path}" fill="none" stroke="{_COLORS[n % len(_COLORS)]}" '
            f'stroke-width="2.5" stroke-dasharray="{_DASHES[n % len(_DASHES)]}"/>'
        )
    start = pen.y
    for words, y in ((f"{top:.2g}", start + 4), ("0", start + _CURVES - _SMALL.size)):
        pen.y = y
        pen.text(words, _GREYED, _EDGE + 6)
    pen.y = start + _CURVES + 14
    for n, series in enumerate(chart.series):
        pen.made.append(
            f'<path d="M{_EDGE} {pen.y + 8:.1f}h30" stroke="{_COLORS[n % len(_COLORS)]}" '
            f'stroke-width="2.5" stroke-dasharray="{_DASHES[n % len(_DASHES)]}"/>'
        )
        pen.text(series.name, _SMALL, _EDGE + 38)
        pen.y += _SMALL.line + 2


def _wrapped(words: str, size: int, room: float) -> list[str]:
    """Break words into lines that fit, by how wide letters are on average."""
    lines = [""]
    for word in words.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and _wide(longer, size) > room:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _wide(words: str, size: int) -> float:
    return size * sum(map(_letter, words))


def _letter(letter: str) -> float:
    """The width of a letter of Lato, in parts of its size, rather too wide than too narrow."""
    if letter in " .,:;|!'ijlI()[]·":
        return 0.3
    if letter in "mwMW%@—…":
        return 0.88
    return 0.7 if letter.isupper() else 0.57
