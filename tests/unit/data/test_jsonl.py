"""The check of training data: the very character, the rule, and words that mend it."""

import json
import pickle
import sys
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from dialogs.jsonl.checker import Checked, check
from tests.lessons import library

WORDS = library().strings.data
SYSTEM = '{"role": "system", "content": "You are kind."}'
USER = '{"role": "user", "content": "Where is it?"}'
REPLY = '{"role": "assistant", "content": "I am glad to look with you."}'
GOOD = f'{{"messages": [{SYSTEM}, {USER}, {REPLY}]}}'
OTHER = GOOD.replace("Where is it?", "And when?")
COOKBOOK = {
    "data_type",
    "missing_messages_list",
    "message_missing_key",
    "message_unrecognized_key",
    "unrecognized_role",
    "missing_content",
    "example_missing_assistant_message",
}


def checked(text: str) -> Checked:
    return check(text, WORDS)


def pointed(text: str) -> list[tuple[str, str]]:
    """Each fault's rule and the characters that it points at."""
    return [(f.rule, text[f.start : f.start + f.length]) for f in checked(text).faults]


def put(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new, 1)


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        f"{GOOD}\n{OTHER}\n",
        f"{GOOD}\r\n{OTHER}\r\n",
        f"\n  {GOOD}  \n\n",
        f"\ufeff{GOOD}",
        f"```jsonl\n{GOOD}\n```",
        f"```{GOOD}```",
        f"`{GOOD}`",
        put("Where is it?", '„Wo“, it’s 😀 \\n \\"there\\" \\u00e9 \\ud83d\\ude00 {}[]: ,'),
        put('you."}', 'you.", "weight": 0}'),
        put(USER, f"{USER}, {REPLY}, {USER}"),
        json.dumps(json.loads(GOOD), separators=(",", ":")),
    ],
)
def test_what_the_service_takes_has_no_fault(text: str) -> None:
    assert checked(text).faults == ()
    assert checked(text).examples


SLIPS = [
    (GOOD[:-2] + ",]}", "trailing_comma", ","),
    (put('you."}', 'you.",}'), "trailing_comma", ","),
    (put(f"{USER}, ", f"{USER},, "), "extra_comma", ","),
    (put('"role": "user", ', '"role": "user" '), "missing_comma", '"'),
    (put(f"{USER}, {REPLY}", f"{USER} {REPLY}"), "missing_comma", "{"),
    (put('"role": "user"', '"role" "user"'), "missing_colon", '"'),
    (put('"role": "user"', '"role":'), "missing_value", ","),
    (GOOD[:-1], "missing_bracket", "]"),
    (put('it?"},', 'it?",'), "missing_bracket", ","),
    (GOOD[:-2] + "}", "missing_bracket", "}"),
    (GOOD[1:], "missing_bracket", '"'),
    (GOOD[:-1] + ")", "wrong_bracket", ")"),
    (GOOD + "}", "extra_bracket", "}"),
    (put('"user"', '"user'), "missing_quote", ","),
    (put('"role": "user"', '"role: "user"'), "missing_quote", ":"),
    (put('"role": "user"', 'role": "user"'), "missing_quote", "r"),
    (put('you."}', "you.}"), "missing_quote", "}"),
    (put('"user"', "“user”"), "curly_quotes", "“"),
    (GOOD.replace('"', "”"), "curly_quotes", "”"),
    (put('"user"', "'user'"), "single_quotes", "'"),
    (GOOD.replace('"', "'").replace("Where is", "Where's"), "single_quotes", "'"),
    (put("Where is it", 'Where is "it" now'), "unescaped_quote", '"'),
    (put("Where is it", 'Press "Go", then what'), "unescaped_quote", '"'),
    (put("Where is", "Where\nis"), "raw_newline", "\n"),
    (put("Where is", "Where\r\nis"), "raw_newline", "\r\n"),
    (put("Where is", "Where\tis"), "control_character", "\t"),
    (put(', "content"', ',\u00a0"content"'), "invisible_character", "\u00a0"),
    (put("Where", "Wher\\e"), "bad_escape", "\\e"),
    (put("Where", "\\ud800"), "lone_surrogate", "\\ud800"),
    (put('you."}', 'you.", "weight": None}'), "no_value_word", "None"),
    (put('you."}', 'you.", "weight": True}'), "python_word", "True"),
    (put('"role": "user"', 'role: "user"'), "unquoted", "role"),
    (put('"user"', "user"), "unquoted", "user"),
    (GOOD + " // mine", "outside_text", "// mine"),
    ("Here it is: " + GOOD, "outside_text", "Here it is: "),
    ("1. " + GOOD, "outside_text", "1. "),
    (GOOD + " thank you", "outside_text", "thank you"),
    (f"[{GOOD}, {OTHER}]", "array", "["),
    (f"[\n{GOOD},\n{OTHER}\n]", "array", "["),
    (json.dumps(json.loads(GOOD), indent=2), "pretty_printed", "\n"),
    (f"{GOOD} {OTHER}", "two_on_one_line", "{"),
    (f"{GOOD}{OTHER}", "two_on_one_line", "{"),
    (f"{GOOD},\n{OTHER}", "comma_between", ","),
    (f"{GOOD}\n\n{OTHER}", "blank_line", "\n"),
    (put(f"{USER}, {REPLY}", f"{REPLY}, {USER}"), "last_not_assistant", "{"),
    (put(REPLY, f"{REPLY}, {USER}"), "last_not_assistant", "{"),
    (put('it?"}', 'it?", "weight": 1}'), "bad_weight", "1"),
    (put('you."}', 'you.", "weight": 2}'), "bad_weight", "2"),
    (put('it?"}, {', 'it?", '), "repeated_key", '"role"'),
]


