"""What a step needs of the learner's model, and what is said while it isn't there."""

from dataclasses import dataclass

from dialogs.simulations.persona import Evaluation
from dialogs.values.actions import Own
from dialogs.values.replies import Button, Notice
from dialogs.values.scene import Ask, Scene
from dialogs.work.models import Current, current

LOOK = Own("look")


@dataclass(frozen=True)
class Missing:
    """What isn't there yet, in words; a button looks again where it is on its way."""

    text: str
    buttons: tuple[Button, ...] = ()

    @property
    def ask(self) -> Ask:
        """The step, while it can't be put."""
        return Ask((Notice("info", self.text),), self.buttons)


def needs_model(scene: Scene) -> Current | Missing:
    """The learner's model; what is said before a training job has made one."""
    return current(scene) or Missing(scene.strings.model.no_model)


def needs_evaluation(scene: Scene) -> Evaluation | Missing:
    """The figures of the learner's model; what is said while it is put to its customers."""
    now, words = needs_model(scene), scene.strings.model
    if isinstance(now, Missing):
        return now
    look = Button(words.look, LOOK, words.look, primary=True)
    return now.evaluation or Missing(words.no_evaluation, (look,))


def looks(scene: Scene) -> tuple[Button, ...]:
    """The button that looks again, while figures are on their way."""
    found = needs_evaluation(scene)
    return found.buttons if isinstance(found, Missing) else ()
