"""The quiz step: questions drawn from a bank, each answered with why, passed by a share."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import ceil
from random import Random

from content.lesson import Question, QuizStep
from dialogs.reading.typed import is_one_of
from dialogs.steps.choice import asking, read, shown
from dialogs.values.actions import Answer, Goto, Own
from dialogs.values.events import Pressed, Typed
from dialogs.values.facts import Picked
from dialogs.values.kept import Kept
from dialogs.values.progress import Record
from dialogs.values.replies import Block, Bullets, Button, Item, Notice, Select, Text
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
MOST_WAYS = 3  # buttons to steps that are worth another look
DRAWS = 40  # tries to give every phase and every objective its share with fresh questions


@dataclass(frozen=True)
class State(Kept):
    """The questions drawn and how each was answered; `used` are those of all attempts.

    `chosen` has the options of each answer. (An attempt that was under way before they were kept
    has fewer of them: the last ones.) `best` is the attempt that the score is of; 0 where that
    wasn't kept yet. `opens_at`: when the next attempt opens after a failed one.
    """

    drawn: tuple[str, ...] = ()
    right: tuple[bool, ...] = ()
    chosen: tuple[tuple[str, ...], ...] = ()
    used: tuple[str, ...] = ()
    attempt: int = 0
    best: int = 0
    opens_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether a question is still to be answered."""
        return len(self.right) < len(self.drawn)

    def missed(self, step: QuizStep) -> tuple[Question, ...]:
        """The questions of this attempt that were answered wrongly."""
        bank = {q.id: q for q in step.bank}
        return tuple(
            bank[name] for name, right in zip(self.drawn, self.right, strict=False) if not right
        )

    def has_failed(self, step: QuizStep) -> bool:
        """Whether the last attempt is over and wasn't enough."""
        return bool(self.right) and not self.is_open and self.share < step.share

    @property
    def share(self) -> float:
        """The share of right answers among those given."""
        return sum(self.right) / len(self.right)


def _state(step: QuizStep, scene: Scene) -> State:
    """What is kept; an attempt of which a question was taken out of the lesson begins anew."""
    state = State.of(scene.record.state)
    known = {question.id for question in step.bank}
    return state if known.issuperset(state.drawn) else replace(state, drawn=(), right=(), chosen=())


# --- drawing ------------------------------------------------------------------------


def draw(step: QuizStep, used: Sequence[str], dice: Random) -> tuple[str, ...]:
    """Draw the questions of one attempt: every phase and every objective has its share.

    Questions of `used` come again only where no others are left, from the longest ago on.
    """
    best = _drawn(step, used, dice)
    for _ in range(DRAWS):
        if _flaws(step, best, used) == (0, 0):
            break
        best = min(best, _drawn(step, used, dice), key=lambda p: _flaws(step, p, used))
    phases = list(dict.fromkeys(q.phase for q in step.bank))
    return tuple(q.id for q in sorted(best, key=lambda q: phases.index(q.phase)))


def _drawn(step: QuizStep, used: Sequence[str], dice: Random) -> tuple[Question, ...]:
    """One question after the other, as long as the others can still make the shares up."""
    fresh = [q for q in step.bank if q.id not in used]
    dice.shuffle(fresh)
    order = fresh + sorted((q for q in step.bank if q.id in used), key=lambda q: used.index(q.id))
    phases, aims = _shares(step)
    picked: list[Question] = []
    for question in order:
        lacking = max(
            phases.total() - (phases[question.phase] > 0),
            aims.total() - (aims[question.objective] > 0),
        )
        if lacking < step.draw - len(picked):
            picked.append(question)
            phases -= Counter([question.phase])
            aims -= Counter([question.objective])
    names = {q.id for q in picked}
    spare = [q for q in order if q.id not in names]
    return (*picked, *spare[: step.draw - len(picked)])


