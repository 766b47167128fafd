"""Plain chats get the verdict of the seven rules, and so do the shapes of public files."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.jsonl.checker import check
from tests.lessons import library
from tests.seven_rules import seven_rules

WORDS = library().strings.data
RULES = {
    *("data_type", "missing_messages_list", "message_missing_key", "message_unrecognized_key"),
    *("unrecognized_role", "missing_content", "example_missing_assistant_message"),
}

roles = st.sampled_from(
    ["system", "user", "assistant", "assistant", "user", "bot", "User", None, 5]
)
contents = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8), st.sampled_from([None, 3, True])
)
messages = st.fixed_dictionaries(
    {},
    optional={
        "role": roles,
        "content": contents,
        "name": st.just("Bo"),
        "timestamp": st.integers(),
    },
)
lines: st.SearchStrategy[Any] = st.one_of(
    st.fixed_dictionaries({"messages": st.lists(messages, max_size=4)}),
    st.sampled_from(
        [{}, {"messages": None}, [], "a text", 7, None, {"prompt": "a", "completion": "b"}]
    ),
)


@given(st.lists(lines, min_size=1, max_size=4))
def test_the_same_lines_are_refused_by_the_same_rules(file: list[Any]) -> None:
    text = "\n".join(json.dumps(line) for line in file)
    ours = check(text, WORDS, until=None).counted.keys() & RULES
    assert ours == seven_rules(text).keys()


def chat(*said: str, **more: object) -> dict[str, object]:
    """An example whose messages alternate, from the user's on."""
    turns = [{"role": ("user", "assistant")[n % 2], "content": t} for n, t in enumerate(said)]
    return {"messages": [{"role": "system", "content": "Be brief."}, *turns], **more}


# What the public files look like that people complained about, with texts of our own: how many
# lines each has, which rules the seven rules find, and what we warn of.
SHAPES: dict[str, tuple[list[Any], dict[str, int], dict[str, int]]] = {
    "ten lines of another alphabet": (
        [chat(f"{n} kaç eder?", f"Üç çarpı {n}.") for n in range(10)],
        {},
        {},
    ),
    "long replies that say one thing": ([chat("Again?", "Yes, again. " * 400)], {}, {}),
    "five lines doubled to reach ten": (
        [chat(f"What is {n}?", f"{n}.") for n in range(5)] * 2,
        {},
        {"duplicate": 5},
    ),
    "no reply, five times": (
        [chat(f"What is {n}?") for n in range(5)],
        {"example_missing_assistant_message": 5},
        {},
    ),
    "prompt and completion": (
        [{"prompt": f"{n}?", "completion": f"{n}."} for n in range(6)],
        {"missing_messages_list": 6},
        {},
    ),
    "instruction and response": (
        [{"instruction": f"{n}?", "response": f"{n}."} for n in range(6)],
        {"missing_messages_list": 6},
        {},
    ),
    "a tool's own keys": (
        [
            {
                "messages": [
                    {"role": "user", "content": "a", "timestamp": n},
                    {"role": "assistant", "content": "b", "loss_weight": 1},
                ]
            }
            for n in range(3)
        ],
        {"message_unrecognized_key": 6},
        {"no_system": 3},
    ),
    "preferences": (
        [{"input": chat("Hi"), "preferred_output": [], "non_preferred_output": []}],
        {"missing_messages_list": 1},
        {},
    ),
    "tasks for a grader": (
        [
            {"messages": [{"role": "user", "content": f"Make {n} of 1, 2, 3"}], "target": n}
            for n in range(4)
        ],
        {"example_missing_assistant_message": 4},
        {},
    ),
    "sums and dates": (
        [chat("What is left?", "600 - 400 = 200 on 2026-12-01, order 4155552671.")],
        {},
        {},
    ),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_public_files_shape_gets_the_verdict_of_the_seven_rules(shape: str) -> None:
    file, rules, warned = SHAPES[shape]
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in file)
    found = check(text, WORDS, until=None)
    assert seven_rules(text) == rules
    assert found.counted == {**rules, **warned}


def test_a_hundred_pictures_with_one_question_are_no_copies() -> None:
    """Where the seven rules know too little, the service's pages on pictures and calls count."""
    asked = [
        {
            "messages": [
                {
                    "role": "user",
                    "content": [
                        {"type": "text", "text": "Which bar is highest?"},
                        {"type": "image_url", "image_url": {"url": f"https://example.com/{n}.png"}},
                    ],
                },
                {"role": "assistant", "content": "2024"},
            ]
        }
        for n in range(100)
    ]
    found = check("\n".join(map(json.dumps, asked)), WORDS)
    assert found.counted == {"no_system": 100}
    assert not found.faults
