"""Texts of many people, those together that mean the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from dialogs.reading.encoder import vectors
from dialogs.reading.harm import harm_of
from dialogs.reading.typed import plain

# The cosine from which two texts count as saying the same. Tried on some thirty answers and a
# dozen questions in English and German: "lower cost" and "less expensive" have 0.78, "quicker
# replies" and "more polite answers" 0.66. It rather leaves two alike apart than joins two others.
ALIKE = 0.7
JUDGED = 8192  # texts of which it is known whether they may be shown: those of a few large rooms


@dataclass(frozen=True)
class Group:
    """Texts that mean the same, told by the one that was given most, `count` times in all."""

    text: str
    count: int
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class Grouped:
    """Groups, the largest first; `hidden` counts texts that nobody shall be shown unasked.

    `kept_back` are those texts themselves, each once: for a host who asks for them.
    """

    groups: tuple[Group, ...]
    hidden: int = 0
    kept_back: tuple[str, ...] = ()


def grouped(given: Mapping[str, int]) -> Grouped:
    """Group texts by meaning; `given` has how often each was given, the first one first.

    A text takes 2 to 3 ms unless it was read lately; then 2,000 take some 50 ms together.
    """
    counts: dict[str, int] = {}  # by the words alone, so that case and points don't matter
    wordings: dict[str, str] = {}
    hidden = 0
    kept_back: list[str] = []
    for text, count in given.items():
        if not _may_be_shown(text):
            hidden += count
            kept_back.append(text)
            continue
        key = plain(text) or text
        counts[key] = counts.get(key, 0) + count
        wordings.setdefault(key, text)
    keys = sorted(counts, key=lambda key: -counts[key])
    rows = vectors([wordings[key] for key in keys])
    leaders = np.empty_like(rows)  # of each group, in its first rows
    members: list[list[str]] = []
    for key, row in zip(keys, rows, strict=True):
        near = leaders[: len(members)] @ row
        best = int(np.argmax(near)) if members else -1
        if members and near[best] >= ALIKE:
            members[best].append(key)
        else:
            leaders[len(members)] = row
            members.append([key])
    groups = [
        Group(
            wordings[first],
            sum(counts[key] for key in (first, *others)),
            tuple(wordings[key] for key in others),
        )
        for first, *others in members
    ]
    largest_first = sorted(groups, key=lambda one: -one.count)
    return Grouped(tuple(largest_first), hidden, tuple(kept_back))


@lru_cache(maxsize=JUDGED)
def _may_be_shown(text: str) -> bool:
    """Whether a text harms nobody. A room's texts are looked at again whenever one comes in."""
    return harm_of(text) is None
