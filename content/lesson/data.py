"""The kinds of step in which the learner's own training set comes about."""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from content.frozen import Frozen
from content.lesson.base import (
    EXAMPLES,
    BaseStep,
    Complaint,
    Id,
    Loc,
    Material,
    Name,
    Surroundings,
    Words,
)
from content.lesson.effort import FORMAT_S, JUDGE_S, REASONS_OPENED, WEIGH_S
from content.lesson.rules import no_character, no_intent

# The fewest lines that the fine-tuning service trains on.
SERVICE_MINIMUM = 10


class Conversation(Frozen):
    """A customer's message and a reply that could become training examples.

    `character` is one of the persona world's (good, curt, rude …); `variants` is how
    many lines its archive brings, the shown one included. `why` explains the verdict.
    """

    id: Id
    title: Words
    customer: Words
    response: Words
    intent: Name
    character: Name
    good: bool
    why: Words
    variants: int = Field(default=6, ge=1)


class SelectionStep(BaseStep):
    """Good conversations are chosen for the training set.

    Passed with no unfit one and at least `minimum` good ones. `further` ones, on other topics,
    are there once it was decided to collect more data.
    """

    assessed = True
    reopens = True
    simulation = "persona"
    gives = EXAMPLES
    unread = frozenset({"character", "intent", "title", "experiment", "further"})
    later = frozenset({"response", "why"})
    missable = True

    kind: Literal["selection"]
    prompt: Words
    source: Words
    target: Words
    conversations: tuple[Conversation, ...] = Field(min_length=4)
    further: tuple[Conversation, ...] = ()
    minimum: int = Field(ge=1)
    hints: tuple[Words, ...] = ()
    praise: Words
    experiment: Words

    @property
    def archive(self) -> tuple[Conversation, ...]:
        """All conversations that there may ever be."""
        return (*self.conversations, *self.further)

    @property
    def effort_s(self) -> float:
        """Seconds beyond reading."""
        return WEIGH_S * len(self.conversations)

    def share_read(self, loc: Loc) -> float:
        """How much of a text is read."""
        return REASONS_OPENED if loc[0] == "conversations" and loc[-1] == "why" else 1.0

    def complaints(self, around: Surroundings) -> Iterator[Complaint]:
        """What is wrong with the step."""
        places = [("conversations", at) for at in range(len(self.conversations))]
        places += [("further", at) for at in range(len(self.further))]
        for place, conversation in zip(places, self.archive, strict=True):
            yield from no_intent(conversation.intent, (*place, "intent"), around)
            yield from no_character(conversation.character, (*place, "character"), around)
        names = [conversation.id for conversation in self.archive]
        for at, conversation in enumerate(self.further):
            if names.count(conversation.id) > 1:
                yield ("further", at, "id"), f'"{conversation.id}" is there already'
        good = sorted(c.variants for c in self.conversations if c.good)
        if len(good) == len(self.conversations):
            yield ("conversations",), "every conversation is good, so there is nothing to choose"
        if len(good) < self.minimum:
            yield ("minimum",), f"only {len(good)} conversations are good"
            return
        written = sum(isinstance(step, JsonlStep) for step in around.steps)
        lines = sum(good[: self.minimum]) + written
        if lines < SERVICE_MINIMUM:
            brings = f"the smallest selection that passes brings {lines} lines"
            yield ("minimum",), f"{brings}; the service needs {SERVICE_MINIMUM}"


class JsonlStep(BaseStep):
    """One conversation is written as one line of JSONL."""

    assessed = True
    simulation = "persona"
    gives = EXAMPLES
    missable = True
    unread = frozenset({"intent"})

    kind: Literal["jsonl"]
    prompt: Words
    system: Words
    customer: Words
    response: Words
    intent: Name
    hints: tuple[Words, ...] = ()
    praise: Words

    @property
    def effort_s(self) -> float:
        """Seconds beyond reading."""
        return FORMAT_S

    def complaints(self, around: Surroundings) -> Iterator[Complaint]:
        """What is wrong with the step."""
        yield from no_intent(self.intent, ("intent",), around)


class DialogueTurn(Frozen):
    """A message of a conversation; a reply with the weight 0 is context and isn't learned."""

    role: Literal["user", "assistant"]
    text: Words
    weight: Literal[0, 1] = 1


class DialogueStep(BaseStep):
    """A conversation of several turns is written as one line of JSONL, with its weights.

    The line begins with the system message and the first two turns; the learner writes the others.
    """

    assessed = True
    missable = True
    unread = frozenset({"role"})

    kind: Literal["dialogue"]
    prompt: Words
    system: Words
    turns: tuple[DialogueTurn, ...] = Field(min_length=4)
    hints: tuple[Words, ...] = ()
    praise: Words

    @property
    def effort_s(self) -> float:
        """Seconds beyond reading."""
        return FORMAT_S

    def complaints(self, around: Surroundings) -> Iterator[Complaint]:
        """What is wrong with the step."""
        for at, turn in enumerate(self.turns):
            if turn.role != ("user", "assistant")[at % 2]:
                yield ("turns", at, "role"), "user and assistant take turns, the user first"
            if turn.role == "user" and turn.weight == 0:
                yield ("turns", at, "weight"), "only a reply has a weight"
        if len(self.turns) % 2:
            yield ("turns",), "the last turn must be a reply"
        if all(turn.weight == 0 for turn in self.turns if turn.role == "assistant"):
            yield ("turns",), "no reply is learned"


class QualityCheck(Frozen):
    """A point of the checklist, asked about the learner's own set."""

    id: Id
    about: Literal["tone", "topics", "pairs", "format", "quantity"]
    text: Words
    question: Words
    right: Words
    wrong: Words


class QualityStep(BaseStep):
    """The data quality checklist; every point is answered before it is ticked."""

    assessed = True
    simulation = "persona"
    unread = frozenset({"about", "wrong"})
    later = frozenset({"right"})
    one_by_one = frozenset({"checks"})
    missable = True

    kind: Literal["quality"]
    prompt: Words
    checks: tuple[QualityCheck, ...] = Field(min_length=1)
    praise: Words

    @property
    def effort_s(self) -> float:
        """Seconds beyond reading."""
        return JUDGE_S * len(self.checks)

    @property
    def answers(self) -> int:
        """How many answers that time is for."""
        return len(self.checks)

    @property
    def needs(self) -> frozenset[Material]:
        """What earlier steps must have made."""
        return EXAMPLES
