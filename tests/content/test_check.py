"""The checker as an author meets it: on the command line."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from content.check import words
from content.digest import digest, version
from content.lesson import ChoiceStep, Option, QuizStep
from content.loader import SHIPPED
from tests.content.draft_lesson import draft

ROOT = SHIPPED.parent.parent


def _check(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "content.check", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_faults_are_printed_with_file_and_line_and_exit_1(tmp_path: Path) -> None:
    lesson = draft(tmp_path)
    lesson.change("one.yaml", "kind: choice", "kind: choise")
    told = _check(str(tmp_path))
    assert told.returncode == 1
    expected = f'{tmp_path}/one.yaml:16: unknown kind "choise"; did you mean "choice"?'
    assert expected in told.stdout.splitlines()
    assert not told.stderr


def test_a_well_folder_of_lessons_is_summed_up_in_one_line_each(tmp_path: Path) -> None:
    draft(tmp_path / "tea-shop")
    told = _check(str(tmp_path))
    assert told.returncode == 0, told.stdout
    assert told.stdout.startswith("tea-shop (en): 12 steps of 12 kinds, about ")
    assert told.stdout.count("\n") == 1


def test_the_shipped_lessons_are_well() -> None:
    told = _check()
    assert told.returncode == 0, told.stdout
    (main,) = (line for line in told.stdout.splitlines() if line.startswith("polite-chatbot"))
    found = re.search(r"about (\d+) minutes, \d+ more for (\d+) optional", main)
    assert found
    assert 45 <= int(found[1]) <= 60  # as the specification asks
    assert int(found[2]) >= 3


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


def test_a_steps_digest_changes_with_its_words() -> None:
    assert digest(CHOICE) == digest(CHOICE.model_copy())
    assert digest(CHOICE) != digest(CHOICE.model_copy(update={"prompt": "What?"}))


def test_a_lessons_version_changes_with_any_of_its_files(tmp_path: Path) -> None:
    folder = draft(tmp_path).folder
    before = version(folder, folder.rglob("*.*"))
    assert before == version(folder, folder.rglob("*.*"))
    (folder / "media" / "cup.svg").write_text("<svg/>")
    assert before != version(folder, folder.rglob("*.*"))
