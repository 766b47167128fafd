"""What the lessons hold passes the checks that they teach."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from content.faults import Fault
from content.lesson import JsonlStep, Lesson, SelectionStep
from content.loader import SHIPPED
from content.strings import Strings
from content.yaml_nodes import data, read
from dialogs.jsonl.checker import check
from dialogs.reading.invisible import idle
from dialogs.reading.personal import personal_data
from dialogs.simulations.persona import Example
from dialogs.steps import jsonl
from dialogs.work import training_set
from tests.lessons import library

EDITIONS = [
    pytest.param(lesson, told.strings, told.practice[lesson.id], id=f"{lesson.id} {locale}")
    for locale, told in library().languages.items()
    for lesson in told.lessons.values()
    if lesson.locale == locale and told.practice[lesson.id]
]
TAUGHT = "anna.berg@example.com"  # in the conversation that a learner shall leave out for it
# Numbers that a lesson teaches to mask. Ofcom and the Bundesnetzagentur keep these blocks for films
# and plays, so that nobody ever has one.
NOBODYS = {"ethics": re.compile(r"020 7946(?: 0\d{3})?|030 23125(?: \d{3})?")}
NONE = re.compile("(?!)")


@pytest.mark.parametrize(("lesson", "strings", "practice"), EDITIONS)
def test_every_line_that_a_lesson_has_is_valid_and_has_no_warning(
    lesson: Lesson, strings: Strings, practice: str | None
) -> None:
    system = training_set.system_message(lesson)
    chats = [c for step in lesson.steps_of(SelectionStep) for c in step.conversations]
    lines = [
        *(jsonl.solution(step) for step in lesson.steps_of(JsonlStep)),
        *(
            training_set.line(Example(message=c.customer, reply=c.response), system)
            for c in chats
            if TAUGHT not in c.customer
        ),
    ]
    assert practice
    for text in (practice, "\n".join(lines)):
        found = check(text, strings.data, until=None)
        assert (found.faults, found.warnings) == ((), ())


def texts(node: object) -> Iterator[str]:
    """All texts of a file."""
    if isinstance(node, str):
        yield node
    for child in (
        node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    ):
        yield from texts(child)


@pytest.mark.parametrize(
    "file", sorted(SHIPPED.rglob("*.yaml")), ids=lambda f: f"{f.parent.name}/{f.stem}"
)
def test_no_text_of_a_lesson_points_to_a_person_or_hides_a_character(file: Path) -> None:
    words = library().strings.data
    nobodys = NOBODYS.get(file.relative_to(SHIPPED).parts[0], NONE)
    node = read(file)
    assert not isinstance(node, Fault), str(node)
    for text in texts(data(node)):
        for found in () if TAUGHT in text else personal_data(text, words.personal):
            assert nobodys.fullmatch(text[found.start : found.end]), text
        assert not idle(text), text
        if text.startswith('{"messages"'):
            assert check(text, words).counted == {}, "the one-line form"
        elif text.startswith("{\n"):
            rules = {f.rule for f in check(text, words).faults}
            assert rules == {"pretty_printed"}, "the readable view"
