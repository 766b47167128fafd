"""Who guesses or hurries isn't through by luck; who knows is."""

import pytest

from content.lesson import QuizStep
from dialogs.tutor import Tutor
from dialogs.values.scene import Scene
from tests.conversation.classroom import Classroom
from tests.minds.quizzed import shares
from tests.minds.walks import MAIN, hasty, walk

LEARNERS = 60


@pytest.fixture(scope="module")
def scene(tutor: Tutor) -> Scene:
    """A learner before the quiz."""
    room = Classroom(tutor, MAIN)
    return tutor.scene(room.learner, tutor.library.lessons[MAIN], room.now, room.results)


@pytest.fixture(scope="module")
def exam(scene: Scene) -> QuizStep:
    return next(iter(scene.lesson.steps_of(QuizStep)))


def test_who_guesses_and_remembers_has_not_passed_by_the_fifth_attempt(
    scene: Scene, exam: QuizStep
) -> None:
    assert shares(exam, scene, 0.0, LEARNERS)[-1] < 0.05


def test_who_knows_four_in_five_has_passed_by_the_third_attempt(
    scene: Scene, exam: QuizStep
) -> None:
    assert shares(exam, scene, 0.8, LEARNERS)[2] > 0.9


def test_no_gate_opens_to_a_hasty_learner(tutor: Tutor) -> None:
    opened = hasty(tutor)
    assert opened
    assert not any(opened.values()), opened


def test_a_careful_learner_is_through(tutor: Tutor) -> None:
    assert walk(tutor, {}).is_through
