"""Card elements that only some clients know. Each has a fallback that every other client shows.

What each field means to the page is in docs/elements.md.
"""

from typing import Literal

from microsoft_teams import cards as teams
from microsoft_teams.cards import CardElement, SerializableObject
from pydantic import SerializeAsAny


class OwnElement(CardElement):
    """The base of the elements that the own page alone knows."""

    fallback: SerializeAsAny[CardElement] | None = None


class LineChart(teams.LineChart):
    """Teams' line chart; its fallback is a picture."""

    fallback: SerializeAsAny[CardElement] | None = None


class BarChart(teams.GroupedVerticalBarChart):
    """Teams' grouped bars; their fallback is a picture."""

    fallback: SerializeAsAny[CardElement] | None = None


class PickItem(SerializableObject):
    """Something to move, and `more` of it to open; `mark` shows a judged place.

    `number` stands for it where one types.
    """

    id: str
    number: int
    text: str
    more: str | None = None
    mark: Literal["right", "wrong"] | None = None


class Moving(OwnElement):
    """Items moved from a source list into a target list; the value is their ids, by commas."""

    id: str
    label: str
    source: str
    target: str
    items: list[PickItem]
    value: str = ""


class TutorPick(Moving):
    """Some of the items are picked; in which order doesn't count."""

    type: Literal["Tutor.Pick"] = "Tutor.Pick"


class TutorOrder(Moving):
    """All items are put into an order."""

    type: Literal["Tutor.Order"] = "Tutor.Order"


class TutorJsonl(OwnElement):
    """A line of JSONL, sent to `check` while it is typed."""

    type: Literal["Tutor.Jsonl"] = "Tutor.Jsonl"
    id: str
    label: str
    check: str
    value: str = ""
    placeholder: str | None = None


class TutorFile(OwnElement):
    """A file of the learner's own, dropped or chosen and sent to `url`."""

    type: Literal["Tutor.File"] = "Tutor.File"
    label: str
    about: str
    url: str


class TutorFrame(SerializableObject):
    """One still of a demonstration."""

    caption: str
    text: str
    mono: bool = False


class TutorFrames(OwnElement):
    """A demonstration to step through."""

    type: Literal["Tutor.Frames"] = "Tutor.Frames"
    label: str
    frames: list[TutorFrame]


class DemonstrationShape(SerializableObject):
    """A shape of one kind in a square from 0 to 1; docs/elements.md says what it has."""

    kind: Literal["outline", "trail", "cells", "box", "arrow"]
    points: list[tuple[float, float]] | None = None
    at: tuple[float, float] | None = None
    size: tuple[float, float] | None = None
    rows: int | None = None
    columns: int | None = None
    text: str | None = None
    look: str | None = None
    since: int = 0
    until: int | None = None


class DemonstrationTake(SerializableObject):
    """A demonstration at one setting."""

    name: str
    steps: list[str]
    shapes: list[DemonstrationShape]
    told: str


class TutorDemonstration(OwnElement):
    """A picture that moves, at settings of the learner's choice."""

    type: Literal["Tutor.Demonstration"] = "Tutor.Demonstration"
    title: str
    setting: str
    takes: list[DemonstrationTake]
    x_label: str
    y_label: str


class CurveSeries(SerializableObject):
    """One line: its points as (x, y)."""

    name: str
    points: list[tuple[float, float]]


class CurveMarker(SerializableObject):
    """An x that is pointed at."""

    x: float
    label: str


class PlotAxis(SerializableObject):
    """Where an axis begins and ends, and the round numbers on it."""

    label: str
    low: float
    high: float
    ticks: list[float]


class Plot(SerializableObject):
    """Lines over two axes; `alt` says in words what they show.

    `cut` says that what is higher than the axis isn't drawn.
    """

    title: str
    x: PlotAxis
    y: PlotAxis
    series: list[CurveSeries]
    alt: str
    marker: CurveMarker | None = None
    cut: str | None = None


class TutorCurves(OwnElement):
    """Lines that are drawn as time goes on."""

    type: Literal["Tutor.Curves"] = "Tutor.Curves"
    plot: Plot


class BarRow(SerializableObject):
    """The values of one series, one for each label."""

    name: str
    values: list[float]


class TutorBars(OwnElement):
    """Bars from 0 to `highest`, a group for each label; `alt` says in words what they show."""

    type: Literal["Tutor.Bars"] = "Tutor.Bars"
    title: str
    labels: list[str]
    series: list[BarRow]
    highest: float
    alt: str


class JobPart(SerializableObject):
    """A part of a job's way."""

    title: str
    state: Literal["done", "here", "ahead"]


class JobLine(SerializableObject):
    """A line of a job's log, `after` so many seconds."""

    time: str
    text: str
    after: float


class TutorJob(OwnElement):
    """A training job that goes on by itself from `share` to `next` in so many `seconds`.

    Its curves are drawn up to `upto`, and to their end by then.
    """

    type: Literal["Tutor.Job"] = "Tutor.Job"
    title: str
    status: str
    stages: list[JobPart]
    events: list[JobLine]
    share: float
    next: float
    seconds: float
    upto: float
    chart: Plot | None = None


class TutorPanels(OwnElement):
    """Small pictures, as many side by side as there is room for."""

    type: Literal["Tutor.Panels"] = "Tutor.Panels"
    items: list[SerializeAsAny[CardElement]]


class TutorTable(OwnElement):
    """Rows under a header; the first cell names its row. `opens` are actions, one for a row."""

    type: Literal["Tutor.Table"] = "Tutor.Table"
    header: list[str]
    rows: list[list[str]]


class Points(SerializableObject):
    """A score in words; it is drawn where it has a value."""

    text: str
    value: int | None = None
    of: int


class TutorScores(OwnElement):
    """The scores of one reply."""

    type: Literal["Tutor.Scores"] = "Tutor.Scores"
    scores: list[Points]


class TutorSide(SerializableObject):
    """What one of them said, and its scores."""

    title: str
    text: str
    scores: list[Points]


class TutorSides(OwnElement):
    """Answers to the same question, side by side."""

    type: Literal["Tutor.Sides"] = "Tutor.Sides"
    sides: list[TutorSide]


class ScreenNote(SerializableObject):
    """What stands behind a numbered mark of a screen."""

    number: int
    text: str


class ScreenSaid(SerializableObject):
    """Feedback on what was chosen in a part; `mark` is its sign."""

    mark: str
    tone: Literal["good", "bad", "info", "warning"]
    title: str
    text: str


class ScreenPart(SerializableObject):
    """A field, what it holds, and what is asked or shown there."""

    label: str
    value: str = ""
    tab: str = ""
    note: ScreenNote | None = None
    said: list[ScreenSaid] = []
    input: SerializeAsAny[CardElement] | None = None
    shows: list[SerializeAsAny[CardElement]] = []
    file: bool = False


class TutorScreen(OwnElement):
    """A portal's page with its inputs; the card's main button stands in it as its `action`."""

    type: Literal["Tutor.Screen"] = "Tutor.Screen"
    says: str
    path: list[str]
    places: list[str]
    parts: list[ScreenPart]
    picture: SerializeAsAny[CardElement] | None = None
    action: SerializeAsAny[teams.Action] | None = None


class Term(SerializableObject):
    """A technical term in one sentence."""

    term: str
    meaning: str


class TutorTerms(OwnElement):
    """Technical terms, each explained on hover, focus or tap."""

    type: Literal["Tutor.Terms"] = "Tutor.Terms"
    label: str
    terms: list[Term]
