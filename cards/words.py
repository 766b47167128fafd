"""Replies as text: for channels without cards, for speech, and for people who read chats."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import assert_never

from cards import markup
from cards.surface import Links
from dialogs.values.replies import (
    Arrange,
    Bars,
    Block,
    BringFile,
    Bullets,
    Button,
    Chart,
    Code,
    Demonstration,
    Details,
    Dialogue,
    Download,
    Frames,
    Item,
    JobBoard,
    Message,
    Notice,
    Number,
    Offer,
    OwnLink,
    OwnPicture,
    Panels,
    PickInto,
    Picture,
    ProgressBar,
    Reply,
    Score,
    Scores,
    Screen,
    ScreenPart,
    Select,
    Sides,
    Table,
    Terms,
    Text,
    Tone,
    Typing,
    Weblink,
    Write,
    WriteJsonl,
)

# An icon stands beside the words: colour alone tells some people nothing.
ICONS: dict[Tone, str] = {"good": "✔", "bad": "✖", "info": "ℹ", "warning": "⚠"}
MARKS = {"right": ICONS["good"], "wrong": ICONS["bad"]}
PART_MARKS = {"done": "●", "here": "◐", "ahead": "○"}
NEWEST = 3  # lines of a job's log that are shown where they can't be scrolled
_BAR = 10  # signs
_SPOKEN = 400


class TranscriptWriter:
    """Writes for people who read a transcript: words alone."""

    def marked(self, text: str) -> str:
        """Write a text that may hold markup."""
        return markup.plain(text)

    def literal(self, text: str) -> str:
        """Write a text in which nothing is markup."""
        return text

    def strong(self, text: str) -> str:
        """Write a text that stands out."""
        return markup.plain(text)

    def code(self, text: str) -> str:
        """Write monospaced text."""
        return text

    def gap(self, block: Block) -> str:  # noqa: ARG002, not every pen looks at the block
        """Separate the lines of a block."""
        return "\n"

    def picture(self, block: Chart | Bars | Picture | OwnPicture) -> str:
        """Write what a picture shows."""
        return f"[{block.alt}]"

    def link(self, block: Weblink | OwnLink | Download) -> str:
        """Write a link."""
        match block:
            case Weblink(text=text, url=target) | OwnLink(text=text, path=target):
                return f"{text} -> {target}"
            case Download(text=text, name=name):
                return f"{text} -> {name}"


@dataclass(frozen=True)
class Markdown(TranscriptWriter):
    """Writes for channels that show text alone, as markdown."""

    links: Links

    def marked(self, text: str) -> str:
        """Write a text that may hold markup."""
        return markup.markdown(text)

    def literal(self, text: str) -> str:
        """Write a text in which nothing is markup."""
        return markup.escaped(text)

    def strong(self, text: str) -> str:
        """Write a text that stands out."""
        return f"**{markup.escaped(markup.plain(text))}**" if text else ""

    def code(self, text: str) -> str:
        """Write monospaced text."""
        return markup.fenced(text)

    def gap(self, block: Block) -> str:
        """Separate the lines of a block: only a list's may follow each other."""
        return "\n" if isinstance(block, Bullets | Select | PickInto | Arrange) else "\n\n"

    def picture(self, block: Chart | Bars | Picture | OwnPicture) -> str:
        """Write what a picture shows, and show it."""
        match block:
            case Picture(lesson=lesson, source=source):
                url = self.links.media(lesson, source)
            case OwnPicture(path=path):
                url = self.links.page(path)
            case _:
                url = self.links.chart(block)
        return f"![{markup.escaped(block.alt)}]({markup.address(url)})"

    def link(self, block: Weblink | OwnLink | Download) -> str:
        """Write a link."""
        match block:
            case Weblink(text=text, url=url):
                return markup.link(text, url)
            case OwnLink(text=text, path=path):
                return markup.link(text, self.links.page(path))
            case Download(text=text, lesson=lesson, name=name):
                return markup.link(text, self.links.file(lesson, name))


