"""What a learner who knows everything would answer: read from the lesson and from their figures."""

from pathlib import Path
from random import Random

import yaml

from bot.simulate import answers
from bot.simulate.answers import Values
from content.lesson import (
    AnalysisStep,
    ChatStep,
    ConversationStep,
    CurvesStep,
    DecisionStep,
    ExperimentStep,
    LabStep,
    PromptingStep,
    QualityStep,
    QuizStep,
    ScreenStep,
    Step,
    TextStep,
)
from content.lesson.experimenting import PREDICTED
from dialogs.simulations.persona import dashboard
from dialogs.simulations.persona.measurements import row
from dialogs.steps import (
    analysis,
    chat,
    conversation,
    experiment,
    lab,
    quality,
    quiz,
    reading_curves,
)
from dialogs.values.scene import Scene
from dialogs.work import metrics
from dialogs.work.data_problems import data_faults
from dialogs.work.decisions import Decided
from dialogs.work.models import current
from dialogs.work.persona_company import company_of
from dialogs.work.weighing import diagnosis

ANSWERS = Path(__file__).parent / "conversation" / "answers"


def right(step: Step, scene: Scene) -> tuple[str, Values] | str | None:
    """The next right thing to do: a button and its inputs, a text to type, or None for Next."""
    if scene.record.status == "passed":
        return None
    match step:
        case ChatStep():
            return _query(step, scene)
        case TextStep():
            return "answer", {"text": _text(scene.lesson.id, step.id)}
        case QualityStep() if scene.record.waived and data_faults(scene):
            return None
        case QualityStep():
            ticked = quality.State.of(scene.record.state).ticked
            check = next(c for c in step.checks if c.id not in ticked)
            return "answer", {"picked": quality.puzzle(check, scene).right}
        case ScreenStep():
            return _decision(step, scene)
        case LabStep():
            return _run(scene)
        case ConversationStep():
            said = {one.message for one in conversation.State.of(scene.record.state).said}
            return next(sample for sample in step.samples if sample not in said)
        case ExperimentStep():
            made = len(experiment.trials(scene.record.state))
            values = answers.settings(step, made, Random(made))
            foreseen = {PREDICTED: step.predict.options[0].id} if step.predict and not made else {}
            return "answer", {**values, **foreseen}
        case CurvesStep():
            return "answer", {"picked": reading_curves.shown(step, scene).id}
        case PromptingStep():
            usual = company_of(scene).usual_prompting
            return "answer", {name: ",".join(ids) for name, ids in usual.model_dump().items()}
        case DecisionStep():
            found = diagnosis(scene)
            assert found
            return "answer", {"picked": found.next_step, "why": _justification(scene)}
        case AnalysisStep():
            return "answer", {"picked": ",".join(analysis.truth(step, scene))}
        case QuizStep():
            return _question(step, scene)
        case _:
            return answers.known(step)


def _text(lesson: str, step: str) -> str:
    found: dict[str, str] = yaml.safe_load((ANSWERS / f"{lesson}.yaml").read_text("utf-8"))
    return found[step]


def _justification(scene: Scene) -> str:
    """What the goal and accuracy went from and to, as a colleague can check it."""
    now = current(scene)
    assert now
    assert now.evaluation
    rows = dashboard(now.evaluation)
    found = [row(rows, name) for name in (now.evaluation.goal, "accuracy")]
    return " ".join(
        f"{metrics.label(scene.lesson, r.metric)}: "
        f"{metrics.figure(scene, r.metric, r.comparison.a)} → "
        f"{metrics.figure(scene, r.metric, r.comparison.b)}."
        for r in found
    )


def _query(step: ChatStep, scene: Scene) -> str:
    asked = chat.State.of(scene.record.state).asked
    queries = [s.query for s in step.samples]
    if step.tone_fault:
        queries += [q for p in company_of(scene).world.pairs for q in (p.first, p.second)]
    return next((q for q in queries if q not in asked), queries[0])


def _decision(step: ScreenStep, scene: Scene) -> tuple[str, Values]:
    held = Decided.of(scene.record.state).decisions
    return "answer", {
        d.id: next(o.id for o in d.options if not o.refused)
        for d in step.decisions
        if d.id not in held
    }


def _run(scene: Scene) -> tuple[str, Values]:
    """Good, too little, too much: learnt by heart, since figures that diverge differ by machine.

    Flawed data may be learnt by nobody's heart; it diverges all the same.
    """
    runs = len(lab.State.of(scene.record.state).runs)
    multiplier, epochs, predicted = (
        ("1", "3", "good"),
        ("0.1", "1", "underfit"),
        ("1", "30", "overfit"),
        ("10", "3", "diverged"),
    )[runs % 4]
    batch = str(1 + runs // 4)  # the same run again wouldn't count
    values = {"learning_rate_multiplier": multiplier, "batch_size": batch, "n_epochs": epochs}
    return "answer", {**values, "predicted": predicted}


def _question(step: QuizStep, scene: Scene) -> tuple[str, Values]:
    state = quiz.State.of(scene.record.state)
    if not state.is_open:
        return "begin-quiz", {}
    name = state.drawn[len(state.right)]
    question = next(q for q in step.bank if q.id == name)
    return "answer", {"picked": answers.correct(question)}
