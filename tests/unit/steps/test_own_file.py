"""A file of the learner's own: the verdict, what it rests on, and the training on it."""

import json
from collections.abc import Iterable
from datetime import timedelta

import pytest

from content.lesson import JsonlStep
from dialogs.jsonl import tokens
from dialogs.simulations.own_file import MOST_PAIRS, FileReport
from dialogs.values.events import Brought
from dialogs.values.replies import Chart, Download, Sides
from dialogs.work.training_set import jsonl_file
from tests.unit.steps.practice import Practice, Seen

SYSTEM = "You answer for a shop."


def line(question: str, reply: str, system: str = SYSTEM) -> str:
    said = [("system", system)] if system else []
    said += [("user", question), ("assistant", reply)]
    return json.dumps({"messages": [{"role": r, "content": c} for r, c in said]})


def shop(numbers: Iterable[int]) -> list[str]:
    """Sound lines, each about something else."""
    return [line(f"Do you sell item {n}?", f"Thank you, we do sell item {n}.") for n in numbers]


def bring(learner: Practice, *lines: str, name: str = "train.jsonl", **parts: object) -> Seen:
    given = {"encoding": "utf-8", "not_utf8": 1, **parts}
    text = "\n".join(lines)
    return learner.send(
        Brought.model_validate({"lesson": learner.lesson.id, "name": name, "text": text, **given})
    )


@pytest.fixture
def learner(new_learner: Practice) -> Practice:
    return new_learner.copy()


def test_a_sound_file_is_told_so_first_with_its_figures(learner: Practice) -> None:
    seen = bring(learner, *shop(range(12)))
    assert (
        "check of the form would pass this file: nothing in its 12 examples breaks a rule"
        in seen.said
    )
    assert "That is an estimate" in seen.said
    assert "To mend" not in seen.said
    assert "kept for 30 days" in seen.said
    assert "Train on this file" in seen.buttons
    assert seen.counts == (0, 0)


def test_ten_faults_are_told_by_line_and_the_others_by_kind(learner: Practice) -> None:
    broken = [one.replace('"assistant"', f'"robot{n}"') for n, one in enumerate(shop(range(14)))]
    seen = bring(learner, *shop(range(20, 23)), *broken, "{oops")
    assert "The service would refuse this file." in seen.said
    assert "Line 4, column" in seen.said
    assert "Line 18, column" not in seen.said
    told = [one for one in seen.said.splitlines() if one.startswith("- ")]
    assert [one.startswith("- Line") for one in told[:10]] == [True] * 10
    assert "And 5 more like this: “robot9” is no role" in seen.said
    assert "more like this: This word stands without quotes" in seen.said


def test_the_same_fault_of_many_lines_is_told_once_with_its_lines(learner: Practice) -> None:
    broken = [one.replace('"assistant"', '"robot"') for one in shop(range(1200))]
    seen = bring(learner, *broken)
    assert "Lines 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, … (1" in seen.said
    assert seen.said.count("“robot” is no role") == 2, "the last ones are counted alone"
    assert "To mend: 2400." in seen.said


def test_fewer_examples_than_the_service_asks_for_are_no_fault_of_the_lines(
    learner: Practice,
) -> None:
    seen = bring(learner, *shop(range(9)))
    assert "it asks for 10 examples at least, and here are 9" in seen.said
    assert "here are 9" in learner.type("train my file").said


@pytest.mark.parametrize(
    ("encoding", "said"),
    [("utf-16", "saved as UTF-16"), ("utf-32", "UTF-32"), ("latin-1", "From line 3 on")],
)
def test_how_it_is_saved_is_to_be_mended_beside_what_the_lines_hold(
    learner: Practice, encoding: str, said: str
) -> None:
    seen = bring(learner, *shop(range(12)), "{oops", encoding=encoding, not_utf8=3)
    assert said in seen.said
    assert "Line 13" in seen.said


def test_lines_that_also_stand_in_the_file_before_are_named(learner: Practice) -> None:
    bring(learner, *shop(range(15)))
    seen = bring(learner, *shop(range(30, 45)), *shop(range(6)), name="validation.jsonl")
    assert "6 of 21 examples also stand in “train.jsonl”" in seen.said
    assert "Lines here: 16, 17, 18, 19, 20, 21." in seen.said
    assert "will flatter" in seen.said
    again = bring(learner, *shop(range(30, 45)), name="validation.jsonl")
    assert "flatter" not in again.said, "a mended file overlaps with itself of before"
    assert (
        "15 of 15 examples also stand in “validation.jsonl”"
        in bring(learner, *shop(range(30, 45)), name="test.jsonl").said
    )


