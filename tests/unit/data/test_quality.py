"""The data quality checklist: asked about the learner's own set, and answerable."""

from itertools import combinations

import pytest

from content.lesson import Conversation, QualityStep
from dialogs.jsonl.checker import check
from dialogs.simulations.persona import Example
from dialogs.steps import quality
from dialogs.steps.quality import FIXED
from dialogs.tutor import Tutor
from dialogs.values.replies import Bullets, Code
from dialogs.values.scene import Judged, Noted, Unclear
from dialogs.work import training_set
from dialogs.work.data_problems import data_faults
from tests.given import pressed, said
from tests.unit.data.conftest import Desk

SEEDS = range(12)
POINTS = (
    "Consistent tone across examples",
    "Diverse conversation topics",
    "Clear input/output pairs",
    "Proper JSON formatting",
    "Sufficient quantity (typically 50+ examples)",
)


def step_of(desk: Desk) -> QualityStep:
    return desk.lesson.steps_of(QualityStep)[0]


def careful(tutor: Tutor, seed: int) -> Desk:
    desk = Desk(tutor, tutor.library.lessons["polite-chatbot"], seed)
    return desk.choose(*desk.good).write()


def lines(desk: Desk) -> tuple[Example, ...]:
    return training_set.examples(desk.lesson, desk.progress, desk.company)


def puzzle(desk: Desk, about: str) -> quality.Puzzle:
    step = step_of(desk)
    found = next(c for c in step.checks if c.about == about)
    return quality.puzzle(found, desk.scene(step))


def test_the_points_stand_word_for_word(desk: Desk) -> None:
    assert tuple(c.text for c in step_of(desk).checks) == POINTS


@pytest.mark.parametrize("seed", SEEDS)
def test_just_one_of_the_lines_is_broken(tutor: Tutor, seed: int) -> None:
    posed = puzzle(careful(tutor, seed), "format")
    codes = [b.text for b in posed.blocks if isinstance(b, Code)]
    broken = [bool(check(c, tutor.library.strings.data).faults) for c in codes]
    assert broken == [o.id == posed.right for o in posed.options]


@pytest.mark.parametrize("kind", ["good", "rude", "empty", "promise"])
@pytest.mark.parametrize("seed", range(4))
def test_the_stray_line_sounds_unlike_the_learners_own(tutor: Tutor, kind: str, seed: int) -> None:
    """Also where the set itself is flawed: then the stray is the one that isn't like it."""
    desk = Desk(tutor, tutor.library.lessons["polite-chatbot"], seed)

    def fits(one: Conversation) -> bool:
        return one.good if kind == "good" else one.character == kind

    desk.choose(*(c for c in desk.selecting.conversations if fits(c))).write()
    posed = puzzle(desk, "tone")
    pattern = tutor.library.strings.data.quality_line
    held = {pattern.format(message=e.message, reply=e.reply) for e in lines(desk)}
    assert [o.text in held for o in posed.options] == [o.id != posed.right for o in posed.options]


@pytest.mark.parametrize("kind", ["good", "rude", "empty", "promise", "wrong", "contradictory"])
@pytest.mark.parametrize("seed", range(6))
def test_just_one_reply_does_not_answer_its_message(tutor: Tutor, kind: str, seed: int) -> None:
    """Also where the set itself holds lines that answer nobody: those aren't asked about."""
    desk = Desk(tutor, tutor.library.lessons["polite-chatbot"], seed)
    told = desk.selecting.conversations
    desk.choose(*(c for c in told if c.good or c.character == kind)).write()
    is_answered_but_once(desk)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 200))
def test_just_one_reply_does_not_answer_in_a_hundred_sound_sets(tutor: Tutor, seed: int) -> None:
    is_answered_but_once(careful(tutor, seed))


def is_answered_but_once(desk: Desk) -> None:
    intents = desk.company.world.intents.values()
    for option in puzzle(desk, "pairs").options:
        message, reply = option.text.split(" → ")
        meant = next(i for i in intents if message in i.messages)
        answers = [t for texts in meant.phrases.values() for t in texts if t in reply]
        assert bool(answers) == (option.id != FIXED), option.text


@pytest.mark.parametrize("seed", SEEDS)
def test_topics_and_quantity_are_the_sets_own(tutor: Tutor, seed: int) -> None:
    desk = careful(tutor, seed)
    assert puzzle(desk, "topics").right == str(len(desk.topics))
    assert puzzle(desk, "quantity").right == "enough"
    desk.choose(*desk.good[:2])
    assert puzzle(desk, "quantity").right == "some"
    desk.choose(desk.good[0])
    assert puzzle(desk, "quantity").right == "few"


def test_a_wrong_answer_ticks_nothing_and_five_right_ones_pass(desk: Desk) -> None:
    desk.choose(*desk.good).write()
    step = step_of(desk)
    for number, point in enumerate(step.checks):
        posed = quality.puzzle(point, desk.scene(step))
        wrong = next(o.id for o in posed.options if o.id != posed.right)
        missed = quality.answer(step, desk.scene(step), pressed("answer", {"picked": wrong}))
        assert isinstance(missed, Judged)
        assert not missed.passed
        assert missed.score == number / len(step.checks)
        place = [o.id for o in posed.options].index(posed.right) + 1
        outcome = quality.answer(step, desk.scene(step), said(str(place)))
        assert isinstance(outcome, Noted | Judged)
        desk.keep(step, outcome.state)
    assert isinstance(outcome, Judged)
    assert outcome.passed


@pytest.mark.parametrize(
    ("character", "says"),
    [
        ("rude", "is harsh or mocks: 7 of 10 lines"),
        ("promise", "promises what nothing backs: 7 of 10 lines"),
        ("curt", "It covers only 4 topics"),
    ],
)
def test_who_answers_rightly_on_an_unsound_set_may_go_on_and_checks_it_anew(
    desk: Desk, character: str, says: str
) -> None:
    desk.choose(*(c for c in desk.selecting.conversations if c.character == character)).write()
    step = step_of(desk)
    outcomes = []
    for point in step.checks:
        right = quality.puzzle(point, desk.scene(step)).right
        outcomes.append(
            quality.answer(step, desk.scene(step), pressed("answer", {"picked": right}))
        )
        assert isinstance(outcomes[-1], Noted)
        desk.keep(step, outcomes[-1].state, status="tried")
    last = outcomes[-1]
    assert isinstance(last, Noted)
    assert last.waive
    assert any(says in i for b in last.blocks if isinstance(b, Bullets) for i in b.items)
    # Mended, the set is asked about from the first point on.
    desk.choose(*desk.good)
    for point in step.checks:
        right = quality.puzzle(point, desk.scene(step)).right
        outcome = quality.answer(step, desk.scene(step), pressed("answer", {"picked": right}))
        assert isinstance(outcome, Noted | Judged)
        desk.keep(step, outcome.state, status="tried")
    assert isinstance(outcome, Judged)
    assert outcome.passed


def test_without_a_set_there_is_nothing_to_check(desk: Desk) -> None:
    step = step_of(desk)
    assert isinstance(quality.answer(step, desk.scene(step), said("1")), Unclear)


@pytest.mark.parametrize("seed", range(3))
def test_every_set_that_passes_the_selection_is_sound(tutor: Tutor, seed: int) -> None:
    desk = Desk(tutor, tutor.library.lessons["polite-chatbot"], seed)
    desk.write()
    for chosen in combinations(desk.good, desk.selecting.minimum):
        desk.choose(*chosen)
        assert data_faults(desk.scene(step_of(desk))) == (), [c.id for c in chosen]
