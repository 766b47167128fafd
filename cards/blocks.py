"""Each kind of block as card elements."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import count
from typing import assert_never

from microsoft_teams.cards import (
    BarChartDataValue,
    CardElement,
    ChoiceSetInput,
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

from cards import axis, elements
from cards.inputs import asked
from cards.markup import Span, escaped, link, markdown, plain, runs
from cards.surface import Links, Surface
from cards.words import (
    ICONS,
    NEWEST,
    PART_MARKS,
    TranscriptWriter,
    bar_line,
    icon,
    lines,
    scored,
    stages_line,
    takes_lines,
)
from dialogs.values.replies import (
    Bars,
    BringFile,
    Bullets,
    Chart,
    Code,
    Demonstration,
    Dialogue,
    Download,
    Frames,
    JobBoard,
    Notice,
    Offer,
    OwnLink,
    OwnPicture,
    Panels,
    Picture,
    Plain,
    ProgressBar,
    Score,
    Scores,
    Screen,
    ScreenPart,
    Shape,
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
        case Scores():
            return [_scores(block.scores, surface)]
        case Screen():
            return _screen(block, surface, links)
        case Sides():
            return _sides(block, surface)
        case Chart():
            return [_chart(block, surface, links)]
        case Bars():
            return [_bars(block, surface, links)]
        case JobBoard():
            return _job(block, surface, links)
        case Panels():
            return _panels(block, surface, links)
        case Picture():
            image = _picture(links.media(block.lesson, block.source), block.alt)
            return [image.with_size("Medium") if block.small else image]
        case OwnPicture():
            return [_picture(links.page(block.path), block.alt)]
        case Offer():
            return [_offer(block, links)]
        case Frames():
            return [_frames(block, surface)]
        case Demonstration():
            return [_demonstration(block, surface)]
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
        case "small" | "how":
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


def _screen(block: Screen, surface: Surface, links: Links) -> list[CardElement]:
    """Make a screen: an element of its own, or its picture and what no picture holds."""
    drawn = [
        replace(p, shows=tuple(s for s in p.shows if not isinstance(s, Code))) for p in block.parts
    ]
    described = replace(block, parts=tuple(drawn), picture=None)
    alt = ". ".join(lines(described, TranscriptWriter()))
    if block.picture:
        picture = _picture(
            links.media(block.picture.lesson, block.picture.source), block.picture.alt
        )
    else:
        picture = _picture(links.chart(block), alt)
    below = [mono(one.text) for p in block.parts for one in p.shows if isinstance(one, Code)]
    if "Tutor.Screen" not in surface.elements:
        return [picture, *below]
    inputs = {one.id: asked(one, surface, links) for one in block.inputs}
    made = elements.TutorScreen(
        says=block.says,
        path=list(block.path),
        places=list(block.places),
        parts=[_screen_part(part, block, inputs, surface, links) for part in block.parts],
        picture=picture if block.picture else None,
        fallback=Container(items=[picture, *below, *inputs.values()]),
    )
    return [made]


def _screen_part(
    part: ScreenPart,
    screen: Screen,
    inputs: Mapping[str, CardElement],
    surface: Surface,
    links: Links,
) -> elements.ScreenPart:
    note = None
    if part.note is not None:
        note = elements.ScreenNote(number=part.note, text=plain(screen.notes[part.note - 1]))
    said = [
        elements.ScreenSaid(
            mark=ICONS[n.tone], tone=n.tone, title=plain(n.title), text=plain(n.text)
        )
        for n in screen.told
        if part.input and n.about == part.input
    ]
    found = inputs.get(part.input)
    return elements.ScreenPart(
        label=plain(part.label),
        value=plain(part.value),
        tab=part.tab,
        note=note,
        said=said,
        input=found.with_style("compact") if isinstance(found, ChoiceSetInput) else found,
        shows=[one for inside in part.shows for one in shown(inside, surface, links)],
        file=part.file,
    )


def _sides(block: Sides, surface: Surface) -> list[CardElement]:
    below: list[CardElement] = []
    for side in block.sides:
        below.append(_line(Utterance(side.title, side.text)))
        if side.scores:
            below.append(rich([Span(scored(side.scores), "bold")]))
    if "Tutor.Sides" not in surface.elements:
        return below
    sides = [
        elements.TutorSide(title=plain(side.title), text=side.text, scores=_points(side.scores))
        for side in block.sides
    ]
    return [elements.TutorSides(sides=sides, fallback=Container(items=below))]


def _scores(scores: Sequence[Score], surface: Surface) -> CardElement:
    line = rich([Span(scored(scores))], "Small", subtle=True)
    if "Tutor.Scores" not in surface.elements:
        return line
    return elements.TutorScores(scores=_points(scores), fallback=line)


def _points(scores: Iterable[Score]) -> list[elements.Points]:
    return [elements.Points(text=one.text, value=one.value, of=one.of) for one in scores]


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
    return elements.TutorCurves(plot=_plot(block), fallback=picture)


def _plot(chart: Chart) -> elements.Plot:
    """Make the page's own drawing of lines."""
    marker = None
    if chart.marker is not None:
        marker = elements.CurveMarker(x=chart.marker[0], label=chart.marker[1])
    return elements.Plot(
        title=chart.title,
        x=_axis(chart.x_label, axis.of_x(chart)),
        y=_axis(chart.y_label, axis.of_y(chart)),
        series=[
            elements.CurveSeries(name=s.name, points=[(x, round(y, 3)) for x, y in s.points])
            for s in chart.series
        ],
        alt=chart.alt,
        marker=marker,
        cut=chart.cut[1] if chart.cut else None,
    )


