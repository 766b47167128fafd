"""What the learner put into the prompt of the base model's rivals."""

from dataclasses import dataclass

from content.lesson import Lesson, PromptingStep
from dialogs.simulations.persona import Company, Prompting
from dialogs.simulations.persona.prompting import known
from dialogs.values.kept import Kept
from dialogs.values.progress import Progress


@dataclass(frozen=True)
class Chosen(Kept):
    """A prompting step's state: what was tried last, and what was kept. None: nothing yet."""

    tried: Prompting | None = None
    kept: Prompting | None = None


def kept(lesson: Lesson, progress: Progress, company: Company) -> Prompting:
    """What the rivals have in their prompt: the learner's choice, else what is usual there."""
    for step in lesson.steps_of(PromptingStep):
        chosen = Chosen.of(progress.record(step.id).state).kept
        if chosen is not None:
            return known(company.world.prompted, chosen)
    return company.usual_prompting
