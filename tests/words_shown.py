"""The words that a learner sees on the page: on each card, and on the way through a lesson.

A card is what stands on the screen at once: folded details, what belongs to an item of a list, the
meanings of terms and the stills of a demonstration but one aren't; where the learner is stands in
the page's header. A step is one card that changes in place, so what stood on it already is read
once, and what the learner wrote isn't read at all. On the way all items of a list and all stills
are opened, for without them nobody can answer.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from cards.markup import plain
from cards.words import TranscriptWriter, lines
from dialogs.values.events import Event, Pressed, Typed
from dialogs.values.replies import (
    Arrange,
    Bars,
    Block,
    Chart,
    Demonstration,
    Details,
    Dialogue,
    Frames,
    JobBoard,
    Message,
    Panels,
    PickInto,
    Picture,
    ProgressBar,
    Reply,
    Screen,
    Select,
    Table,
    Terms,
    Text,
)


@dataclass(frozen=True)
class Card:
    """What one card shows: all its words, and those that weren't there before."""

    step: str
    title: str
    words: int
    new: int


def cards(transcript: Iterable[Event | Reply]) -> list[Card]:
    """Every card of a transcript, as the page shows it."""
    found: list[Card] = []
    before: dict[str, set[str]] = {}
    wrote: set[str] = set()
    for message in transcript:
        match message:
            case Typed(text=text):
                wrote.add(text)
            case Pressed(texts=texts):
                wrote.update(texts.values())
        if not isinstance(message, Message):
            continue
        now = message.instead or message
        if not now.blocks:
            continue
        step = now.stamp.step if now.stamp else ""
        pieces = [_bare(piece) for block in now.blocks for piece in shown(block)]
        pieces += [button.text for button in now.buttons] + list(now.suggestions)
        pieces = [piece for piece in pieces if piece not in wrote]
        read = before.setdefault(step, set())
        opened = [_bare(piece) for block in now.blocks for piece in _opened(block)]
        new = [piece for piece in (*pieces, *opened) if piece not in read]
        title = next((b.text for b in now.blocks if isinstance(b, Text) and b.style == "title"), "")
        found.append(Card(step, title, _total(pieces), _total(new)))
        read.update(pieces, opened)
    return found


def _bare(piece: str) -> str:
    """A piece without the mark before it."""
    return re.sub(r"^(-|\d+\.)? *[☑☐▶]? *", "", piece)


def _count(piece: str) -> int:
    return sum(any(c.isalnum() for c in word) for word in plain(piece).split())


def _total(pieces: Iterable[str]) -> int:
    return sum(map(_count, pieces))


def _opened(block: Block) -> Iterator[str]:
    """What has to be opened on the way, item by item: of a still what is new in it."""
    match block:
        case PickInto(items=items):
            yield from (item.more for item in items)
        case Frames(frames=frames):
            for before, still in pairwise(frames):
                yield still.caption
                yield " ".join(w for w in still.text.split() if w not in before.text.split())
        case Demonstration(takes=takes):
            captions = takes[0].steps
            for past, now in pairwise(captions):
                yield " ".join(w for w in now.split() if w not in past.split() and w.isalpha())
            yield from (take.told for take in takes)
        case _:
            pass


def shown(block: Block) -> Iterator[str]:
    """What a block shows before anything of it is opened, piece by piece."""
    match block:
        case Table(header=header, rows=rows):
            yield from (*header, *(cell for row in rows for cell in row))
        case Chart(title=title, x_label=x_label, y_label=y_label, series=series):
            yield " ".join((title, x_label, y_label, *(one.name for one in series)))
        case Bars(title=title, labels=labels, series=series):
            yield " ".join((title, *labels, *(name for name, _ in series)))
        case Panels(panels=panels):
            for panel in panels:
                yield panel.title
                for inside in panel.blocks:
                    yield from shown(inside)
        case Picture() | ProgressBar() | Text(style="how"):
            pass
        case Dialogue(lines=said):
            for line in said:
                yield from (line.speaker, line.text)
        case Screen(says=says, path=path, parts=parts):
            # A preview of the learner's own file and a curve are looked at.
            yield from (says, " ".join(path))
            yield from (f"{part.label} {part.value}" for part in parts)
        case JobBoard(title=title, status=status, stages=stages):
            yield from (title, status, *(stage.title for stage in stages))
            yield from (event.text for event in block.events_now)
            yield from shown(block.chart_now) if block.chart_now else ()
        case Demonstration(title=title, setting=setting, takes=takes):
            yield from (title, setting, *(take.name for take in takes), *takes[0].steps[:1])
        case Frames(frames=frames):
            yield from (frames[0].caption, frames[0].text)
        case Terms(label=label, terms=terms):
            yield from (label, *(term for term, _ in terms))
        case Details(title=title):
            yield title
        case Select(label=label, options=options, look="menu", value=value):
            yield label
            yield from (option.text for option in options if option.id in value)
        case Select(label=label, options=items) | Arrange(label=label, items=items):
            yield from (label, *(item.text for item in items))
        case PickInto(source=source, target=target, items=items):
            yield from (source, target, *(item.text for item in items))
        case _:
            yield from lines(block, TranscriptWriter())
