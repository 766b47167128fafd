"""Writing a line: the learner's own conversation, pointed help, and help that grows."""

import json

import pytest
from pydantic import JsonValue

from content.lesson import JsonlStep
from dialogs.jsonl.checker import check
from dialogs.steps import jsonl
from dialogs.values.replies import Block, Code, Details, Notice, Text, WriteJsonl
from dialogs.values.scene import Judged, Noted, Outcome, Unclear
from dialogs.work import training_set
from dialogs.work.training_set import Written
from tests.given import pressed, said
from tests.unit.data.conftest import Desk

OWN = "Thank you for asking. You can see all colours on the product page. Which model is it?"


def line(step: JsonlStep, **other: str) -> str:
    """The step's line with some of its texts replaced."""
    told = {"system": step.system, "user": step.customer, "assistant": step.response, **other}
    messages = [{"role": r, "content": c} for r, c in told.items() if c]
    return json.dumps({"messages": messages}, ensure_ascii=False)


def send(desk: Desk, text: str, step: JsonlStep | None = None) -> Outcome:
    step = step or desk.writing[0]
    return jsonl.answer(step, desk.scene(step), pressed("answer", {"line": text}))


def texts(blocks: tuple[Block, ...]) -> str:
    return "\n".join(b.text for b in blocks if isinstance(b, Text | Notice | Code))


def rules(desk: Desk, text: str) -> list[JsonValue]:
    found = jsonl.live(desk.writing[0], text, desk.tutor.library.strings)["faults"]
    assert isinstance(found, list)
    return [f["rule"] for f in found if isinstance(f, dict)]


def test_the_three_conversations_pass_as_they_are_and_with_an_own_reply(desk: Desk) -> None:
    assert len(desk.writing) == 3
    for step in desk.writing:
        for text in (line(step), line(step, assistant=OWN), f"```json\n{line(step)}\n```"):
            outcome = send(desk, text, step)
            assert isinstance(outcome, Judged)
            assert outcome.passed, texts(outcome.blocks)


def test_curly_quotes_inside_the_texts_and_spaces_do_not_matter(desk: Desk) -> None:
    step = desk.writing[1]
    bent = line(step, user=step.customer.replace("'", "’") + "  ")
    outcome = send(desk, bent, step)
    assert isinstance(outcome, Judged)
    assert outcome.passed


def test_the_line_must_be_about_this_conversation(desk: Desk) -> None:
    step = desk.writing[0]
    assert rules(desk, line(step, system="")) == ["missing_system"]
    assert rules(desk, line(step, system="You are a pirate.")) == ["other_system"]
    assert rules(desk, line(step, user="Where is my cat?")) == ["other_customer"]
    swapped = line(step, user=step.response, assistant=step.customer)
    assert rules(desk, swapped) == ["swapped_roles"]
    assert rules(desk, f"{line(step)}\n{line(step, assistant=OWN)}") == ["just_one"]


@pytest.mark.parametrize("reply", ["ok", "asdf qwrt zxcv bnmp", "… the reply …"])
def test_a_reply_that_is_no_try_is_asked_again(desk: Desk, reply: str) -> None:
    assert rules(desk, line(desk.writing[0], assistant=reply)) == ["short_reply"]


def test_a_fault_is_shown_at_its_character_with_rule_and_mend(desk: Desk) -> None:
    broken = line(desk.writing[0])[:-2] + ",]}"
    outcome = send(desk, broken)
    assert isinstance(outcome, Judged)
    assert not outcome.passed
    code = next(b.text for b in outcome.blocks if isinstance(b, Code))
    excerpt, caret = code.split("\n")
    assert excerpt[caret.index("^")] == ","
    words = desk.tutor.library.strings.data.rules["trailing_comma"]
    assert words.message in texts(outcome.blocks)
    assert words.mend in texts(outcome.blocks)


def test_help_grows_until_the_whole_line_can_be_had_and_must_still_be_sent(desk: Desk) -> None:
    step = desk.writing[0]

    def offered(misses: int) -> tuple[str, list[str]]:
        state = Written(text="{")
        desk.keep(step, state, status="tried", misses=misses)
        ask = jsonl.present(step, desk.scene(step))
        details = next(b for b in ask.blocks if isinstance(b, Details))
        code = next(b.text for b in details.blocks if isinstance(b, Code))
        return code, [str(b.do) for b in ask.buttons]

    early, buttons = offered(0)
    assert step.customer not in early
    assert buttons == ["answer"]
    later, buttons = offered(2)
    assert step.customer in later
    assert step.response not in later
    assert buttons == ["answer"]
    assert offered(3)[1] == ["answer", "show"]
    outcome = jsonl.answer(step, desk.scene(step), pressed("show", {}))
    assert isinstance(outcome, Noted)
    desk.keep(step, outcome.state, status="tried", misses=3)
    blocks = jsonl.present(step, desk.scene(step)).blocks
    (field,) = (b for b in blocks if isinstance(b, WriteJsonl))
    assert field.value == "{"
    finished = [b.text for b in blocks if isinstance(b, Code)][-1]
    assert not check(finished, desk.tutor.library.strings.data).faults
    assert step.system in finished
    # Another one's line: what is shown doesn't pass.
    judged = send(desk, finished)
    assert isinstance(judged, Judged)
    assert not judged.passed


