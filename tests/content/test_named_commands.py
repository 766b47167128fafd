"""What a lesson's words tell the learner to type is understood, in each language."""

import re

import pytest

from tests.lessons import library

QUOTED = re.compile(r"[\"„“]([^\"„“”]+)[\"“”]")


@pytest.mark.parametrize("locale", ["en", "de"])
@pytest.mark.parametrize("name", sorted(library().lessons))
def test_commands_that_the_end_names_are_commands(name: str, locale: str) -> None:
    lesson = library().edition(name, locale).lessons[name]
    commands = library().languages[lesson.locale].strings.tutor.commands
    known = {form.lower() for forms in commands.values() for form in forms}
    named = QUOTED.findall(lesson.complete.help)
    assert len(named) == 2, lesson.complete.help
    assert [word for word in named if word.lower() not in known] == []
