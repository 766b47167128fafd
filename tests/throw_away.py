"""A kind of step that is there for a test alone: guess a number.

What it took is all that a new kind takes: the model, what its module would hold, and the two
entries that register it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, NoReturn

from content.lesson import KINDS, BaseStep, Complaint, Words
from content.lesson.base import Surroundings
from content.lesson.effort import SET_S
from dialogs.reading.typed import number
from dialogs.steps.registry import TAUGHT, Kind
from dialogs.values.actions import Answer
from dialogs.values.events import Pressed, Typed
from dialogs.values.replies import Button, Notice, Number
from dialogs.values.scene import Ask, Judged, Outcome, Scene, StepEvent, Unclear


class EstimateStep(BaseStep):
    """A number is guessed."""

    assessed = True

    kind: Literal["estimate"]
    prompt: Words
    truth: float
    within: float
    praise: Words
    wrong: Words

    @property
    def effort_s(self) -> float:
        return SET_S

    def complaints(self, _: Surroundings) -> Iterator[Complaint]:
        if self.within < 0:
            yield ("within",), "no guess can be nearer than it is"


def present(step: EstimateStep, scene: Scene) -> Ask:
    """A number to set."""
    check = scene.strings.tutor.check
    return Ask(
        (Number("guess", step.prompt, 0, 100, 0),),
        (Button(check, Answer(), check, primary=True),),
    )


def answer(step: EstimateStep, _: Scene, given: StepEvent) -> Outcome:
    """Near enough passes."""
    match given:
        case Pressed(texts=texts):
            guess = number(texts.get("guess", ""))
        case Typed(text=text):
            guess = number(text)
        case _:
            guess = None
    if guess is None:
        return Unclear("A number, please.")
    passed = abs(guess - step.truth) <= step.within
    words = step.praise if passed else step.wrong
    return Judged(passed, float(passed), (Notice("good" if passed else "bad", words),))


def raises(*_: object) -> NoReturn:
    """A fault of ours in a step's module."""
    msg = "a fault of the step's"
    raise LookupError(msg)


@contextmanager
def registered(kind: Kind[EstimateStep] | None = None) -> Iterator[None]:
    """The kind is there within this block."""
    KINDS["estimate"] = EstimateStep
    TAUGHT[EstimateStep] = kind or Kind(EstimateStep, present, answer)
    try:
        yield
    finally:
        del KINDS["estimate"]
        TAUGHT.pop(EstimateStep, None)  # a test may have taken it away


LESSON = """
id: guessing
title: Guessing
summary: One guess, and nothing is simulated.
phases: [one]
start:
  id: start
  kind: start
  title: Guessing
  help: Press the button.
  subtitle: Small, but whole
  icon: {source: dice.svg, alt: Two dice}
  objective: Guess.
  scenario: Nobody knows.
  challenge: Only you may.
  requirements: [Guess well]
  details_title: Details
  details: [There are none.]
  button: Begin
complete:
  id: end
  kind: complete
  title: The end
  help: Nothing is left to do.
  body: [You guessed.]
  unfinished: Something is left.
  links: []
"""
PHASE = """
id: one
title: One
goals: [Guess]
complete: {title: Guessed., text: That is all.}
requirements:
  - {id: guessed, text: Guess near enough, steps: [guess]}
steps:
  - id: guess
    kind: estimate
    title: A guess
    help: Guess a number.
    prompt: How many epochs are usual?
    truth: 3
    within: 1
    praise: Near enough.
    wrong: Far from it.
"""


def lesson(folder: Path) -> Path:
    """A lesson on disk that has such a step, and no simulation."""
    (folder / "media").mkdir(parents=True)
    (folder / "media" / "dice.svg").write_text("<svg/>")
    (folder / "lesson.yaml").write_text(LESSON.lstrip())
    (folder / "one.yaml").write_text(PHASE.lstrip())
    return folder
