"""The main lesson says what the exercise specification quotes, word for word."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from pydantic import BaseModel

from content.lesson import ChatStep, Lesson, OrderingStep, Phase, ScreenStep
from content.loader import Library
from content.rules import walk
from dialogs.simulations.persona import Company
from dialogs.simulations.registry import build
from dialogs.work.persona_company import as_company

PHASES = ["explore", "prepare", "train", "compare"]


class Quoted(BaseModel):
    """What one phase quotes; `words` stand anywhere in it."""

    title: str
    complete: str
    goals: tuple[str, ...]
    requirements: tuple[str, ...]
    words: tuple[str, ...]


class Sample(BaseModel):
    """A sample interaction, with the points that the specification gives it."""

    query: str
    base: str
    base_points: tuple[int, int] | None = None
    tuned: str | None = None
    tuned_points: tuple[int, int] | None = None


class Specification(BaseModel):
    """All quotes."""

    start: dict[str, str | tuple[str, ...]]
    phases: tuple[Quoted, ...]
    order: tuple[str, ...]
    screens: tuple[str, ...]
    labels: tuple[str, ...]
    buttons: tuple[str, ...]
    samples: tuple[Sample, ...]


SPECIFICATION = Specification.model_validate(
    yaml.safe_load(Path(__file__).with_name("specification.yaml").read_text())
)


@pytest.fixture(scope="module")
def lesson(library: Library) -> Lesson:
    return library.lessons["polite-chatbot"]


@pytest.fixture(scope="module")
def company(library: Library) -> Company:
    return as_company(build(library.simulations["polite-chatbot"]))


def _texts(phase: Phase) -> Iterator[str]:
    return (value for _, value in walk(phase) if isinstance(value, str))


@pytest.mark.parametrize("field", SPECIFICATION.start)
def test_the_start_screen_stands_word_for_word(lesson: Lesson, field: str) -> None:
    assert getattr(lesson.start, field) == SPECIFICATION.start[field]


@pytest.mark.parametrize("number", range(len(PHASES)), ids=PHASES)
def test_a_phase_stands_word_for_word(lesson: Lesson, company: Company, number: int) -> None:
    phase, quoted = lesson.phases[number], SPECIFICATION.phases[number]
    assert phase.title == quoted.title
    assert phase.goals == quoted.goals
    assert (
        phase.complete.title.startswith(quoted.complete) or lesson.complete.title == quoted.complete
    )
    told = {requirement.text for requirement in phase.requirements}
    assert set(quoted.requirements) <= told
    texts = list(_texts(phase))
    # What the base model says to the queries that are offered is said by the model itself.
    chats = [step for step in phase.steps if isinstance(step, ChatStep)]
    texts += [company.base.reply(s.query).text for step in chats for s in step.samples]
    assert [words for words in quoted.words if not any(words in text for text in texts)] == []


def test_the_steps_of_a_run_stand_in_their_order(lesson: Lesson) -> None:
    (ordering,) = (s for s in lesson.phases[2].steps if isinstance(s, OrderingStep))
    assert (ordering.source, ordering.target) == ("Available Steps", "Correct Order")
    assert tuple(item.text for item in ordering.items) == SPECIFICATION.order


def test_the_six_screens_stand_in_their_order(lesson: Lesson) -> None:
    titles = [step.title.partition(": ")[2] for step in lesson.steps_of(ScreenStep)]
    assert tuple(titles) == SPECIFICATION.screens


def test_labels_and_buttons_are_named_as_the_specification_does(library: Library) -> None:
    words = {v for v in library.strings.tutor.model_dump().values() if isinstance(v, str)}
    assert {*SPECIFICATION.labels, *SPECIFICATION.buttons} <= words


@pytest.mark.parametrize("sample", SPECIFICATION.samples, ids=lambda sample: sample.query[:20])
def test_the_base_model_speaks_and_is_scored_as_the_specification_says(
    company: Company, sample: Sample
) -> None:
    assert company.base.reply(sample.query).text == sample.base
    for reply, points in ((sample.base, sample.base_points), (sample.tuned, sample.tuned_points)):
        if reply and points:
            values = company.score(reply, sample.query).values
            assert (values["politeness"], values["helpfulness"]) == points
