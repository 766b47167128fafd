"""What the tutor says, free of any channel: messages made of blocks."""

from dataclasses import dataclass
from typing import Literal

from dialogs.values.actions import Action

Tone = Literal["good", "bad", "info", "warning"]


@dataclass(frozen=True)
class Text:
    """A paragraph. **bold** and `code` are the only markup; learner words go into a `Line`."""

    text: str
    style: Literal["body", "title", "heading", "strong", "small"] = "body"


@dataclass(frozen=True)
class Bullets:
    """A list of short points."""

    items: tuple[str, ...]
    numbered: bool = False


@dataclass(frozen=True)
class Notice:
    """Feedback or a warning that stands out: by icon and word, never by colour alone."""

    tone: Tone
    text: str
    title: str = ""


@dataclass(frozen=True)
class Utterance:
    """What one speaker of a dialogue says. `plain` text is shown as it is, without markup."""

    speaker: str
    text: str
    side: Literal["customer", "model"] = "model"


@dataclass(frozen=True)
class Dialogue:
    """A conversation, line by line."""

    lines: tuple[Utterance, ...]


@dataclass(frozen=True)
class Code:
    """Monospaced text, never touched by markup or smart punctuation."""

    text: str


@dataclass(frozen=True)
class Table:
    """Rows under a header."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Field:
    """A field of a form and what it holds; `note` is the number of what is said about it."""

    label: str
    value: str
    note: int | None = None


@dataclass(frozen=True)
class Form:
    """A screen of a portal: where it is found, and its fields."""

    title: str
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Side:
    """What one model said, word for word, and its scores."""

    title: str
    text: str
    scores: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sides:
    """Answers to the same message, side by side."""

    sides: tuple[Side, ...]


@dataclass(frozen=True)
class Series:
    """Points (x, y) of one line of a chart."""

    name: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Chart:
    """A line chart; `marker` is an x that is pointed at. `alt` says in words what it shows."""

    title: str
    x_label: str
    y_label: str
    series: tuple[Series, ...]
    alt: str
    marker: tuple[float, str] | None = None


@dataclass(frozen=True)
class Bars:
    """A bar chart: one value for each label and series. `alt` says in words what it shows."""

    title: str
    labels: tuple[str, ...]
    series: tuple[tuple[str, tuple[float, ...]], ...]
    alt: str


@dataclass(frozen=True)
class Picture:
    """A picture of the lesson's files."""

    lesson: str
    source: str
    alt: str
    small: bool = False


@dataclass(frozen=True)
class Still:
    """One frame of a demonstration."""

    caption: str
    text: str
    mono: bool = False


@dataclass(frozen=True)
class Frames:
    """A demonstration to step through."""

    label: str
    frames: tuple[Still, ...]


@dataclass(frozen=True)
class Terms:
    """Technical terms with their one-sentence meanings."""

    label: str
    terms: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class BarPhase:
    """A phase in the progress bar; `share` of it, 0.0 to 1.0, lies behind the learner."""

    title: str
    state: Literal["done", "here", "ahead"]
    share: float = 0.0


@dataclass(frozen=True)
class ProgressBar:
    """Where the learner is: step `value` of `of`, in one of the phases."""

    label: str
    value: int
    of: int
    parts: tuple[BarPhase, ...]


@dataclass(frozen=True)
class Weblink:
    """A link to a page elsewhere."""

    text: str
    url: str


@dataclass(frozen=True)
class OwnLink:
    """A link to a page of the tutor's own, by its path; it may be for this learner alone."""

    text: str
    path: str


@dataclass(frozen=True)
class Download:
    """A file made for this learner: `name` is what the shell serves for the lesson."""

    text: str
    lesson: str
    name: Literal["training-set.jsonl", "practice.jsonl", "own-file.jsonl"]


