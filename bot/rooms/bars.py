"""Answers with their counts, as the big screen draws them and the report lists them."""

from collections.abc import Mapping
from dataclasses import dataclass

from content.session import Poll
from dialogs.room.scores import Scoreboard


@dataclass(frozen=True)
class Bar:
    """An answer and how many gave it, or one that means the same.

    `share` is of all answers, in percent.
    """

    text: str
    count: int
    share: int
    is_right: bool = False


def of_poll(poll: Poll, tally: Mapping[str, int], right: str | None) -> tuple[Bar, ...]:
    """A bar for each option; `right` is the one that is shown as right."""
    total = sum(tally.get(one.id, 0) for one in poll.options)
    return tuple(
        Bar(one.text, count, percent(count, total), one.id == right)
        for one in poll.options
        for count in [tally.get(one.id, 0)]
    )


def of_scores(board: Scoreboard) -> tuple[Bar, ...]:
    """How many models reached which figures."""
    return tuple(
        Bar(f"{one.low}–{one.high} %", one.count, percent(one.count, board.count))
        for one in board.ranges
    )


def percent(count: int, of: int) -> int:
    """A share in percent; 0 of nothing."""
    return round(100 * count / max(1, of))
