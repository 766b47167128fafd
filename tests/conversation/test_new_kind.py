"""A new kind of step needs its model, its module and its two entries; nothing else knows of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from content import check
from content.faults import ContentError
from content.lesson import KINDS
from content.loader import load
from dialogs.steps import registry
from dialogs.steps.registry import TAUGHT, UnknownKindError
from dialogs.tutor import Tutor
from dialogs.values.facts import LessonCompleted, StepAnswered
from tests import throw_away
from tests.conversation.classroom import Classroom


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    with throw_away.registered():
        yield throw_away.lesson(tmp_path / "guessing")


def faults(folder: Path) -> list[str]:
    with pytest.raises(ContentError) as caught:
        load(folder)
    return [f"{f.path.name}:{f.line}: {f.message}" for f in caught.value.faults]


def change(file: Path, old: str, new: str) -> None:
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new))


def test_a_lesson_with_it_is_played_to_its_end(folder: Path) -> None:
    room = Classroom(Tutor(load(folder)), "guessing")
    room.type("begin")
    assert room.progress.cursor == "guess"
    room.type("next")
    assert room.progress.cursor == "guess", "it is assessed, so nobody leaves it unpassed"
    room.press("answer", {"guess": "50"})
    assert room.progress.record("guess").misses == 1
    room.type("many")
    assert room.progress.record("guess").attempts == 1, "a slip is no attempt"
    room.press("answer", {"guess": "4"})
    assert room.progress.record("guess").status == "passed"
    room.type("next")
    assert room.progress.cursor == "end"
    assert sum(isinstance(fact, StepAnswered) for fact in room.facts) == 2
    assert any(isinstance(fact, LessonCompleted) for fact in room.facts)


def test_the_check_accepts_it_and_estimates_it(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check.main([str(folder)]) == 0
    assert capsys.readouterr().out.startswith("guessing (en): 3 steps of 3 kinds, about ")


def test_an_author_is_told_what_is_wrong_with_it(folder: Path) -> None:
    phase = folder / "one.yaml"
    change(phase, "praise:", "prase:")
    change(phase, "kind: estimate", "kind: estimat")
    assert faults(folder) == ['one.yaml:9: unknown kind "estimat"; did you mean "estimate"?']
    change(phase, "kind: estimat", "kind: estimate")
    assert faults(folder) == [
        'one.yaml:8: step "guess" has no "praise"',
        'one.yaml:15: unknown key "prase"; did you mean "praise"?',
    ]
    change(phase, "prase:", "praise:")
    change(phase, "within: 1", "within: -1")
    assert faults(folder) == ["one.yaml:14: no guess can be nearer than it is"]


def test_a_kind_that_nothing_teaches_stops_the_start(folder: Path) -> None:
    library = load(folder)
    del TAUGHT[throw_away.EstimateStep]
    with pytest.raises(UnknownKindError, match="EstimateStep"):
        Tutor(library)


def test_every_kind_has_a_module_of_its_own() -> None:
    registry.check()
    assert set(TAUGHT) == set(KINDS.values())
    assert "estimate" not in KINDS
