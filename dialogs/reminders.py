"""Answers times that belong to no lesson: a reminder, a host's message.

Who asks for one says `At(key, time, Reminder(name=...))`, and puts under that name what it says.
One of a name that nobody knows any more says nothing.
"""

from collections.abc import Callable

from dialogs.values.errands import SeeRoom
from dialogs.values.progress import Learner
from dialogs.values.scene import Scene
from dialogs.values.turn import LearnerTurn

# The scene is the learner's current step, which a reminder shows the way to and never changes.
OnReminder = Callable[[Learner, Scene], LearnerTurn]


def _see_room(learner: Learner, _: Scene) -> LearnerTurn:
    """A room has changed; who has left it meanwhile is told nothing."""
    errand = SeeRoom(is_told=True) if learner.attending else None
    return LearnerTurn(learner, (), errand=errand)


BY_NAME: dict[str, OnReminder] = {"room": _see_room}
