"""What is wrong with the learner's training set: the one answer that every step gives."""

from collections.abc import Mapping

from content.cached import cached_by_identity
from content.strings import ModelStrings, PersonalWords
from dialogs.reading.personal import Kind, personal_data
from dialogs.simulations.persona import DataProblem
from dialogs.simulations.persona import data_problems as shown_by_figures
from dialogs.values.scene import Scene
from dialogs.work import training_set
from dialogs.work.persona_company import company_of
from dialogs.work.training_set import SETS, TrainingSet


def data_problems(scene: Scene) -> tuple[DataProblem, ...]:
    """All that is wrong with the set as it is now, worst first; nothing where it is sound.

    What the learner knowingly kept is wrong all the same.
    """
    own = _own(scene)
    unfit = tuple(line for lines in own.unfit.values() for line in lines)
    private = tuple(_private(own, scene.strings.data.personal))
    known = (
        DataProblem(kind="unfit", lines=unfit),
        DataProblem(kind="personal-data", lines=private),
    )
    shown = shown_by_figures(own.facts, company_of(scene).rubric)
    return (*(problem for problem in known if problem.lines), *shown)


def data_faults(scene: Scene) -> tuple[str, ...]:
    """The same in words, each with its lines."""
    return tuple(in_words(problem, scene) for problem in data_problems(scene))


def in_words(problem: DataProblem, scene: Scene) -> str:
    """A problem and where it is."""
    words, facts = scene.strings.model, _own(scene).facts
    return words.problems[problem.kind].format(
        where=_where(problem.lines, facts.lines, words),
        about=_about(problem, scene),
        lines=str(facts.lines),
        topics=str(len(facts.topics)),
        dominant=words.numbers.write(facts.dominant, ".0%"),
    )


def _where(lines: tuple[int, ...], of: int, words: ModelStrings) -> str:
    """One line by its number in the file; of several how many, and the first."""
    if not lines:
        return ""
    first = min(lines) + 1
    if len(lines) == 1:
        return words.problem_line.format(first=first)
    return words.problem_lines.format(count=len(lines), of=of, first=first)


def _about(problem: DataProblem, scene: Scene) -> str:
    """What a problem of this kind is about: titles, kinds of data, a flag, a scale."""
    own, rubric = _own(scene), company_of(scene).rubric
    match problem.kind:
        case "unfit":
            quoted = scene.strings.model.problem_title
            return ", ".join(quoted.format(title=title) for title in own.unfit)
        case "personal-data":
            words = scene.strings.data.personal
            kinds = {kind for found in _private(own, words).values() for kind in found}
            return ", ".join(name for kind, name in words.kinds.items() if kind in kinds)
        case "flagged":
            return rubric.flags[problem.about].label
        case "low":
            return rubric.scales[problem.about].label
        case _:
            return ""


def _own(scene: Scene) -> TrainingSet:
    return training_set.collected(scene.lesson, scene.progress, company_of(scene))


@cached_by_identity(SETS)
def _private(own: TrainingSet, words: PersonalWords) -> Mapping[int, frozenset[Kind]]:
    """The lines that hold personal data, on either side, and of which kinds."""
    found = {}
    for at, line in enumerate(own.lines):
        kinds = {
            one.kind for text in (line.message, line.reply) for one in personal_data(text, words)
        }
        if kinds:
            found[at] = frozenset(kinds)
    return found
