"""What the product makes of a text: the one place that knows which of its functions to ask."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import cached_property
from importlib import import_module
from typing import Any, Literal, NamedTuple

from content.lesson import DecisionStep, SelectionStep, TextStep
from dialogs.advance import begin
from dialogs.simulations.persona import Diagnosis, Example, TrainingRecipe, train
from dialogs.steps import text as text_step
from dialogs.values.events import Typed
from dialogs.values.scene import Judged, Noted, Scene
from dialogs.work.persona_company import as_company
from tests.lessons import library, tutor
from tests.understanding import given

LESSON = "polite-chatbot"
QUESTIONS = {"improve": "could these responses be improved", "what-else": "additional improvements"}
HOPEFUL = "hopeful"  # sounds faster than anyone can be, but promises nothing
HARSH = ("dismissal", "sarcasm", "shouting", "rude", "hostile", "condescension")

Verdict = Literal["fits", "ask", "refused"]


class AbsentError(Exception):
    """The product can't do this yet."""


class Read(NamedTuple):
    """How a message was placed: the intents that are answered, else those that are offered."""

    answered: frozenset[str]
    offered: frozenset[str]


class Product:
    """The main lesson's readers."""

    def __init__(self) -> None:
        self.lesson = library().lessons[LESSON]
        # Any: what its answers look like is asked here, and told to nobody else.
        self.company: Any = as_company(tutor().simulation(LESSON, self.lesson.locale))

    # --- messages -----------------------------------------------------------------------

    @property
    def intents(self) -> frozenset[str]:
        """All that the company's customers may want."""
        return frozenset(self.company.world.intents)

    def place(self, message: str) -> Read:
        """What a message is taken for."""
        found: Any = self.company.read(message)
        if found.band == "sure":
            return Read(frozenset({found.intent, found.second} - {None}), frozenset())
        return Read(frozenset(), frozenset(found.choices if found.band == "ask" else ()))

    def is_upset(self, message: str) -> bool:
        """Whether its writer is taken for upset."""
        return "upset" in self.company.marks(message)

    def harm(self, message: str) -> str | None:
        """The kind of harm that a message holds."""
        return str(_function("dialogs.reading.harm", "harm_of")(message) or "") or None

    # --- replies ------------------------------------------------------------------------

    def promises(self, reply: str) -> bool:
        """Whether a reply is said to promise what nobody backs."""
        return bool(self.company.score(reply).flags - {HOPEFUL})

    def is_hostile(self, reply: str) -> bool:
        """Whether a reply is taken for hostile, sarcastic or condescending."""
        return any(
            str(sign).rpartition(".")[2] in HARSH for sign in self.company.score(reply).signs
        )

    def points(self, reply: str, message: str) -> tuple[int, int]:
        """Its politeness and helpfulness, 1 to 5."""
        values: Mapping[str, int] = self.company.score(reply, message).values
        return values["politeness"], values.get("helpfulness", 0)

    # --- free texts ---------------------------------------------------------------------

    def fits(self, question: str, text: str) -> Verdict:
        """What a question's step makes of an answer."""
        step = self._question(question)
        outcome = text_step.answer(step, self._standing_at(step), Typed(text=text))
        if isinstance(outcome, Noted):  # asked what is meant
            return "ask"
        return "fits" if isinstance(outcome, Judged) and outcome.passed else "refused"

    def chance(self, question: str, text: str) -> float:
        """How probably an answer passes whose writer picks blindly where they are asked."""
        verdict = self.fits(question, text)
        if verdict != "ask":
            return float(verdict == "fits")
        step = self._question(question)
        offered = text_step.meanings(step, self._standing_at(step), text)
        return sum(c.id in {item.id for item in offered} for c in step.criteria) / len(offered)

    def _question(self, question: str) -> TextStep:
        """The question without the learner's figures beside it, which it isn't judged by."""
        steps = self.lesson.steps_of(TextStep)
        step = next(s for s in steps if QUESTIONS[question] in s.prompt)
        return step.model_copy(update={"figures": False})

    def _standing_at(self, step: TextStep) -> Scene:
        return Scene(
            lesson=self.lesson,
            simulation=self.company,
            strings=library().strings,
            learner="somebody",
            progress=begin(self.lesson, 7),
            step_id=step.id,
            results={},
            now=datetime(2026, 11, 24, 9, 0, tzinfo=UTC),
        )

    def justifies(
        self,
        text: str,
        figures: Mapping[str, tuple[float, float]],
        targets: Mapping[str, float],
        found: Diagnosis | None = None,
    ) -> Verdict:
        """What the decision makes of a justification beside these figures (base, tuned)."""
        (step,) = self.lesson.steps_of(DecisionStep)
        shown = _function("dialogs.work.evidence", "Figures")(
            self.lesson, given.evaluation(self.company, figures), targets, found
        )
        reasons = _function("dialogs.steps.decision", "reasons")
        read = reasons(step, text, shown, library().strings)
        return "ask" if read.asks else "fits" if read.justifies else "refused"

    # --- models -------------------------------------------------------------------------

    @cached_property
    def good(self) -> tuple[Example, ...]:
        """The archive's lines of all good conversations."""
        told = (c for s in self.lesson.steps_of(SelectionStep) for c in s.conversations if c.good)
        return tuple(line for lines in self.company.archive(told, 7) for line in lines)

    def replies(
        self, own: Iterable[tuple[str, str]], messages: Iterable[str], seed: int
    ) -> list[str]:
        """What a model says that was trained on all that is good and on own lines."""
        lines = (*self.good, *(Example(message=m, reply=r) for m, r in own))
        recipe = TrainingRecipe(lesson=LESSON, locale=self.lesson.locale, examples=lines, seed=seed)
        model = self.company.tuned(train(self.company, recipe))
        return [model.reply(message).text for message in messages]


def sentences(reply: str) -> list[str]:
    """The sentences of a reply."""
    return re.split(r"(?<=[.!?])\s+", reply)


def _function(module: str, name: str) -> Any:
    """A function of the product. Raises AbsentError where there is none."""
    try:
        return getattr(import_module(module), name)
    except (ImportError, AttributeError) as error:
        msg = f"{module}.{name} isn't there yet"
        raise AbsentError(msg) from error
