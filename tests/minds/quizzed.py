"""Learners at the quiz alone: who knows a share, who guesses, and who remembers what was told."""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random

from content.lesson import Question, QuizStep
from dialogs.steps import quiz
from dialogs.values.actions import Answer
from dialogs.values.events import Pressed
from dialogs.values.progress import Record
from dialogs.values.scene import Judged, Noted, Scene, Unclear

ATTEMPTS = 5


@dataclass
class Memory:
    """What a learner takes from the feedback: options known to be right, and to be wrong.

    `skill` is the share of questions whose answer they know; in the others they guess.
    """

    skill: float
    dice: Random
    known: set[str] = field(default_factory=set)
    wrong: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def pick(self, question: Question) -> str:
        """Their answer: known, remembered, or guessed among what isn't known to be wrong."""
        right = next(o.id for o in question.options if o.right)
        if question.id in self.known or self.dice.random() < self.skill:
            return right
        left = [o.id for o in question.options if o.id not in self.wrong[question.id]]
        return self.dice.choice(left)

    def learn(self, question: Question, picked: str, told: str) -> None:
        """Keep what the feedback says, and whatever it gives away."""
        for option in question.options:
            if option.right and (picked == option.id or option.text in told):
                self.known.add(question.id)
        if not any(o.right for o in question.options if o.id == picked):
            self.wrong[question.id].add(picked)


def passes_at(step: QuizStep, scene: Scene, memory: Memory) -> int | None:
    """The attempt at which this learner passes; None where five aren't enough."""
    bank = {q.id: q for q in step.bank}
    for attempt in range(1, ATTEMPTS + 1):
        scene = replace(scene, now=scene.now + timedelta(minutes=step.pause_min))
        outcome = quiz.answer(step, scene, _pressed(step))
        while not isinstance(outcome, Judged):
            assert isinstance(outcome, Noted)
            scene = _kept(step, scene, outcome)
            state = quiz.State.of(scene.record.state)
            question = bank[state.drawn[len(state.right)]]
            picked = memory.pick(question)
            outcome = quiz.answer(step, scene, _pressed(step, picked))
            assert not isinstance(outcome, Unclear)
            assert isinstance(outcome, Judged | Noted)
            memory.learn(question, picked, str(outcome.blocks))
        if outcome.passed:
            return attempt
        scene = _kept(step, scene, outcome)
    return None


def _kept(step: QuizStep, scene: Scene, outcome: Noted | Judged) -> Scene:
    state = outcome.state.as_json() if outcome.state else None
    return replace(
        scene, progress=scene.progress.with_record(step.id, Record("tried", state=state))
    )


def _pressed(step: QuizStep, *picked: str) -> Pressed:
    return Pressed(
        lesson="",
        learner="",
        step=step.id,
        ticket=0,
        digest="",
        do=Answer() if picked else quiz.BEGIN,
        picks={"picked": picked} if picked else {},
    )


def shares(step: QuizStep, scene: Scene, skill: float, learners: int) -> list[float]:
    """The share of so many learners that has passed by the first, second … attempt."""
    passed = []
    for seed in range(learners):
        progress = replace(scene.progress, seed=seed)
        there = replace(scene, progress=progress, step_id=step.id)
        passed.append(passes_at(step, there, Memory(skill, Random(seed))))
    return [
        sum(at is not None and at <= n for at in passed) / learners for n in range(1, ATTEMPTS + 1)
    ]
