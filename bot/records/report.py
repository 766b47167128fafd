"""Figures about learners, asked of the store and shown without anybody."""

import csv
import io
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection

from bot.store import journeys
from bot.store.journeys import Filter
from content.lesson import Lesson
from dialogs.records import figures
from dialogs.records.figures import Figure, Miss, StepFigures, StepSums
from dialogs.records.journeys import phase_name, question_name


@dataclass(frozen=True)
class Bar:
    """One bar of a chart; None where fewer show than may be shown."""

    label: str
    count: int | None


@dataclass(frozen=True)
class Report:
    """All that the page shows of a lesson; `started` is None below the fewest.

    `questions` are those that so many learners asked in own words, the most frequent first.
    """

    started: int | None
    now: int | None
    figures: tuple[Figure, ...]
    phases: tuple[Bar, ...]
    scores: tuple[Bar, ...]
    steps: tuple[StepFigures, ...]
    misses: tuple[Miss, ...]
    questions: tuple[Bar, ...]

    def as_json(self) -> dict[str, Any]:
        """The same as JSON, where None stands for what isn't shown."""
        return asdict(self)

    def as_csv(self) -> str:
        """The steps as a table, the costliest first."""
        text = io.StringIO()
        fields = list(StepFigures.__dataclass_fields__)
        table = csv.DictWriter(text, fields)
        table.writeheader()
        table.writerows(asdict(one) for one in self.steps)
        return text.getvalue()


def make(
    db: Connection, lesson: Lesson, only: Filter, now: float, questions: Mapping[str, str]
) -> Report:
    """Ask for everything that is shown of a lesson, at a time (Unix seconds).

    `questions` are those that learners may ask, by name.
    """
    filtered = only.is_set
    most = figures.counted(journeys.count(db, only), filtered=filtered)
    sums = journeys.summary(db, only, most, now)
    steps = journeys.steps(db, only, most)
    started = sums["started"].n
    scored = journeys.scores(db, only, most)
    known = {step.id for step in lesson.steps}
    texts = options(lesson)

    def label(step: str, name: str, option: str) -> str:
        return texts.get((step, name, option), texts.get((step, "", option), option))

    return Report(
        started=figures.cell(started, filtered=filtered),
        now=figures.cell(sums["now"].n, filtered=filtered),
        figures=figures.figures(sums, filtered=filtered),
        phases=tuple(
            Bar(
                phase.title,
                figures.part(
                    steps[name].learners if (name := phase_name(phase.id)) in steps else 0,
                    started,
                    filtered=filtered,
                ),
            )
            for phase in lesson.phases
        ),
        scores=tuple(
            Bar(f"{10 * n}–{10 * n + 10} %", figures.cell(scored.get(n, 0), filtered=filtered))
            for n in range(10)
        ),
        steps=figures.step_figures(
            {name: one for name, one in steps.items() if name in known}, started, filtered=filtered
        ),
        misses=figures.misses(journeys.misses(db, only, most), steps, label, filtered=filtered),
        questions=_asked(steps, started, questions, filtered=filtered),
    )


def _asked(
    steps: Mapping[str, StepSums], started: int, questions: Mapping[str, str], *, filtered: bool
) -> tuple[Bar, ...]:
    """How many asked each question; those that too few asked, or all but too few, are left out."""
    found = [
        (figures.part(steps[at].learners, started, filtered=filtered), text)
        for name, text in questions.items()
        if (at := question_name(name)) in steps
    ]
    shown = sorted((-n, text) for n, text in found if n)
    return tuple(Bar(text, -n) for n, text in shown)


def options(lesson: Lesson) -> Mapping[tuple[str, str, str], str]:
    """The words of everything in a lesson's steps that has an id and a text.

    By step, the id of the question that it stands under (empty at the top), and its own.
    """
    found: dict[tuple[str, str, str], str] = {}
    for step in lesson.steps:
        _collect(found, step.id, "", step.model_dump(mode="json"))
    return found


def _collect(found: dict[tuple[str, str, str], str], step: str, under: str, part: Any) -> None:  # noqa: ANN401
    if isinstance(part, list):
        for one in part:
            _collect(found, step, under, one)
    if not isinstance(part, dict):
        return
    name = part.get("id")
    text = next((part[k] for k in ("text", "title", "label") if isinstance(part.get(k), str)), None)
    if isinstance(name, str) and text:
        found.setdefault((step, under, name), text)
    inside = name if isinstance(name, str) and name != step else under
    for value in part.values():
        if isinstance(value, list | dict):
            _collect(found, step, inside, value)
