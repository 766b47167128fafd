"""The analysis step: a question on kinds of customer, answered against the learner's figures."""

from dataclasses import dataclass

from content.lesson import AnalysisStep
from dialogs.reading.typed import chosen
from dialogs.simulations.persona import SegmentRow, by_segment
from dialogs.simulations.persona.measurements import ADEQUATE
from dialogs.simulations.persona.statistics import SMALLEST
from dialogs.values.actions import Answer
from dialogs.values.events import Pressed, Typed
from dialogs.values.kept import Kept
from dialogs.values.replies import Block, Bullets, Button, Details, Item, Notice, Select, Text
from dialogs.values.scene import Ask, Ignored, Judged, Outcome, Scene, StepEvent, Unclear, pick_of
from dialogs.work import metrics
from dialogs.work.needs import Missing, looks, needs_evaluation
from dialogs.work.persona_company import company_of

NONE = "none"


@dataclass(frozen=True)
class State(Kept):
    """The kinds of customer chosen last."""

    picked: tuple[str, ...] = ()


def present(step: AnalysisStep, scene: Scene) -> Ask:
    """The question and the kinds of customer; their figures are there to be opened."""
    words = scene.strings.model
    found = needs_evaluation(scene)
    if isinstance(found, Missing):
        return found.ask
    picked = State.of(scene.record.state).picked
    blocks = (
        Text(step.prompt, "strong"),
        *((Text(step.goal),) if step.goal else ()),
        Details(words.analysis_figures, (Bullets(_lines(step, scene)),)),
        Select("picked", words.analysis_choose, _items(step, scene), many=True, value=picked),
    )
    check = Button(words.analysis_check, Answer(), words.analysis_check, primary=True)
    return Ask(blocks, (check,), typed=scene.strings.tutor.type_numbers)


def buttons(_: AnalysisStep, scene: Scene) -> tuple[Button, ...]:
    """The one that looks whether the figures are there."""
    return looks(scene)


def _items(step: AnalysisStep, scene: Scene) -> tuple[Item, ...]:
    kinds = tuple(Item(name, label) for name, label in step.segments.items())
    return (*kinds, Item(NONE, scene.strings.model.analysis_none))


def _rows(step: AnalysisStep, scene: Scene) -> tuple[SegmentRow, ...]:
    found = needs_evaluation(scene)
    if isinstance(found, Missing):
        return ()
    return tuple(r for r in by_segment(found) if r.segment in step.segments)


def _lines(step: AnalysisStep, scene: Scene) -> tuple[str, ...]:
    words, lesson, goal = scene.strings.model, scene.lesson, company_of(scene).rubric.goal
    return tuple(
        words.analysis_line.format(
            label=step.segments[r.segment],
            goal=metrics.label(lesson, goal),
            base=metrics.figure(scene, goal, r.goal.a),
            tuned=metrics.figure(scene, goal, r.goal.b),
            size=r.size,
            interval=metrics.interval(scene, goal, r.goal),
        )
        for r in _rows(step, scene)
    )


def truth(step: AnalysisStep, scene: Scene) -> tuple[str, ...]:
    """The kinds of customer that the learner's figures name; "none" where they name none."""
    improved = step.rule == "improved"
    found = tuple(r.segment for r in _rows(step, scene) if (r.improved if improved else r.adequate))
    return found or (NONE,)


def _why_not(step: AnalysisStep, scene: Scene, row: SegmentRow) -> str:
    """Why the figures don't name a kind of customer that was chosen."""
    words, goal = scene.strings.model, company_of(scene).rubric.goal
    if step.rule == "adequate":
        pattern = words.analysis_inadequate
    else:
        pattern = words.analysis_few if row.size < SMALLEST else words.analysis_unproven
    return pattern.format(
        label=step.segments[row.segment],
        size=row.size,
        interval=metrics.interval(scene, goal, row.goal),
        base=metrics.figure(scene, goal, row.goal.a),
        least=_least(scene),
    )


def _least(scene: Scene) -> str:
    return scene.strings.model.numbers.write(ADEQUATE, ".1f")


def answer(step: AnalysisStep, scene: Scene, given: StepEvent) -> Outcome:
    """Pass with exactly the kinds that the figures name. The score is the share treated rightly."""
    words, tutor = scene.strings.model, scene.strings.tutor
    found = needs_evaluation(scene)
    if isinstance(found, Missing):
        return Unclear(found.text)
    items = _items(step, scene)
    match given:
        case Pressed(picks=picks):
            picked = picks.get("picked", ())
        case Typed(text=text):
            picked = chosen(text, items, tutor.typing) or ()
        case _:
            return Ignored()
    if not picked or not set(picked) <= {i.id for i in items}:
        return Unclear(tutor.choose_first)
    state, answered = State(picked=picked), pick_of("picked", items, picked)
    right = set(truth(step, scene))
    hits, wrong = right & set(picked), set(picked) - right
    if hits == right and not wrong:
        praise = Notice("good", step.praise, tutor.right)
        return Judged(
            passed=True, score=1.0, blocks=(praise,), state=state, answered=answered, depends=True
        )
    why = tuple(_why_not(step, scene, r) for r in _rows(step, scene) if r.segment in wrong)
    blocks: tuple[Block, ...] = (Notice("warning", step.explain, tutor.not_yet),)
    if why:
        blocks += (Bullets(why),)
    if right - hits - {NONE}:
        blocks += (Text(words.analysis_more[step.rule].format(least=_least(scene))),)
    score = max(0.0, 1 - (len(right - hits) + len(wrong)) / len(items))
    return Judged(
        passed=False, score=score, blocks=blocks, state=state, answered=answered, depends=True
    )