def _axis(label: str, found: axis.Axis) -> elements.PlotAxis:
    return elements.PlotAxis(label=label, low=found.low, high=found.high, ticks=list(found.ticks))


def _bars(block: Bars, surface: Surface, links: Links) -> CardElement:
    picture = _picture(links.chart(block), block.alt)
    if "Tutor.Bars" in surface.elements:
        return elements.TutorBars(
            title=block.title,
            labels=list(block.labels),
            series=[
                elements.BarRow(name=name, values=[round(v, 2) for v in values])
                for name, values in block.series
            ],
            highest=axis.of_bars(block).high,
            alt=block.alt,
            fallback=picture,
        )
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


def _job(block: JobBoard, surface: Surface, links: Links) -> list[CardElement]:
    plainly: list[CardElement] = [text(Text(block.status))] if block.status else []
    plainly.append(text(Text(stages_line(block), "small")))
    if surface.figures:
        plainly.append(TeamsProgressBar(value=100 * block.share, max=100, fallback="drop"))
    elif block.share < 1:
        plainly.append(text(Text(bar_line(block), "small")))
    chart = block.chart_now
    if chart is not None:
        plainly.append(_chart(chart, surface, links))
    plainly += [
        text(Text(f"{event.time} {event.text}", "small")) for event in block.events_now[-NEWEST:]
    ]
    if "Tutor.Job" not in surface.elements:
        return plainly
    return [
        elements.TutorJob(
            title=block.title,
            status=plain(block.status),
            stages=[elements.JobPart(title=s.title, state=s.state) for s in block.stages],
            events=[
                elements.JobLine(time=e.time, text=e.text, after=round(e.in_s, 1))
                for e in block.events
            ],
            share=round(block.share, 3),
            next=round(block.share_next, 3),
            seconds=round(block.next_s, 1),
            upto=block.upto,
            chart=_plot(block.chart) if block.chart else None,
            fallback=Container(items=plainly),
        )
    ]


def _panels(block: Panels, surface: Surface, links: Links) -> list[CardElement]:
    below: list[CardElement] = [
        Container(
            separator=True,
            items=[
                text(Text(panel.title, "strong")),
                *(made for inner in panel.blocks for made in shown(inner, surface, links)),
            ],
        )
        for panel in block.panels
    ]
    if "Tutor.Panels" not in surface.elements:
        return below
    # Their fallbacks are those of what is in them.
    return [elements.TutorPanels(items=below, fallback=Container(items=[]))]


def _picture(url: str, alt: str) -> Image:
    return Image(url=url, alt_text=alt, size="Auto")


def _offer(block: Offer, links: Links) -> ColumnSet:
    """Make a row: a small picture, and beside it the words; who presses it goes there."""
    source = block.picture
    image = Image(url=links.media(source.lesson, source.source), alt_text=source.alt, size="Small")
    words = [
        rich([Span(plain(block.title), "bold")]),
        rich(runs(block.text)).with_spacing("None"),
        rich(runs(block.note), "Small", subtle=True).with_spacing("None"),
    ]
    columns = [Column(width="auto", items=[image]), Column(width="stretch", items=words)]
    return ColumnSet(columns=columns, separator=True)


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


def _demonstration(block: Demonstration, surface: Surface) -> CardElement:
    every = Container(items=[rich(runs(line)) for line in takes_lines(block)])
    if "Tutor.Demonstration" not in surface.elements:
        return every
    return elements.TutorDemonstration(
        title=plain(block.title),
        setting=block.setting,
        takes=[
            elements.DemonstrationTake(
                name=take.name,
                steps=list(take.steps),
                shapes=[_shape(shape) for shape in take.shapes],
                told=plain(take.told),
            )
            for take in block.takes
        ],
        x_label=block.x_label,
        y_label=block.y_label,
        fallback=every,
    )


def _shape(shape: Shape) -> elements.DemonstrationShape:
    kind = type(shape).__name__.lower()
    return elements.DemonstrationShape.model_validate({"kind": kind, **vars(shape)})


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
    marks = "".join(PART_MARKS[part.state] for part in block.parts)
    line = rich([Span(f"{plain(block.label)}  {marks}")], "Small")
    if surface.figures:
        return [line, TeamsProgressBar(value=block.value, max=block.of, fallback="drop")]
    return [line]
