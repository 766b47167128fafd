"""What the tutor says, free of any channel: messages made of blocks."""

from dataclasses import dataclass, replace
from typing import Literal

from dialogs.values.actions import Action

Tone = Literal["good", "bad", "info", "warning"]


@dataclass(frozen=True)
class Text:
    """A paragraph. **bold** and `code` are the only markup; learner words go into a `Line`.

    "how" says what can be typed in place of pressing; it is small, and left out on the own page,
    where the help says it.
    """

    text: str
    style: Literal["body", "title", "heading", "strong", "small", "how"] = "body"


@dataclass(frozen=True)
class Bullets:
    """A list of short points."""

    items: tuple[str, ...]
    numbered: bool = False


@dataclass(frozen=True)
class Notice:
    """Feedback or a warning that stands out: by icon and word, never by colour alone.

    `about` is the id of the input that it is about, beside which it may stand.
    """

    tone: Tone
    text: str
    title: str = ""
    about: str = ""


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
    """Rows under a header; `opens` are buttons, one for each row, that look behind it."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    opens: "tuple[Button, ...]" = ()


@dataclass(frozen=True)
class Score:
    """Points on a scale, in words; `value` of `of` is drawn where it can be, None is unjudged."""

    text: str
    value: int | None
    of: int


@dataclass(frozen=True)
class Scores:
    """The scores of a reply, in one small line."""

    scores: tuple[Score, ...]


@dataclass(frozen=True)
class Side:
    """What one model said, word for word, and its scores."""

    title: str
    text: str
    scores: tuple[Score, ...] = ()


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
    """A line chart. `alt` says in words what it shows.

    `marker` is an x that is pointed at; `x_end` is where the x axis ends, where more is to come;
    `cut` is a y above which nothing is drawn, with the words that say so.
    """

    title: str
    x_label: str
    y_label: str
    series: tuple[Series, ...]
    alt: str
    marker: tuple[float, str] | None = None
    x_end: float | None = None
    cut: tuple[float, str] | None = None


@dataclass(frozen=True)
class Bars:
    """A bar chart: one value for each label and series. `alt` says in words what it shows."""

    title: str
    labels: tuple[str, ...]
    series: tuple[tuple[str, tuple[float, ...]], ...]
    alt: str


@dataclass(frozen=True)
class JobStage:
    """A part of a job's way."""

    title: str
    state: Literal["done", "here", "ahead"]


@dataclass(frozen=True)
class JobEvent:
    """A line of a job's log: its time as shown, and the seconds until it happens."""

    time: str
    text: str
    in_s: float = 0.0


@dataclass(frozen=True)
class JobBoard:
    """A training job: its status and stages, how far it is, what was logged, and its losses.

    `share` of its way lies behind it, 0.0 to 1.0, and `share_next` will in `next_s` seconds: a
    client that moves by itself shows what happens until then. `chart` goes as far as that; now
    the job is at its x of `upto`.
    """

    title: str
    status: str
    stages: tuple[JobStage, ...]
    events: tuple[JobEvent, ...]
    percent: str
    share: float = 0.0
    share_next: float = 0.0
    next_s: float = 0.0
    chart: Chart | None = None
    upto: float = 0.0

    @property
    def chart_now(self) -> Chart | None:
        """The chart as far as the job is."""
        if self.chart is None:
            return None
        series = tuple(
            replace(s, points=tuple(p for p in s.points if p[0] <= self.upto))
            for s in self.chart.series
        )
        return replace(self.chart, series=series)

    @property
    def events_now(self) -> tuple[JobEvent, ...]:
        """What has happened."""
        return tuple(event for event in self.events if event.in_s <= 0)


@dataclass(frozen=True)
class Panel:
    """A small picture, or figures, under a headline."""

    title: str
    blocks: "tuple[Text | Bullets | Chart | Bars, ...]"


@dataclass(frozen=True)
class Panels:
    """Small pictures: side by side where there is room, else below each other."""

    panels: tuple[Panel, ...]


@dataclass(frozen=True)
class Picture:
    """A picture of the lesson's files."""

    lesson: str
    source: str
    alt: str
    small: bool = False


@dataclass(frozen=True)
class OwnPicture:
    """A picture that the tutor draws, by its path. `alt` says what it shows, and is no markup."""

    path: str
    alt: str


@dataclass(frozen=True)
class Offer:
    """Something to go to, as a row with a picture: pressing the row does what `opens` does."""

    title: str
    text: str
    note: str
    picture: Picture
    opens: "Button"


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
class Outline:
    """A line that is there from the beginning."""

    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Trail:
    """A line that grows by a point with each step, and a dot where it has come to."""

    points: tuple[tuple[float, float], ...]
    text: str = ""


