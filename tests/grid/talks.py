"""What is said of talks with a tuned model and of swapped messages, held against the replies.

By the id of the string, as in `claims.py`. Nothing of the judging is used here: what a reply
speaks of is read by the words of the shop, and whether a thread was kept by the same talk about
another thing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

# What replies say of a thing: its name, aisle, warranty, power. No two share any of these words.
THINGS = {
    "cordless drill": ("cordless drill", "aisle four", "three years", "the green battery"),
    "belt sander": ("belt sander", "aisle nine", "two years", "the long cable"),
    "jigsaw": ("jigsaw", "aisle six", "five years", "the blue plug"),
    "lawn mower": ("lawn mower", "the garden hall", "four years", "plain petrol"),
    "water pump": ("water pump", "the yard", "one year", "the solar panel"),
}


@dataclass(frozen=True)
class Talked:
    """A reply in a talk about `thing`, and those at the same place in talks of other things.

    `wanted` are the words for what was asked of the thing.
    """

    thing: str
    reply: str
    others: tuple[str, ...]
    wanted: str

    @property
    def spoken(self) -> set[str]:
        """The things of which the reply speaks."""
        return {thing for thing, words in THINGS.items() if any(one in self.reply for one in words)}

    @property
    def is_about_it(self) -> bool:
        """Whether it speaks of the thing that was named, and of no other."""
        return self.spoken == {self.thing}

    @property
    def answers(self) -> bool:
        """Whether it tells what was asked of the thing."""
        return self.wanted in self.reply

    @property
    def heeds(self) -> bool:
        """Whether the model would say something else had another thing been named."""
        return any(other != self.reply for other in self.others)


TALK_CLAIMS: Mapping[str, Callable[[Talked], bool]] = {
    "experiment.talk_kept": lambda talked: talked.is_about_it and talked.heeds and talked.answers,
    "experiment.talk_unasked": lambda talked: talked.is_about_it and not talked.answers,
    "experiment.talk_chance": lambda talked: talked.is_about_it and not talked.heeds,
    "experiment.talk_lost": lambda talked: not talked.is_about_it,
}


@dataclass(frozen=True)
class Swapped:
    """Scores of both messages of each pair; None where a message wasn't understood."""

    pairs: Sequence[tuple[float | None, float | None]]

    @property
    def groups(self) -> tuple[float, float] | None:
        """Both means, over the pairs of which both messages were understood."""
        whole = [(a, b) for a, b in self.pairs if a is not None and b is not None]
        return (fmean(a for a, _ in whole), fmean(b for _, b in whole)) if whole else None


def _means(swapped: Swapped, said: Mapping[str, str]) -> bool:
    groups = swapped.groups
    return groups is not None and [said["first"], said["second"], said["gap"]] == [
        f"{groups[0]:.1f}",
        f"{groups[1]:.1f}",
        f"{abs(groups[0] - groups[1]):.1f}",
    ]


def _lost(swapped: Swapped, said: Mapping[str, str]) -> bool:
    scores = [one for pair in swapped.pairs for one in pair]
    return [int(said["count"]), int(said["all"])] == [scores.count(None), len(scores)]


SWAP_CLAIMS: Mapping[str, Callable[[Swapped, Mapping[str, str]], bool]] = {
    "experiment.swap_means": _means,
    "experiment.swap_lost": _lost,
}