@pytest.mark.parametrize(("text", "rule", "found"), SLIPS)
def test_a_slip_is_named_at_its_character(text: str, rule: str, found: str) -> None:
    assert pointed(text)[0] == (rule, found)
    fault = checked(text).faults[0]
    assert fault.message
    assert fault.mend
    before = text[: fault.start]
    assert fault.line == before.count("\n") + 1
    assert fault.column == len(before) - (before.rfind("\n") + 1) + 1


@pytest.mark.parametrize(("text", "rule", "found"), SLIPS)
def test_the_place_stays_right_behind_emoji_and_fences(text: str, rule: str, found: str) -> None:
    """What stands around and before it moves the place by exactly its length."""
    again = "```\n" + text + "\n```"
    assert checked(again).faults[0].start == checked(text).faults[0].start + 4
    far = text.replace("kind.", "kind 😀😀.")
    start = checked(text).faults[0].start
    assert checked(far).faults[0].start == start + 3 * text[:start].count("kind.")
    assert (rule, found) == pointed(text)[0]


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_broken_line_leaves_the_others_whole(number: int) -> None:
    """A bracket missing at the end of one line doesn't swallow the next."""
    lines = [GOOD.replace("Where", w) for w in ("Where", "When", "What")]
    lines[number - 1] = lines[number - 1][:-3]
    found = checked("\n".join(lines))
    assert {f.line for f in found.faults} == {number}
    assert len(found.examples) == 3


def case(*messages: object) -> str:
    return json.dumps({"messages": messages})


ASK = {"role": "user", "content": "Where is it?"}
SAY = {"role": "assistant", "content": "Here."}


@pytest.mark.parametrize(
    ("text", "verdicts"),
    [
        (case(ASK, SAY), set()),
        ('["a", "list"]', {"data_type"}),
        ('"a text"', {"data_type"}),
        ("42", {"data_type"}),
        ("null", {"data_type"}),
        (json.dumps([ASK, SAY]), {"data_type"}),
        ("{}", {"missing_messages_list"}),
        ('{"messages": []}', {"missing_messages_list"}),
        ('{"messages": null}', {"missing_messages_list"}),
        ('{"message": [{"role": "user", "content": "a"}]}', {"missing_messages_list"}),
        (case({"content": "a"}, SAY), {"message_missing_key", "unrecognized_role"}),
        (case({"role": "user"}, SAY), {"message_missing_key", "missing_content"}),
        (case({**ASK, "text": "b"}, SAY), {"message_unrecognized_key"}),
        (case(ASK, {**SAY, "name": "Bo", "weight": 1}), set()),
        (case({**ASK, "role": "customer"}, SAY), {"unrecognized_role"}),
        (case({**ASK, "role": "User"}, SAY), {"unrecognized_role"}),
        (case({**ASK, "role": None}, SAY), {"unrecognized_role"}),
        (case({**ASK, "content": ""}, SAY), {"missing_content"}),
        (case({**ASK, "content": None}, SAY), {"missing_content"}),
        (case({**ASK, "content": 5}, SAY), {"missing_content"}),
        (case(ASK), {"example_missing_assistant_message"}),
        (
            case(ASK, {**SAY, "role": "bot"}),
            {"unrecognized_role", "example_missing_assistant_message"},
        ),
    ],
)
def test_verdicts_are_those_of_the_known_validator(text: str, verdicts: set[str]) -> None:
    assert {f.rule for f in checked(text).faults} & COOKBOOK == verdicts


