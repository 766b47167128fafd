"""The room's state machine: what a host does, how an answer is read, whether a talk is on time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.room import codes
from dialogs.room.advance import advance_room, opened
from dialogs.room.answers import LONGEST, Refused, Vote, judge, question
from dialogs.room.events import Allot, Close, End, HostEvent, MoveTo, Open, Show, Start, Tick
from dialogs.room.grouping import grouped
from dialogs.room.pacing import pace
from dialogs.room.state import ROOM, Room
from tests.lessons import library

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SESSION = library().sessions["fine-tuning"]
ROOM_OF = opened("r1", "KTR-482", SESSION, "en", NOW)


def after(*events: HostEvent, room: Room = ROOM_OF, minutes: float = 0) -> Room:
    for event in events:
        room = advance_room(SESSION, room, event, NOW + timedelta(minutes=minutes)).room
    return room


def test_the_run_sheet_is_the_guides_and_takes_45_minutes() -> None:
    slides = {part.id: part.slides for part in SESSION.parts}
    assert [part.minutes for part in SESSION.parts] == [1, 10, 2, 4, 4, 5, 15, 4]
    assert slides["zava"] == "5–11"
    assert [part.id for part in SESSION.parts if part.demo] == [
        "basic",
        "distillation",
        "raft-demo",
    ]


@pytest.mark.parametrize(
    "text", ["KTR-482", "ktr482", " k t r 4 8 2 ", "KTR – 482", "ktr_482", "KTR.482"]
)
def test_a_code_is_read_however_it_is_typed(text: str) -> None:
    assert codes.normal(text) == "KTR-482"


@pytest.mark.parametrize("text", ["", "KTR-48", "KTR-4820", "KTO-482", "KTR-012", "482-KTR", "1 3"])
def test_nothing_else_is_a_code(text: str) -> None:
    assert codes.normal(text) is None


def test_opening_one_activity_closes_the_other_and_tells_the_room_once() -> None:
    first = advance_room(SESSION, ROOM_OF, Open("try-first"), NOW)
    assert (first.room.open, first.tells) == ("try-first", True)
    again = advance_room(SESSION, first.room, Open("try-first"), NOW + timedelta(seconds=1))
    assert (again.room, again.tells) == (first.room, False)
    second = advance_room(SESSION, first.room, Open("adds"), NOW)
    assert second.room.open == "adds"
    # A second host's late press on what is closed already changes nothing.
    assert advance_room(SESSION, second.room, Close("try-first"), NOW).room == second.room


def test_a_room_that_is_over_takes_nothing_but_a_look() -> None:
    over = after(Open("try-first"), End())
    assert over.open is None
    for event in (Start(), Open("adds"), MoveTo("basic"), Allot("basic", 5), Tick("read"), End()):
        turn = advance_room(SESSION, over, event, NOW)
        assert (turn.room, turn.refused) == (over, "over")
    assert after(Show("questions"), room=over).view == "questions"


def test_what_is_not_in_the_run_sheet_is_refused() -> None:
    for event in (Open("nope"), MoveTo("nope"), Allot("nope", 5), Allot("basic", 0), Tick("nope")):
        turn = advance_room(SESSION, ROOM_OF, event, NOW)
        assert (turn.room, turn.refused) == (ROOM_OF, "unknown")


EVENTS = st.one_of(
    st.builds(Start),
    st.builds(MoveTo, st.sampled_from([part.id for part in SESSION.parts] + ["nope"])),
    st.builds(Open, st.sampled_from([one.id for one in SESSION.activities] + ["nope"])),
    st.builds(Close, st.sampled_from([one.id for one in SESSION.activities])),
    st.builds(Show, st.sampled_from(["join", "activity", "recap", "questions", "models"])),
    st.builds(Allot, st.just("basic"), st.integers(-5, 500)),
    st.builds(End),
)


@given(st.lists(st.tuples(EVENTS, st.integers(-600, 600)), max_size=12))
def test_whatever_is_done_and_whatever_the_clock_does_a_room_stays_whole(
    done: list[tuple[HostEvent, int]],
) -> None:
    room, now = ROOM_OF, NOW
    for event, minutes in done:
        now += timedelta(minutes=minutes)
        turn = advance_room(SESSION, room, event, now)
        # Done twice it is done once.
        assert advance_room(SESSION, turn.room, event, now).tells is False
        room = turn.room
        assert ROOM.read(ROOM.write(room), ROOM.form) == room
        found = pace(SESSION, room, now)
        assert found.elapsed >= 0


def test_a_talk_is_on_time_until_a_part_takes_longer_than_it_may() -> None:
    begun = after(Start())
    assert pace(SESSION, begun, NOW + timedelta(seconds=59)).state == "on-time"
    second = after(MoveTo("zava"), room=begun, minutes=1)
    assert pace(SESSION, second, NOW + timedelta(minutes=11)).state == "on-time"
    late = pace(SESSION, second, NOW + timedelta(minutes=14))
    assert late.state == "late"
    assert late.late == 180
    # The nearest slides first, as many as save the delay; never a demo.
    assert [drop.slides for drop in late.drops] == ["10–11", "7–8"]
    assert late.is_enough


def test_a_part_that_began_late_is_late_at_once_and_one_that_began_early_is_ahead() -> None:
    begun = after(Start())
    early = after(MoveTo("options"), room=begun, minutes=5)
    assert pace(SESSION, early, NOW + timedelta(minutes=5)).state == "early"
    late = after(MoveTo("basic"), room=begun, minutes=20)
    found = pace(SESSION, late, NOW + timedelta(minutes=20))
    assert found.late == 7 * 60
    # In what is left are four minutes of slides; the demos stay.
    assert sum(drop.minutes for drop in found.drops) == 4
    assert not found.is_enough


def test_the_host_can_give_parts_other_minutes() -> None:
    begun = after(Start(), Allot("welcome", 3))
    assert pace(SESSION, begun, NOW + timedelta(minutes=3)).state == "on-time"
    assert pace(SESSION, begun, NOW).talk_left == 47 * 60


def test_a_clock_that_is_set_back_stands_still() -> None:
    begun = after(Start())
    found = pace(SESSION, begun, NOW - timedelta(hours=3))
    assert (found.elapsed, found.state) == (0, "on-time")


@pytest.mark.parametrize(
    ("text", "option"),
    [
        ("prompt", "prompt"),
        ("1", "prompt"),
        ("c", "tune"),
        ("fine-tuning", "tune"),
        ("A better prompt.", "prompt"),
        ("4", "bigger"),
    ],
)
def test_an_option_is_named_in_many_ways(text: str, option: str) -> None:
    open_now = after(Open("try-first"))
    assert judge(SESSION, open_now, "try-first", text) == Vote("try-first", option)


@pytest.mark.parametrize(
    "text", ["", "5", "0", "1.5", "f", "no idea", "<b>1</b>", "1 2", "x" * 5000]
)
def test_what_names_no_option_counts_as_none(text: str) -> None:
    open_now = after(Open("try-first"))
    assert judge(SESSION, open_now, "try-first", text) == Refused("unknown")


def test_words_are_taken_as_they_are_up_to_a_length() -> None:
    room = after(Open("expect"))
    assert judge(SESSION, room, "expect", " <b>bold</b>\n\u200b ") == Vote("expect", "<b>bold</b>")
    assert judge(SESSION, room, "expect", "x" * LONGEST) == Vote("expect", "x" * LONGEST)
    assert judge(SESSION, room, "expect", "x" * 5000) == Refused("too-long")
    assert judge(SESSION, room, "expect", "\u200b \n") == Refused("empty")
    assert judge(SESSION, room, "try-first", "1") == Refused("closed")
    over = replace(room, ended=NOW)
    assert judge(SESSION, over, "expect", "words") == Refused("over")
    assert question(over, "why?") == Refused("over")


def test_answers_that_mean_the_same_stand_together_and_harm_is_not_shown() -> None:
    found = grouped(
        {"lower cost": 2, "less expensive": 1, "Lower cost!": 1, "be polite": 1, "kill yourself": 1}
    )
    assert [(one.text, one.count) for one in found.groups] == [("lower cost", 4), ("be polite", 1)]
    assert found.hidden == 1
    assert len(found.kept_back) == 1
