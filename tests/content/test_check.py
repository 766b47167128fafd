"""The checker as an author meets it: on the command line."""

import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from content.check import main, summary, words
from content.digest import digest, version
from content.lesson import ChoiceStep, Option, QuizStep
from content.loader import SHIPPED, load
from tests.content.draft_lesson import draft
from tests.unit.steps.practice import practice_lesson

ROOT = SHIPPED.parent.parent


@dataclass(frozen=True)
class Told:
    """What the command printed, line by line, and its exit code."""

    lines: list[str]
    code: int


Check = Callable[..., Told]


@pytest.fixture
def check(capsys: pytest.CaptureFixture[str]) -> Check:
    """Run the command in this process."""

    def run(*arguments: str) -> Told:
        code = main([*arguments])
        written = capsys.readouterr()
        assert not written.err
        return Told(written.out.splitlines(), code)

    return run


def test_faults_are_printed_with_file_and_line_and_exit_1(tmp_path: Path) -> None:
    lesson = draft(tmp_path)
    lesson.change("one.yaml", "kind: choice", "kind: choise")
    command = [sys.executable, "-m", "content.check", str(tmp_path)]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert told.returncode == 1
    expected = f'{tmp_path}/one.yaml:16: unknown kind "choise"; did you mean "choice"?'
    assert expected in told.stdout.splitlines()
    assert not told.stderr


def test_faults_below_the_folder_one_is_in_are_named_from_there(
    tmp_path: Path, check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft(tmp_path / "tea").change("one.yaml", "kind: choice", "kind: choise")
    monkeypatch.chdir(tmp_path)
    told = check("tea")
    assert told.code == 1
    assert any(line.startswith("tea/one.yaml:16: ") for line in told.lines)


def test_a_folder_without_a_lesson_is_at_fault(tmp_path: Path, check: Check) -> None:
    told = check(str(tmp_path))
    assert told.code == 1
    assert "no lesson here" in told.lines[0]


def test_a_well_folder_of_lessons_is_summed_up_in_one_line_each(
    tmp_path: Path, check: Check
) -> None:
    draft(tmp_path / "tea-shop")
    told = check(str(tmp_path))
    assert told.code == 0, told.lines
    (line,) = told.lines
    assert line.startswith("tea-shop (en): 12 steps of 12 kinds, about ")


def test_the_shipped_lessons_are_well(check: Check) -> None:
    told = check()
    assert told.code == 0, told.lines
    (main_lesson,) = (line for line in told.lines if line.startswith("polite-chatbot"))
    found = re.search(r"about (\d+) minutes, \d+ more for (\d+) optional", main_lesson)
    assert found
    assert 45 <= int(found[1]) <= 60  # as the specification asks
    assert int(found[2]) >= 3


def test_a_lesson_without_optional_steps_says_nothing_of_them() -> None:
    lesson = practice_lesson()
    phases = tuple(
        p.model_copy(update={"steps": tuple(s for s in p.steps if not s.optional)})
        for p in lesson.phases
    )
    assert "optional" in summary(lesson)
    assert "optional" not in summary(lesson.model_copy(update={"phases": phases}))


OPTIONS = (
    Option(id="a", text="one two", right=True, feedback="yes it is so"),
    Option(id="b", text="three", feedback="no it is not"),
)
CHOICE = ChoiceStep(
    kind="choice", id="c", title="A title", help="long help " * 50, prompt="Which?", options=OPTIONS
)


def test_a_choice_is_read_with_all_its_options_and_one_feedback() -> None:
    assert words(CHOICE) == 6 + 4


def test_a_quiz_costs_what_is_drawn_of_its_bank() -> None:
    question = {"phase": "p", "topic": "recall", "prompt": "Which?", "options": OPTIONS}
    bank = tuple({"id": f"q{n}", **question} for n in range(36))
    told = {"kind": "quiz", "id": "q", "title": "Q", "help": "h", "prompt": "Go", "bank": bank}
    rest = {"draw": 12, "each": 3, "share": 0.8, "praise": "Well", "retake": "Again"}
    quiz = QuizStep.model_validate({**told, **rest})
    # title, prompt, praise and retake; then each question, its options, one feedback
    assert words(quiz) == pytest.approx(4 + 12 * (1 + 3 + 4))
    assert quiz.effort_s == 12 * CHOICE.effort_s


def test_a_steps_digest_changes_with_what_it_asks_and_not_with_its_words() -> None:
    assert digest(CHOICE) == digest(CHOICE.model_copy(update={"prompt": "What?"}))
    other = tuple(o.model_copy(update={"right": not o.right}) for o in CHOICE.options)
    assert digest(CHOICE) != digest(CHOICE.model_copy(update={"options": other}))
    fewer = CHOICE.model_copy(update={"options": CHOICE.options[1:]})
    assert digest(CHOICE) != digest(fewer)


def test_a_lessons_version_changes_with_its_steps_and_not_with_its_words(tmp_path: Path) -> None:
    folder = draft(tmp_path).folder
    (before,) = load(folder).lessons.values()
    assert version(before) == before.version
    assert version(before.model_copy(update={"title": "Another"})) == before.version
    phase = before.phases[0].model_copy(update={"steps": before.phases[0].steps[1:]})
    assert version(before.model_copy(update={"phases": (phase,)})) != before.version