@dataclass(frozen=True)
class BringFile:
    """Where a file of the learner's own is brought; `about` says which files.

    `elsewhere` is said where none can be brought, if anything.
    """

    label: str
    about: str
    elsewhere: str
    lesson: str


# Inputs. What they hold arrives under their ids: `Pressed.picks`, or `texts` of what is written.


@dataclass(frozen=True)
class Item:
    """An option or a thing to move; `mark` shows a judged place."""

    id: str
    text: str
    title: str = ""
    mark: Literal["right", "wrong"] | None = None


@dataclass(frozen=True)
class Select:
    """One or several of the options. They are shown numbered, so that "1, 3" can be typed.

    A "menu" takes little room: for settings, where a "list" is for answers.
    """

    id: str
    label: str
    options: tuple[Item, ...]
    many: bool = False
    value: tuple[str, ...] = ()
    look: Literal["list", "menu"] = "list"


@dataclass(frozen=True)
class PickInto:
    """Items moved from a source list into a target list. They are shown numbered."""

    id: str
    label: str
    source: str
    target: str
    items: tuple[Item, ...]
    value: tuple[str, ...] = ()


@dataclass(frozen=True)
class Arrange:
    """Items put into an order. They are shown numbered, so that "3 1 2" can be typed.

    `place` names a place by its `{number}`.
    """

    id: str
    label: str
    source: str
    target: str
    place: str
    items: tuple[Item, ...]
    value: tuple[str, ...] = ()


@dataclass(frozen=True)
class Number:
    """A number between `lowest` and `highest`, both included."""

    id: str
    label: str
    lowest: float
    highest: float
    value: float


@dataclass(frozen=True)
class Write:
    """A text of the learner's own."""

    id: str
    label: str
    placeholder: str = ""
    value: str = ""
    long: bool = True


@dataclass(frozen=True)
class WriteJsonl:
    """A line of JSONL, checked while it is typed where the channel can."""

    id: str
    label: str
    lesson: str
    step: str
    value: str = ""


Picking = Select | PickInto | Arrange
Input = Picking | Number | Write | WriteJsonl
Plain = (
    Text
    | Bullets
    | Notice
    | Dialogue
    | Code
    | Table
    | Form
    | Sides
    | Chart
    | Bars
    | Picture
    | Frames
    | Terms
    | ProgressBar
    | Weblink
    | OwnLink
    | Download
    | BringFile
)


@dataclass(frozen=True)
class Details:
    """Blocks behind a button: there for who wants them."""

    title: str
    blocks: tuple[Plain, ...]


Block = Plain | Details | Input


@dataclass(frozen=True)
class Button:
    """Pressing it does `do` with what the card's inputs hold.

    `typed` is the text that does the same.
    """

    text: str
    do: Action
    typed: str
    primary: bool = False


@dataclass(frozen=True)
class Stamp:
    """What ties a button to its moment: a press with another stamp is stale."""

    lesson: str
    step: str
    ticket: int
    digest: str
    learner: str


@dataclass(frozen=True)
class Message:
    """One message: blocks, then buttons; `suggestions` are texts offered for one tap.

    A message with a `slot` replaces the one sent for it before, where the channel can. Where it
    can, `instead` is shown, if it is given: a whole card in place of a word on how it goes, or one
    that says again what it takes the place of. A message without blocks is left out where
    nothing can be replaced.
    The first `stays` blocks are worth scrolling back to: a press leaves them where they are, and
    is answered below. With none, the answer may take the card's place.
    `puts`: it puts the step at the cursor, so that what is written next can be meant for it.
    """

    blocks: tuple[Block, ...]
    buttons: tuple[Button, ...] = ()
    suggestions: tuple[str, ...] = ()
    stamp: Stamp | None = None
    slot: str | None = None
    instead: "Message | None" = None
    stays: int = 0
    puts: bool = False


@dataclass(frozen=True)
class Typing:
    """A sign that the answer is coming."""


Reply = Message | Typing
