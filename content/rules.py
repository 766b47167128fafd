"""What must hold between the parts of a lesson, beyond the shape of each.

Every rule yields the faults that it finds: a place in the lesson and words for its author.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from string import Formatter
from typing import assert_never

from pydantic import BaseModel

from content.figures import FIGURE_NAMES
from content.lesson import (
    AnalysisStep,
    ChatStep,
    ChecklistStep,
    ChoiceStep,
    Claim,
    ComparisonStep,
    CompleteStep,
    Criterion,
    DashboardStep,
    DecisionStep,
    ExplanationStep,
    Image,
    InformationStep,
    JobStep,
    JsonlStep,
    LabStep,
    Lesson,
    Option,
    OrderingStep,
    Parameter,
    Phase,
    QualityStep,
    QuizStep,
    ScreenStep,
    SelectionStep,
    StartStep,
    Step,
    SurveyStep,
    TargetsStep,
    TextStep,
)
from content.strings import Strings
from content.world import Rubric, World
from content.yaml_nodes import Loc

Complaint = tuple[Loc, str]

# The fewest lines that the fine-tuning service trains on.
SERVICE_MINIMUM = 10
# The segment of all customers, which no world needs to define.
EVERYBODY = "all"
# A name in braces. JSON in an example has a quote after its brace, so it isn't meant here.
_FIGURE = re.compile(r"\{([a-z_][a-z0-9_.]*)(?:[!:][^{}]*)?\}")


@dataclass(frozen=True)
class Surroundings:
    """What a lesson refers to outside its steps."""

    world: World | None
    rubric: Rubric | None
    media: frozenset[str]


def complaints(lesson: Lesson, around: Surroundings) -> Iterator[Complaint]:
    """Everything that is wrong between the parts of one lesson."""
    yield from _repeated_steps(lesson)
    yield from _repeated_ids(lesson)
    yield from _terms(lesson)
    yield from _links(lesson)
    for loc, value in walk(lesson):
        if isinstance(value, Image) and value.source not in around.media:
            yield (*loc, "source"), f'media has no file "{value.source}"'
        if isinstance(value, Criterion | Claim):
            yield from _patterns(value, loc)
    yield from _figures(lesson)
    for at, phase in enumerate(lesson.phases):
        yield from _requirements(phase, ("phases", at))
    made: set[str] = set()
    for loc, step in placed(lesson):
        yield from _step(step, loc, lesson, around)
        yield from _needs(step, loc, made)
        made.add(step.kind)


def placed(lesson: Lesson) -> Iterator[tuple[Loc, Step]]:
    """Every step with its place, in order."""
    yield ("start",), lesson.start
    for i, phase in enumerate(lesson.phases):
        for j, step in enumerate(phase.steps):
            yield ("phases", i, "steps", j), step
    yield ("complete",), lesson.complete


def walk(value: object, loc: Loc = ()) -> Iterator[tuple[Loc, object]]:
    """Every value inside a model, itself first, with its place."""
    yield loc, value
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from walk(getattr(value, name), (*loc, name))
    elif isinstance(value, tuple):
        for at, member in enumerate(value):
            yield from walk(member, (*loc, at))
    elif isinstance(value, dict):
        for key, member in value.items():
            yield from walk(member, (*loc, key))


def _repeated_steps(lesson: Lesson) -> Iterator[Complaint]:
    seen: set[str] = set()
    for loc, step in placed(lesson):
        if step.id in seen:
            yield (*loc, "id"), f'two steps of this lesson have the id "{step.id}"'
        seen.add(step.id)


def _repeated_ids(lesson: Lesson) -> Iterator[Complaint]:
    for loc, value in walk(lesson):
        if not isinstance(value, tuple) or loc[-1:] == ("steps",):
            continue
        seen: set[str] = set()
        for at, member in enumerate(value):
            name = getattr(member, "id", None)
            if name is None:
                continue
            if name in seen:
                yield (*loc, at, "id"), f'two entries of "{loc[-1]}" have the id "{name}"'
            seen.add(name)


def _terms(lesson: Lesson) -> Iterator[Complaint]:
    known = {entry.id for entry in lesson.glossary}
    for loc, step in placed(lesson):
        for at, term in enumerate(step.terms):
            if term not in known:
                near = _near(term, known)
                yield (*loc, "terms", at), f'the glossary has no term "{term}"{near}'
    ways: set[str] = set()
    for at, entry in enumerate(lesson.glossary):
        for way in (entry.term, *entry.also):
            if way.casefold() in ways:
                yield ("glossary", at), f'the glossary explains "{way}" twice'
            ways.add(way.casefold())


def _links(lesson: Lesson) -> Iterator[Complaint]:
    seen: set[str] = set()
    for at, link in enumerate(lesson.complete.links):
        if link.url in seen:
            yield ("complete", "links", at, "url"), f"{link.url} is linked twice"
        seen.add(link.url)


def _patterns(criterion: Criterion | Claim, loc: Loc) -> Iterator[Complaint]:
    for at, pattern in enumerate(criterion.patterns):
        try:
            re.compile(pattern, re.IGNORECASE)
        except re.error as error:
            yield (*loc, "patterns", at), f'"{pattern}" is no regular expression: {error.msg}'


def _figures(lesson: Lesson) -> Iterator[Complaint]:
    for loc, value in walk(lesson):
        if isinstance(value, str) and "patterns" not in loc:
            for name in _FIGURE.findall(value):
                if name not in FIGURE_NAMES:
                    near = _near(name, FIGURE_NAMES)
                    yield loc, f"no figure has the name {{{name}}}{near}"


def _near(wrong: str, right: Iterable[str]) -> str:
    near = get_close_matches(wrong, list(right), n=1)
    return f'; did you mean "{near[0]}"?' if near else ""


def _requirements(phase: Phase, loc: Loc) -> Iterator[Complaint]:
    steps = {step.id: step for step in phase.steps}
    for i, requirement in enumerate(phase.requirements):
        for j, name in enumerate(requirement.steps):
            place = (*loc, "requirements", i, "steps", j)
            step = steps.get(name)
            if step is None:
                yield place, f'this phase has no step "{name}"{_near(name, steps)}'
            elif step.tutorial or step.optional:
                kind = "tutorial" if step.tutorial else "optional"
                yield place, f'step "{name}" is marked {kind}, so no requirement may ask for it'


def _needs(step: Step, loc: Loc, made: set[str]) -> Iterator[Complaint]:
    """Some steps work with what earlier ones made."""
    tuned = isinstance(step, ChatStep) and step.persona == "tuned"
    judges = isinstance(step, ComparisonStep | DashboardStep | DecisionStep | AnalysisStep) or (
        isinstance(step, TextStep) and step.figures
    )
    if (tuned or judges) and "job" not in made:
        yield loc, f'step "{step.id}" needs a model: a step of kind job must come before it'
    trains = isinstance(step, LabStep | JobStep | QualityStep)
    if trains and not made & {"selection", "jsonl"}:
        sources = "a step of kind selection or jsonl must come before it"
        yield loc, f'step "{step.id}" needs training examples: {sources}'


def _step(step: Step, loc: Loc, lesson: Lesson, around: Surroundings) -> Iterator[Complaint]:
    match step:
        case ChoiceStep():
            yield from _options(step.options, loc, single=None if step.many else step.id)
        case ChecklistStep():
            yield from _checklist(step, loc)
        case QuizStep():
            yield from _quiz(step, loc, lesson)
        case SelectionStep():
            yield from _selection(step, loc, lesson, around.world)
        case JsonlStep():
            yield from _intent(step.intent, (*loc, "intent"), around.world)
        case ChatStep():
            yield from _chat(step, loc, around)
        case TextStep():
            if step.minimum > len(step.criteria):
                yield (*loc, "minimum"), f"only {len(step.criteria)} criteria can be met"
        case TargetsStep():
            yield from _targets(step, loc, lesson)
        case DecisionStep():
            yield from _claims(step, loc, lesson)
        case LabStep() | JobStep():
            yield from _parameters(step.parameters, (*loc, "parameters"))
        case DashboardStep() | AnalysisStep():
            yield from _segments(step, loc, around.world)
        case ScreenStep():
            for at, decision in enumerate(step.decisions):
                if all(option.refused for option in decision.options):
                    yield (*loc, "decisions", at), "every option of this decision is refused"
        case (
            StartStep()
            | InformationStep()
            | ExplanationStep()
            | QualityStep()
            | OrderingStep()
            | ComparisonStep()
            | SurveyStep()
            | CompleteStep()
        ):
            pass
        case _:
            assert_never(step)


def _options(options: Sequence[Option], loc: Loc, single: str | None) -> Iterator[Complaint]:
    """`single` is the id of a question that takes one answer alone."""
    right = sum(option.right for option in options)
    place = (*loc, "options")
    if right == 0:
        yield place, "no option is right: mark one with right: true"
    elif right == len(options):
        yield place, "every option is right, so there is nothing to choose"
    elif single is not None and right > 1:
        yield place, f"{right} options are right; say many: true, or leave one of them"


def _checklist(step: ChecklistStep, loc: Loc) -> Iterator[Complaint]:
    relevant = sum(item.relevant for item in step.items)
    if relevant == 0:
        yield (*loc, "items"), "no item is relevant"
    elif relevant == len(step.items):
        yield (*loc, "items"), "every item is relevant: choosing all of them teaches nothing"


def _quiz(step: QuizStep, loc: Loc, lesson: Lesson) -> Iterator[Complaint]:
    phases = [phase.id for phase in lesson.phases]
    for at, question in enumerate(step.bank):
        place = (*loc, "bank", at)
        if question.phase not in phases:
            near = _near(question.phase, phases)
            yield (*place, "phase"), f'this lesson has no phase "{question.phase}"{near}'
        yield from _options(question.options, place, None if question.many else question.id)
    if step.draw > len(step.bank):
        yield (*loc, "draw"), f"draws {step.draw} questions, but the bank has {len(step.bank)}"
    if step.each * len(phases) > step.draw:
        wanted = step.each * len(phases)
        yield (*loc, "each"), f"{step.each} of each phase are {wanted}, but {step.draw} are drawn"
    for phase in phases:
        has = sum(question.phase == phase for question in step.bank)
        if has < max(1, step.each):
            yield (*loc, "bank"), f'phase "{phase}" has {has} questions, needs {max(1, step.each)}'


def _selection(
    step: SelectionStep, loc: Loc, lesson: Lesson, world: World | None
) -> Iterator[Complaint]:
    for at, conversation in enumerate(step.conversations):
        place = (*loc, "conversations", at)
        yield from _intent(conversation.intent, (*place, "intent"), world)
        if world is not None and conversation.character not in world.characters:
            near = _near(conversation.character, world.characters)
            message = f'the world has no character "{conversation.character}"{near}'
            yield (*place, "character"), message
    good = sorted(c.variants for c in step.conversations if c.good)
    if len(good) == len(step.conversations):
        yield (*loc, "conversations"), "every conversation is good, so there is nothing to choose"
    if len(good) < step.minimum:
        yield (*loc, "minimum"), f"only {len(good)} conversations are good"
        return
    written = sum(isinstance(s, JsonlStep) for s in lesson.steps)
    lines = sum(good[: step.minimum]) + written
    if lines < SERVICE_MINIMUM:
        brings = f"the smallest selection that passes brings {lines} lines"
        yield (*loc, "minimum"), f"{brings}; the service needs {SERVICE_MINIMUM}"


def _intent(intent: str, loc: Loc, world: World | None) -> Iterator[Complaint]:
    if world is not None and intent not in world.intents:
        yield loc, f'the world has no intent "{intent}"{_near(intent, world.intents)}'


def _chat(step: ChatStep, loc: Loc, around: Surroundings) -> Iterator[Complaint]:
    shown = {step.tone_fault}
    for at, sample in enumerate(step.samples):
        shown.add(sample.fault)
        if sample.fault is not None and sample.fault not in step.faults:
            near = _near(sample.fault, step.faults)
            place = (*loc, "samples", at, "fault")
            yield place, f'this step names no fault "{sample.fault}"{near}'
    if step.tone_fault is not None and step.tone_fault not in step.faults:
        near = _near(step.tone_fault, step.faults)
        yield (*loc, "tone_fault"), f'this step names no fault "{step.tone_fault}"{near}'
    if step.tone_fault is not None and around.world is not None and not around.world.pairs:
        yield (*loc, "tone_fault"), "the world has no pairs of queries to compare in tone"
    for name in step.faults:
        if name not in shown and around.rubric is not None and name not in around.rubric.faults:
            yield (
                (*loc, "faults", name),
                f'neither a sample nor the rubric shows the fault "{name}"',
            )


def _targets(step: TargetsStep, loc: Loc, lesson: Lesson) -> Iterator[Complaint]:
    for at, target in enumerate(step.targets):
        place = (*loc, "targets", at)
        yield from _range(target.lowest, target.suggested, target.highest, place)
        yield from _shown(target.metric, (*place, "metric"), lesson)


def _claims(step: DecisionStep, loc: Loc, lesson: Lesson) -> Iterator[Complaint]:
    for at, claim in enumerate(step.claims):
        yield from _shown(claim.metric, (*loc, "claims", at, "metric"), lesson)
    if all(criterion.needed for criterion in step.evidence):
        yield (*loc, "evidence"), "every criterion is needed: leave one without, to be named"


def _shown(metric: str, loc: Loc, lesson: Lesson) -> Iterator[Complaint]:
    boards = [s for s in lesson.steps if isinstance(s, DashboardStep)]
    figures = {metric.id for board in boards for metric in board.metrics}
    if boards and metric not in figures:
        yield loc, f'no dashboard shows "{metric}"{_near(metric, figures)}'


def _segments(
    step: DashboardStep | AnalysisStep, loc: Loc, world: World | None
) -> Iterator[Complaint]:
    if world is None:
        return
    for name in step.segments:
        if name not in {*world.segments, EVERYBODY}:
            near = _near(name, world.segments)
            yield (*loc, "segments", name), f'the world has no segment "{name}"{near}'


def _parameters(parameters: Sequence[Parameter], loc: Loc) -> Iterator[Complaint]:
    for at, parameter in enumerate(parameters):
        yield from _range(parameter.lowest, parameter.usual, parameter.highest, (*loc, at))


def _range(lowest: float, usual: float, highest: float, loc: Loc) -> Iterator[Complaint]:
    if not lowest <= usual <= highest or lowest == highest:
        yield loc, f"{usual:g} doesn't lie between {lowest:g} and {highest:g}"


def templates(strings: Strings) -> Iterator[Complaint]:
    """Strings whose braces could not be filled in."""
    for loc, value in walk(strings):
        if not isinstance(value, str) or loc[0] == "page":
            continue
        try:
            names = [name for _, name, _, _ in Formatter().parse(value) if name is not None]
        except ValueError:
            yield loc, "a brace is opened or closed alone; write {{ or }} for one that is shown"
            continue
        for name in names:
            if not name.isidentifier():
                yield loc, f"{{{name}}} names nothing that could be filled in"