@dataclass(frozen=True)
class Cells:
    """A matrix."""

    at: tuple[float, float]
    size: tuple[float, float]
    rows: int
    columns: int
    text: str
    look: Literal["frozen", "learned", "added"]
    since: int = 0


@dataclass(frozen=True)
class Box:
    """Something with a name."""

    at: tuple[float, float]
    size: tuple[float, float]
    text: str
    since: int = 0
    until: int | None = None


@dataclass(frozen=True)
class Arrow:
    """A way from one place to another."""

    points: tuple[tuple[float, float], tuple[float, float]]
    since: int = 0


Shape = Outline | Trail | Cells | Box | Arrow


@dataclass(frozen=True)
class Take:
    """A demonstration at one setting: what is seen at each step, and `told` what it shows.

    Shapes stand in a square from 0 to 1, y upwards; `at` is their lower left corner. They are
    there from the step `since` on, and until the step `until`; the first is 0.
    """

    name: str
    steps: tuple[str, ...]
    shapes: tuple[Shape, ...]
    told: str


@dataclass(frozen=True)
class Demonstration:
    """A moving picture that the learner plays; `setting` is what its takes differ in, if any."""

    title: str
    setting: str
    takes: tuple[Take, ...]
    x_label: str = ""
    y_label: str = ""


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
    """An option or a thing to move; `mark` shows a judged place.

    `more` belongs to it and is opened item by item where that can be.
    """

    id: str
    text: str
    more: str = ""
    mark: Literal["right", "wrong"] | None = None


@dataclass(frozen=True)
class Select:
    """One or several of the options. They are shown numbered, so that "1, 3" can be typed.

    A "menu" takes little room: for settings, where a "list" is for answers. The button that `does`
    something with what is chosen stands beside it.
    """

    id: str
    label: str
    options: tuple[Item, ...]
    many: bool = False
    value: tuple[str, ...] = ()
    look: Literal["list", "menu"] = "list"
    does: Action | None = None


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


@dataclass(frozen=True)
class ScreenPart:
    """A field of a screen and what it holds or shows; parts of the same `tab` follow each other.

    `note` is the number of what is said about it, `input` the id of the message's input that
    belongs there. What a `file` shows is there once the learner uploaded it.
    """

    label: str
    value: str = ""
    tab: str = ""
    note: int | None = None
    input: str = ""
    shows: tuple[Table | Chart | Code, ...] = ()
    file: bool = False


@dataclass(frozen=True)
class Screen:
    """A page of a portal, drawn by us: where it is found, what else is there, its parts.

    `says` says that it is simulated, and `notes` belong to the marks, by number. `picture` is
    shown in place of a drawing. `inputs` and `told` are those that stand in the parts,
    where a client puts them there.
    """

    says: str
    path: tuple[str, ...]
    places: tuple[str, ...]
    parts: tuple[ScreenPart, ...]
    notes: tuple[str, ...] = ()
    picture: Picture | None = None
    inputs: tuple[Input, ...] = ()
    told: tuple[Notice, ...] = ()


Plain = (
    Text
    | Bullets
    | Notice
    | Dialogue
    | Code
    | Table
    | Scores
    | Screen
    | Sides
    | Chart
    | Bars
    | JobBoard
    | Panels
    | Picture
    | OwnPicture
    | Offer
    | Frames
    | Demonstration
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

    `typed` is the text that does the same. What it `picks` it chooses by itself, by input.
    """

    text: str
    do: Action
    typed: str
    primary: bool = False
    picks: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Stamp:
    """What ties a button to its moment: a press with another stamp is stale."""

    lesson: str
    step: str
    ticket: int
    digest: str
    learner: str


@dataclass(frozen=True)
class StepLine:
    """A step in one line, once the learner has left it; `result` says how it went, if anything."""

    title: str
    done: bool
    result: str = ""


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
    `line`: it is the step's card; a client that shows a step as one card shows it in place of the
    one before. `news` is the place of the first block that answers what the learner did; 0: none.
    """

    blocks: tuple[Block, ...]
    buttons: tuple[Button, ...] = ()
    suggestions: tuple[str, ...] = ()
    stamp: Stamp | None = None
    slot: str | None = None
    instead: "Message | None" = None
    stays: int = 0
    puts: bool = False
    line: StepLine | None = None
    news: int = 0


@dataclass(frozen=True)
class Typing:
    """A sign that the answer is coming."""


Reply = Message | Typing
