"""A learner's words stay words: through the whole lesson, on every kind of client."""

import json
import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards import Surface, press
from dialogs.tutor import Tutor
from dialogs.values.actions import Command, Say
from dialogs.values.events import Arrived, Event, Typed
from dialogs.values.replies import (
    Bullets,
    Button,
    Code,
    Dialogue,
    Input,
    Item,
    Message,
    Notice,
    Reply,
    Select,
    Stamp,
    Table,
    Text,
    Typing,
    Utterance,
    Write,
)
from tests import oracle
from tests.conversation.classroom import Classroom, pressed
from tests.rendering import rendered
from tests.unit.cards.samples import LINKS, SURFACES

LONGEST_S = 2  # far more than a turn takes: what grows with the square takes longer
MAIN = "polite-chatbot"
EVIL = "https://evil.example"
# What clients would make links, pictures, mentions, markup or commands of.
HOSTILE = (
    f"[press here]({EVIL})",
    f"![x]({EVIL}/x.png) [x]: {EVIL}",
    f"<{EVIL}> <at>Everyone</at> <img src=x onerror=alert(1)>",
    "<script>alert(1)</script></script><!-- {{DATE(2017-02-14T06:08:39Z,SHORT)}} ${x} {x} {0} %s",
    f"```\n[out of the fence]({EVIL})\n````\n`[code]({EVIL})`",
    f"**[bold]({EVIL})** \\[y]({EVIL}) \\\\[z]({EVIL})",
    f"line\n# heading\n- item\n1. one\n> quote\n| a | [b]({EVIL}) |\n|--|",
    "\u202e\u2066evil\0\ufffe\U0010ffff",
    # Half a character that only the line's own JSON brings about.
    (
        r'{"messages": [{"role": "user", "content": "\ud83d"}, '
        r'{"role": "assistant", "content": "I am sorry \ud83d\u0000"}]}'
    ),
    '{"messages": [{"role": "user", "content": 1e999}, {"role": NaN}], "\\ud83d": 1}',
    json.dumps(
        {
            "messages": [
                {"role": "user", "content": f"<img src=x> [x]({EVIL})"},
                {"role": "assistant", "content": f"<at>You</at> ![x]({EVIL}/x.png)"},
            ]
        }
    ),
    '{"messages": [{"role": "user", "content": ' + "[" * 500,
    "9" * 400,
    "1e999, -1e999, nan, inf, 0x10, \u00b2, \u0663",
)
# What takes a careless reader long, or a number that is none.
PIECES = ("x", "x ", "9", "9,", "9. ", "`", "**", "[](", "\\", "{")
LONG = (
    *(piece * (8000 // len(piece)) for piece in PIECES),
    *(f"{verb} {'9' * 5000}" for verb in ("review", "ab", "open", "filter")),
    *(f"{verb} \u00b2" for verb in ("review", "ab", "open", "filter")),
    "and 1" * 1600,
    '{"a":' * 1600,
    '"' * 7999,
)
ACTIVE = "[]()!<>`*_~#|&;:\\/- \n1.a\u202e{}@"
FENCE = re.compile(r"^(`{3,})\n.*?\n\1$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"(?<!\\)`[^`\n]*`")
ESCAPED = re.compile(r"\\[!-/:-@\[-`{-~]")
OURS = re.compile(r"\]\(https://(?!evil)[^)]*\)")  # links of the lesson


def active(markdown: str) -> str:
    """What a client acts on in markdown, our own links and code aside."""
    bare = FENCE.sub("", markdown)
    return OURS.sub("", CODE.sub("", ESCAPED.sub("", bare)))


def check(made: dict[str, Any]) -> None:
    """Nothing that a learner wrote leads anywhere, is loaded, or is markup."""
    json.dumps(made, ensure_ascii=False, allow_nan=False).encode()
    for place, value in leaves(made):
        name = place[-1]
        if name in {"url", "iconUrl", "contentUrl", "href", "backgroundImage"}:
            assert "evil" not in value, (place, value)
        if name == "type":
            assert value.replace(".", "").isalnum(), (place, value)
        if name == "speak":
            assert "<" not in value
    assert "entities" not in made
    for markdown in read_as_markdown(made):
        text = active(markdown)
        for live in ("](", "]:", "<at", "<img", "<script", "<!--", "<http"):
            assert live not in text, markdown


def leaves(part: Any, place: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """The strings in JSON, each with the names that lead to it."""
    if isinstance(part, dict):
        for name, value in part.items():
            yield from leaves(value, (*place, name))
    elif isinstance(part, list):
        for value in part:
            yield from leaves(value, place)
    elif isinstance(part, str):
        yield place, part


def read_as_markdown(part: Any) -> Iterator[str]:
    """The texts that a client reads as markdown: text blocks, choices, messages. Runs are plain."""
    if isinstance(part, dict):
        if part.get("type") in ("TextBlock", "message") and isinstance(part.get("text"), str):
            yield part["text"]
        if part.get("type") == "Input.ChoiceSet":
            yield from (choice["title"] for choice in part["choices"])
        for value in part.values():
            yield from read_as_markdown(value)
    elif isinstance(part, list):
        for value in part:
            yield from read_as_markdown(value)


def check_all(replies: list[Reply]) -> None:
    for surface in SURFACES:
        for made in rendered(replies, surface, LINKS):
            check(made)


def attacks(room: Classroom) -> Iterator[Event]:
    """Everything hostile that a learner may do at a step."""
    yield from (Typed(text=words) for words in (*HOSTILE, *LONG))
    yield from (Arrived(event=words) for words in HOSTILE[:3])
    message = room.stamped
    assert message
    assert message.stamp
    inputs = [block.id for block in message.blocks if isinstance(block, Input)]
    for button in message.buttons:
        for words in HOSTILE:
            yield pressed(message.stamp, button, dict.fromkeys(inputs, words))
        yield pressed(message.stamp, button, {"__proto__": "x", "text": HOSTILE[0]})


def test_no_hostile_word_comes_to_life_anywhere_in_the_lesson(tutor: Tutor) -> None:
    room = Classroom(tutor, MAIN)
    lesson = tutor.library.lessons[MAIN]
    seen: set[str] = set()
    while (here := room.progress.cursor) != lesson.complete.id:
        scene = tutor.scene(room.learner, lesson, room.now, room.results)
        if here not in seen:
            seen.add(here)
            for event in attacks(room):
                began = time.perf_counter()
                exchange = tutor.converse(room.learner, event, room.now, room.results)
                assert time.perf_counter() - began < LONGEST_S, (here, event)
                check_all(list(exchange.replies))
            # These stay in the progress, for the steps that show what was written.
            for words in (HOSTILE[0], HOSTILE[2], HOSTILE[8], HOSTILE[10]):
                room.type(words)
        step = lesson.step(here)
        assert step
        scene = tutor.scene(room.learner, lesson, room.now, room.results)
        match oracle.right(step, scene):
            case None:
                room.type("next")
            case str(text):
                room.type(text)
            case (do, values):
                room.press(do, values)
                room.wait(seconds=60)
    check_all([r for r in room.transcript if isinstance(r, Message | Typing)])


@pytest.mark.parametrize("surface", SURFACES)
@given(
    st.text(st.sampled_from("[]()!<>`*_~#|&;:\\/- \n1.a\u202e{}@") | st.characters(), max_size=40)
)
def test_any_text_is_inert_in_every_place_for_words(surface: Surface, words: str) -> None:
    words = words.encode("utf-8", "replace").decode()
    blocks = (
        Dialogue((Utterance(words, words, "customer"),)),
        Code(words),
        Text(words),
        Text(words, "title"),
        Bullets((words, words)),
        Notice("bad", words, words),
        Table(("a", words), ((words, words), (words, words))),
        Select("s", words, (Item("a", words),)),
        Write("w", words, words, words),
    )
    buttons = (Button(words, Command("next"), "next"),)
    said = Message(blocks, buttons, stamp=Stamp("l", "s", 1, "d", "me"))
    for made in rendered([said], surface, LINKS):
        check(made)


@given(st.dictionaries(st.text(max_size=10), st.text(max_size=40), max_size=4))
def test_what_a_button_says_can_not_be_overwritten(inputs: dict[str, str]) -> None:
    stamp = Stamp("lesson", "step", 7, "digest", "me")
    button = Button("Go", Say("a"), "go")
    made = {**inputs, "text": "evil", **press.data(stamp, button)}
    told = press.parse(json.loads(json.dumps(made)))
    assert told
    assert (told.learner, told.ticket, told.do) == ("me", 7, Say("a"))
