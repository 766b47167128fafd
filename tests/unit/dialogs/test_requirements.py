"""What a phase asks for, and who may go on."""

from dataclasses import replace

import pytest

from content.lesson import Step
from dialogs.values.progress import Progress, Record
from dialogs.work.requirements import (
    is_assessed,
    is_complete,
    is_reachable,
    may_leave,
    open_requirements,
)
from tests.unit.steps.practice import practice_lesson

LESSON = practice_lesson()
FRESH = Progress(lesson="practice", version="first", seed=1, frontier="read", cursor="start")
PASSED, TRIED = Record(status="passed"), Record(status="tried", attempts=9, score=0.9)
WAIVED = Record(status="tried", waived=True)


def step(name: str) -> Step:
    found = LESSON.step(name)
    assert found
    return found


def after(**records: Record) -> Progress:
    """Progress with these steps' records."""
    return replace(FRESH, records={k.replace("_", "-"): r for k, r in records.items()})


READING = ("start", "intro", "tour", "tour-more", "tour-played", "mood", "complete")
OPTIONAL = ("picks", "finish", "enough", "opinion")


@pytest.mark.parametrize("name", [s.id for s in LESSON.steps])
def test_what_is_read_or_optional_bars_nobody_and_all_else_does(name: str) -> None:
    free = name in (*READING, *OPTIONAL)
    assert is_assessed(step(name)) != free
    assert may_leave(step(name), FRESH) == free
    assert may_leave(step(name), after(**{name: TRIED})) == free
    assert may_leave(step(name), after(**{name: WAIVED}))
    assert may_leave(step(name), after(**{name: PASSED}))


@pytest.mark.parametrize(
    ("records", "open_ones"),
    [
        pytest.param({}, ["made", "done"], id="nothing done"),
        pytest.param({"choose": PASSED, "write": PASSED}, ["made", "done"], id="one part of one"),
        pytest.param(
            {"choose": PASSED, "write": PASSED, "check_set": PASSED}, ["done"], id="one of two"
        ),
        pytest.param(
            {"choose": WAIVED, "write": PASSED, "check_set": PASSED}, ["made", "done"], id="waived"
        ),
        pytest.param(
            {"choose": PASSED, "write": PASSED, "check_set": TRIED}, ["made", "done"], id="tried"
        ),
        pytest.param(
            dict.fromkeys(("choose", "write", "check_set", "order", "form"), PASSED), [], id="all"
        ),
    ],
)
def test_a_requirement_is_met_when_all_its_steps_are_passed(
    records: dict[str, Record], open_ones: list[str]
) -> None:
    phase, progress = LESSON.phases[1], after(**records)
    assert [r.id for r in open_requirements(phase, progress)] == open_ones
    assert is_complete(phase, progress) == (not open_ones)


def test_a_step_is_reached_over_waived_and_optional_ones_but_over_no_open_one() -> None:
    done = dict.fromkeys(("needs", "talk", "pick", "goals"), PASSED)
    assert is_reachable(LESSON, after(**done), "say")
    assert not is_reachable(LESSON, after(**done), "mood")
    assert is_reachable(LESSON, after(**done, say=WAIVED), "choose")
    assert not is_reachable(LESSON, after(**done, say=PASSED), "nowhere")
