"""Other forms of training data become JSONL where it is plain how, and nowhere else."""

import json
from typing import Any

import pytest

from dialogs.jsonl.checker import check
from dialogs.jsonl.conversion import MOST_ROWS, convert
from tests.lessons import library


def line(*said: tuple[str, str]) -> str:
    messages = [{"role": role, "content": content} for role, content in said]
    return json.dumps({"messages": messages}, ensure_ascii=False)


ONE = line(("user", 'Do you have the "Aurora"?'), ("assistant", "We do."))
TWO = line(("system", "Be kind."), ("user", "Hi"), ("assistant", "Hello!"))
SHOP = line(("user", "When are you open?"), ("assistant", "From ten to six."))

FROM_VALUE = '[{"from": "human", "value": "Hi"}, {"from": "gpt", "value": "Hello!"}]'


def quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


@pytest.mark.parametrize(
    ("text", "forms", "mapping", "lines"),
    [
        (f"{quoted(ONE)}\r\n{quoted(TWO)}\r\n", "quoted", {}, [ONE, TWO]),
        (f"{quoted(ONE)},,\n", "quoted", {}, [ONE]),
        (f"[{ONE},\n {TWO}]", "array", {}, [ONE, TWO]),
        (f'{{"data": [{ONE}]}}', "array", {}, [ONE]),
        (json.dumps(json.loads(TWO), indent=2) + f"\n{ONE}", "spread", {}, [TWO, ONE]),
        (
            '{"prompt": "When are you open?", "completion": "From ten to six."}',
            "pairs",
            {"prompt": "user", "completion": "assistant"},
            [SHOP],
        ),
        (
            f'{ONE}\n{{"Question": "When are you open?", "Answer": "From ten to six."}}',
            "pairs",
            {"Question": "user", "Answer": "assistant"},
            [ONE, SHOP],
        ),
        (
            '[{"instruction": "Add", "input": "1 and 2", "output": 3}]',
            "array pairs",
            {"instruction": "user", "input": "user", "output": "assistant"},
            [line(("user", "Add\n\n1 and 2"), ("assistant", "3"))],
        ),
        (
            f'{{"system": "Be kind.", "conversations": {FROM_VALUE}}}',
            "speakers",
            {"system": "system", "human": "user", "gpt": "assistant"},
            [TWO],
        ),
        (
            SHOP.replace("messages", "conversations"),
            "speakers",
            {},
            [SHOP],
        ),
        (
            '\ufeffQuestion;Answer\n"When are\nyou open?";"From ten; to six."\n',
            "table",
            {"question": "user", "answer": "assistant"},
            [line(("user", "When are\nyou open?"), ("assistant", "From ten; to six."))],
        ),
        (
            "system,prompt,completion\nBe kind.,Hi,Hello!\n,Bye,\n",
            "table",
            {"system": "system", "prompt": "user", "completion": "assistant"},
            [TWO, line(("user", "Bye"), ("assistant", ""))],
        ),
        (f"id,messages\n7,{quoted(json.dumps(json.loads(ONE)['messages']))}\n", "table", {}, [ONE]),
        ('"{""messages"": oops"', "quoted", {}, ['{"messages": oops']),
    ],
)
def test_a_common_form_is_converted_and_says_how(
    text: str, forms: str, mapping: dict[str, str], lines: list[str]
) -> None:
    made = convert(text)
    assert made
    assert (" ".join(made.forms), dict(made.mapping)) == (forms, mapping)
    assert made.text.splitlines() == lines
    assert made.after == lines[0]
    assert made.before.strip()
    assert convert(made.text) is None


@pytest.mark.parametrize(
    "text",
    [
        ONE,
        f"\ufeff{ONE}\n\n{TWO}\n",
        "",
        "Hello",
        f"{ONE}\n{{oops",
        '{"a": 1, "b": 2}',
        "a,b\n1,2\n",
        "prompt,prompt\n1,2\n",
        "prompt,completion\n1,2,3\n",
        'prompt,completion\n"1,2\n',
        '{"prompt": NaN, "completion": "x"}',
        '{"prompt": "x", "completion": ["a", "b"]}',
        '{"conversations": [{"from": "observation", "value": "x"}]}',
        '{"prompt": "x", "chosen": "a", "rejected": "b"}',
        '{"input": {"messages": []}, "preferred_output": [], "non_preferred_output": []}',
        "[" * 100_000,
        f"[{'1' * 10_000}]",
        "prompt,completion\n" + "a,b\n" * (MOST_ROWS + 1),
    ],
)
def test_what_is_right_already_or_not_plain_stays_as_it_is(text: str) -> None:
    assert convert(text) is None


def test_what_a_line_holds_besides_its_messages_stays() -> None:
    tools: list[Any] = [{"type": "function", "function": {"name": "look_up"}}]
    full = {**json.loads(ONE), "tools": tools}
    made = convert(f"[{json.dumps(full)}]")
    assert made
    assert json.loads(made.text) == full


def test_half_a_character_becomes_a_question_mark_that_a_file_can_hold() -> None:
    made = convert('{"prompt": "\\ud800", "completion": "x"}')
    assert made
    assert json.loads(made.text.encode())["messages"][0]["content"] == "?"


def test_what_was_converted_breaks_no_rule() -> None:
    made = convert("question,answer\n" + "".join(f"Q{n},A{n}\n" for n in range(12)))
    assert made
    checked = check(made.text, library().strings.data)
    assert (len(checked.examples), checked.faults) == (12, ())