def test_a_typed_line_is_an_answer_and_small_talk_is_none(desk: Desk) -> None:
    step = desk.writing[0]
    scene = desk.scene(step)
    assert isinstance(jsonl.answer(step, scene, said(line(step))), Judged)
    assert isinstance(jsonl.answer(step, scene, said(f"```\n{line(step)}\n```")), Judged)
    assert isinstance(jsonl.answer(step, scene, said("how does this work?")), Unclear)


def test_a_line_that_begins_with_what_nobody_sees_is_a_line_and_told_so(desk: Desk) -> None:
    step = desk.writing[0]
    scene = desk.scene(step)
    for before in ("\u200b", "\u00a0", "\u202a", "\ufeff\ufeff"):
        typed = jsonl.answer(step, scene, said(before + line(step)))
        sent = send(desk, before + line(step), step)
        for outcome in (typed, sent):
            assert isinstance(outcome, Judged)
            assert f"U+{ord(before[-1]):04X}" in texts(outcome.blocks)
            code = next(b.text for b in outcome.blocks if isinstance(b, Code))
            assert code.split("\n")[0][code.split("\n")[1].index("^")] == "▯"
    alone = jsonl.answer(step, scene, said("\ufeff" + line(step)))
    assert isinstance(alone, Judged)
    assert alone.passed, "one byte order mark is right at the start"


def test_what_nobody_sees_in_the_customers_words_is_told_and_counts_for_nothing(desk: Desk) -> None:
    step = desk.writing[0]
    outcome = send(desk, line(step, user=step.customer.replace("e", "e\u200b", 1)), step)
    assert isinstance(outcome, Judged)
    assert outcome.passed
    assert "U+200B" in texts(outcome.blocks)


def test_the_step_wants_its_three_messages_in_order(desk: Desk) -> None:
    step = desk.writing[0]
    told = json.loads(line(step))
    told["messages"].insert(0, told["messages"].pop(1))
    assert rules(desk, json.dumps(told)) == ["wrong_order"]


def test_a_reply_that_isn_t_learned_passes_is_told_and_stays_in_the_file(desk: Desk) -> None:
    step = desk.writing[0]
    unlearned = line(step)[:-3] + ', "weight": 0}]}'
    outcome = send(desk, unlearned, step)
    assert isinstance(outcome, Judged)
    assert "Nothing is learned from this line" in texts(outcome.blocks)
    desk.keep(step, passed(outcome), status="passed")
    held = (desk.lesson, desk.progress, desk.company)
    assert training_set.examples(*held) == ()
    assert training_set.jsonl_file(*held) == unlearned + "\n"


def test_a_later_slip_keeps_the_line_that_passed(desk: Desk) -> None:
    step = desk.writing[0]
    desk.keep(step, passed(send(desk, line(step))), status="passed")
    kept = passed(send(desk, "{"))
    assert (kept.message, kept.reply) == (step.customer, step.response)


def passed(outcome: Outcome) -> Written:
    assert isinstance(outcome, Judged)
    assert isinstance(outcome.state, Written)
    return outcome.state


def test_a_promise_that_nothing_backs_is_pointed_out(desk: Desk) -> None:
    step = desk.writing[0]
    outcome = send(desk, line(step, assistant="I have already reset your password for you."))
    assert isinstance(outcome, Judged)
    assert outcome.passed
    assert "No tool of the bot does that" in texts(outcome.blocks)


def test_the_live_check_counts_as_a_browser_does(desk: Desk) -> None:
    text = "😀" + line(desk.writing[0])
    found = jsonl.live(desk.writing[0], text, desk.tutor.library.strings)
    assert json.loads(json.dumps(found)) == found
    assert found["ok"] is False
    assert isinstance(found["faults"], list)
    first = found["faults"][0]
    assert isinstance(first, dict)
    assert (first["rule"], first["start"], first["end"]) == ("outside_text", 0, 2)
    assert (first["line"], first["column"], first["length"]) == (1, 1, 2)
    later = jsonl.live(desk.writing[0], text.replace(", {", ",, {", 1), desk.tutor.library.strings)
    assert isinstance(later["faults"], list)
    second = later["faults"][1]
    assert isinstance(second, dict)
    row = text.replace(", {", ",, {", 1).encode("utf-16-le")
    column = second["column"]
    assert isinstance(column, int)
    assert row[2 * (column - 1) : 2 * column].decode("utf-16-le") == ","
    assert jsonl.live(desk.writing[0], line(desk.writing[0]), desk.tutor.library.strings)["ok"]
    assert jsonl.live(desk.writing[0], "", desk.tutor.library.strings)["ok"] is False
