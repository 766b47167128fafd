"""The one table of which module teaches which kind of step.

A new kind is a model in `content/lesson/`, with an entry in its `KINDS`; a module beside this
one; and a row here. A kind that has no row stops the start.
"""

from collections.abc import Callable, Mapping
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
    ConversationStep,
    CurvesStep,
    DashboardStep,
    DecisionStep,
    DialogueStep,
    ExperimentStep,
    ExplanationStep,
    InformationStep,
    JobStep,
    JsonlStep,
    LabStep,
    OrderingStep,
    PromptingStep,
    QualityStep,
    QuizStep,
    ScreenStep,
    SelectionStep,
    StartStep,
    Step,
    SurveyStep,
    SwapStep,
    TargetsStep,
    TextStep,
)
from content.stored import UnreadableError
from dialogs.steps import (
    analysis,
    chat,
    checklist,
    choice,
    comparison,
    complete,
    conversation,
    dashboard,
    decision,
    dialogue,
    experiment,
    explanation,
    information,
    job,
    jsonl,
    lab,
    ordering,
    prompting,
    quality,
    quiz,
    reading_curves,
    screen,
    selection,
    start,
    survey,
    swap,
    targets,
    text,
)
from dialogs.values import actions
from dialogs.values.actions import Own
from dialogs.values.kept import Kept
from dialogs.values.progress import Record
from dialogs.values.replies import Button
from dialogs.values.scene import Ask, Outcome, Scene, StepEvent, Unclear
from dialogs.work import needs
from dialogs.work.decisions import Decided
from dialogs.work.prompting import Chosen
from dialogs.work.targets import Targets
from dialogs.work.training_set import Selected, Written

Model = TypeVar("Model", bound=BaseStep)


class UnknownKindError(TutorError):
    """A kind of step that no module teaches."""


class AmbiguousActionError(TutorError):
    """What a kind's own button does is written like something else."""


def _nothing_asked(_: BaseStep, scene: Scene, __: StepEvent) -> Outcome:
    return Unclear(scene.strings.tutor.nothing_to_answer)


def _no_buttons(_: BaseStep, __: Scene) -> tuple[Button, ...]:
    return ()


def _no_solution(_: BaseStep, __: Scene) -> str:
    return ""


def _todo_by_help(step: BaseStep, _: Scene) -> str:
    return step.help


def _nothing_left_over(_: BaseStep, __: Scene) -> Outcome | None:
    return None


@dataclass(frozen=True)
class Kind(Generic[Model]):
    """How a kind of step is taught: put to the learner, and judged unless it asks nothing.

    `buttons` are those of its own that are no `Answer`: their words may be typed. `own` is what
    they do that no other kind does. `state` is what the kind keeps in its record, if anything.
    `solution` says what would be right, empty where several things are; `todo` what is still to be
    done before one may go on.
    `left_over` ends a step of several answers where an author took away what was still open.
    `longest` is how many characters of a text it reads: a longer one is never cut, but sent back.
    """

    model: type[Model]
    present: Callable[[Model, Scene], Ask]
    answer: Callable[[Model, Scene, StepEvent], Outcome] = _nothing_asked
    buttons: Callable[[Model, Scene], tuple[Button, ...]] = _no_buttons
    own: tuple[Own, ...] = ()
    state: type[Kept] | None = None
    solution: Callable[[Model, Scene], str] = _no_solution
    todo: Callable[[Model, Scene], str] = _todo_by_help
    left_over: Callable[[Model, Scene], Outcome | None] = _nothing_left_over
    longest: int = 8_000


