"""The swap step: courtesy across names and dialects, on the model that a learner really has."""

from dataclasses import replace

from cards.words import transcript
from content.lesson import SwapStep
from content.lesson.judging import SwapPair
from dialogs.steps import swap
from dialogs.values.replies import Table, Text
from dialogs.values.scene import Scene
from tests.conversation.classroom import Classroom
from tests.conversation.test_lessons import play_until
from tests.lessons import library, tutor

LESSON, STEP, MAIN = "ethics", "own", "polite-chatbot"


def step_of() -> SwapStep:
    """The shipped step."""
    found = library().lessons[LESSON].step(STEP)
    assert isinstance(found, SwapStep)
    return found


def before_the_step() -> Classroom:
    """A learner who stands before it, and trained nothing elsewhere."""
    room = Classroom(tutor(), LESSON)
    room.type("begin")
    progress = {**room.learner.progress, LESSON: room.progress.at(STEP)}
    room.learner = replace(room.learner, progress=progress)
    return room


def with_a_model() -> Classroom:
    """One who trained a model in the main lesson before."""
    room, main = before_the_step(), Classroom(tutor(), MAIN)
    play_until(main, "dashboard")
    room.learner = replace(room.learner, progress={**room.learner.progress, MAIN: main.progress})
    room.results |= main.results
    return room


def scene_of(room: Classroom) -> Scene:
    lesson = room.tutor.edition(room.learner, LESSON)
    assert lesson
    return room.tutor.scene(room.learner, lesson, room.now, room.results)


def test_who_trained_no_model_is_told_so_and_goes_on() -> None:
    room = before_the_step()
    assert step_of().absent in transcript(room.type("hello"))
    room.type("next")
    assert room.progress.cursor == "unasked"


def test_the_learners_own_model_is_put_to_both_groups() -> None:
    room, step = with_a_model(), step_of()
    said = transcript(room.type("hello"))
    assert step.absent not in said
    assert library().lessons[MAIN].title in said
    (table,) = (b for b in swap.present(step, scene_of(room)).blocks if isinstance(b, Table))
    assert [row[0] for row in table.rows] == [pair.second for pair in step.pairs]
    whole = [[float(value) for value in row[1:]] for row in table.rows if "–" not in row]
    assert all(1 <= value <= 5 for row in whole for value in row)
    first, second = (sum(column) / len(whole) for column in zip(*whole, strict=True))
    assert f"{first:.1f} and {second:.1f} of five points" in said
    is_equal = abs(first - second) < step.within
    assert (step.equal in said, step.unequal in said) == (is_equal, not is_equal)


def test_what_isnt_understood_is_no_courtesy_of_the_models() -> None:
    room, step = with_a_model(), step_of()
    mumbled = replace_pairs(step, SwapPair(first="My parcel is late.", second="Xyzzy plugh."))
    blocks = swap.present(mumbled, scene_of(room)).blocks
    (table,) = (b for b in blocks if isinstance(b, Table))
    assert [row[1:] for row in table.rows[:-1]] == [("5.0", "5.0")] * 2
    assert table.rows[-1][2] == "–"
    said = [b.text for b in blocks if isinstance(b, Text)]
    assert any("5.0 and 5.0 of five points, 0.0 apart" in text for text in said)
    assert step.equal in said
    assert any("1 of 6 messages" in text for text in said)


def test_where_nothing_is_understood_no_figure_is_told() -> None:
    room, step = with_a_model(), step_of()
    lost = SwapPair(first="Xyzzy plugh.", second="Plugh xyzzy.")
    mumbled = step.model_copy(update={"pairs": (lost, lost)})
    said = [b.text for b in swap.present(mumbled, scene_of(room)).blocks if isinstance(b, Text)]
    assert said[0] == step.prompt
    assert ["of five points" in text for text in said[1:]] == [False]
    assert "4 of 4 messages" in said[1]


def test_a_line_that_may_be_about_several_matters_is_answered() -> None:
    room, step = with_a_model(), step_of()
    dialect = SwapPair(first="My parcel is late.", second="Me parcel ain't come yet, innit.")
    blocks = swap.present(replace_pairs(step, dialect), scene_of(room)).blocks
    (table,) = (b for b in blocks if isinstance(b, Table))
    assert "–" not in table.rows[-1]


def replace_pairs(step: SwapStep, pair: SwapPair) -> SwapStep:
    """The step with two of its pairs, and this one."""
    return step.model_copy(update={"pairs": (*step.pairs[:2], pair)})


def test_a_lesson_begun_without_a_training_has_no_model() -> None:
    room = with_a_model()
    main = replace(room.learner.progress[MAIN], model=None)
    room.learner = replace(room.learner, progress={**room.learner.progress, MAIN: main})
    assert step_of().absent in transcript(room.type("hello"))
