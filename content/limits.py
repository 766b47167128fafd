"""No lesson asks for too much at once, or in all."""

from collections.abc import Iterator

from content.lesson import Lesson
from content.lesson.base import Complaint
from content.reading_time import card_words, minutes, words
from content.rules import placed


def over_limits(lesson: Lesson) -> Iterator[Complaint]:
    """Cards with too many words, and a lesson that is read more than done, or takes too long."""
    limits = lesson.limits
    for loc, step in placed(lesson):
        found = card_words(step)
        if found > limits.card:
            told = f'step "{step.id}" shows {found} words at once, and the limit is {limits.card}'
            yield loc, told
    needed = [step for step in lesson.steps if not step.optional]
    takes, read = minutes(lesson, *needed), sum(map(words, needed))
    most = limits.words_a_minute
    if read > most * takes:
        told = f"{read:.0f} words to read in {takes:.0f} minutes, and the limit is {most} a minute"
        yield ("limits", "words_a_minute"), told
    if limits.minutes and not limits.minutes[0] <= round(takes) <= limits.minutes[1]:
        least, most = limits.minutes
        yield ("limits", "minutes"), f"the lesson takes {takes:.0f} minutes, not {least} to {most}"