def test_a_missing_system_message_is_a_warning() -> None:
    assert [w.rule for w in checked(case(ASK, SAY)).warnings] == ["no_system"]
    assert checked(GOOD).warnings == ()


def test_personal_data_is_pointed_at_and_bars_nothing() -> None:
    text = put("Where is it?", "I am anna@example.com, where is it?")
    found = checked(text)
    assert found.faults == ()
    assert [text[a.start : a.start + a.length] for a in found.warnings] == ["anna@example.com"]


def test_a_caller_says_how_many_are_told_and_where_to_stop() -> None:
    """Of faults in every line the first ones are told; the rest is counted, or left unread."""
    text = "\n".join(put("Where", f"{n} Where")[:-2] + ",]}" for n in range(100))
    first = check(text, WORDS, told=3, until=10)
    assert ([f.line for f in first.faults], first.stopped) == ([1, 2, 3], True)
    assert first.counted == {"trailing_comma": 10}
    whole = check(text, WORDS, told=3, until=None)
    assert (whole.faults, whole.stopped) == (first.faults, False)
    assert whole.counted == {"trailing_comma": 100}
    assert pickle.loads(pickle.dumps(whole)) == whole, "a worker's answer"


def test_one_value_with_thousands_of_slips_is_read_no_further() -> None:
    found = checked('{"messages": [' + ",, " * 5_000 + "]}")
    assert {f.rule for f in found.faults} == {"extra_comma", "too_many"}


def test_what_is_valid_and_odd_is_a_warning_at_its_place() -> None:
    twice = f"{GOOD}\n{OTHER}\n{GOOD}"
    (copy,) = checked(twice).warnings
    assert (copy.rule, copy.line, copy.column, copy.length) == ("duplicate", 3, 1, len(GOOD))
    assert "line 1" in copy.message
    early = put(f"{SYSTEM}, {USER}", f"{USER}, {SYSTEM}")
    assert [w.rule for w in checked(early).warnings] == ["late_system"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('you."}', 'you.", "weight": 0}'),
        (REPLY, '{"role": "assistant", "function_call": {"name": "f", "arguments": "{}"}}'),
        ('"content": "Where is it?"', '"content": [{"type": "text", "text": "Where is it?"}]'),
        ('"role": "user"', '"role": "user", "name": "Bo"'),
    ],
)
def test_lines_that_differ_in_what_counts_are_no_copies(one: str, other: str) -> None:
    assert "duplicate" not in checked(f"{GOOD}\n{put(one, other)}").counted


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('you."}', 'you.", "weight": 1}'),
        ('{"messages"', '{"id": 4, "messages"'),
        ('"role": "user", "content": "Where is it?"', '"content":"Where is it?","role":"user"'),
        ("is it", "\\u0069s it"),
    ],
)
def test_lines_that_differ_in_writing_alone_are_copies(one: str, other: str) -> None:
    assert checked(f"{GOOD}\n{put(one, other)}").counted["duplicate"] == 1


UNSEEN = [
    ("\u200b", "U+200B: zero-width space"),
    ("\u00a0", "U+00A0: no-break space"),
    ("\u00ad", "U+00AD: soft hyphen"),
    ("\u202e", "U+202E: mark of direction"),
    ("\ufeff", "U+FEFF: byte order mark"),
    ("\u2007", "U+2007: figure space"),
    ("\x0b", "U+000B"),
]


