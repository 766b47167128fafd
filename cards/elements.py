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
    """Something to move, with an optional headline; `mark` shows a judged place.

    `number` stands for it where one types.
    """

    id: str
    number: int
    text: str
    title: str | None = None
    mark: Literal["right", "wrong"] | None = None


class TutorPick(OwnElement):
    """Items moved from a source list into a target list; the value is their ids, by commas."""

    type: Literal["Tutor.Pick"] = "Tutor.Pick"
    id: str
    label: str
    source: str
    target: str
    items: list[PickItem]
    value: str = ""


class TutorOrder(OwnElement):
    """Items put into an order; the value is their ids in it, by commas."""

    type: Literal["Tutor.Order"] = "Tutor.Order"
    id: str
    label: str
    source: str
    target: str
    items: list[PickItem]
    value: str = ""


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


class CurveSeries(SerializableObject):
    """One line: its points as (x, y)."""

    name: str
    points: list[tuple[float, float]]


class CurveMarker(SerializableObject):
    """An x that is pointed at."""

    x: float
    label: str


class TutorCurves(OwnElement):
    """Lines that are drawn as time goes on; `alt` says in words what they show."""

    type: Literal["Tutor.Curves"] = "Tutor.Curves"
    title: str
    x_label: str
    y_label: str
    series: list[CurveSeries]
    alt: str
    marker: CurveMarker | None = None


class TutorTable(OwnElement):
    """Rows under a header; the first cell names its row."""

    type: Literal["Tutor.Table"] = "Tutor.Table"
    header: list[str]
    rows: list[list[str]]


class TutorSide(SerializableObject):
    """What one of them said, and its scores."""

    title: str
    text: str
    scores: list[str]


class TutorSides(OwnElement):
    """Answers to the same question, side by side."""

    type: Literal["Tutor.Sides"] = "Tutor.Sides"
    sides: list[TutorSide]


class Term(SerializableObject):
    """A technical term in one sentence."""

    term: str
    meaning: str


class TutorTerms(OwnElement):
    """Technical terms, each explained on hover, focus or tap."""

    type: Literal["Tutor.Terms"] = "Tutor.Terms"
    label: str
    terms: list[Term]


class ProgressPhase(SerializableObject):
    """A phase of the progress bar, filled by `share`, 0.0 to 1.0."""

    title: str
    state: Literal["done", "here", "ahead"]
    share: float


class TutorProgress(OwnElement):
    """Where the learner is: step `value` of `of`."""

    type: Literal["Tutor.Progress"] = "Tutor.Progress"
    label: str
    value: int
    of: int
    phases: list[ProgressPhase]
