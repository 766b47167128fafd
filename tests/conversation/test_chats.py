"""Whole transcripts, kept as golden files that read like chats. REWRITE_CHATS=1 renews them."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from dialogs.tutor import Tutor
from tests.conversation.classroom import Classroom
from tests.conversation.script import chat
from tests.conversation.test_lessons import LESSONS, play, play_until

GOLDEN = Path(__file__).parent / "golden"
MAIN = "polite-chatbot"


def agrees(name: str, room: Classroom) -> None:
    """Hold a transcript against its golden file."""
    file, told = GOLDEN / f"{name}.chat", chat(room.transcript)
    if os.environ.get("REWRITE_CHATS"):
        file.write_text(told, "utf-8")
    assert told == file.read_text("utf-8"), f"{name} reads otherwise now: REWRITE_CHATS=1 renews it"


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_whole_lesson_still_reads_well(tutor: Tutor, lesson: str) -> None:
    room = Classroom(tutor, lesson)
    play(room)
    agrees(lesson, room)


def test_the_german_edition_still_reads_well(tutor: Tutor) -> None:
    room = Classroom(tutor, "plain-words")
    room.type("Sprache Deutsch")
    room.transcript.clear()
    play(room)
    agrees("plain-words.de", room)


def begin_at(room: Classroom, step: str) -> None:
    """Answer right up to a step; the transcript begins there."""
    play_until(room, step)
    room.transcript.clear()


def slips(room: Classroom) -> None:
    begin_at(room, "requirements")
    room.type("99")
    room.type("1, 2")
    room.type("next")
    room.type("what is a baseline")
    room.type("what is a flux capacitor")
    room.type("help")
    room.type("progress")
    room.type("skip tutorial")


def free_text(room: Classroom) -> None:
    begin_at(room, "improvements")
    room.type("asdf")
    room.type("How could these responses be improved?")
    room.type("They should be a bit longer I would say.")
    room.type("Show empathy for the customer's feelings and offer a concrete next step to help.")
    room.type("review 1")
    room.type("next")


def broken_lines(room: Classroom) -> None:
    begin_at(room, "format-login")
    room.type("I don't know")
    room.type("{“messages”: []}")
    room.type('[{"messages": [{"role": "user", "content": "How do I reset my password?"}]}]')
    room.type('{"messages": [{"role": "customer", "content": "How do I reset my password?"},]}')
    room.type("show me")


def another_run(room: Classroom) -> None:
    begin_at(room, "requirements")
    room.type("restart")
    room.type("no")
    room.type("restart")
    room.type("yes")
    room.type("lessons")
    room.type("hello")


def flawed_set(room: Classroom) -> None:
    begin_at(room, "select")
    room.press("answer", {"picked": "rude-refund,empty-bill,promise-parcel"})
    room.type("next")
    room.press("experiment", {"picked": "rude-refund,empty-bill,promise-parcel"})
    room.type("next")


@pytest.mark.parametrize("story", [slips, free_text, broken_lines, another_run, flawed_set])
def test_a_stumbling_learner_is_answered_well(
    tutor: Tutor, story: Callable[[Classroom], None]
) -> None:
    room = Classroom(tutor, MAIN)
    story(room)
    agrees(story.__name__, room)
