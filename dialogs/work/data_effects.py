"""What flawed lines did to the learner's model, counted among its replies."""

from math import sqrt

from dialogs.simulations.persona import DataProblem, Evaluation
from dialogs.simulations.persona.evaluation import ModelVariant
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
    base, tuned = (_count(problem, evaluation, side) for side in ("base", "tuned"))
    # Twice the chance that a count has: less is what the next customers might undo.
    shows = tuned - base > 2 * sqrt(tuned + base)
    return (words.effect_seen if shows else words.effect_unseen).format(
        problem=told,
        sign=_sign(problem, evaluation, scene),
        tuned=tuned,
        base=base,
        customers=len(evaluation.customers),
    )


def _count(problem: DataProblem, evaluation: Evaluation, side: ModelVariant) -> int:
    """How many replies of a model have the flaw."""
    answers = evaluation.sides[side]
    match problem.kind:
        case "flagged":
            return sum(
                problem.about in answers.reply(n).flags for n in range(len(evaluation.customers))
            )
        case "low":
            return answers.scales[problem.about].count("1")
        case "astray":
            return answers.accurate.count("0")
        case _:
            return sum(answers.scales[evaluation.goal].count(points) for points in LOW)


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
