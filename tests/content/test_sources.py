"""Every figure that learners take for true has a source, and old sources are named."""

from datetime import date
from math import erf, sqrt
from pathlib import Path

import pytest
import yaml

from content.check.sources import stale
from content.costs import CostsContent
from content.lesson import ExperimentStep, Lesson, ScreenStep
from content.lesson.sources import figures_in
from content.loader import SHIPPED, STRINGS, Library
from content.sources import idle_strings, unsourced, unsourced_edition, unsourced_strings
from dialogs.own_file import KEPT
from dialogs.simulations.own_file import LARGEST
from dialogs.simulations.persona.statistics import WIDTH
from tests.content.draft_lesson import Draft, draft

PAGE = SHIPPED.parent.parent / "docs" / "content-sources.md"
TEXT = "feedback: It has four words."
SOURCE = """\
- id: costs
  title: What it costs
  read: 2026-11-29
  figures:
    fault: ["$1.70"]
"""
SCREEN = """\
  - id: form
    kind: screen
    title: Form
    help: Fill it.
    path: Portal
    prompt: Fill the form.
    fields: [{label: Model, decides: base}, {label: Data, value: two}, {label: Review, value: all}]
    annotations:
      - {target: Model, text: One.}
      - {target: Data, text: Two.}
      - {target: Review, text: Three.}
    tips: [Begin small.]
    decisions:
      - id: base
        prompt: Which?
        sets: other
        options:
          - {id: small, text: Small, feedback: Yes.}
          - {id: large, text: Large, feedback: Yes.}
    praise: Done.
"""


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("Hosting costs $1.70 an hour, about $1,224 for 30 days.", ["$1.70", "$1,224", "30 days"]),
        ("10 to 30% cheaper in March 2026", ["30%", "March 2026"]),
        (
            "By 14 October 2027, after 24 hours, within 512 MB",
            ["14 October 2027", "24 hours", "512 MB"],
        ),
        ("In 2022 a chatbot; in 2024 a tribunal", ["2022", "2024"]),
        ("It refuses fewer than 10 examples and 18 characters.", ["10 examples", "18 characters"]),
        ("Nach 24 Stunden, 3,5 % und ab März 2026", ["24 Stunden", "3,5 %", "März 2026"]),
        ("gpt-4.1-mini-2025-04-14 has {lines} lines and 3 phases; the scale ends at 100%.", []),
    ],
)
def test_prices_shares_limits_durations_and_dates_are_figures(
    text: str, figures: list[str]
) -> None:
    assert list(figures_in(text)) == figures


@pytest.fixture
def lesson(tmp_path: Path) -> Draft:
    made = draft(tmp_path)
    made.change("one.yaml", TEXT, "feedback: It costs $1.70.")
    return made


def _sources(lesson: Draft, text: str) -> None:
    (lesson.folder / "sources.yaml").write_text(text)


def test_a_figure_without_a_source_is_at_fault_where_it_stands(lesson: Draft) -> None:
    says = '"$1.70" has no source; name it in sources.yaml under "fault"'
    assert lesson.faults() == [f"one.yaml:24: {says}"]


def test_a_source_at_the_figures_place_vouches_for_it(lesson: Draft) -> None:
    _sources(lesson, SOURCE)
    assert lesson.faults() == []


def test_a_source_elsewhere_vouches_for_nothing(lesson: Draft) -> None:
    _sources(lesson, SOURCE.replace("fault:", "needs:"))
    assert lesson.faults() == [
        'one.yaml:24: "$1.70" has no source; name it in sources.yaml under "fault"',
        'sources.yaml:5: "$1.70" doesn\'t stand in "needs"',
    ]


def test_a_source_of_what_stands_nowhere_is_at_fault(lesson: Draft) -> None:
    _sources(lesson, SOURCE + '    faults: ["$2"]\n')
    assert lesson.faults() == [
        'sources.yaml:6: nothing here has the id "faults"; did you mean "fault"?'
    ]


def test_what_may_change_says_when_it_was_looked_up(lesson: Draft) -> None:
    _sources(lesson, SOURCE.replace("  read: 2026-11-29\n", ""))
    (said,) = lesson.faults()
    assert said.startswith("sources.yaml:1: ")
    assert "say when it was looked up" in said
    _sources(lesson, SOURCE.replace("read: 2026-11-29", "lasting: true"))
    assert lesson.faults() == []


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("", 'screen "form" names no source'),
        ("    source: cost\n", 'sources.yaml has no source "cost"; did you mean "costs"?'),
        ("    source: costs\n", ""),
    ],
)
def test_a_screen_names_the_page_that_it_is_drawn_after(
    lesson: Draft, source: str, says: str
) -> None:
    _sources(lesson, SOURCE)
    before = "  - id: better\n"
    screen = SCREEN.replace("    path: Portal\n", f"    path: Portal\n{source}")
    lesson.change("one.yaml", before, screen + before)
    found = lesson.faults()
    assert len(found) == bool(says)
    assert all(says in one for one in found)


