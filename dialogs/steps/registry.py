"""The one table of which module teaches which kind of step.

A new kind is a model in `content/lesson/`, with an entry in its `KINDS`; a module beside this
one; and a row here. A kind that has no row stops the start.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from content.errors import TutorError
from content.lesson import (
    KINDS,
    AnalysisStep,
    BaseStep,
    ChatStep,
    ChecklistStep,
    ChoiceStep,
    ComparisonStep,
    CompleteStep,
    DashboardStep,
    DecisionStep,
    ExplanationStep,
    InformationStep,
    JobStep,
    JsonlStep,
    LabStep,
    OrderingStep,
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
from dialogs.steps import (
    analysis,
    chat,
    checklist,
    choice,
    comparison,
    complete,
    dashboard,
    decision,
    explanation,
    information,
    job,
    jsonl,
    lab,
    ordering,
    quality,
    quiz,
    screen,
    selection,
    start,
    survey,
    targets,
    text,
)
from dialogs.values.scene import Ask, Outcome, Scene, StepEvent, Unclear

Model = TypeVar("Model", bound=BaseStep)


class UnknownKindError(TutorError):
    """A kind of step that no module teaches."""


def _nothing_asked(_: BaseStep, scene: Scene, __: StepEvent) -> Outcome:
    return Unclear(scene.strings.tutor.nothing_to_answer)


@dataclass(frozen=True)
class Kind(Generic[Model]):
    """How a kind of step is taught: put to the learner, and judged unless it asks nothing."""

    model: type[Model]
    present: Callable[[Model, Scene], Ask]
    answer: Callable[[Model, Scene, StepEvent], Outcome] = _nothing_asked


ROWS: tuple[Kind[Any], ...] = (
    Kind(StartStep, start.present, start.answer),
    Kind(InformationStep, information.present),
    Kind(ExplanationStep, explanation.present),
    Kind(ChecklistStep, checklist.present, checklist.answer),
    Kind(TargetsStep, targets.present, targets.answer),
    Kind(ChatStep, chat.present, chat.answer),
    Kind(ChoiceStep, choice.present, choice.answer),
    Kind(TextStep, text.present, text.answer),
    Kind(SelectionStep, selection.present, selection.answer),
    Kind(JsonlStep, jsonl.present, jsonl.answer),
    Kind(QualityStep, quality.present, quality.answer),
    Kind(OrderingStep, ordering.present, ordering.answer),
    Kind(ScreenStep, screen.present, screen.answer),
    Kind(LabStep, lab.present, lab.answer),
    Kind(JobStep, job.present, job.answer),
    Kind(ComparisonStep, comparison.present, comparison.answer),
    Kind(DashboardStep, dashboard.present, dashboard.answer),
    Kind(DecisionStep, decision.present, decision.answer),
    Kind(AnalysisStep, analysis.present, analysis.answer),
    Kind(QuizStep, quiz.present, quiz.answer),
    Kind(SurveyStep, survey.present, survey.answer),
    Kind(CompleteStep, complete.present),
)
TAUGHT: dict[type[BaseStep], Kind[Any]] = {row.model: row for row in ROWS}


def present(step: Step, scene: Scene) -> Ask:
    """Put the step to the learner."""
    return _kind(type(step)).present(step, scene)


def answer(step: Step, scene: Scene, given: StepEvent) -> Outcome:
    """Judge what the learner gave; a step that asks nothing says how to go on."""
    return _kind(type(step)).answer(step, scene, given)


def check() -> None:
    """See that every kind of step is taught. Raises UnknownKindError."""
    for model in KINDS.values():
        _kind(model)


def _kind(model: type[BaseStep]) -> Kind[Any]:
    try:
        return TAUGHT[model]
    except KeyError:
        msg = f"no row of dialogs/steps/registry.py teaches {model.__name__}"
        raise UnknownKindError(msg) from None
