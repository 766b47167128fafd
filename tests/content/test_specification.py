"""The main lesson says what the exercise specification quotes, word for word."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from pydantic import BaseModel

from content.lesson import Lesson, OrderingStep, Phase
from content.loader import load
from content.rules import walk

PHASES = ["explore", "prepare", "train", "compare"]


class Quoted(BaseModel):
    """What one phase quotes; `words` stand anywhere in it."""

    title: str
    complete: str
    goals: tuple[str, ...]
    requirements: tuple[str, ...]
    words: tuple[str, ...]


class Specification(BaseModel):
    """All quotes."""

    start: dict[str, str | tuple[str, ...]]
    phases: tuple[Quoted, ...]
    order: tuple[str, ...]


SPECIFICATION = Specification.model_validate(
    yaml.safe_load(Path(__file__).with_name("specification.yaml").read_text())
)


@pytest.fixture(scope="module")
def lesson() -> Lesson:
    return load().lessons["polite-chatbot"]


def _texts(phase: Phase) -> Iterator[str]:
    return (value for _, value in walk(phase) if isinstance(value, str))


@pytest.mark.parametrize("field", SPECIFICATION.start)
def test_the_start_screen_stands_word_for_word(lesson: Lesson, field: str) -> None:
    assert getattr(lesson.start, field) == SPECIFICATION.start[field]


@pytest.mark.parametrize("number", range(len(PHASES)), ids=PHASES)
def test_a_phase_stands_word_for_word(lesson: Lesson, number: int) -> None:
    phase, quoted = lesson.phases[number], SPECIFICATION.phases[number]
    assert phase.title == quoted.title
    assert phase.goals == quoted.goals
    assert phase.complete.startswith(quoted.complete) or lesson.complete.title == quoted.complete
    told = {requirement.text for requirement in phase.requirements}
    assert set(quoted.requirements) <= told
    texts = list(_texts(phase))
    assert [words for words in quoted.words if not any(words in text for text in texts)] == []


def test_the_steps_of_a_run_stand_in_their_order(lesson: Lesson) -> None:
    (ordering,) = (s for s in lesson.phases[2].steps if isinstance(s, OrderingStep))
    assert (ordering.source, ordering.target) == ("Available Steps", "Correct Order")
    assert tuple(item.text for item in ordering.items) == SPECIFICATION.order
