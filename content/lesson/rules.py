"""Rules that several kinds of step have in common."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from content.lesson.base import Complaint, Loc, Surroundings
from content.nearest import did_you_mean


class Answerable(Protocol):
    """An option that may be right."""

    @property
    def right(self) -> bool:
        """Whether it is."""
        ...


def unanswerable(options: Sequence[Answerable], loc: Loc, *, single: bool) -> Iterator[Complaint]:
    """Options of which none, all or, for a `single` answer, several are right."""
    right = sum(option.right for option in options)
    place = (*loc, "options")
    if right == 0:
        yield place, "no option is right: mark one with right: true"
    elif right == len(options):
        yield place, "every option is right, so there is nothing to choose"
    elif single and right > 1:
        yield place, f"{right} options are right; say many: true, or leave one of them"


def unordered(lowest: float, usual: float, highest: float, loc: Loc) -> Iterator[Complaint]:
    """A range that holds nothing, or not its usual value."""
    if not lowest <= usual <= highest or lowest == highest:
        yield loc, f"{usual:g} doesn't lie between {lowest:g} and {highest:g}"


def not_shown(metric: str, loc: Loc, around: Surroundings) -> Iterator[Complaint]:
    """A metric that no dashboard shows."""
    if around.metrics is not None and metric not in around.metrics:
        yield loc, f'no dashboard shows "{metric}"{did_you_mean(metric, around.metrics)}'


def no_intent(intent: str, loc: Loc, around: Surroundings) -> Iterator[Complaint]:
    """An intent that the world doesn't have."""
    if around.world is not None and intent not in around.world.intents:
        near = did_you_mean(intent, around.world.intents)
        yield loc, f'the world has no intent "{intent}"{near}'


def no_character(character: str, loc: Loc, around: Surroundings) -> Iterator[Complaint]:
    """A character that the world doesn't have."""
    if around.world is not None and character not in around.world.characters:
        near = did_you_mean(character, around.world.characters)
        yield loc, f'the world has no character "{character}"{near}'