def test_a_question_tells_as_true_what_is_right_and_why(library: Library) -> None:
    lesson = library.lessons["polite-chatbot"].model_copy(update={"sources": ()})
    said = {message for _, message in unsourced(lesson)}
    right = '"24 hours" has no source; name it in sources.yaml under "t-trial"'
    why = '"64 minutes" has no source; name it in sources.yaml under "t-queue"'
    assert {right, why} <= said
    assert not any("c-clinic" in message for message in said), "its figures are a case's own"


def test_an_edition_has_its_figures_from_the_lessons_sources(library: Library) -> None:
    german = library.translations["de"].lessons["plain-words"]
    assert list(unsourced_edition(german)) == []
    said = [message for _, message in unsourced_edition(german.model_copy(update={"sources": ()}))]
    assert any(message.startswith('"80 %" has no source') for message in said)
    assert any(message.startswith('"5 Minuten" has no source') for message in said)


def test_the_tutors_own_figures_are_those_of_the_code(library: Library) -> None:
    known = yaml.safe_load((STRINGS / "sources.yaml").read_text("utf-8"))
    told = {figure for one in known for named in one["figures"].values() for figure in named}
    computed = {f"{KEPT.days} days", f"{LARGEST >> 20} MB", f"{erf(WIDTH / sqrt(2)):.0%}"}
    costs = library.simulations["cost-benefit"]
    assert isinstance(costs, CostsContent)
    month = library.lessons["cost-benefit"].step("month")
    assert isinstance(month, ExperimentStep)
    an_hour = next(one.value for one in month.settings if one.id == "hosting-price")
    hosting = (an_hour or 0) * costs.bench.prices.hours
    assert told == computed | {"60 minutes", f"${hosting:,.0f}"}
    of_nobody = {loc[:2] for loc, _ in unsourced_strings(library.strings, ())}
    assert {("files", "kept"), ("model", "dash_intervals")} <= of_nobody
    german = library.translations["de"].strings
    assert ("files", "kept") in {loc[:2] for loc, _ in unsourced_strings(german, ())}
    (first, *_) = library.lessons["plain-words"].sources
    idle = first.model_copy(update={"figures": {"files-kept": ("9 days",), "nowhere": ("1 day",)}})
    assert len(list(idle_strings(library.strings, (idle,)))) == 2


def test_a_source_looked_up_more_than_a_year_ago_is_named(lesson: Draft) -> None:
    _sources(lesson, SOURCE)
    assert not list(stale(lesson.folder, date(2027, 11, 29)))
    (note,) = stale(lesson.folder, date(2027, 11, 30))
    assert (note.line, note.path.name) == (3, "sources.yaml")
    assert '"costs" was looked up on 2026-11-29' in note.message


@pytest.fixture
def shipped(library: Library) -> Lesson:
    return library.lessons["polite-chatbot"]


def test_every_screen_follows_the_documentation_of_the_last_year(shipped: Lesson) -> None:
    pages = {source.id: source for source in shipped.sources}
    for screen in shipped.steps_of(ScreenStep):
        assert screen.source
        page = pages[screen.source]
        assert page.url is not None
        assert page.dated is not None
        assert page.dated >= date(2026, 4, 1)


@pytest.mark.parametrize(
    "name",
    [
        "polite-chatbot",
        "plain-words",
        "choosing-a-technique",
        "cost-benefit",
        "distillation",
        "domain-adaptation",
        "ethics",
        "evaluation-driven",
        "multi-turn",
        "preferences",
        "raft",
    ],
)
def test_the_page_of_sources_lists_them_all(library: Library, name: str) -> None:
    rows = PAGE.read_text("utf-8").splitlines()
    for source in library.lessons[name].sources:
        (row,) = (
            row
            for row in rows
            if row.startswith(f"| `{source.id}` | ") and (source.title in row)
            if all(f"`{p}`: {', '.join(f)}" in row for p, f in source.figures.items())
        )
        assert str(source.dated or "–") in row
        assert str(source.read or "lasting") in row
