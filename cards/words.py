"""Replies as text: for channels without cards, for speech, and for people who read chats."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
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
    Details,
    Dialogue,
    Download,
    Field,
    Form,
    Frames,
    Item,
    Message,
    Notice,
    Number,
    OwnLink,
    PickInto,
    Picture,
    ProgressBar,
    Reply,
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

    def picture(self, block: Chart | Bars | Picture) -> str:
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

    def picture(self, block: Chart | Bars | Picture) -> str:
        """Write what a picture shows, and show it."""
        if isinstance(block, Picture):
            url = self.links.media(block.lesson, block.source)
        else:
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


def lines(block: Block, pen: TranscriptWriter) -> Iterator[str]:
    """Write a block line by line."""
    match block:
        case Text(text=text, style=style):
            yield pen.marked(text) if style in {"body", "small"} else pen.strong(text)
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
        case Form(title=title, fields=fields):
            yield pen.strong(title)
            for field in fields:
                yield f"{pen.marked(noted(field))}: {pen.marked(field.value)}"
        case Sides(sides=sides):
            for side in sides:
                yield f"{pen.strong(side.title)}: {pen.literal(side.text)}"
                if side.scores:
                    yield pen.strong(" · ".join(side.scores))
        case Chart() | Bars() | Picture():
            yield pen.picture(block)
        case Frames(frames=frames):
            for still in frames:
                yield pen.strong(still.caption)
                yield pen.code(still.text) if still.mono else pen.marked(still.text)
        case Terms(terms=terms):
            for term, meaning in terms:
                yield f"{pen.strong(term)}: {pen.marked(meaning)}"
        case ProgressBar(label=label):
            yield pen.marked(label)
        case Weblink() | OwnLink() | Download():
            yield pen.link(block)
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


def noted(field: Field) -> str:
    """Write a field's name with the number of its note."""
    return field.label if field.note is None else f"{field.label} ({field.note})"


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
    told = (word.replace("\n", " — ") for word in (item.title, item.text) if word)
    return ": ".join(map(pen.marked, told)) + mark(item)


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
    looked_at = BringFile | ProgressBar | Details | Terms | Code | Frames | Table | Form
    heard = [block for block in blocks if not isinstance(block, looked_at)]
    text = " ".join(filter(None, map(_heard, heard or blocks)))
    if len(text) <= _SPOKEN:
        return text
    return f"{text[:_SPOKEN].rsplit(' ', 1)[0]} …"


@lru_cache(maxsize=2000)
def _heard(block: Block) -> str:
    said = " ".join(lines(block, TranscriptWriter()))
    return " ".join(re.sub(r"[<>]", " ", said).split())
