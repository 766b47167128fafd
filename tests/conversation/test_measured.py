"""A model that a learner trained is measured: what the facts say of how good it is."""

from dialogs.tutor import Tutor
from dialogs.values.facts import ModelMeasured
from tests.conversation.classroom import Classroom
from tests.conversation.test_lessons import play, play_until


def measured(room: Classroom) -> list[ModelMeasured]:
    return [one for one in room.facts if isinstance(one, ModelMeasured)]


def test_an_evaluation_says_how_many_customers_the_tuned_model_satisfies(tutor: Tutor) -> None:
    room = Classroom(tutor, "polite-chatbot")
    play_until(room, "dashboard")
    (found,) = measured(room)
    assert found.lesson == "polite-chatbot"
    assert set(found.figures) == {"accuracy", "satisfied"}
    assert all(0.5 < figure <= 1.0 for figure in found.figures.values())


def test_each_trial_of_an_exercise_says_its_figures(tutor: Tutor) -> None:
    room = Classroom(tutor, "raft")
    play(room)
    found = measured(room)
    assert {one.step for one in found} == {"mix"}
    assert max(one.figures["right"] for one in found) > 0.8
    assert len({one.key for one in found}) == len(found)
