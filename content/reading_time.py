"""How long a lesson takes a careful beginner who is sometimes wrong, and how much a card shows.

Words at 220 a minute, for each kind of step a stated time to do what it asks, and for a share of
the answers a second try (`content/lesson/effort.py`).
"""

from collections.abc import Iterator

from content.lesson import Lesson, Step
from content.lesson.base import Loc
from content.lesson.effort import AGAIN, REASON_S, WRONG
from content.rules import walk

# Adults read English non-fiction silently at 238 words a minute on average, most of them at 175 to
# 300; who reads it as a second language is slower (Brysbaert 2019, "How many words do we read per
# minute?", Journal of Memory and Language 109, 190 studies).
WORDS_A_MINUTE = 220
# Meanings stand behind a button; a beginner knows some of the words, and the exercise says others.
TERMS_OPENED = 0.5
# Texts of any kind that this learner doesn't meet: read on request, after a mistake of another
# kind, by a screen reader, or by nobody. Kinds name further ones of theirs (`unread`).
LATER = {"feedback", "praise"}
UNREAD = {"alt", "help", "hints", "id", "kind", "source", "terms", "unit", "url"}


def words(step: Step) -> float:
    """Words of the step that a careful beginner reads.

    Of a question's options all texts are read, and one feedback; of a bank, what is drawn;
    of a demonstration's frames, what is new in each.
    """
    seen: set[str] = set()
    total = 0.0
    for loc, text in _texts(step):
        one_of = _options(step, loc[:-2]) if loc[-1] == "feedback" else 1
        count = float(len(text.split()))
        if loc[0] in step.repeats and loc[-1] == "text":
            count = len(set(text.split()) - seen)
            seen |= set(text.split())
        total += count / one_of * step.share_read(loc)
    return total


def _texts(step: Step) -> Iterator[tuple[Loc, str]]:
    unread = UNREAD | step.unread
    for loc, value in walk(step):
        if isinstance(value, str) and not unread.intersection(loc):
            yield loc, value


def _options(step: Step, loc: Loc) -> int:
    """How many options share the place of a feedback; a checklist shows every item's."""
    if loc[-1:] != ("options",):
        return 1
    value: object = step
    for part in loc:
        value = (
            value[part]
            if isinstance(value, tuple) and isinstance(part, int)
            else (getattr(value, str(part)))
        )
    return len(value) if isinstance(value, tuple) else 1


def minutes(lesson: Lesson, *steps: Step) -> float:
    """What the steps take, with the meanings of the terms that they bring up."""
    meanings = {entry.id: len(entry.meaning.split()) for entry in lesson.glossary}
    terms = {term for step in steps for term in step.terms}
    opened = TERMS_OPENED * sum(meanings.get(term, 0) for term in terms)
    read = sum(words(step) for step in steps) + opened
    return read / WORDS_A_MINUTE + sum(step.effort_s + _again_s(step) for step in steps) / 60


def _again_s(step: Step) -> float:
    """Seconds for answers that are wrong at first: read why, and give another one."""
    if not step.missable:
        return 0.0
    return WRONG * (AGAIN * step.effort_s + REASON_S * step.answers)


def _count(text: str) -> int:
    return sum(any(c.isalnum() for c in word) for word in text.split())


def card_words(step: Step) -> int:
    """Words of the author's on the step's card at once: what comes later or is opened isn't there.

    Of lists that are shown one by one it is the longest member.
    """
    fixed, members = 0, dict[tuple[object, ...], int]()
    for loc, text in _texts(step):
        if (LATER | step.later).intersection(loc):
            continue
        if loc[0] in step.one_by_one:
            members[loc[:2]] = members.get(loc[:2], 0) + _count(text)
        else:
            fixed += _count(text)
    lists = {place[0] for place in members}
    longest = (max(n for place, n in members.items() if place[0] == name) for name in lists)
    return fixed + sum(longest)
