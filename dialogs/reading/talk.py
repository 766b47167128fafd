"""What a learner says to the tutor beside an answer: "how much longer?", "I'm lost", "thanks"."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import cast

import numpy as np

from content.reading import Doubt, TalkName, questions, talk
from dialogs.reading.encoder import vectors
from dialogs.reading.heads import Head, head
from dialogs.reading.neighbours import Neighbours
from dialogs.reading.network import Floats
from dialogs.reading.recent import Recent
from dialogs.reading.shorthand import written_out
from dialogs.reading.typed import plain

ANSWER = "answer"  # what is said to an exercise or a model
LONGEST = 200  # characters of what is said beside an answer
BRIEF = 120  # up to which a text may be talk; of a longer one that has to be sure
# So it is right oftenest on examples that it hasn't seen, and takes the fewest answers for talk.
COST = 10.0  # of the head
EMPHASIS = {ANSWER: 16.0}  # answers are of more kinds than any matter of talk
FAR = 0.52  # cosine with the nearest example under which a text is like none: it asks nothing
ROUGH = ("angry", "joke")  # near to which there is what hurts
NEAR = 0.3  # say of the nearest examples beside the head

_read: Recent[Floats] = Recent(500)  # texts of which the shares are known: a turn asks repeatedly


def talk_in(text: str, doubt: Doubt = "slip") -> TalkName | None:
    """What a text asks of the tutor; None for what is an answer, or nothing that it knows.

    What stands among the examples is sure; else it takes a few milliseconds.
    """
    said = plain(text)
    if len(text) > LONGEST:
        return None
    if not said:
        return "lost" if set(text.strip()) == {"?"} else None
    written = written_out(text)
    for form in (said, written):
        if form in _examples():
            return _examples()[form]
    # What needed no mending is read as it was written, with its signs and capitals.
    shares = _shares(text if written == said else written)
    best = int(shares.argmax())
    name, limits = _head().labels[best], talk().limits
    limit = limits[doubt] if len(text) <= BRIEF else max(limits[doubt], limits["answer"])
    return None if name == ANSWER or shares[best] < limit else cast("TalkName", name)


def certainty(text: str, *others: str) -> float:
    """How surely a text asks anything of the tutor but `others`, which are labels: 0.0 to 1.0."""
    said = plain(text)
    if not said or len(text) > LONGEST:
        return 0.0
    for form in (said, written_out(text)):
        if form in _examples():
            return float((_examples()[form] or ANSWER) not in others)
    shares = zip(_head().labels, _shares(text), strict=True)
    return max(float(share) for label, share in shares if label not in others)


def beside(text: str) -> float:
    """How surely a text is said to the tutor, whatever it asks, and answers nothing: 0.0 to 1.0."""
    if not plain(text) or len(text) > LONGEST:
        return 0.0
    return 1.0 - float(_shares(text)[_head().labels.index(ANSWER)])


def nearness(row: Floats, most: int) -> float:
    """How near a sentence is to what is said to a tutor or an exercise, and could hurt nobody."""
    return _neighbours().nearness(row, most, but=ROUGH)


def prepare() -> None:
    """Make the head and what it needs now."""
    _head(), _neighbours()


def examples() -> dict[str, Sequence[str]]:
    """What the head learns from, by label. The storyboard's questions ask nothing of these."""
    asked = {str(name): texts for name, texts in talk().asks.items()}
    others = [text for texts in questions().asks.values() for text in texts]
    return {**asked, ANSWER: [*talk().answers, *others]}


@cache
def _examples() -> Mapping[str, TalkName | None]:
    asked = {plain(text): name for name, texts in talk().asks.items() for text in texts}
    return {**dict.fromkeys(map(plain, talk().answers)), **asked}


def _shares(text: str) -> Floats:
    """The labels' shares of a text: the head's, with what its nearest examples say."""
    known = _read.get(text)
    if known is not None:
        return known
    (row,) = vectors([text])
    near, nearest = _neighbours().read(row)
    said = _head().shares(row[None, :])[0] ** (1 - NEAR) * near**NEAR
    shares: Floats = said / said.sum()
    if nearest < FAR:
        shares = np.eye(len(shares), dtype=np.float32)[_head().labels.index(ANSWER)]
    _read.put(text, shares)
    return shares


@cache
def _head() -> Head:
    return head(examples(), COST, EMPHASIS)


@cache
def _neighbours() -> Neighbours:
    return Neighbours(examples(), EMPHASIS)
