"""Each kind of block as card elements."""

import re
from collections.abc import Iterable, Sequence
from itertools import count
from typing import assert_never

from microsoft_teams.cards import (
    BarChartDataValue,
    CardElement,
    Column,
    ColumnSet,
    Container,
    ContainerStyle,
    GroupedVerticalBarChartData,
    Image,
    LineChartData,
    LineChartValue,
    RichTextBlock,
    TextBlock,
    TextRun,
    TextSize,
)
from microsoft_teams.cards import ProgressBar as TeamsProgressBar

from cards import elements
from cards.markup import Span, escaped, link, markdown, plain, runs
from cards.surface import Links, Surface
from cards.words import icon, noted
from dialogs.values.replies import (
    Bars,
    BringFile,
    Bullets,
    Chart,
    Code,
    Dialogue,
    Download,
    Form,
    Frames,
    Notice,
    OwnLink,
    Picture,
    Plain,
    ProgressBar,
    Sides,
    Table,
    Terms,
    Text,
    Tone,
    Utterance,
    Weblink,
)

STYLES: dict[Tone, ContainerStyle] = {
    "good": "good",
    "bad": "attention",
    "info": "accent",
    "warning": "warning",
}
TICKS = "☑☐▶"  # begin a line that needs no other mark
PHASE_MARKS = {"done": "●", "here": "◐", "ahead": "○"}
# On a screen 320 pixels wide this much fits side by side; what is wider stacks.
_COLUMNS = 4
_CELL = 9


def shown(block: Plain, surface: Surface, links: Links) -> list[CardElement]:
    """Make the elements that show a block to read."""
    match block:
        case Text():
            return [text(block)]
        case Bullets():
            return [_list(block)]
        case Notice():
            return [_notice(block)]
        case Dialogue():
            return [_line(line) for line in block.lines]
        case Code():
            return [mono(block.text)]
        case Table():
            return _table(block, surface)
        case Form():
            return [_form(block)]
        case Sides():
            return _sides(block, surface)
        case Chart():
            return [_chart(block, surface, links)]
        case Bars():
            return [_bars(block, surface, links)]
        case Picture():
            image = _picture(links.media(block.lesson, block.source), block.alt)
            return [image.with_size("Medium") if block.small else image]
        case Frames():
            return [_frames(block, surface)]
        case Terms():
            return [_terms(block, surface)]
        case ProgressBar():
            return _progress(block, surface)
        case Weblink():
            return [_link(block.text, block.url)]
        case OwnLink():
            return [_link(block.text, links.page(block.path))]
        case Download():
            return [_link(block.text, links.file(block.lesson, block.name))]
        case BringFile():
            return _bring(block, surface, links)
        case _:
            assert_never(block)


def text(block: Text) -> CardElement:
    """Make a paragraph or a heading."""
    match block.style:
        case "title":
            return _heading(block.text, "Large")
        case "heading":
            return _heading(block.text, "Medium")
        case "strong":
            return rich([Span(plain(block.text), "bold")])
        case "small":
            return rich(runs(block.text), "Small", subtle=True)
        case "body":
            return rich(runs(block.text))


def _heading(words: str, size: TextSize) -> TextBlock:
    return TextBlock(
        text=escaped(plain(words)), size=size, weight="Bolder", style="heading", wrap=True
    )


def rich(
    spans: Iterable[Span], size: TextSize | None = None, *, subtle: bool = False
) -> RichTextBlock:
    """Make text that no client's markdown or punctuation touches."""
    return RichTextBlock(inlines=[_run(span, size, subtle=subtle) for span in spans])


def _run(span: Span, size: TextSize | None, *, subtle: bool) -> TextRun:
    return TextRun(
        text=span.text,
        size=size,
        is_subtle=subtle or None,
        weight="Bolder" if span.look == "bold" else None,
        font_type="Monospace" if span.look == "code" else None,
    )


def mono(code: str) -> Container:
    """Make monospaced text, character for character."""
    # HTML drops the spaces that a line begins with; these stay.
    kept = re.sub(r"^ +", lambda spaces: "\u00a0" * len(spaces[0]), code, flags=re.MULTILINE)
    return Container(style="emphasis", items=[rich([Span(kept, "code")])])