ROWS: tuple[Kind[Any], ...] = (
    Kind(StartStep, start.present, start.answer, start.buttons),
    Kind(InformationStep, information.present),
    Kind(SwapStep, swap.present),
    Kind(ExplanationStep, explanation.present),
    Kind(
        ChecklistStep,
        checklist.present,
        checklist.answer,
        state=checklist.State,
        solution=checklist.solution,
    ),
    Kind(TargetsStep, targets.present, targets.answer, state=Targets),
    Kind(
        ChatStep,
        chat.present,
        chat.answer,
        state=chat.State,
        todo=chat.todo,
        longest=chat.LONGEST,
    ),
    Kind(
        ChoiceStep,
        choice.present,
        choice.answer,
        state=choice.State,
        solution=choice.solution,
    ),
    Kind(
        TextStep,
        text.present,
        text.answer,
        text.buttons,
        own=(needs.LOOK,),
        state=text.State,
        solution=text.solution,
        longest=text.LONGEST,
    ),
    Kind(
        SelectionStep,
        selection.present,
        selection.answer,
        selection.buttons,
        own=(selection.EXPERIMENT,),
        state=Selected,
    ),
    Kind(
        JsonlStep,
        jsonl.present,
        jsonl.answer,
        jsonl.buttons,
        own=(jsonl.SHOW,),
        state=Written,
        longest=jsonl.LONGEST,
    ),
    Kind(
        DialogueStep,
        dialogue.present,
        dialogue.answer,
        state=dialogue.State,
        longest=jsonl.LONGEST,
    ),
    Kind(
        QualityStep,
        quality.present,
        quality.answer,
        state=quality.State,
        left_over=quality.left_over,
    ),
    Kind(
        OrderingStep,
        ordering.present,
        ordering.answer,
        state=ordering.State,
        solution=ordering.solution,
    ),
    Kind(
        ScreenStep,
        screen.present,
        screen.answer,
        state=Decided,
        left_over=screen.left_over,
    ),
    Kind(LabStep, lab.present, lab.answer, state=lab.State),
    Kind(
        CurvesStep,
        reading_curves.present,
        reading_curves.answer,
        state=reading_curves.State,
    ),
    Kind(
        JobStep, job.present, job.answer, job.buttons, own=(job.STATUS, job.CANCEL), state=job.State
    ),
    Kind(
        PromptingStep,
        prompting.present,
        prompting.answer,
        prompting.buttons,
        own=(prompting.TRY,),
        state=Chosen,
    ),
    Kind(
        ComparisonStep,
        comparison.present,
        comparison.answer,
        comparison.buttons,
        own=(comparison.SHOW,),
        state=comparison.State,
        todo=comparison.todo,
        longest=comparison.LONGEST,
    ),
    Kind(
        DashboardStep,
        dashboard.present,
        dashboard.answer,
        dashboard.buttons,
        own=(needs.LOOK, dashboard.OPEN, dashboard.FILTER, dashboard.TEST),
        state=dashboard.State,
        todo=dashboard.todo,
    ),
    Kind(
        DecisionStep,
        decision.present,
        decision.answer,
        decision.buttons,
        own=(needs.LOOK,),
        state=decision.State,
        longest=text.LONGEST,
    ),
    Kind(
        AnalysisStep,
        analysis.present,
        analysis.answer,
        analysis.buttons,
        own=(needs.LOOK,),
        state=analysis.State,
    ),
    Kind(
        ExperimentStep,
        experiment.present,
        experiment.answer,
        state=experiment.State,
        todo=experiment.todo,
    ),
    Kind(
        ConversationStep,
        conversation.present,
        conversation.answer,
        state=conversation.State,
        todo=conversation.todo,
    ),
    Kind(QuizStep, quiz.present, quiz.answer, quiz.buttons, own=(quiz.BEGIN,), state=quiz.State),
    Kind(SurveyStep, survey.present, survey.answer, state=choice.State),
    Kind(CompleteStep, complete.present, buttons=complete.buttons),
)
TAUGHT: dict[type[BaseStep], Kind[Any]] = {row.model: row for row in ROWS}


def present(step: Step, scene: Scene) -> Ask:
    """Put the step to the learner."""
    return _kind(type(step)).present(step, scene)


def buttons(step: Step, scene: Scene) -> tuple[Button, ...]:
    """The step's own buttons whose words may be typed: all but those that answer it."""
    return _kind(type(step)).buttons(step, scene)


def answer(step: Step, scene: Scene, given: StepEvent) -> Outcome:
    """Judge what the learner gave; a step that asks nothing says how to go on."""
    return _kind(type(step)).answer(step, scene, given)


def solution(step: Step, scene: Scene) -> str:
    """What would be right at the step, in words; empty where several things are."""
    return _kind(type(step)).solution(step, scene)


def todo(step: Step, scene: Scene) -> str:
    """What is still to be done at the step before one may go on, in words."""
    return _kind(type(step)).todo(step, scene)


def left_over(step: Step, scene: Scene) -> Outcome | None:
    """How the step ends for want of anything to do; None as long as there is something."""
    if scene.record.status == "passed":
        return None
    return _kind(type(step)).left_over(step, scene)


def longest(step: Step) -> int:
    """How many characters of a text the step reads."""
    return _kind(type(step)).longest


def unreadable(step: Step, record: Record) -> UnreadableError | None:
    """Why a record's state can't be read by its step; None for one that can."""
    kept = _kind(type(step)).state
    try:
        if kept is not None:
            kept.of(record.state)
    except UnreadableError as error:
        return error
    return None


def states() -> tuple[type[Kept], ...]:
    """What the kinds of steps keep in a learner's record."""
    return tuple(kind.state for kind in TAUGHT.values() if kind.state is not None)


def check(taught: Mapping[type[BaseStep], Kind[Any]] = TAUGHT) -> None:
    """See that every kind of step is taught, by buttons that can be told from all others.

    Raises UnknownKindError or AmbiguousActionError.
    """
    for model in KINDS.values():
        for own in _kind(model, taught).own:
            if actions.read(str(own)) != own:
                msg = f'{model.__name__} can have no button "{own}": it means something else'
                raise AmbiguousActionError(msg)


def _kind(model: type[BaseStep], taught: Mapping[type[BaseStep], Kind[Any]] = TAUGHT) -> Kind[Any]:
    try:
        return taught[model]
    except KeyError:
        msg = f"no row of dialogs/steps/registry.py teaches {model.__name__}"
        raise UnknownKindError(msg) from None
