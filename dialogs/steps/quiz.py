"""The quiz step: questions drawn from a bank, each answered with why, passed by a share."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from content.lesson import Question, QuizStep
from dialogs.steps.choice import asking, read, shown
from dialogs.values.actions import Answer, Own
from dialogs.values.events import Pressed, Typed
from dialogs.values.facts import Picked
from dialogs.values.kept import Kept
from dialogs.values.replies import Block, Button, Item, Notice, Select, Text
from dialogs.values.scene import (
    Ask,
    Ignored,
    Judged,
    Noted,
    Outcome,
    Scene,
    StepEvent,
    Unclear,
    pick_of,
)

BEGIN = Own("begin-quiz")


@dataclass(frozen=True)
class State(Kept):
    """The questions drawn and how each was answered; `used` are those of all attempts.

    `chosen` has the options of each answer. (An attempt that was under way before they were kept
    has fewer of them: the last ones.)
    """

    drawn: tuple[str, ...] = ()
    right: tuple[bool, ...] = ()
    chosen: tuple[tuple[str, ...], ...] = ()
    used: tuple[str, ...] = ()
    attempt: int = 0

    @property
    def is_open(self) -> bool:
        """Whether a question is still to be answered."""
        return len(self.right) < len(self.drawn)


def _state(step: QuizStep, scene: Scene) -> State:
    """What is kept; an attempt of which a question was taken out of the lesson begins anew."""
    state = State.of(scene.record.state)
    known = {question.id for question in step.bank}
    return state if known.issuperset(state.drawn) else replace(state, drawn=(), right=(), chosen=())


def draw(step: QuizStep, used: Sequence[str], dice: Random) -> tuple[str, ...]:
    """Draw the questions of one attempt: `step.each` of every phase at least.

    Questions of `used` come again only when their phase has no others left.
    """
    phases = list(dict.fromkeys(q.phase for q in step.bank))
    waiting = {p: _shuffled(step, p, used, dice) for p in phases}
    picked = [q for p in phases for q in waiting[p][: step.each]]
    spare = [q for p in phases for q in waiting[p][step.each :]]
    # Fresh ones first, then at random over the phases.
    spare.sort(key=lambda q: (q in used, dice.random()))
    picked += spare[: max(0, step.draw - len(picked))]
    order = {q.id: phases.index(q.phase) for q in step.bank}
    return tuple(sorted(picked, key=lambda q: order[q]))


def _shuffled(step: QuizStep, phase: str, used: Sequence[str], dice: Random) -> list[str]:
    """A phase's questions: the unused first, then the used from the longest ago on."""
    mine = [q.id for q in step.bank if q.phase == phase]
    fresh = [q for q in mine if q not in used]
    dice.shuffle(fresh)
    return fresh + sorted((q for q in mine if q in used), key=used.index)


def _question(step: QuizStep, state: State) -> Question:
    return next(q for q in step.bank if q.id == state.drawn[len(state.right)])


def _options(question: Question, scene: Scene, state: State) -> tuple[Item, ...]:
    """The options in this learner's order, another one for each question and attempt."""
    return shown(question.options, f"{scene.seed}/{state.attempt}/{question.id}")


def present(step: QuizStep, scene: Scene) -> Ask:
    """The next question; before the first and after the last what there is to know."""
    words = scene.strings.assess
    state = _state(step, scene)
    if not state.is_open:
        about = words.quiz_begin.format(
            draw=step.draw, share=scene.strings.model.numbers.write(step.share, ".0%")
        )
        blocks = (Text(step.retake if state.attempt else step.prompt), Text(about))
        return Ask(blocks, buttons(step, scene), stays=True)
    question = _question(step, state)
    place = words.quiz_place.format(number=len(state.right) + 1, of=len(state.drawn))
    items = _options(question, scene, state)
    label = asking(question.prompt, scene.strings.tutor, many=question.many)
    return Ask(
        (
            Text(place, "small"),
            Select("picked", label, items, many=question.many),
        ),
        (Button(words.quiz_check, Answer(), words.quiz_check, primary=True),),
        typed=words.quiz_how_many if question.many else words.quiz_how,
    )