def paragraphs(blocks: Iterable[Block], pen: TranscriptWriter) -> list[str]:
    """Write each block as one paragraph, inputs as what can be answered."""
    return [text for b in blocks if (text := pen.gap(b).join(lines(b, pen)))]


def lines(block: Block, pen: TranscriptWriter) -> Iterator[str]:  # noqa: PLR0915, an arm a kind
    """Write a block line by line."""
    match block:
        case Text(text=text, style=style):
            yield pen.marked(text) if style in {"body", "small", "how"} else pen.strong(text)
        case Bullets(items=items, numbered=numbered):
            for n, item in enumerate(items, start=1):
                yield f"{f'{n}.' if numbered else '-'} {pen.marked(item)}"
        case Notice(text=text, title=title):
            lead = (icon(block), pen.strong(title), pen.marked(text))
            yield " ".join(word for word in lead if word)
        case Dialogue(lines=spoken):
            for line in spoken:
                speaker = f"{pen.strong(line.speaker)}: " if line.speaker else ""
                yield f"{speaker}{pen.literal(line.text)}"
        case Code(text=text):
            yield pen.code(text)
        case Table(header=header, rows=rows):
            yield from _table(header, rows, pen)
        case Scores(scores=scores):
            yield pen.marked(scored(scores))
        case Screen():
            yield from _screen(block, pen)
        case Sides(sides=sides):
            for side in sides:
                yield f"{pen.strong(side.title)}: {pen.literal(side.text)}"
                if side.scores:
                    yield pen.strong(scored(side.scores))
        case Chart() | Bars() | Picture() | OwnPicture():
            yield pen.picture(block)
        case JobBoard():
            yield from _job(block, pen)
        case Panels():
            yield from _panels(block, pen)
        case Frames(frames=frames):
            for still in frames:
                yield pen.strong(still.caption)
                yield pen.code(still.text) if still.mono else pen.marked(still.text)
        case Demonstration():
            yield from map(pen.marked, takes_lines(block))
        case Terms(terms=terms):
            for term, meaning in terms:
                yield f"{pen.strong(term)}: {pen.marked(meaning)}"
        case ProgressBar(label=label):
            yield pen.marked(label)
        case Weblink() | OwnLink() | Download():
            yield pen.link(block)
        case Offer():
            yield from _offer(block, pen)
        case BringFile(elsewhere=elsewhere):
            yield pen.marked(elsewhere)
        case Details(title=title, blocks=blocks):
            yield pen.strong(title)
            for inner in blocks:
                yield from lines(inner, pen)
        case Select() | PickInto() | Arrange() | Number() | Write() | WriteJsonl():
            yield from _input(block, pen)
        case _:
            assert_never(block)


def _offer(offer: Offer, pen: TranscriptWriter) -> Iterator[str]:
    yield pen.strong(offer.title)
    yield pen.marked(offer.text)
    yield pen.marked(offer.note)


def _panels(block: Panels, pen: TranscriptWriter) -> Iterator[str]:
    for panel in block.panels:
        yield pen.strong(panel.title)
        for shown in panel.blocks:
            yield from lines(shown, pen)


def _job(board: JobBoard, pen: TranscriptWriter) -> Iterator[str]:
    if board.status:
        yield pen.marked(board.status)
    yield stages_line(board)
    if board.share < 1:
        yield bar_line(board)
    if board.chart_now is not None:
        yield pen.picture(board.chart_now)
    for event in board.events_now[-NEWEST:]:
        yield f"{event.time} {pen.marked(event.text)}"


def takes_lines(demonstration: Demonstration) -> Iterator[str]:
    """Write what a demonstration shows at each setting."""
    yield f"**{demonstration.title}**"
    for take in demonstration.takes:
        lead = f"{demonstration.setting} {take.name}: " if take.name else ""
        yield f"{lead}{take.told}"


def stages_line(board: JobBoard) -> str:
    """Write the stages of a job on a line."""
    return " · ".join(f"{PART_MARKS[stage.state]} {stage.title}" for stage in board.stages)


def bar_line(board: JobBoard) -> str:
    """Draw how far a job is with signs."""
    full = round(board.share * _BAR)
    return f"{'■' * full}{'□' * (_BAR - full)} {board.percent}"