def _flaws(step: QuizStep, picked: Sequence[Question], used: Sequence[str]) -> tuple[int, int]:
    """What its shares lack, and how many of its questions were asked before."""
    phases, aims = _shares(step)
    phases -= Counter(q.phase for q in picked)
    aims -= Counter(q.objective for q in picked)
    return phases.total() + aims.total(), sum(q.id in used for q in picked)


def _shares(step: QuizStep) -> tuple[Counter[str], Counter[str]]:
    """How many questions of each phase, and of each objective, a draw has at least."""
    return Counter({q.phase: step.each for q in step.bank}), Counter(step.objectives)


def _question(step: QuizStep, state: State) -> Question:
    return next(q for q in step.bank if q.id == state.drawn[len(state.right)])


def _options(question: Question, scene: Scene, state: State) -> tuple[Item, ...]:
    """The options in this learner's order, another one for each question and attempt."""
    return shown(question.options, f"{scene.seed}/{state.attempt}/{question.id}")


# --- putting it ---------------------------------------------------------------------


def scored_at(record: Record) -> int:
    """The attempt that the score of a quiz is of."""
    return State.of(record.state).best or record.attempts


def missed(step: QuizStep, record: Record) -> tuple[Question, ...]:
    """The questions that were answered wrongly at the last attempt."""
    state = State.of(record.state)
    known = {question.id for question in step.bank}
    return state.missed(step) if known.issuperset(state.drawn) else ()


def present(step: QuizStep, scene: Scene) -> Ask:
    """The next question; before the first and after the last what there is to know."""
    words = scene.strings.assess
    state = _state(step, scene)
    if not state.is_open:
        return Ask(_between(step, scene, state), buttons(step, scene), stays=True)
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


def _between(step: QuizStep, scene: Scene, state: State) -> tuple[Block, ...]:
    """What there is to know between two attempts: what to look at again, and when it goes on."""
    words = scene.strings.assess
    about = words.quiz_begin.format(
        draw=step.draw, share=scene.strings.model.numbers.write(step.share, ".0%")
    )
    told = (Text(step.retake if state.attempt else step.prompt), Text(about))
    if not state.has_failed(step):
        return told
    lines = tuple(
        words.quiz_look_at.format(idea=question.idea, title=there.title)
        for question in state.missed(step)
        if (there := scene.lesson.step(question.step))
    )
    review = (Text(words.quiz_review, "strong"), Bullets(tuple(dict.fromkeys(lines))))
    paused = _paused(scene, state)
    return (*told, *review, Text(paused)) if paused else (*told, *review)


def _paused(scene: Scene, state: State) -> str:
    """When the next attempt opens; empty where it is open."""
    opens_at, passed = state.opens_at, scene.record.status == "passed"
    if opens_at is None or passed or scene.now >= opens_at:
        return ""
    minutes = ceil((opens_at - scene.now) / timedelta(minutes=1))
    return scene.strings.assess.quiz_pause.format(minutes=minutes, time=f"{opens_at:%H:%M}")


def buttons(step: QuizStep, scene: Scene) -> tuple[Button, ...]:
    """Before the first question the one that begins; after a failure the ways to look again."""
    words, state = scene.strings.assess, _state(step, scene)
    if state.is_open:
        return ()
    begins = words.quiz_retake if state.attempt else words.quiz_start
    waits = bool(_paused(scene, state)) or scene.record.status == "passed"
    begin = Button(begins, BEGIN, begins, primary=not waits)
    if not state.has_failed(step):
        return (begin,)
    names = dict.fromkeys(q.step for q in state.missed(step))
    there = [s for s in map(scene.lesson.step, names) if s is not None][:MOST_WAYS]
    looks = (Button(words.quiz_look.format(title=s.title), Goto(s.id), s.title) for s in there)
    return (begin, *looks)


# --- taking it ----------------------------------------------------------------------


