"""Everybody trains: how a room's models are counted, and under which names the best stand."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.session import Train
from content.simulation import BenchContent
from dialogs.attending import RoomTalk, errand_of
from dialogs.room.advance import advance_room, opened
from dialogs.room.answers import LONGEST_NAME, NAME_GIVEN, Refused, name
from dialogs.room.events import Open
from dialogs.room.scores import BEST, Score, scoreboard
from dialogs.values.actions import Choose
from dialogs.values.errands import BecomeHost, NameInRoom, RoomErrand
from dialogs.values.events import Typed
from dialogs.values.operator import Operator
from dialogs.values.outcomes import HostPage, RoomSeen
from dialogs.values.progress import Attending, Learner
from dialogs.values.replies import Notice
from tests.lessons import library, tutor

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SESSION = library().sessions["fine-tuning"]
WORDS = library().strings.room
ROOM = advance_room(
    SESSION, opened("r1", "KTR-482", SESSION, "en", NOW), Open("best-model"), NOW
).room
LEARNER = Learner("ann", 1)


def talk() -> RoomTalk:
    return RoomTalk(WORDS, library().sessions, Operator(), "en")


def test_figures_are_counted_by_range_and_the_best_come_first() -> None:
    board = scoreboard([Score(0.92, "Ann"), Score(0.52), Score(0.55), Score(1.0)])
    assert board.count == 4
    assert [(one.low, one.high, one.count) for one in board.ranges] == [
        (50, 60, 2),
        (60, 70, 0),
        (70, 80, 0),
        (80, 90, 0),
        (90, 100, 2),
    ]
    assert [(one.figure, one.name) for one in board.best] == [
        (1.0, ""),
        (0.92, "Ann"),
        (0.55, ""),
        (0.52, ""),
    ]
    assert scoreboard([]).ranges == ()


@given(st.lists(st.floats(0, 1)))
def test_nobody_is_lost_or_counted_twice(figures: list[float]) -> None:
    board = scoreboard([Score(one) for one in figures])
    assert board.count == sum(one.count for one in board.ranges) == len(figures)
    assert len(board.best) == min(BEST, len(figures))


def test_the_figure_of_each_session_is_one_of_its_lesson() -> None:
    for language in library().languages.values():
        for session in language.sessions.values():
            for one in session.activities:
                if isinstance(one, Train) and one.figure not in ("satisfied", "accuracy"):
                    bench = tutor().simulation(one.lesson, session.locale)
                    content = getattr(bench, "content", None)
                    assert isinstance(content, BenchContent)
                    figures = [f for kind in content.experiments.values() for f in kind.figures]
                    assert one.figure in figures


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("  Ann \n Lee ", "Ann Lee"),
        ("", ""),
        ("<b>Ann</b>", "<b>Ann</b>"),  # shown as signs, never as markup
        ("x" * LONGEST_NAME, "x" * LONGEST_NAME),
        ("x" * (LONGEST_NAME + 1), Refused("too-long")),
        ("kill yourself", Refused("unknown")),
    ],
)
def test_a_name_is_short_and_hurts_nobody(text: str, kept: str | Refused) -> None:
    assert name(text) == kept


@pytest.mark.parametrize(
    ("text", "errand"),
    [
        ("name Ann Lee", NameInRoom("Ann Lee")),
        ("Name: Ann", NameInRoom("Ann")),
        ("no name", NameInRoom("")),
        ("name", None),
        ("my name is Ann", None),
    ],
)
def test_a_name_is_said_by_its_word(text: str, errand: RoomErrand | None) -> None:
    there = replace(LEARNER, attending=Attending("r1", SESSION.id))
    typed = Typed(text=text)
    assert errand_of(there, typed, SESSION, [WORDS], is_command=False) == errand
    assert errand_of(LEARNER, typed, None, [WORDS], is_command=False) is None


def test_who_is_to_train_is_led_to_the_exercise_and_told_how_to_be_named() -> None:
    said = talk().outcome(LEARNER, RoomSeen("entered", ROOM, {}))
    assert said is not None
    assert [button.do for button in said.buttons] == [Choose("raft")]
    assert any('type "name"' in str(block) for block in said.blocks)


@pytest.mark.parametrize(
    ("votes", "refused", "told"),
    [
        ({NAME_GIVEN: "Ann"}, None, "as that of Ann"),
        ({}, None, "no name on the big screen now"),
        ({NAME_GIVEN: "Ann"}, "unknown", "can't stand on the big screen"),
    ],
)
def test_what_came_of_a_name_is_told(votes: dict[str, str], refused: None, told: str) -> None:
    said = talk().outcome(LEARNER, RoomSeen("named", ROOM, votes, refused=refused))
    assert said is not None
    (block,) = said.blocks
    assert isinstance(block, Notice)
    assert told in block.text
    assert said.learner.attending == Attending(ROOM.id, SESSION.id)


@pytest.mark.parametrize(
    ("path", "operator", "told"),
    [
        ("/host/by-link/x", Operator(is_hosting=True), "It is good once"),
        (None, Operator(is_hosting=True), "whoever has the host's token"),
        (None, Operator(), "Nobody can host"),
    ],
)
def test_who_types_host_is_told_the_way(path: str | None, operator: Operator, told: str) -> None:
    typed = Typed(text=" Host ")
    assert errand_of(LEARNER, typed, None, [WORDS], is_command=False) == BecomeHost()
    words = RoomTalk(WORDS, {}, operator, "en")
    said = words.outcome(LEARNER, HostPage(path))
    assert said is not None
    assert told in str(said.blocks)
    assert ("OwnLink" in str(said.blocks)) == operator.is_hosting
