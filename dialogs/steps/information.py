"""The information step: something to read."""

from content.lesson import InformationStep
from dialogs.values.replies import Block, Bullets, Notice, Text
from dialogs.values.scene import Ask, Scene


def present(step: InformationStep, scene: Scene) -> Ask:
    """The paragraphs, the phase's learning goals if asked for, and tips."""
    words = scene.strings.tutor
    blocks: list[Block] = [Text(t) for t in step.body]
    phase = scene.lesson.phase_of(step.id)
    if step.goals and phase:
        blocks += [Text(words.goals, "heading"), Bullets(phase.goals)]
    blocks += [Notice("info", tip, words.tip) for tip in step.tips]
    return Ask(tuple(blocks))
