"""The checker as an author meets it: on the command line."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from content.check import main, summary
from content.digest import digest, version
from content.lesson import ChoiceStep, Option, QuizStep
from content.loader import SHIPPED, load
from content.reading_time import words
from tests.content.draft_lesson import draft
from tests.unit.steps.practice import practice_lesson

ROOT = SHIPPED.parent.parent
GONE = "is gone: what learners did there is dropped"
ANOTHER = "says something else now: if it is another question, give it an id of its own"


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


def test_what_reads_on_this_machine_alone_is_at_fault(tmp_path: Path, check: Check) -> None:
    lesson = draft(tmp_path)
    lesson.change("one.yaml", "text: It is curt, right", "text: Is it curt?, right")
    told = check(str(tmp_path))
    assert told.code == 1
    words = "not readable as YAML: text that ends with a question mark needs quotes around it here"
    assert told.lines == [f"{tmp_path}/one.yaml:21: {words}"]


def test_ids_that_vanished_or_mean_something_else_are_warned_of(
    tmp_path: Path, check: Check
) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    for place in (old, new):
        shutil.copytree(SHIPPED / "plain-words", place, ignore=shutil.ignore_patterns("de"))
    assert not [line for line in check(str(new), "--against", str(old)).lines if "warning" in line]

    def change(name: str, before: str, after: str) -> None:
        text = (new / name).read_text("utf-8")
        assert before in text
        (new / name).write_text(text.replace(before, after, 1), "utf-8")

    change("bank.yaml", "- id: l-shorter", "- id: l-brief")
    change(
        "listen.yaml", "They come so late that visitors have given up waiting", "Wrong facts, again"
    )
    long = "They are long, so they take a little longer. That isn't the real trouble."
    change("listen.yaml", long, "No.")
    told = check(str(new), "--against", str(old))
    assert told.code == 0
    assert [line for line in told.lines if line.startswith("warning: ")] == [
        f'warning: {new}/listen.yaml:60: option "slow" of step "fault" {ANOTHER}',
        f'warning: {old}/bank.yaml:2: bank "l-shorter" of step "check" {GONE}',
    ]
    assert check(str(new), "--against", str(tmp_path / "nothing")).code == 1


@pytest.mark.parametrize(
    ("file", "before", "after", "fault"),
    [
        (
            "one.yaml",
            "body: [Hello.]",
            f"body: [{'word ' * 131}]",
            'one.yaml:8: step "welcome" shows 132 words at once, and the limit is 130',
        ),
        (
            "lesson.yaml",
            "phases: [one]",
            "phases: [one]\nlimits: {words_a_minute: 2}",
            "words to read in",
        ),
        (
            "lesson.yaml",
            "phases: [one]",
            "phases: [one]\nlimits: {minutes: [90, 100]}",
            "minutes, not 90 to 100",
        ),
        (
            "lesson.yaml",
            "phases: [one]",
            "phases: [one]\nlimits: {card: 200}",
            '"card" must be 130 or less',
        ),
    ],
    ids=["a card", "all words", "the time", "a limit above the product's"],
)
def test_a_lesson_that_asks_for_too_much_is_at_fault(
    tmp_path: Path, file: str, before: str, after: str, fault: str
) -> None:
    lesson = draft(tmp_path)
    lesson.change(file, before, after)
    found = lesson.faults()
    assert any(fault in line for line in found), found


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
    assert 45 <= int(found[1]) <= 55  # within what the specification asks, mistakes included
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
    place = {"phase": "p", "step": "s", "objective": "o", "idea": "An idea"}
    question = {**place, "topic": "recall", "prompt": "Which?", "options": OPTIONS}
    bank = tuple({"id": f"q{n}", **question} for n in range(36))
    told = {"kind": "quiz", "id": "q", "title": "Q", "help": "h", "prompt": "Go", "bank": bank}
    rest = {
        "draw": 12,
        "each": 3,
        "objectives": {"o": 1},
        "share": 0.8,
        "praise": "Well",
        "retake": "Again",
    }
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
