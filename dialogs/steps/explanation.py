"""The explanation step: a demonstration that the learner steps through."""

from content.lesson import ExplanationStep
from dialogs.values.replies import Block, Frames, Still, Text
from dialogs.values.scene import Ask, Scene


def present(step: ExplanationStep, _: Scene) -> Ask:
    """The frames between an introduction and a conclusion."""
    blocks: list[Block] = [Text(t) for t in step.body]
    stills = tuple(Still(f.caption, f.text, f.mono) for f in step.frames)
    blocks.append(Frames(step.title, stills))
    blocks += [Text(t) for t in step.closing]
    return Ask(tuple(blocks))