def buttons(step: QuizStep, scene: Scene) -> tuple[Button, ...]:
    """Before the first question and after the last, the one that begins."""
    words, state = scene.strings.assess, _state(step, scene)
    if state.is_open:
        return ()
    begins = words.quiz_retake if state.attempt else words.quiz_start
    return (Button(begins, BEGIN, begins, primary=scene.record.status != "passed"),)


def answer(step: QuizStep, scene: Scene, given: StepEvent) -> Outcome:
    """Take an answer, tell why, go on; the last one decides. The score is the share right."""
    words = scene.strings.assess
    state = _state(step, scene)
    if not state.is_open:
        match given:
            case Pressed() | Typed():
                return _begin(step, scene, state)
            case _:
                return Ignored()
    question = _question(step, state)
    items = _options(question, scene, state)
    picked = read(given, items, scene.strings.tutor.typing)
    if not picked or (len(picked) > 1 and not question.many):
        return Unclear(words.quiz_choose)
    right = set(picked) == {o.id for o in question.options if o.right}
    after = replace(state, right=(*state.right, right), chosen=(*state.chosen, picked))
    blocks = _told(scene, question, picked, right=right)
    if after.is_open:
        return Noted(blocks, after)
    return _result(step, scene, after, blocks)


def _begin(step: QuizStep, scene: Scene, state: State) -> Outcome:
    drawn = draw(step, state.used, Random(scene.seed + state.attempt))
    kept = [q for q in state.used if q not in drawn]
    after = State(drawn=drawn, used=(*kept, *drawn), attempt=state.attempt + 1)
    return Noted((), after)


def _told(
    scene: Scene, question: Question, picked: Sequence[str], *, right: bool
) -> tuple[Block, ...]:
    """The feedback on the options that were picked, and the right answer after a wrong one."""
    words = scene.strings.assess
    chosen = [o for o in question.options if o.id in picked]
    why = " ".join(o.feedback for o in chosen)
    if right:
        return (Notice("good", why, words.quiz_right),)
    answers = [o for o in question.options if o.right]
    told = words.quiz_answer_was.format(text="; ".join(o.text for o in answers))
    return (Notice("warning", why, words.quiz_wrong), Text(told))


def _answered(step: QuizStep, scene: Scene, state: State) -> tuple[Picked, ...]:
    """What was shown and picked for each question of the attempt."""
    bank = {q.id: q for q in step.bank}
    known = state.drawn[len(state.drawn) - len(state.chosen) :]
    return tuple(
        pick
        for name, chosen in zip(known, state.chosen, strict=True)
        for pick in pick_of(name, _options(bank[name], scene, state), chosen)
    )


def _result(step: QuizStep, scene: Scene, state: State, told: tuple[Block, ...]) -> Outcome:
    words = scene.strings.assess
    answered = _answered(step, scene, state)
    right, of = sum(state.right), len(state.drawn)
    share = right / of
    figures = {"right": right, "of": of, "percent": int(100 * share)}
    if share >= step.share:
        text = f"{words.quiz_passed.format(**figures)} {step.praise}"
        blocks = (*told, Notice("good", text))
        return Judged(passed=True, score=share, blocks=blocks, state=state, answered=answered)
    weak = _weak(step, state)
    titles = [p.title for p in scene.lesson.phases if p.id in weak]
    result = Notice("warning", words.quiz_result.format(**figures), scene.strings.tutor.not_yet)
    review = Text(words.quiz_weak.format(phases=", ".join(titles)))
    blocks = (*told, result, review)
    return Judged(passed=False, score=share, blocks=blocks, state=state, answered=answered)


def _weak(step: QuizStep, state: State) -> set[str]:
    """The phases with a wrong answer."""
    phase = {q.id: q.phase for q in step.bank}
    return {phase[q] for q, right in zip(state.drawn, state.right, strict=True) if not right}