def _list(block: Bullets) -> CardElement:
    if block.items and all(item[:1] in TICKS for item in block.items):
        spans = [span for item in block.items for span in (Span("\n"), *runs(_plain_line(item)))]
        return rich(spans[1:])
    marks = (f"{n}." if block.numbered else "-" for n in count(1))
    lines = [f"{mark} {_one_line(item)}" for mark, item in zip(marks, block.items, strict=False)]
    return TextBlock(text="\r".join(lines), wrap=True)


def _one_line(words: str) -> str:
    return markdown(_plain_line(words))


def _plain_line(words: str) -> str:
    return " ".join(words.split())


def _link(words: str, url: str) -> TextBlock:
    return TextBlock(text=link(words, url), wrap=True)


def _bring(block: BringFile, surface: Surface, links: Links) -> list[CardElement]:
    elsewhere: list[CardElement] = [text(Text(block.elsewhere))] if block.elsewhere else []
    if "Tutor.File" not in surface.elements:
        return elsewhere
    return [
        elements.TutorFile(
            label=block.label,
            about=block.about,
            url=links.bring_url(block.lesson),
            fallback=Container(items=elsewhere),
        )
    ]


def _notice(block: Notice) -> Container:
    title = f"{icon(block)} {plain(block.title)}".strip()
    lead = [Span(title, "bold"), Span("\n" if block.title else " ")]
    return Container(style=STYLES[block.tone], items=[rich([*lead, *runs(block.text)])])


def _line(line: Utterance) -> CardElement:
    items: list[CardElement] = [rich([Span(line.text)]).with_spacing("None")]
    if line.speaker:
        items.insert(0, rich([Span(line.speaker, "bold")], "Small"))
    return Container(style="emphasis" if line.side == "customer" else None, items=items)


def _form(block: Form) -> CardElement:
    """Make a screen of a portal: a box with its fields below each other."""
    rows = [
        ColumnSet(
            columns=[
                Column(width="2", items=[rich([Span(noted(field))], subtle=True)]),
                Column(width="3", items=[rich(runs(field.value))]),
            ],
            separator=True,
            spacing="Small",
        )
        for field in block.fields
    ]
    return Container(
        style="emphasis", items=[rich([Span(plain(block.title), "bold")], "Small"), *rows]
    )


def _sides(block: Sides, surface: Surface) -> list[CardElement]:
    below: list[CardElement] = []
    for side in block.sides:
        below.append(_line(Utterance(side.title, side.text)))
        if side.scores:
            below.append(rich([Span(" · ".join(side.scores), "bold")]))
    if "Tutor.Sides" not in surface.elements:
        return below
    sides = [
        elements.TutorSide(title=plain(side.title), text=side.text, scores=list(side.scores))
        for side in block.sides
    ]
    return [elements.TutorSides(sides=sides, fallback=Container(items=below))]


def _table(block: Table, surface: Surface) -> list[CardElement]:
    below = _rows(block)
    if "Tutor.Table" not in surface.elements:
        return below
    made = elements.TutorTable(
        header=[plain(cell) for cell in block.header],
        rows=[[plain(cell) for cell in row] for row in block.rows],
        fallback=Container(items=below),
    )
    return [made]


def _rows(block: Table) -> list[CardElement]:
    narrow = len(block.header) <= _COLUMNS and all(
        len(cell) <= _CELL for row in block.rows for cell in row[1:]
    )
    if narrow or len(block.header) <= 2:  # noqa: PLR2004, a pair always fits
        header = [Span(plain(cell), "bold") for cell in block.header]
        return [
            _row([[cell] for cell in header]),
            *(_row([list(runs(cell)) for cell in row]) for row in block.rows),
        ]
    return [_stacked(block.header, row) for row in block.rows]


