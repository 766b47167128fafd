"""The survey step: a question without a right answer, and a sentence for who has one to say."""

from content.lesson import SurveyStep
from dialogs.steps.choice import State, read
from dialogs.values.actions import Answer
from dialogs.values.events import Pressed
from dialogs.values.facts import SurveyAnswered
from dialogs.values.replies import Block, Button, Item, Notice, Select, Write
from dialogs.values.scene import Ask, Judged, Outcome, Scene, StepEvent, Unclear, pick_of

LONGEST_REMARK = 500  # characters that are kept


def shown(step: SurveyStep) -> tuple[Item, ...]:
    """The options in the author's order: a scale is never shuffled."""
    return tuple(Item(str(n), text) for n, text in enumerate(step.options, 1))


def present(step: SurveyStep, scene: Scene) -> Ask:
    """The question and its scale; where it is asked for, room for a sentence."""
    words = scene.strings.tutor
    picked = State.of(scene.record.state).picked
    blocks: list[Block] = [Select("picked", step.prompt, shown(step), value=picked)]
    if step.remark:
        blocks.append(Write("remark", step.remark, long=False))
    return Ask(
        tuple(blocks),
        (Button(words.send, Answer(), words.send, primary=True),),
        typed=words.type_number,
    )


def answer(step: SurveyStep, scene: Scene, given: StepEvent) -> Outcome:
    """Keep the answer; any is right. The score is always 1.0."""
    words = scene.strings.tutor
    items = shown(step)
    picked = read(given, items, words.typing)
    if len(picked) != 1:
        return Unclear(words.choose_just_one)
    written = given.texts.get("remark", "") if isinstance(given, Pressed) else ""
    remark = " ".join(written.split())[:LONGEST_REMARK] if step.remark else ""
    fact = SurveyAnswered(
        lesson=scene.lesson.id,
        run=scene.progress.run,
        at=scene.now,
        step=step.id,
        option=int(picked[0]),
        text=remark or None,
    )
    return Judged(
        passed=True,
        score=1.0,
        blocks=(Notice("good", step.thanks, words.noted),),
        state=State(picked=picked),
        facts=(fact,),
        answered=pick_of("picked", items, picked),
    )
