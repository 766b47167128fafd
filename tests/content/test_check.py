"""The checker as an author meets it: on the command line."""

import subprocess
import sys
from pathlib import Path

from content.check import minutes, summary
from content.digest import digest, version
from content.loader import SHIPPED
from content.places import data, read
from content.lesson import Lesson
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
    assert "polite-chatbot (en): " in told.stdout
