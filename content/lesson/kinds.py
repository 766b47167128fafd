"""The one table of all kinds of step, by the name that a lesson gives in `kind`.

`dialogs/steps/registry.py` says for each of them which module teaches it.
"""

from functools import lru_cache, reduce
from operator import or_
from typing import Annotated, Any, get_args

from pydantic import Field, SerializeAsAny, TypeAdapter, WrapValidator

from content.lesson.base import BaseStep
from content.lesson.data import DialogueStep, JsonlStep, QualityStep, SelectionStep
from content.lesson.experimenting import ConversationStep, ExperimentStep
from content.lesson.judging import (
    AnalysisStep,
    ChatStep,
    ComparisonStep,
    DashboardStep,
    DecisionStep,
    PromptingStep,
    SwapStep,
)
from content.lesson.questions import (
    ChecklistStep,
    ChoiceStep,
    OrderingStep,
    QuizStep,
    SurveyStep,
    TargetsStep,
    TextStep,
)
from content.lesson.reading import CompleteStep, ExplanationStep, InformationStep, StartStep
from content.lesson.training import CurvesStep, JobStep, LabStep, ScreenStep


def kind_of(model: type[BaseStep]) -> str:
    """The name of a kind of step. Raises TypeError for one that doesn't say all it must."""
    names = get_args(model.model_fields["kind"].annotation)
    if len(names) != 1 or not hasattr(model, "assessed") or model.__abstractmethods__:
        msg = f"{model.__name__} must say its kind (one literal), `assessed` and `effort_s`"
        raise TypeError(msg)
    return str(names[0])


KINDS: dict[str, type[BaseStep]] = {
    kind_of(model): model
    for model in (
        StartStep,
        InformationStep,
        ExplanationStep,
        ChecklistStep,
        TargetsStep,
        ChatStep,
        ChoiceStep,
        TextStep,
        SelectionStep,
        JsonlStep,
        DialogueStep,
        QualityStep,
        OrderingStep,
        ScreenStep,
        LabStep,
        CurvesStep,
        JobStep,
        PromptingStep,
        ComparisonStep,
        DashboardStep,
        DecisionStep,
        AnalysisStep,
        ExperimentStep,
        ConversationStep,
        SwapStep,
        QuizStep,
        SurveyStep,
        CompleteStep,
    )
}


def givers(material: str) -> tuple[str, ...]:
    """The kinds of step that make this material."""
    return tuple(name for name, model in KINDS.items() if material in model.gives)


@lru_cache(maxsize=4)
def _reader(models: tuple[type[BaseStep], ...]) -> TypeAdapter[BaseStep]:
    """What makes a step of data: `kind` tells the model."""
    union: Any = reduce(or_, models)
    return TypeAdapter(Annotated[union, Field(discriminator="kind")])


def _read(value: object, _: object) -> BaseStep:
    return _reader(tuple(KINDS.values())).validate_python(value)


# A step of any kind in the table. It is read by the table as it is then.
Step = Annotated[BaseStep, WrapValidator(_read), SerializeAsAny()]