@pytest.mark.parametrize(("char", "name"), UNSEEN)
@pytest.mark.parametrize("before", ['{"messages"', '"role": "user"', '", "content', ": [", "user"])
def test_what_nobody_sees_is_named_at_its_place(char: str, name: str, before: str) -> None:
    if before in ("user", '", "content') and char == "\x0b":
        return  # a control character within a text has a rule of its own
    text = put(before, char + before) if before == '{"messages"' else put(before, before + char)
    first = checked("\n" + text).faults[0]  # at the very start, a byte order mark is right
    assert first.rule == "invisible_character"
    assert (first.start, first.length) == (1 + text.index(char), 1)
    assert name in first.message


def test_in_a_text_only_what_does_nothing_there_is_told() -> None:
    idle = put("Where is", "Where\u200b is\u202e")
    assert [w.message.count("U+200B") for w in checked(idle).warnings] == [1]
    for works in ("10\u00a0€", "👩\u200d🚀 ❤\ufe0f", "\u200fשלום", "می\u200cخواهم"):
        assert checked(put("Where is", works)).warnings == ()


@pytest.mark.parametrize(
    ("line", "mend"),
    [
        ({"Messages": []}, "in lower case"),
        ({"messages": []}, "between its brackets"),
        ({"prompt": "a", "completion": "b"}, '"content": "prompt"}'),
        ({"query": "a", "response": "b"}, '"content": "response"}'),
        ({"instruction": "a", "input": "", "output": "b"}, "the instruction"),
        ({"instruction": "a", "input": "c", "response": "b"}, "the response"),
        ({"conversations": [{"from": "human", "value": "a"}]}, "“gpt” becomes"),
        ({"messages": [{"from": "gpt", "value": "a"}]}, "“gpt” becomes"),
        ({"conversation": [{"role": "user", "content": "a"}]}, 'Call it "messages"'),
        ({"prompt": "a", "chosen": "b", "rejected": "c"}, "Choose DPO"),
        ({"input": {}, "preferred_output": [], "non_preferred_output": []}, "Choose DPO"),
        ({"messages": [ASK], "solution": "4"}, "Choose RFT"),
        ({"messages": [ASK, SAY, ASK], "reference": {}}, "Choose RFT"),
        ({"query": "a", "ground_truth": "b"}, "to evaluate"),
        ({"item": {"q": "a"}}, "to evaluate"),
        ({"custom_id": "1", "method": "POST", "body": {"messages": [ASK]}}, "out of the body"),
        ({"messages": [ASK, {**SAY, "role": "bot"}]}, 'Write "assistant"'),
        ({"messages": ASK}, "between square brackets"),
        ({"messages": ["Hi", "Hello"]}, 'Write {"role"'),
        ([ASK, SAY], "and } behind it"),
        (ASK, "a whole conversation"),
        ({"text": "Once upon a time"}, "needs a question and its reply"),
        ({"messages": [ASK, {**SAY, "role": "Assistant"}]}, 'Write "assistant"'),
    ],
)
def test_another_form_is_told_with_the_way_to_this_one(line: object, mend: str) -> None:
    first = checked(json.dumps(line)).faults[0]
    assert first.rule in {*COOKBOOK, "last_not_assistant"}
    assert mend in first.mend


CALL = {"role": "assistant", "content": None, "tool_calls": [{"id": "1", "type": "function"}]}
TOLD = {"role": "tool", "content": "Sunny", "tool_call_id": "1"}
TOOLS = {"tools": [{"type": "function", "function": {"name": "weather"}}]}
ASKED = {"role": "assistant", "function_call": {"name": "f", "arguments": "{}"}}
PICTURE = {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}}


