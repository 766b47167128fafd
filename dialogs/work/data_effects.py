"""What flawed lines did to the learner's model, counted among its replies."""

from collections.abc import Sequence

from dialogs.simulations.persona import DataProblem, Evaluation
from dialogs.simulations.persona.diagnosis import FALL
from dialogs.simulations.persona.evaluation import Answers
from dialogs.simulations.persona.statistics import paired_means
from dialogs.values.scene import Scene
from dialogs.work.data_problems import data_problems, in_words
from dialogs.work.models import current, is_older_than_data
from dialogs.work.persona_company import company_of

LOW = "12"  # points of the goal that a reply has which breaks from a polite set's tone


def data_effects(scene: Scene) -> tuple[str, ...]:
    """Each flaw of lines that the model learned, and whether its replies show it.

    Nothing where there is no such line, or no figures of a model of the set as it is now.
    """
    now = current(scene)
    if now is None or now.evaluation is None or is_older_than_data(scene):
        return ()
    return tuple(
        _effect(problem, now.evaluation, scene)
        for problem in data_problems(scene)
        if problem.lines and problem.kind not in {"unfit", "copies"}
    )


def _effect(problem: DataProblem, evaluation: Evaluation, scene: Scene) -> str:
    words, told = scene.strings.model, in_words(problem, scene)
    if problem.kind == "personal-data":
        return words.effect_private.format(problem=told)
    base, tuned = (_shown(problem, evaluation, evaluation.sides[s]) for s in ("base", "tuned"))
    found = paired_means(base, tuned, less_is_better=True)
    # A sound set costs some right answers, too.
    least = FALL if problem.kind == "astray" else 0
    if found.degraded and 100 * found.difference >= least:
        line = words.effect_seen
    elif found.improved:
        # Good lines drove out what the base model did: what the flawed ones did is hidden in that.
        line = words.effect_hidden
    else:
        line = words.effect_unseen
    return line.format(
        problem=told,
        sign=_sign(problem, evaluation, scene),
        tuned=sum(tuned),
        base=sum(base),
        customers=len(evaluation.customers),
    )


def _shown(problem: DataProblem, evaluation: Evaluation, answers: Answers) -> Sequence[int]:
    """For each customer 1 where a model's reply has the flaw, else 0."""
    match problem.kind:
        case "flagged":
            flagged = [problem.about in reply.flags for reply in answers.replies]
            return [int(flagged[at]) for at in answers.reply_of]
        case "low":
            return [int(points == "1") for points in answers.scales[problem.about]]
        case "astray":
            return [int(right == "0") for right in answers.accurate]
        case _:
            return [int(points in LOW) for points in answers.scales[evaluation.goal]]


def _sign(problem: DataProblem, evaluation: Evaluation, scene: Scene) -> str:
    """By what the flaw is known in a reply."""
    words, rubric = scene.strings.model, company_of(scene).rubric
    match problem.kind:
        case "flagged":
            return words.problem_title.format(title=rubric.flags[problem.about].label)
        case "low":
            return words.effect_lowest.format(scale=rubric.scales[problem.about].label)
        case "astray":
            return words.effect_astray
        case _:
            return words.effect_low.format(scale=rubric.scales[evaluation.goal].label)
