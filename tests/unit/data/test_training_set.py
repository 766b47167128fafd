"""The learner's own set: large enough, different, and valid for the real service."""

from itertools import combinations

import pytest

from dialogs.jsonl.checker import check
from dialogs.simulations.persona import Example, data_problems, set_figures
from dialogs.simulations.persona.phrase import bare
from dialogs.tutor import Tutor
from dialogs.work import training_set
from tests.unit.data.conftest import Desk


def file(desk: Desk) -> str:
    return training_set.jsonl_file(desk.lesson, desk.progress, desk.company)


@pytest.mark.parametrize("seed", range(5))
def test_a_careful_learners_set_reaches_fifty_sound_lines(tutor: Tutor, seed: int) -> None:
    desk = Desk(tutor, tutor.library.lessons["polite-chatbot"], seed)
    desk.choose(*desk.good).write()
    lines = training_set.examples(desk.lesson, desk.progress, desk.company)
    facts = set_figures(desk.company, lines)
    assert facts.lines >= 50
    assert set(facts.topics) == desk.topics
    assert sum(facts.topics.values()) == facts.lines
    assert facts.flawed == frozenset()


def test_the_least_choice_that_passes_is_enough_for_the_service(desk: Desk) -> None:
    desk.choose(*desk.good[: desk.selecting.minimum]).write()
    assert len(training_set.examples(desk.lesson, desk.progress, desk.company)) >= 10


def test_any_choice_that_passes_covers_seven_topics(desk: Desk) -> None:
    least = combinations(desk.good, desk.selecting.minimum)
    assert min(len({c.intent for c in chosen}) for chosen in least) >= 7


def test_every_line_is_valid_with_the_same_system_message(desk: Desk) -> None:
    words = desk.tutor.library.strings.data
    assert check(file(desk.choose(*desk.good).write()), words).warnings == ()
    text = file(desk.choose(*desk.selecting.conversations))
    found = check(text, words)
    assert found.faults == ()
    assert {w.rule for w in found.warnings} == {"personal_data"}, "one conversation is about that"
    assert len(found.examples) == text.count("\n")
    assert {line.messages[0].content for line in found.examples} == {desk.writing[0].system}


def test_own_lines_are_part_of_the_set(desk: Desk) -> None:
    desk.choose(*desk.good).write()
    lines = training_set.examples(desk.lesson, desk.progress, desk.company)
    assert {(s.customer, s.response) for s in desk.writing} <= {(e.message, e.reply) for e in lines}


def test_the_same_choice_gives_the_same_set_and_another_one_another(desk: Desk) -> None:
    desk.choose(*desk.good)
    first = file(desk)
    assert file(desk) == first
    assert file(desk.choose(*desk.good[1:])) != first


def test_a_flawed_conversation_brings_more_of_its_kind(desk: Desk) -> None:
    rude = next(c for c in desk.selecting.conversations if c.character == "rude")
    desk.choose(rude)
    lines = training_set.examples(desk.lesson, desk.progress, desk.company)
    goal = desk.company.rubric.goal
    assert len(lines) == rude.variants
    assert max(desk.company.score(e.reply, e.message).values[goal] for e in lines) <= 2


def test_the_practice_file_is_sound(desk: Desk) -> None:
    text = "".join(f"{line}\n" for line in practice(desk))
    found = check(text, desk.tutor.library.strings.data)
    assert found.faults == ()
    assert found.warnings == ()
    lines = [
        Example(message=user.content or "", reply=reply.content or "")
        for line in found.examples
        if (user := line.last("user")) and (reply := line.last("assistant"))
    ]
    assert len(lines) == len(found.examples) >= 50
    problems = data_problems(set_figures(desk.company, lines), desk.company.rubric)
    assert problems == ()
    messages = {bare(line.message) for line in lines}
    assert not any(one != other and one in other for one in messages for other in messages)


def practice(desk: Desk) -> list[str]:
    held: object = desk.tutor.library.practice[desk.lesson.id]
    return held.splitlines() if isinstance(held, str) else []
