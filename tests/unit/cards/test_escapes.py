"""What a learner types is shown, never obeyed."""

import json

import pytest

from cards import Surface
from cards.markup import escaped, markdown, plain
from dialogs.values.replies import (
    Bullets,
    Code,
    Dialogue,
    Item,
    Message,
    Notice,
    Select,
    Text,
    Utterance,
)
from tests.rendering import rendered
from tests.unit.cards.samples import EVERYWHERE, LINKS, OWN_PAGE, STAMP, TEXT_ONLY, message
from tests.unit.cards.test_cards import nodes, shown

ATTACKS = [
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    "[free prizes](https://evil.example)",
    "![a picture](https://evil.example/a.png)",
    "**loud** _and_ ~~struck~~ `code`",
    "# heading\n- list\n> quote\n1. number",
    "&lt;b&gt; | a | b |",
    '{"messages": [{"role": "user", "content": "it\'s -- (c)"}]}',
]


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("surface", [EVERYWHERE, OWN_PAGE], ids=["everywhere", "own page"])
def test_a_learners_line_is_shown_character_for_character(attack: str, surface: Surface) -> None:
    made = shown(Dialogue((Utterance("You", attack, "customer"),)), surface=surface)
    runs = [node["text"] for node in nodes(made["body"]) if node.get("type") == "TextRun"]
    assert attack in runs
    assert not [node for node in nodes(made["body"]) if node.get("type") == "TextBlock"]


def test_code_keeps_its_quotes_in_one_monospaced_run() -> None:
    line = '{"messages": [{"role": "user", "content": "it\'s -- (c) **x** <b>"}]}'
    runs = [n for n in nodes(shown(Code(line))["body"]) if n.get("type") == "TextRun"]
    assert [(run["text"], run["fontType"]) for run in runs] == [(line, "Monospace")]


def test_code_keeps_the_indentation_that_html_would_drop() -> None:
    runs = [n for n in nodes(shown(Code("{\n  a"))["body"]) if n.get("type") == "TextRun"]
    assert runs[0]["text"] == "{\n\u00a0\u00a0a"


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_text_that_is_read_as_markdown_holds_raw_markup(attack: str) -> None:
    blocks = (Text(attack, "title"), Bullets((attack,)), Notice("info", attack))
    made = shown(*blocks, Select("s", "s", (Item("a", attack),)))
    read_as_markdown = [str(n["text"]) for n in nodes(made) if n.get("type") == "TextBlock"]
    read_as_markdown += [str(n["title"]) for n in nodes(made) if n.get("value") == "a"]
    for text in read_as_markdown:
        for mark in ("<", "["):
            assert text.count(mark) == text.count(f"\\{mark}")


@pytest.mark.parametrize("attack", ATTACKS[:4])
def test_text_channels_get_nothing_to_interpret(attack: str) -> None:
    told = Message((Dialogue((Utterance("You", attack),)),), stamp=STAMP)
    (made,) = rendered([told], TEXT_ONLY, LINKS)
    text = str(made["text"])
    assert text.count("<") == text.count("\\<")
    assert text.count("[") == text.count("\\[")


def test_backticks_cannot_leave_a_code_block_of_a_text_channel() -> None:
    (made,) = rendered([Message((Code("```\n<b>"),), stamp=STAMP)], TEXT_ONLY, LINKS)
    assert made["text"] == "````\n```\n<b>\n````"


def test_what_is_spoken_holds_no_angle_brackets() -> None:
    (made,) = rendered([message(Text("Say <break time='10s'/> it"))], EVERYWHERE, LINKS)
    assert "<" not in str(made["speak"])
    assert "<" not in json.dumps(shown(Text("<audio src='x'/>"))["speak"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("n_epochs and 2 * 3", "n_epochs and 2 \\* 3"),
        ("1. first", "1\\. first"),
        ("- dash", "\\- dash"),
        ("Settings > Account", "Settings > Account"),
        ("R&D, a &amp; b", "R&D, a \\&amp; b"),
    ],
)
def test_only_what_would_act_is_escaped(text: str, expected: str) -> None:
    assert escaped(text) == expected


def test_markup_of_ours_is_bold_and_code_alone() -> None:
    assert markdown("**Mind** `n_epochs` *now*") == "**Mind** `n_epochs` \\*now\\*"
    assert plain("**Mind** `n_epochs` *now*") == "Mind n_epochs *now*"
