"""The one place that knows which module teaches which kind of step."""

from typing import assert_never

from content.lesson import (
    AnalysisStep,
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
from dialogs.values.scene import Ask, Given, Outcome, Scene, Unclear


def present(step: Step, scene: Scene) -> Ask:
    """Put the step to the learner."""
    match step:
        case StartStep():
            return start.present(step, scene)
        case InformationStep():
            return information.present(step, scene)
        case ExplanationStep():
            return explanation.present(step, scene)
        case ChecklistStep():
            return checklist.present(step, scene)
        case TargetsStep():
            return targets.present(step, scene)
        case ChatStep():
            return chat.present(step, scene)
        case ChoiceStep():
            return choice.present(step, scene)
        case TextStep():
            return text.present(step, scene)
        case SelectionStep():
            return selection.present(step, scene)
        case JsonlStep():
            return jsonl.present(step, scene)
        case QualityStep():
            return quality.present(step, scene)
        case OrderingStep():
            return ordering.present(step, scene)
        case ScreenStep():
            return screen.present(step, scene)
        case LabStep():
            return lab.present(step, scene)
        case JobStep():
            return job.present(step, scene)
        case ComparisonStep():
            return comparison.present(step, scene)
        case DashboardStep():
            return dashboard.present(step, scene)
        case DecisionStep():
            return decision.present(step, scene)
        case AnalysisStep():
            return analysis.present(step, scene)
        case QuizStep():
            return quiz.present(step, scene)
        case SurveyStep():
            return survey.present(step, scene)
        case CompleteStep():
            return complete.present(step, scene)
        case _:
            assert_never(step)


def answer(step: Step, scene: Scene, given: Given) -> Outcome:
    """Judge what the learner gave; a step that asks nothing says how to go on."""
    match step:
        case StartStep():
            word = scene.strings.tutor.begin
            return Unclear(scene.strings.tutor.how_to_begin.format(word=word))
        case InformationStep() | ExplanationStep() | CompleteStep():
            return Unclear(scene.strings.tutor.nothing_to_answer)
        case ChecklistStep():
            return checklist.answer(step, scene, given)
        case TargetsStep():
            return targets.answer(step, scene, given)
        case ChatStep():
            return chat.answer(step, scene, given)
        case ChoiceStep():
            return choice.answer(step, scene, given)
        case TextStep():
            return text.answer(step, scene, given)
        case SelectionStep():
            return selection.answer(step, scene, given)
        case JsonlStep():
            return jsonl.answer(step, scene, given)
        case QualityStep():
            return quality.answer(step, scene, given)
        case OrderingStep():
            return ordering.answer(step, scene, given)
        case ScreenStep():
            return screen.answer(step, scene, given)
        case LabStep():
            return lab.answer(step, scene, given)
        case JobStep():
            return job.answer(step, scene, given)
        case ComparisonStep():
            return comparison.answer(step, scene, given)
        case DashboardStep():
            return dashboard.answer(step, scene, given)
        case DecisionStep():
            return decision.answer(step, scene, given)
        case AnalysisStep():
            return analysis.answer(step, scene, given)
        case QuizStep():
            return quiz.answer(step, scene, given)
        case SurveyStep():
            return survey.answer(step, scene, given)
        case _:
            assert_never(step)
