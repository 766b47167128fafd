"""Learners who go through the main lesson, each in their own way, and what they are told."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from bot.simulate.answers import Values
from cards.words import transcript
from content.lesson import (
    AnalysisStep,
    BaseStep,
    ComparisonStep,
    CompleteStep,
    DashboardStep,
    DecisionStep,
    LabStep,
    QualityStep,
    QuizStep,
    ScreenStep,
    SelectionStep,
    Step,
    TargetsStep,
    TextStep,
)
from dialogs.tutor import Tutor
from dialogs.values.replies import Message, Reply
from dialogs.values.scene import Scene
from tests import oracle
from tests.conversation.classroom import Classroom

MAIN = "polite-chatbot"
MOST_TURNS = 400
TRIES = 8  # of a hasty learner at a gate
SPEAK_OF_A_RUN = (SelectionStep, QualityStep, LabStep, ComparisonStep, AnalysisStep, DecisionStep)
SHOW_A_RUN = (ScreenStep, DashboardStep, DecisionStep, CompleteStep)  # before anything is answered
STUFFED = "blah polite help blah data 7 better"

Given = tuple[str, Values] | str | None
Way = Callable[[Step, Scene], Given]


@dataclass
class Course:
    """How far a learner came, and what they were told about data, runs and model."""

    room: Classroom
    told: list[tuple[str, str]] = field(default_factory=list)

    @property
    def is_through(self) -> bool:
        """Whether the lesson is completed."""
        return self.room.progress.completed_at is not None

    def did(self, step: Step, given: Given) -> None:
        """Do one thing, and note what comes of it."""
        room = self.room
        if isinstance(given, tuple):
            replies = room.press(*given)
            room.wait(seconds=60)
        else:
            replies = room.type(given or "next")
        if given is not None and isinstance(step, SPEAK_OF_A_RUN):
            self.told.append((step.id, said(replies)))
        elif (there := _here(room)[0]) is not step and isinstance(there, SHOW_A_RUN):
            self.told.append((there.id, said(replies)))


def said(replies: tuple[Reply, ...]) -> str:
    """What is read on the cards."""
    return transcript([r for r in replies if isinstance(r, Message)])


def walk(tutor: Tutor, ways: Mapping[type[BaseStep], Way], seed: int = 3) -> Course:
    """Go through the lesson: in a way of their own at some kinds of step, else as the oracle."""
    course = Course(Classroom(tutor, MAIN, seed))
    for _ in range(MOST_TURNS):
        step, scene = _here(course.room)
        if step.id == scene.lesson.complete.id:
            break
        own = ways.get(type(step), oracle.right)
        course.did(step, own(step, scene))
    return course


def _here(room: Classroom) -> tuple[Step, Scene]:
    lesson = room.tutor.edition(room.learner, MAIN)
    assert lesson
    scene = room.tutor.scene(room.learner, lesson, room.now, room.results)
    step = lesson.step(scene.progress.cursor)
    assert step
    return step, scene


# --- hasty --------------------------------------------------------------------------


def _hasty(step: Step) -> Given:
    """What costs no thought: the first, the same again, words that sound like an answer."""
    match step:
        case LabStep():
            return "1 1 1 1"
        case TextStep():
            return STUFFED
        case DecisionStep():
            return f"1 {STUFFED}"
        case _:
            return "1"


def hasty(tutor: Tutor) -> dict[str, bool]:
    """At each gate, whether it opens to a hasty learner; afterwards they go on as others do."""
    course, opened = Course(Classroom(tutor, MAIN, 3)), {}
    for _ in range(MOST_TURNS):
        step, scene = _here(course.room)
        if step.id == scene.lesson.complete.id:
            break
        gate = isinstance(step, LabStep | TextStep | DecisionStep | QuizStep)
        if gate and step.id not in opened:
            tries = TRIES if not isinstance(step, QuizStep) else (step.draw + 1) * TRIES
            for _ in range(tries):
                course.did(step, _hasty(step))
                course.room.wait(minutes=1)
            opened[step.id] = course.room.progress.record(step.id).status == "passed"
            continue
        course.did(step, oracle.right(step, scene))
    return opened


# --- experimenting ------------------------------------------------------------------


def experimenting(tutor: Tutor, flawed: str) -> Course:
    """Somebody who puts a flawed conversation beside the good ones and trains on it."""

    def choose(step: Step, scene: Scene) -> Given:
        assert isinstance(step, SelectionStep)
        if scene.record.waived or scene.record.status == "passed":
            return None
        good = [c.id for c in step.conversations if c.good]
        do = "experiment" if scene.record.status == "tried" else "answer"
        return do, {"picked": ",".join((*good, flawed))}

    def check(step: Step, scene: Scene) -> Given:
        return None if scene.record.waived else oracle.right(step, scene)

    return walk(tutor, {SelectionStep: choose, QualityStep: check})


def flawed(tutor: Tutor) -> Iterator[str]:
    """The lesson's flawed conversations."""
    for step in tutor.library.lessons[MAIN].steps_of(SelectionStep):
        yield from (c.id for c in step.conversations if not c.good)


# --- extreme targets ----------------------------------------------------------------


def with_targets(tutor: Tutor, politeness: float, accuracy: float) -> Course:
    """Somebody who sets these targets, and else does right."""

    def targets(_: Step, scene: Scene) -> Given:
        return None if scene.record.status == "passed" else f"{politeness:g} {accuracy:g}"

    return walk(tutor, {TargetsStep: targets})