def _row(cells: Sequence[Sequence[Span]]) -> ColumnSet:
    # The first column names the row, so it gets the room of two.
    widths = ["2" if at == 0 else "1" for at in range(len(cells))]
    if len(cells) == 2:  # noqa: PLR2004, a name and its value
        widths = ["1", "1"]
    columns = [
        Column(width=width, items=[rich(cell, "Small" if len(cells) > 2 else None)])  # noqa: PLR2004
        for width, cell in zip(widths, cells, strict=True)
    ]
    return ColumnSet(columns=columns, spacing="Small")


def _stacked(header: Sequence[str], row: Sequence[str]) -> Container:
    """Make one row as its name and a line for each other cell."""
    lines = [Span(plain(row[0]), "bold")]
    for name, cell in zip(header[1:], row[1:], strict=False):
        lines += [Span(f"\n{plain(name)}: "), *runs(cell)]
    return Container(items=[rich(lines)], separator=True)


def _chart(block: Chart, surface: Surface, links: Links) -> CardElement:
    picture = _picture(links.chart(block), block.alt)
    if surface.figures:
        return elements.LineChart(
            title=block.title,
            x_axis_title=block.x_label,
            y_axis_title=block.y_label,
            data=[
                LineChartData(
                    legend=s.name, values=[LineChartValue(x=x, y=round(y, 4)) for x, y in s.points]
                )
                for s in block.series
            ],
            fallback=picture,
        )
    if "Tutor.Curves" not in surface.elements:
        return picture
    marker = None
    if block.marker is not None:
        marker = elements.CurveMarker(x=block.marker[0], label=block.marker[1])
    return elements.TutorCurves(
        title=block.title,
        x_label=block.x_label,
        y_label=block.y_label,
        series=[
            elements.CurveSeries(name=s.name, points=[(x, round(y, 4)) for x, y in s.points])
            for s in block.series
        ],
        alt=block.alt,
        marker=marker,
        fallback=picture,
    )


def _bars(block: Bars, surface: Surface, links: Links) -> CardElement:
    picture = _picture(links.chart(block), block.alt)
    if not surface.figures:
        return picture
    return elements.BarChart(
        title=block.title,
        data=[
            GroupedVerticalBarChartData(
                legend=name,
                values=[
                    BarChartDataValue(x=label, y=round(value, 4))
                    for label, value in zip(block.labels, values, strict=True)
                ],
            )
            for name, values in block.series
        ],
        fallback=picture,
    )


def _picture(url: str, alt: str) -> Image:
    return Image(url=url, alt_text=alt, size="Auto")


def _frames(block: Frames, surface: Surface) -> CardElement:
    stills: list[CardElement] = []
    for still in block.frames:
        stills.append(rich([Span(plain(still.caption), "bold")]))
        stills.append(mono(still.text) if still.mono else rich(runs(still.text)))
    every = Container(items=stills)
    if "Tutor.Frames" not in surface.elements:
        return every
    return elements.TutorFrames(
        label=block.label,
        frames=[
            elements.TutorFrame(
                caption=plain(still.caption),
                text=still.text if still.mono else plain(still.text),
                mono=still.mono,
            )
            for still in block.frames
        ],
        fallback=every,
    )


def _terms(block: Terms, surface: Surface) -> CardElement:
    lines: list[CardElement] = [
        rich([Span(term, "bold"), Span(f": {plain(meaning)}")], "Small")
        for term, meaning in block.terms
    ]
    every = Container(items=lines)
    if "Tutor.Terms" not in surface.elements:
        return every
    return elements.TutorTerms(
        label=block.label,
        terms=[elements.Term(term=term, meaning=plain(meaning)) for term, meaning in block.terms],
        fallback=every,
    )


def _progress(block: ProgressBar, surface: Surface) -> list[CardElement]:
    marks = "".join(PHASE_MARKS[part.state] for part in block.parts)
    line = rich([Span(f"{plain(block.label)}  {marks}")], "Small")
    if surface.figures:
        return [line, TeamsProgressBar(value=block.value, max=block.of, fallback="drop")]
    if "Tutor.Progress" not in surface.elements:
        return [line]
    bar = elements.TutorProgress(
        label=block.label,
        value=block.value,
        of=block.of,
        phases=[
            elements.ProgressPhase(title=p.title, state=p.state, share=p.share) for p in block.parts
        ],
        fallback=line,
    )
    return [bar]
