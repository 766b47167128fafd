"""What the tutor answers to what a learner says beside an answer, from what it really knows."""

from dataclasses import dataclass
from math import ceil

from content.cached import cached_by_identity
from content.lesson import CompleteStep, Lesson, Phase, QuizStep, Step
from content.reading import TalkName
from content.reading_time import minutes
from dialogs.steps import registry
from dialogs.values.facts import Fact, HintShown
from dialogs.values.scene import Scene, next_hint
from dialogs.work import requirements

FAIR = 2  # tries before an answer is shown


@dataclass(frozen=True)
class Talked:
    """One to three sentences, and what happened by them."""

    text: str
    facts: tuple[Fact, ...] = ()


def answered(scene: Scene, step: Step, name: TalkName) -> Talked:
    """The answer to what was said at a step."""
    words, lesson = scene.strings.talk, scene.lesson
    match name:
        case "hint":
            return _hint(scene, step)
        case "hard":
            hinted = _hint(scene, step)
            return Talked(words.hard.format(hint=hinted.text), hinted.facts)
        case "solution":
            return _solution(scene, step)
        case "why":
            return Talked(_why(scene, lesson.phase_of(step.id)))
        case "time":
            return Talked(_time(scene, step))
        case "left":
            return Talked(_left(scene, step))
        case "skip":
            return Talked(_skip(scene, step))
        case "score":
            return Talked(_score(scene))
        case _:
            start = lesson.start
            return Talked(
                words.says[name].format(
                    title=step.title,
                    help=step.help,
                    how=how(scene, step),
                    objective=start.objective.rstrip("."),
                    scenario=start.scenario,
                )
            )


def how(scene: Scene, step: Step) -> str:
    """How one goes on from a step, in a sentence."""
    words, tutor = scene.strings.talk, scene.strings.tutor
    if requirements.may_leave(step, scene.progress) and not isinstance(step, CompleteStep):
        return words.how_next.format(next=tutor.commands["next"][0])
    return words.how_answer


def _why(scene: Scene, phase: Phase | None) -> str:
    words = scene.strings.talk
    if phase is None:
        return words.why_outside.format(objective=scene.lesson.start.objective.rstrip("."))
    return words.why.format(phase=phase.title, goals="; ".join(phase.goals))


def _time(scene: Scene, step: Step) -> str:
    """How long the lesson takes in all and from here, without what is optional or was passed."""
    lesson, words = scene.lesson, scene.strings.talk
    if isinstance(step, CompleteStep):
        return words.time_over
    left = tuple(s.id for s in _ahead(scene, step))
    return words.time.format(left=_minutes(lesson, left), all=_minutes(lesson, None))


def _ahead(scene: Scene, step: Step) -> list[Step]:
    """What is still to be done from here on."""
    steps = scene.lesson.steps
    after = steps[steps.index(step) :]
    record = scene.progress.record
    return [s for s in after if not s.optional and record(s.id).status != "passed"]


@cached_by_identity(500)
def _minutes(lesson: Lesson, ids: tuple[str, ...] | None) -> int:
    """What these steps take, in whole minutes; None means all that nobody may leave out."""
    steps = [s for s in lesson.steps if (s.id in ids if ids is not None else not s.optional)]
    return max(1, ceil(minutes(lesson, *steps)))


def _left(scene: Scene, step: Step) -> str:
    words, lesson = scene.strings.talk, scene.lesson
    phase = lesson.phase_of(step.id)
    if isinstance(step, CompleteStep):
        return words.left_end
    after = lesson.steps[lesson.steps.index(step) + 1 :]
    left = len([s for s in after if not isinstance(s, CompleteStep)])
    if phase is None:
        return words.left_start.format(left=left)
    return words.left.format(
        here=[s.id for s in phase.steps].index(step.id) + 1,
        of=len(phase.steps),
        phase=lesson.phases.index(phase) + 1,
        phases=len(lesson.phases),
        left=left,
    )


def _skip(scene: Scene, step: Step) -> str:
    words, commands = scene.strings.talk, scene.strings.tutor.commands
    if step.tutorial:
        return words.skip_tutorial.format(skip=commands["skip"][0])
    if requirements.may_leave(step, scene.progress) and not isinstance(step, CompleteStep):
        return words.skip_yes.format(next=commands["next"][0])
    return words.skip_no


def _score(scene: Scene) -> str:
    words, record = scene.strings.talk, scene.progress.record
    assessed = [s for s in scene.lesson.steps if requirements.is_assessed(s)]
    passed = [record(s.id) for s in assessed if record(s.id).status == "passed"]
    if not passed:
        return words.score_none
    return words.score.format(
        passed=len(passed),
        assessed=len(assessed),
        at_once=sum(one.attempts <= 1 for one in passed),
    )


def _hint(scene: Scene, step: Step) -> Talked:
    """The hint that the next miss would bring; a step without hints has its help."""
    words, misses = scene.strings.talk, scene.record.misses
    hint = next_hint(getattr(step, "hints", ()), misses)
    if hint is None or scene.record.status == "passed":
        return Talked(words.hint_help.format(help=step.help))
    return Talked(hint, _shown(scene, step, misses + 1))


def _solution(scene: Scene, step: Step) -> Talked:
    """What would be right, after a fair try. That it was shown is kept."""
    words = scene.strings.talk
    if isinstance(step, QuizStep):
        return Talked(words.solution_quiz)
    told = registry.solution(step, scene)
    if not told:
        return Talked(words.solution_none.format(help=step.help))
    if scene.record.misses < FAIR and scene.record.status != "passed":
        hinted = _hint(scene, step)
        return Talked(words.solution_early.format(tries=FAIR, hint=hinted.text), hinted.facts)
    level = len(getattr(step, "hints", ())) + 1
    return Talked(told, _shown(scene, step, level))


def _shown(scene: Scene, step: Step, level: int) -> tuple[Fact, ...]:
    when = {"lesson": scene.lesson.id, "run": scene.progress.run, "at": scene.now}
    return (HintShown(**when, step=step.id, level=level),)