@pytest.mark.parametrize(
    ("messages", "line", "rules"),
    [
        ([ASK, CALL, TOLD, SAY], TOOLS, []),
        ([ASK, CALL], TOOLS, []),
        ([ASK, CALL, TOLD, SAY], {}, ["missing_tools"]),
        ([ASK, TOLD, SAY], {}, ["missing_tools", "unasked_answer"]),
        ([ASK, CALL, SAY], TOOLS, ["unanswered_call"]),
        ([ASK, CALL, ASK, SAY], TOOLS, ["unanswered_call"]),
        ([ASK, CALL, TOLD, TOLD, SAY], TOOLS, ["unasked_answer"]),
        (
            [ASK, CALL, {**TOLD, "tool_call_id": "2"}, SAY],
            TOOLS,
            ["unasked_answer", "unanswered_call"],
        ),
        ([ASK, CALL, {"role": "tool", "content": "x"}, SAY], TOOLS, ["message_missing_key"]),
        ([{**ASK, "tool_calls": CALL["tool_calls"]}, SAY], TOOLS, ["calls_elsewhere"]),
        ([ASK, {**CALL, "tool_calls": {}}], TOOLS, ["bad_tool_calls"]),
        ([ASK, {**CALL, "tool_calls": [{}]}], TOOLS, ["bad_tool_calls"]),
        ([ASK, ASKED], {"functions": [{"name": "f"}]}, []),
        ([ASK, ASKED], {}, ["missing_functions"]),
        ([ASK, SAY], {"tools": {}}, ["tools_not_list"]),
        ([ASK, SAY], {"tools": []}, ["tools_not_list"]),
        ([ASK, SAY], {"functions": "f"}, ["tools_not_list"]),
        ([ASK, SAY], {"tools": ["f"]}, ["tools_not_list"]),
        ([{**ASK, "content": [PICTURE]}, SAY], {}, []),
        ([{**ASK, "content": [PICTURE] * 64}, SAY], {}, []),
        ([{**ASK, "content": [PICTURE] * 65}, SAY], {}, ["too_many_images"]),
        ([ASK, {**SAY, "content": [PICTURE]}], {}, ["image_elsewhere"]),
        ([{"role": "system", "content": [PICTURE]}, ASK, SAY], {}, ["image_elsewhere"]),
        ([{**ASK, "content": [{**PICTURE, "image_url": "a.png"}]}, SAY], {}, ["image_without_url"]),
        ([{**ASK, "content": [{"type": "image_url"}]}, SAY], {}, ["image_without_url"]),
        ([{**ASK, "content": [{"type": "video"}]}, SAY], {}, ["part_type"]),
        ([{**ASK, "content": ["a text"]}, SAY], {}, ["part_type"]),
        ([{**ASK, "content": [{"type": "text"}]}, SAY], {}, ["part_without_text"]),
        ([{**ASK, "content": []}, SAY], {}, ["missing_content"]),
    ],
)
def test_tools_and_pictures(
    messages: list[object], line: dict[str, object], rules: list[str]
) -> None:
    found = checked(json.dumps({"messages": messages, **line}))
    assert sorted(f.rule for f in found.faults) == sorted(rules)


def test_what_a_program_writes_for_nothing_is_nothing() -> None:
    """Exported chats have null for each key that they don't use."""
    nothing = {"function_call": None, "tool_calls": None, "weight": None, "name": None}
    found = checked(json.dumps({"messages": [ASK, {**SAY, **nothing}], "tools": None}))
    assert found.counted == {"no_system": 1}
    assert checked(case(ASK, {**nothing, "role": "assistant", "content": None})).faults


def test_a_key_by_another_name_gets_its_right_one() -> None:
    found = checked(case(ASK, {"role": "assistant", "text": "Here."})).faults
    assert 'Write "content"' in next(f.mend for f in found if f.rule == "message_unrecognized_key")


def test_a_line_from_which_nothing_is_learned_is_valid_and_told() -> None:
    unlearned = put('you."}', 'you.", "weight": 0}')
    assert [w.rule for w in checked(unlearned).warnings] == ["nothing_learned"]
    learned = put(USER, f'{USER}, {REPLY[:-1]}, "weight": 0}}, {USER}')
    assert checked(learned).counted == {}


def test_words_that_stand_for_nothing_are_not_mended_by_null() -> None:
    for word in ("NaN", "None", "undefined", "-Infinity"):
        first = checked(put('"I am glad to look with you."', word)).faults[0]
        assert (first.rule, word in first.message) == ("no_value_word", True)
        assert "A content is a text" in first.mend


def test_a_line_that_a_spreadsheet_quoted_is_told_once() -> None:
    for quoted in ('"' + GOOD.replace('"', '""') + '"', json.dumps(GOOD)):
        assert [f.rule for f in checked(f"{quoted}\n{GOOD}").faults] == ["quoted_line"]


BLIND = yaml.safe_load((Path(__file__).parent / "lines_blind.yaml").read_text("utf-8"))


@pytest.mark.parametrize("line", BLIND["sound"], ids=lambda line: str(line["warns"]))
def test_a_sound_line_written_beforehand(line: dict[str, Any]) -> None:
    found = checked(line["text"])
    assert (found.faults, [w.rule for w in found.warnings]) == ((), line["warns"])