def answer(step: QuizStep, scene: Scene, given: StepEvent) -> Outcome:
    """Take an answer, tell why, go on; the last one decides. The score is the share right."""
    words = scene.strings.assess
    state = _state(step, scene)
    if not state.is_open:
        match given:
            case Typed(text=text) if not is_one_of(text, _begins(scene)):
                return Unclear(_paused(scene, state) or _how_to_begin(scene, state))
            case Pressed() | Typed():
                paused = _paused(scene, state)
                return Unclear(paused) if paused else _begin(step, scene, state)
            case _:
                return Ignored()
    question = _question(step, state)
    items = _options(question, scene, state)
    picked = read(given, items, scene.strings.tutor.typing)
    if not picked or (len(picked) > 1 and not question.many):
        return Unclear(words.quiz_choose)
    right = set(picked) == {o.id for o in question.options if o.right}
    after = replace(state, right=(*state.right, right), chosen=(*state.chosen, picked))
    blocks = (_told(scene, question, picked, right=right),)
    if after.is_open:
        return Noted(blocks, after)
    return _result(step, scene, after, blocks)


def _begins(scene: Scene) -> tuple[str, ...]:
    """What can be typed to begin an attempt."""
    words = scene.strings
    return (words.assess.quiz_start, words.assess.quiz_retake, *words.tutor.commands["begin"])


def _how_to_begin(scene: Scene, state: State) -> str:
    words = scene.strings
    begins = words.assess.quiz_retake if state.attempt else words.assess.quiz_start
    return words.tutor.how_to_begin.format(word=begins)


def _begin(step: QuizStep, scene: Scene, state: State) -> Outcome:
    drawn = draw(step, state.used, Random(scene.seed + state.attempt))
    kept = [q for q in state.used if q not in drawn]
    used = (*kept, *drawn)
    after = State(drawn=drawn, used=used, attempt=state.attempt + 1, best=state.best)
    return Noted((), after)


def _told(scene: Scene, question: Question, picked: Sequence[str], *, right: bool) -> Notice:
    """The feedback on the options that were picked, and no word of the others.

    The right answer is told once the quiz is passed: until then the question may come again.
    """
    words = scene.strings.assess
    chosen = [o for o in question.options if o.id in picked]
    why = " ".join(o.feedback for o in chosen)
    if right:
        return Notice("good", why, words.quiz_right)
    if all(o.right for o in chosen):
        why = f"{why} {words.quiz_more}"
    return Notice("warning", why, words.quiz_wrong)


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
    words, answered = scene.strings.assess, _answered(step, scene, state)
    share, figures = state.share, _figures(state)
    if share > scene.record.score or not scene.record.attempts:
        state = replace(state, best=state.attempt)
    if share >= step.share:
        text = f"{words.quiz_passed.format(**figures)} {step.praise}"
        blocks = (*told, Notice("good", text), *_solutions(step, scene, state))
        return Judged(passed=True, score=share, blocks=blocks, state=state, answered=answered)
    paused = replace(state, opens_at=scene.now + timedelta(minutes=step.pause_min))
    result = Notice("warning", words.quiz_result.format(**figures), scene.strings.tutor.not_yet)
    blocks = (*told, result)
    return Judged(passed=False, score=share, blocks=blocks, state=paused, answered=answered)


def _figures(state: State) -> dict[str, int]:
    """The figures of a result."""
    right, of = sum(state.right), len(state.drawn)
    return {
        "attempt": state.attempt,
        "right": right,
        "of": of,
        "percent": int(100 * state.share),
    }


def _solutions(step: QuizStep, scene: Scene, state: State) -> tuple[Block, ...]:
    """The right answers to what was missed."""
    lines = tuple(
        f"{q.prompt} {'; '.join(o.text for o in q.options if o.right)}" for q in state.missed(step)
    )
    return (Text(scene.strings.assess.quiz_answers, "strong"), Bullets(lines)) if lines else ()
