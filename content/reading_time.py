"""How long a lesson takes a careful beginner.

Words at 200 a minute and, for each kind of step, a stated time to do what it asks.
"""

from collections.abc import Iterator

from content.lesson import Lesson, Step
from content.lesson.base import Loc
from content.rules import walk

# Adults read prose at about 240 words a minute; a beginner meets new terms.
WORDS_A_MINUTE = 200
# Meanings stand behind a button; a beginner knows some of the words, and the exercise says others.
TERMS_OPENED = 0.5
# Texts of any kind that this learner doesn't meet: read on request, after a mistake of another
# kind, by a screen reader, or by nobody. Kinds name further ones of theirs (`unread`).
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
    return read / WORDS_A_MINUTE + sum(step.effort_s for step in steps) / 60
