"""The start screen: what the lesson is about, and the button that begins it."""

from content.lesson import StartStep
from dialogs.values.actions import Command
from dialogs.values.replies import Bullets, Button, Details, Notice, Picture, Text
from dialogs.values.scene import Ask, Outcome, Scene, StepEvent, Unclear


def present(step: StartStep, scene: Scene) -> Ask:
    """All of the start screen, and one prominent button."""
    words = scene.strings.tutor
    lesson = scene.lesson
    objectives = (
        (Details(words.objectives, (Bullets(step.objectives),)),) if step.objectives else ()
    )
    takes = (Text(words.duration.format(duration=step.duration)),) if step.duration else ()
    use_case = (
        Text(f"**{words.scenario}**: {step.scenario}"),
        Text(f"**{words.challenge}**: {step.challenge}"),
        Text(f"**{words.requirements}**:"),
        Bullets(step.requirements),
    )
    return Ask(
        (
            Text(step.title, "title"),
            Text(step.subtitle, "strong"),
            Text(words.welcome),
            *takes,
            Picture(lesson.id, step.icon.source, step.icon.alt, small=True),
            Text(words.objective, "heading"),
            Text(step.objective),
            Notice("info", "\n\n".join(step.details), step.details_title),
            *objectives,
            Details(words.use_case, use_case),
            Text(words.welcome_commands, "how"),
        ),
        buttons(step, scene),
        typed=words.how_to_begin.format(word=words.begin),
        stays=True,
    )


def buttons(step: StartStep, scene: Scene) -> tuple[Button, ...]:
    """The one that begins."""
    return (Button(step.button, Command("begin"), scene.strings.tutor.begin, primary=True),)


def answer(_: StartStep, scene: Scene, __: StepEvent) -> Outcome:
    """Say how to begin."""
    words = scene.strings.tutor
    return Unclear(words.how_to_begin.format(word=words.begin))
