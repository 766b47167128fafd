"""What a learner's answer to an open activity is worth."""

import re
from dataclasses import dataclass
from typing import Literal

from content.session import Cloud, Poll, Session
from dialogs.reading.harm import harm_of
from dialogs.reading.invisible import visible
from dialogs.reading.typed import number, plain
from dialogs.room.state import Room

LONGEST = 200  # characters of an answer in words
LONGEST_QUESTION = 400  # characters of a question to the host
NAME_GIVEN = "name:"  # the activity whose answer is what a learner wants to be called
LONGEST_NAME = 40  # characters of a name on the big screen
MOST_QUESTIONS = 20  # of a learner in a room
QUESTION = "question:"  # begins the name of an activity that is a learner's question
Why = Literal["over", "closed", "too-long", "empty", "unknown"]


@dataclass(frozen=True)
class Vote:
    """An answer that counts: an option's id, or words."""

    activity: str
    answer: str


@dataclass(frozen=True)
class Refused:
    """An answer that doesn't count, and why."""

    why: Why


def judge(session: Session, room: Room, activity: str, text: str) -> Vote | Refused:
    """Read an answer to an activity; only the open one takes any."""
    if room.is_over:
        return Refused("over")
    if room.open != activity:
        return Refused("closed")
    match session.activity(activity):
        case Poll() as poll:
            option = option_of(poll, text)
            return Refused("unknown") if option is None else Vote(activity, option)
        case Cloud():
            words = one_line(text)
            if not words:
                return Refused("empty")
            if len(words) > LONGEST:
                return Refused("too-long")
            return Vote(activity, words)
        case _:
            return Refused("unknown")


def option_of(poll: Poll, text: str) -> str | None:
    """The id of the option that was pressed, or typed as a number, a letter or in words."""
    ids = [one.id for one in poll.options]
    if text in ids:
        return text
    said = plain(text)
    place = number(text)
    if place is None and re.fullmatch(r"[a-f]", said):
        place = 1.0 + ord(said) - ord("a")
    if place is not None:
        whole = int(place) if place == int(place) else 0
        return ids[whole - 1] if 1 <= whole <= len(ids) else None
    return next((one.id for one in poll.options if said and plain(one.text) == said), None)


def question(room: Room, text: str) -> str | Refused:
    """A question to the host, as it is kept."""
    words = one_line(text)
    if room.is_over:
        return Refused("over")
    if not words:
        return Refused("empty")
    return Refused("too-long") if len(words) > LONGEST_QUESTION else words


def name(text: str) -> str | Refused:
    """A name as it is shown on the big screen; empty for none. What may hurt is refused."""
    words = one_line(text)
    if len(words) > LONGEST_NAME:
        return Refused("too-long")
    return Refused("unknown") if harm_of(words) is not None else words


def one_line(text: str) -> str:
    """A text without line breaks and what nobody sees."""
    return " ".join(visible(text).split())
