"""What an author is told of how a lesson's examples are understood."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from content.check import main
from content.loader import SHIPPED

Check = Callable[..., tuple[int, list[str]]]

RIGHT = """\
messages:
  hours: ["How late are you open tomorrow?", "do you close at noon"]
  fine: ["What do I pay for bringing a book back too late?"]
elsewhere:
  - "What's the capital of Peru?"
  - "My bicycle has a flat tyre."
"""


@pytest.fixture
def lesson(tmp_path: Path) -> Path:
    """A copy of the library's lesson, whose messages are read by meaning."""
    home = tmp_path / "plain-words"
    shutil.copytree(SHIPPED / "plain-words", home, ignore=shutil.ignore_patterns("de"))
    world = yaml.safe_load((home / "world.yaml").read_text("utf-8"))
    # They stand in files of their own.
    world.pop("intents", None)
    world["recognition"].pop("elsewhere", None)
    (home / "world.yaml").write_text(yaml.safe_dump(world, sort_keys=False), "utf-8")
    (home / "held_out.yaml").unlink(missing_ok=True)
    return home


@pytest.fixture
def check(lesson: Path, capsys: pytest.CaptureFixture[str]) -> Check:
    """Check the lesson; its exit code and what it printed."""

    def run(*arguments: str) -> tuple[int, list[str]]:
        code = main([str(lesson), *arguments])
        return code, capsys.readouterr().out.splitlines()

    return run


def held_out(lesson: Path, text: str) -> Path:
    file = lesson / "held_out.yaml"
    file.write_text(text, "utf-8")
    return file


def test_what_is_made_of_the_examples_is_told_only_on_request(lesson: Path, check: Check) -> None:
    held_out(lesson, RIGHT)
    code, (summary,) = check()
    assert code == 0
    code, (first, *told) = check("--understanding")
    assert (code, first) == (0, summary)
    assert told[0].startswith("harm, all lessons: ")
    at = next(n for n, line in enumerate(told) if line.startswith("plain-words (en), messages: "))
    limits, *details = told[at + 1 :]
    assert " right, " in limits
    assert any("are taken for each other" in line for line in details)
    assert details[-1].startswith("held-out messages: ")
    assert details[-1].endswith("0 wrong of 3; answered 0 of 2")


def test_the_same_sentence_under_two_labels_is_at_fault_where_it_stands_last(
    lesson: Path, check: Check
) -> None:
    file = lesson / "elsewhere.yaml"
    taken = yaml.safe_load((lesson / "intents.yaml").read_text("utf-8"))["hours"]["messages"][0]
    lines = file.read_text("utf-8").splitlines()
    lines.append(f'  - "{taken}"')
    file.write_text("\n".join(lines), "utf-8")
    code, (_, told) = check()
    assert code == 1
    assert told.startswith(f'{file}:{len(lines)}: "{taken}" is an example of "elsewhere:')
    assert told.endswith(' and of "hours"')


def test_a_held_out_list_that_fares_badly_is_at_fault(lesson: Path, check: Check) -> None:
    file = held_out(
        lesson,
        'messages:\n  room: ["When do you open on Saturday?"]\n'
        'elsewhere: ["When do you open?", "hi"]\n',
    )
    code, (_, *told) = check()
    assert code == 1
    assert told == [
        f"{file}:1: 1 of 1 are taken for another intent: 8% at most",
        f"{file}:3: 1 of 2 are taken for an intent: 10% at most",
    ]
    _, told = check("--understanding")
    assert '  "When do you open on Saturday?" is taken for hours, not room' in told
    assert '  "When do you open?" is taken for hours, and is not for us' in told


def test_a_held_out_list_names_intents_that_are_there(lesson: Path, check: Check) -> None:
    file = held_out(lesson, 'messages:\n  huors: ["When do you open?"]\n')
    code, told = check()
    assert code == 1
    assert f'{file}:2: there is no intent "huors"; did you mean "hours"?' in told


def test_a_held_out_list_that_cant_be_read_is_at_fault(lesson: Path, check: Check) -> None:
    file = held_out(lesson, "mesages: {}\n")
    assert check() == (1, [f'{file}:1: unknown key "mesages"; did you mean "messages"?'])


def test_held_out_answers_are_taken_as_their_step_would(
    lesson: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = lesson.parent / "polite-chatbot"
    shutil.copytree(SHIPPED / "polite-chatbot", home)
    good, bad = "Show that you understand how they feel.", "Shout back at them."
    answers = f'  improvements: {{good: ["{bad}"], bad: ["{good}"]}}'
    file = home / "held_out.yaml"
    file.write_text(f"answers:\n{answers}\n  improvement: {{good: [], bad: []}}\n", "utf-8")
    assert main([str(home), "--understanding"]) == 1
    told = capsys.readouterr().out.splitlines()
    assert f'  "{bad}" is refused' in told
    assert f'  "{good}" passes' in told
    assert [line for line in told if line.startswith(str(file))] == [
        f"{file}:2: 1 of 1 bad ones pass: 20% at most",
        f"{file}:2: 1 of 1 good ones are refused: 10% at most",
        f'{file}:3: no step "improvement" reads answers; did you mean "improvements"?',
    ]
