"""The dialogue step, where learners err: turns that are missing, changed, or weighted otherwise."""

import json

import pytest

from content.lesson import DialogueStep
from content.strings import Strings
from dialogs.steps.dialogue import examine, live, solution
from tests.conversation.classroom import Classroom
from tests.lessons import library, tutor

LESSON = "multi-turn"


def step_of(locale: str = "en") -> DialogueStep:
    """The shipped step."""
    found = library().edition(LESSON, locale).lessons[LESSON].step("line")
    assert isinstance(found, DialogueStep)
    return found


STEP, WORDS = step_of(), library().strings
LINE = solution(STEP)
MESSAGES = json.loads(LINE)["messages"]


def line(messages: list[dict[str, object]]) -> str:
    """Messages as a line."""
    return json.dumps({"messages": messages})


def weighted(at: int, weight: int | None) -> str:
    """The line with another weight at a message."""
    changed = [dict(message) for message in MESSAGES]
    changed[at].pop("weight", None)
    if weight is not None:
        changed[at]["weight"] = weight
    return line(changed)


BEGUN = line([{k: v for k, v in m.items() if k != "weight"} for m in MESSAGES[:3]])


def rules(text: str, strings: Strings = WORDS) -> list[str]:
    """What is wrong with a line."""
    return [fault.rule for fault in examine(STEP, text, strings)[1]]


def test_the_solution_is_valid_in_each_language() -> None:
    for locale in ("en", "de"):
        step = step_of(locale)
        words = library().languages[locale].strings
        assert not examine(step, solution(step), words)[1]
        assert live(step, solution(step), words)["ok"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param(BEGUN, ["missing_weight", "missing_turn"], id="as it begins"),
        pytest.param(weighted(2, None), ["missing_weight"], id="no weight"),
        pytest.param(weighted(2, 1), ["missing_weight"], id="a weight of 1"),
        pytest.param(weighted(4, 0), ["unneeded_weight"], id="nothing learned"),
        pytest.param(weighted(1, 0), ["bad_weight"], id="a customer's weight"),
        pytest.param(weighted(2, 2), ["bad_weight"], id="a weight of 2"),
        pytest.param(line(MESSAGES[1:]), ["missing_system"], id="no system message"),
        pytest.param(line([MESSAGES[0], *MESSAGES[3:]]), ["other_turn"], id="turns left out"),
        pytest.param(
            line([MESSAGES[0], MESSAGES[3], MESSAGES[2], MESSAGES[1], MESSAGES[4]]),
            ["other_turn"],
            id="turns that changed places",
        ),
        pytest.param(line([*MESSAGES, *MESSAGES[3:]]), ["extra_turn"], id="turns twice"),
        pytest.param(line(MESSAGES[:4]), ["last_not_assistant"], id="no last reply"),
        pytest.param(f"{LINE}\n{weighted(2, 1)}", ["just_one"], id="two lines"),
        pytest.param(LINE[:-2], ["missing_bracket"], id="a bracket is missing"),
    ],
)
def test_each_slip_is_told_by_its_name(text: str, found: list[str]) -> None:
    assert [rule for rule in rules(text) if rule in found] == found
    told = live(STEP, text, WORDS)
    assert not told["ok"]
    assert told["faults"]


def test_a_line_that_lacks_something_is_kept_and_can_be_mended() -> None:
    room = Classroom(tutor(), LESSON, 5)
    room.press("begin")
    room.press("next")
    room.type(BEGUN)
    record = room.progress.records["line"]
    assert (record.status, record.attempts, record.misses) == ("tried", 1, 1)
    assert record.state == {"text": BEGUN}
    assert "Is there somebody who can help?" in examine(STEP, BEGUN, WORDS)[1][-1].message
    room.type(LINE)
    assert room.progress.records["line"].status == "passed"