def test_the_exported_training_set_is_sound_and_known(learner: Practice) -> None:
    learner.go("choose").press(picked=("renew", "fine", "room", "card"))
    own = jsonl_file(learner.lesson, learner.progress, learner.company).splitlines()
    seen = bring(learner, *own)
    assert f"nothing in its {len(own)} examples breaks a rule" in seen.said
    seen = bring(learner, *own[:12], *shop(range(3)))
    assert "12 of 15 examples also stand in the training set that you made" in seen.said


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([line(f"Item {n}?", "Yes, we do have that.") for n in range(12)], "the very same reply"),
        ([line("Hello?", f"Good day, number {n} here.") for n in range(12)], "same message"),
        ([line(f"Item {n}?", f"Yes {n}.") for n in range(12)], "fewer than 3 words"),
        (
            [line(f"Item {n}?", f"We have item {n}.", f"Be kind {n % 2}.") for n in range(12)],
            "2 different system messages",
        ),
        (
            [line(f"Can I renew book {n}?", f"Yes, I renew book {n} now.") for n in range(12)],
            "12 of 12 examples are about the same thing",
        ),
        ([line("Anna", f"Mail a{n}@example.com now.") for n in range(3)], "personal data"),
        ([line("Hi?", "word " * 80_000)], "longer than 65536 tokens"),
    ],
)
def test_what_teaches_less_than_it_seems_is_a_warning_and_no_fault(
    learner: Practice, lines: list[str], said: str
) -> None:
    seen = bring(learner, *lines)
    assert said in seen.said
    assert "Worth a look" in seen.said
    assert "To mend" not in seen.said


def test_a_warning_of_many_lines_is_told_once(learner: Practice) -> None:
    seen = bring(learner, *(line(f"Item {n}?", f"We have {n}.", "") for n in range(20)))
    assert seen.said.count("There is no system message.") == 1
    assert "Lines 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, … (20 in all, the" in seen.said


def test_a_sound_file_trains_the_small_model_and_leaves_the_lessons_alone(
    learner: Practice,
) -> None:
    model = learner.progress.model
    bring(learner, *shop(range(MOST_PAIRS + 20)))
    seen = learner.press("train")
    assert f"on {MOST_PAIRS} of your examples" in seen.said or "Training loss" in seen.said
    blocks = [block for m in seen.messages for block in m.blocks]
    assert any(isinstance(block, Chart) for block in blocks)
    assert any(isinstance(block, Sides) for block in blocks)
    assert "sentences of yours" in seen.said
    assert learner.progress.model == model
    # The same button under another file's report is another press.
    bring(learner, *shop(range(50, 70)), name="other.jsonl")
    assert "other.jsonl" in learner.press("train").said


def test_without_a_file_there_is_nothing_to_train_on(learner: Practice) -> None:
    assert "Bring one first" in learner.type("train my file").said


def test_what_went_wrong_with_us_is_said(learner: Practice) -> None:
    learner.is_computed_at_once = False
    bring(learner, *shop(range(12)))
    assert "That is our fault" in learner.worker_fails().said


def test_two_files_are_kept_and_after_30_days_none(learner: Practice) -> None:
    for n in range(4):
        bring(learner, *shop(range(n, n + 12)), name=f"{n}.jsonl")
    kept = [r.name for r in learner.results.values() if isinstance(r, FileReport)]
    assert sorted(kept) == ["2.jsonl", "3.jsonl"]
    learner.wait(timedelta(days=31).total_seconds())
    assert learner.progress.own_file is None
    assert not [r for r in learner.results.values() if isinstance(r, FileReport)]


def test_copies_are_warnings_of_which_the_others_are_counted(learner: Practice) -> None:
    seen = bring(learner, *shop(range(14)), *shop(range(14)))
    assert "check of the form would pass this file" in seen.said
    assert "Line 15, column 1" in seen.said
    assert "And 4 more like this: This line is a copy of line 11" in seen.said


def test_the_same_file_again_is_told_again(learner: Practice) -> None:
    first = bring(learner, *shop(range(12)))
    assert bring(learner, *shop(range(12))).said == first.said
    assert bring(learner, *shop(range(12))).said == first.said


def test_a_converted_file_can_be_taken_home(learner: Practice) -> None:
    seen = bring(learner, *shop(range(12)), forms=("table",), mapping=(("q", "user"),))
    assert "I have converted “train.jsonl”" in seen.said
    assert any(
        isinstance(block, Download) and block.name == "own-file.jsonl"
        for m in seen.messages
        for block in m.blocks
    )


def test_a_file_with_one_line_answers_the_step_that_asks_for_one(learner: Practice) -> None:
    step = learner.lesson.steps_of(JsonlStep)[0]
    learner.go(step.id)
    assert bring(learner, line(step.customer, step.response, step.system)).outcome == "passed"
    assert "Your file" in bring(learner, *shop(range(12))).said


def test_restarting_the_lesson_keeps_the_file(learner: Practice) -> None:
    bring(learner, *shop(range(12)))
    learner.type("restart")
    learner.type("yes")
    assert learner.progress.run == 2
    assert "Training loss" in learner.type("train my file").said


def test_elsewhere_it_is_said_where_a_file_can_be_checked(learner: Practice) -> None:
    assert "where this tutor runs as a web page" in learner.type("check a file").said


@pytest.mark.parametrize(
    ("text", "count"),
    [("", 0), ("Hello, how can I help you today?", 9), ("Lieferverzögerung", 5), ("12345", 2)],
)
def test_the_estimate_of_tokens_is_near(text: str, count: int) -> None:
    assert abs(tokens.estimate(text) - count) <= 2


def test_harm_in_a_file_is_named_and_not_trained_on(learner: Practice) -> None:
    threat = "Come back once more and I will stab you."
    seen = bring(learner, *shop(range(12)), line("Where is my parcel?", threat))
    assert "reads as a threat" in seen.said
    report = next(r for r in learner.results.values() if isinstance(r, FileReport))
    assert len(report.pairs) == 12
    assert threat not in {pair.reply for pair in report.pairs}
