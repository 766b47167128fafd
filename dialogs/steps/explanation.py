"""The explanation step: a demonstration that the learner steps through."""

from content.lesson import ExplanationStep
from dialogs.demonstrations import registry
from dialogs.values.replies import Block, Frames, Still, Text
from dialogs.values.scene import Ask, Scene


def present(step: ExplanationStep, scene: Scene) -> Ask:
    """The demonstration between an introduction and a conclusion."""
    blocks: list[Block] = [Text(t) for t in step.body]
    if step.scene:
        blocks.append(registry.demonstration(step.scene, scene.strings))
    stills = tuple(Still(f.caption, f.text, f.mono) for f in step.frames)
    if stills:
        blocks.append(Frames(step.title, stills))
    blocks += [Text(t) for t in step.closing]
    return Ask(tuple(blocks))
