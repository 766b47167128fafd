"""A learner who has nothing but a keyboard and a message box finishes every lesson."""

from collections.abc import Iterator, Mapping, Sequence

import pytest

from content.lesson import ExperimentStep
from dialogs.tutor import Tutor
from dialogs.values.replies import Arrange, Item, Number, PickInto, Select, Write, WriteJsonl
from tests import oracle
from tests.conversation.classroom import Classroom
from tests.lessons import library

LESSONS = sorted(library().lessons)
MOST_TURNS = 400


def places(ids: str, items: Sequence[Item]) -> str:
    """The numbers that stand before the items: "3, 1"."""
    shown = [item.id for item in items]
    return ", ".join(str(shown.index(name) + 1) for name in ids.split(",") if name)


def inputs(room: Classroom, values: Mapping[str, str]) -> Iterator[str]:
    """What to write for each input of the newest card, in their order."""
    assert room.stamped
    for block in room.stamped.blocks:
        match block:
            case Select(id=name, options=items) if name in values:
                yield places(values[name], items) or "0"
            case PickInto(id=name, items=items) | Arrange(id=name, items=items) if name in values:
                yield places(values[name], items)
            case Number(id=name) | Write(id=name) | WriteJsonl(id=name) if name in values:
                yield values[name]
            case _:
                pass


def written(room: Classroom, do: str, values: Mapping[str, str]) -> str:
    """The message that stands for pressing a button with these inputs."""
    assert room.stamped
    step = library().lessons[room.progress.lesson].step(room.progress.cursor)
    if isinstance(step, ExperimentStep):  # it asks for semicolons
        return "; ".join(inputs(room, values))
    said = " ".join(inputs(room, values))
    several = sum(isinstance(b, Select) and b.many for b in room.stamped.blocks) > 1
    if said and not several:
        return said if do == "answer" else f"{do} {said}"
    # Of several lists each is typed on its own; here they hold what is right.
    return next(b.typed for b in room.stamped.buttons if str(b.do) == do)


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_whole_lesson_can_be_done_by_typing(tutor: Tutor, lesson: str) -> None:
    room = Classroom(tutor, lesson, seed=5)
    plan = tutor.library.lessons[lesson]
    for _ in range(MOST_TURNS):
        scene = tutor.scene(room.learner, plan, room.now, room.results)
        step = plan.step(scene.progress.cursor)
        assert step
        if step.id == plan.complete.id:
            break
        match oracle.right(step, scene):
            case None:
                room.type("next")
            case str(text):
                room.type(text)
            case (do, values):
                room.type(written(room, do, values))
                room.wait(seconds=60)
    assert room.progress.completed_at is not None