def _screen(screen: Screen, pen: TranscriptWriter) -> Iterator[str]:
    yield pen.strong(f"{screen.says} · {' > '.join(screen.path)}")
    if screen.picture:
        yield pen.picture(screen.picture)
    for tab, parts in groupby(screen.parts, lambda part: part.tab):
        if tab:
            yield pen.strong(tab)
        for part in parts:
            value = part.value or ("…" if part.input else "")
            yield f"{pen.marked(noted(part))}: {pen.marked(value)}".removesuffix(": ")
            for shown in part.shows:
                yield from lines(shown, pen)


def noted(part: ScreenPart) -> str:
    """Write a part's name with the number of its note."""
    return part.label if part.note is None else f"{part.label} ({part.note})"


def scored(scores: Iterable[Score]) -> str:
    """Write scores in one line."""
    return " · ".join(score.text for score in scores)


def icon(notice: Notice) -> str:
    """Choose the sign of a notice, unless its title begins with one of its own."""
    has_own = notice.title and unicodedata.category(notice.title[0]).startswith("S")
    return "" if has_own else ICONS[notice.tone]


def _table(
    header: Sequence[str], rows: Sequence[Sequence[str]], pen: TranscriptWriter
) -> Iterator[str]:
    for row in rows:
        cells = zip(header[1:], row[1:], strict=False)
        told = ", ".join(f"{pen.marked(name)} {pen.marked(cell)}" for name, cell in cells)
        yield f"{pen.strong(row[0])}: {told}"


def _input(
    block: Select | PickInto | Arrange | Number | Write | WriteJsonl, pen: TranscriptWriter
) -> Iterator[str]:
    if block.label:
        yield pen.strong(block.label)
    match block:
        case Select(options=items) | PickInto(items=items) | Arrange(items=items):
            for n, item in enumerate(items, start=1):
                yield f"{n}. {_item(item, pen)}"
        case Number(value=value):
            yield f"{value:g}"
        case Write(value=value) | WriteJsonl(value=value):
            if value:
                yield pen.code(value)


def _item(item: Item, pen: TranscriptWriter) -> str:
    told = (words for words in (item.text, item.more) if words)
    return " — ".join(map(pen.marked, told)) + mark(item)


def mark(item: Item) -> str:
    """Write what was judged of an item's place."""
    return f" {MARKS[item.mark]}" if item.mark else ""


def transcript(replies: Iterable[Reply]) -> str:
    """Write replies as a reader of a chat sees them, a button as [its text]."""
    return "\n\n".join(_reply(reply) for reply in replies)


def _reply(reply: Reply) -> str:
    match reply:
        case Typing():
            return "..."
        case Message(blocks=blocks, buttons=buttons, suggestions=suggestions):
            parts = paragraphs(blocks, TranscriptWriter())
            parts.append(" ".join(f"[{button.text}]" for button in ordered(buttons)))
            parts.append(" ".join(f"({suggestion})" for suggestion in suggestions))
            return "\n".join(part for part in parts if part)
        case _:
            assert_never(reply)


def ordered(buttons: Iterable[Button]) -> list[Button]:
    """Put the primary button first."""
    return sorted(buttons, key=lambda button: not button.primary)


def spoken(blocks: Iterable[Block]) -> str:
    """Say briefly what a card is about: its words, without what is there to look at.

    No angle brackets: speech may be read as a markup of its own.
    """
    blocks = tuple(blocks)
    looked_at = (
        Demonstration
        | BringFile
        | Offer
        | ProgressBar
        | Details
        | Terms
        | Code
        | Frames
        | Table
        | Screen
    )
    heard = [block for block in blocks if not isinstance(block, looked_at)]
    text = " ".join(filter(None, map(_heard, heard or blocks)))
    if len(text) <= _SPOKEN:
        return text
    return f"{text[:_SPOKEN].rsplit(' ', 1)[0]} …"


@lru_cache(maxsize=2000)
def _heard(block: Block) -> str:
    said = " ".join(lines(block, TranscriptWriter()))
    return " ".join(re.sub(r"[<>]", " ", said).split())