@pytest.mark.parametrize("line", BLIND["faulty"], ids=lambda line: line["rule"])
def test_a_faulty_line_written_beforehand(line: dict[str, Any]) -> None:
    assert checked(line["text"]).faults[0].rule == line["rule"]


def test_what_a_learner_wrote_carries_no_markup_into_our_words() -> None:
    text = put('"user"', '"**a** `b`"')
    assert not set(checked(text).faults[0].message) & set("*`")


contents = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip)
pairs = st.lists(st.tuples(contents, contents), min_size=1, max_size=3)


@given(
    st.one_of(st.none(), contents),
    pairs,
    st.sampled_from(["escaped", "plain"]),
    st.sampled_from([(", ", ": "), (",", ":")]),
)
def test_a_valid_line_is_always_accepted(
    system: str | None, turns: list[tuple[str, str]], escape: str, separators: tuple[str, str]
) -> None:
    messages = [{"role": "system", "content": system}] if system else []
    for asked, said in turns:
        messages += [
            {"role": "user", "content": asked},
            {"role": "assistant", "content": said},
        ]
    line = json.dumps(
        {"messages": messages}, ensure_ascii=escape == "escaped", separators=separators
    )
    found = checked(line)
    assert found.faults == ()
    assert [(t.role, t.content) for t in found.examples[0].messages] == [
        (m["role"], m["content"]) for m in messages
    ]


pieces = st.sampled_from(
    [
        *"{}[]:,\"\\\n\r\t'`“”’ x😀",
        '"messages"',
        '"role": "user"',
        SYSTEM,
        GOOD,
        "```",
        "\ufeff",
        "//",
    ]
)


def lies_inside(text: str) -> None:
    found = checked(text)
    for fault in (*found.faults, *found.warnings):
        assert 0 <= fault.start <= fault.start + fault.length <= len(text)
        assert fault.line >= 1
        assert fault.column >= 1
    if not found.faults:
        # Whatever is accepted is what the service can read.
        assert found.examples


@given(st.lists(pieces, max_size=30).map("".join))
@example("{[" * 500)
@example("\ud800")
def test_any_text_is_answered_inside_itself(text: str) -> None:
    lies_inside(text)


@given(st.text())
def test_any_characters_are_answered(text: str) -> None:
    lies_inside(text)


@given(st.integers(0, len(GOOD) - 1), st.sampled_from(["", *"{}[]:,\"\\\n'“x"]))
def test_what_json_refuses_is_refused(at: int, instead: str) -> None:
    """One character of a good line changed: a fault exactly where JSON can't read it."""
    text = GOOD[:at] + instead + GOOD[at + 1 :]
    try:
        json.loads(text)
    except ValueError:
        assert checked(text).faults
    else:
        slips = {f.rule for f in checked(text).faults}
        assert slips <= {*COOKBOOK, "last_not_assistant", "pretty_printed"}


def calls(text: str) -> int:
    """How many functions are called to check a text: a measure that no busy machine changes."""
    count = 0

    def counted(_frame: FrameType, event: str, _arg: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(counted)
    try:
        checked(text)
    finally:
        sys.setprofile(None)
    return count


def said(text: str) -> str:
    return put("Where is it?", text)


@pytest.mark.parametrize(
    "piece",
    [
        *('{"a\n', "{\n", "'x", ",", '" ', "`", "{[", " ", '{"messages', '{"messages\n', "\u200b"),
        *("[1,", "{,,", '{"messages":[]}\n', '{"messages":[{"role":"user"}]}\n'),
    ],
)
def test_a_text_of_twice_the_length_takes_twice_the_work(piece: str) -> None:
    text = (piece * 20_000)[:20_000]
    assert calls(text) < 2.2 * calls(text[:10_000]) + 1000


@pytest.mark.parametrize(
    "piece", ["a", "a.a.", "a@", "1 ", "1", "1-", "030 ", "AB12 ", "(at)", "+1 "]
)
def test_a_word_of_twice_the_length_takes_twice_the_work(piece: str) -> None:
    word = (piece * 20_000)[:20_000]
    assert calls(said(word)) < 2.2 * calls(said(word[:10_000])) + 1000
