"""What a lesson says of its length is what the estimate says."""

import re

import pytest

from content.lesson import Lesson
from content.loader import load
from content.reading_time import minutes

SLACK = 0.1  # of the estimate, and a minute for the rounding
LESSONS = [one for language in load().languages.values() for one in language.lessons.values()]


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda one: f"{one.id}-{one.locale}")
def test_a_lesson_takes_as_long_as_it_says(lesson: Lesson) -> None:
    estimate = minutes(lesson, *(step for step in lesson.steps if not step.optional))
    for text in filter(None, (lesson.summary, lesson.start.duration, lesson.start.help)):
        said = [int(number) for number in re.findall(r"\d+(?= (?:minutes|Minuten))", text)]
        least = [int(number) for number in re.findall(r"\d+(?= (?:to|bis) \d+ [mM]inute)", text)]
        for most in said:
            low = min([most, *least])
            slack = estimate * SLACK + 1
            assert low - slack <= estimate <= most + slack, f"{text!r}: {estimate:.1f}"
