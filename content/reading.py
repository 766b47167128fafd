"""How any text of a learner is read, whatever the lesson: `content/reading/`.

`harm.yaml` tells by examples what must not be answered as if it were nothing, `talk.yaml` what
people say to a tutor beside their answers, `questions.yaml` how they ask the storyboard's;
`rules.yaml` holds the words that turn a sentence's meaning where its vector is blind.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self, get_args

from pydantic import Field, model_validator

from content.faults import ContentError, Fault
from content.frozen import Frozen
from content.validation import Model, validate
from content.yaml_nodes import read, repeats

FOLDER = Path(__file__).parent / "reading"

HarmKind = Literal["self-harm", "threat", "hate", "sexual"]
Doubt = Literal["slip", "unsure", "answer", "placed"]
# What is said to a tutor beside the answers.
TalkName = Literal[
    "lost",
    "why",
    "time",
    "left",
    "skip",
    "hard",
    "easy",
    "much",
    "rest",
    "hint",
    "solution",
    "repeat",
    "again",
    "other",
    "back",
    "bot",
    "maker",
    "real",
    "price",
    "certificate",
    "score",
    "goal",
    "wrong",
    "able",
    "seen",
    "thanks",
    "praise",
    "fine",
    "nope",
    "greeting",
    "joke",
    "angry",
    "bored",
    "person",
    "more",
    "term",
]
# The questions of the session's storyboard.
QuestionName = Literal[
    "value", "start", "technique", "process", "evaluation", "tone", "costs", "retrieval"
]
Words = Annotated[str, Field(min_length=1, max_length=600)]


class HarmExamples(Frozen):
    """Texts that show a kind of harm (`shows`), and what tells it beside them, case ignored.

    `words` always do, `whole` where the text is nothing else; `hints` are no harm by themselves
    ("kill the process") but stand in most texts of the kind, "kill*" for words that begin so.
    """

    words: tuple[Words, ...]
    hints: tuple[Words, ...]
    whole: tuple[Words, ...] = ()
    shows: tuple[Words, ...] = Field(min_length=20)


class Harm(Frozen):
    """What is harmful, and texts that only sound like it or are ordinary (`safe`).

    A text with one of a kind's hints is of the kind from the share in `limits` on, 0.0 to 1.0,
    any other from the share `unhinted` on.
    """

    limits: Mapping[HarmKind, float]
    unhinted: float
    kinds: Mapping[HarmKind, HarmExamples]
    safe: tuple[Words, ...] = Field(min_length=20)

    @model_validator(mode="after")
    def _tells_them_apart(self) -> Self:
        told = {text for kind in self.kinds.values() for text in kind.shows}
        twice = sorted(told.intersection(self.safe))
        if twice:
            raise ValueError("; ".join(f"{text!r} is safe and harmful" for text in twice))
        return self


class Rules(Frozen):
    """Words by which a sentence is read where its vector is blind, of all languages together.

    `negations` before one of the `courtesies`, behind one of the `speakers`, turn it round, unless
    `strengtheners` follow. What would be a promise is none with `denials` (of one of the `vows`, or
    right behind a speaker), `conditions`, or `times` at which something must have `happened`;
    `deeds` say that it is done. `angry` are emoji.
    """

    speakers: frozenset[Words]
    negations: tuple[Words, ...]
    courtesies: tuple[Words, ...]
    strengtheners: frozenset[Words]
    ungrateful: tuple[Words, ...]
    denials: frozenset[Words]
    vows: frozenset[Words]
    conditions: tuple[Words, ...]
    times: tuple[Words, ...]
    happened: frozenset[Words]
    deeds: tuple[Words, ...]
    angry: tuple[Words, ...]


class Talk(Frozen):
    """What people say to a tutor (`asks`), and what is said to exercises and models (`answers`).

    A text is one of the asks from a share of `limits` on, 0.0 to 1.0: where it is no answer
    (`slip`), where it may be one (`unsure`), where it is a good one (`answer`), and where a model
    would answer it (`placed`). `shorthand` are the words of chats, and what they stand for.
    """

    limits: Mapping[Doubt, float]
    shorthand: Mapping[Words, Words] = {}
    asks: Mapping[TalkName, tuple[Words, ...]]
    answers: tuple[Words, ...] = Field(min_length=20)

    @model_validator(mode="after")
    def _has_examples_of_all(self) -> Self:
        missing = [name for name in get_args(TalkName) if not self.asks.get(name)]
        if missing:
            raise ValueError("; ".join(f'no examples of "{name}"' for name in missing))
        return self


class QuestionLimits(Frozen):
    """Shares, 0.0 to 1.0: of a question that is sure, and of all together that may be one."""

    sure: float = Field(gt=0, le=1)
    maybe: float = Field(gt=0, le=1)


class Questions(Frozen):
    """How the storyboard's questions are asked, and what is said `beside` them.

    `openings` are words that a question begins with.
    """

    limits: QuestionLimits
    openings: tuple[Words, ...] = Field(min_length=1)
    asks: Mapping[QuestionName, tuple[Words, ...]]
    beside: tuple[Words, ...] = Field(min_length=20)

    @model_validator(mode="after")
    def _has_examples_of_all(self) -> Self:
        missing = [name for name in get_args(QuestionName) if not self.asks.get(name)]
        if missing:
            raise ValueError("; ".join(f'no examples of "{name}"' for name in missing))
        return self


def faults(folder: Path = FOLDER) -> list[Fault]:
    """Everything that an author must mend in the folder's files."""
    found = (
        _read(Harm, folder / "harm.yaml"),
        _read(Rules, folder / "rules.yaml"),
        _read(Talk, folder / "talk.yaml"),
        _read(Questions, folder / "questions.yaml"),
    )
    return [fault for each in found if isinstance(each, list) for fault in each]


@cache
def harm() -> Harm:
    """The product's own examples of harm. Raises ContentError."""
    return _whole(Harm, "harm.yaml")


@cache
def rules() -> Rules:
    """The product's own words for what vectors are blind to. Raises ContentError."""
    return _whole(Rules, "rules.yaml")


@cache
def talk() -> Talk:
    """The product's own examples of what is said to a tutor. Raises ContentError."""
    return _whole(Talk, "talk.yaml")


@cache
def questions() -> Questions:
    """How people ask the storyboard's questions. Raises ContentError."""
    return _whole(Questions, "questions.yaml")


def _whole(model: type[Model], name: str) -> Model:
    found = _read(model, FOLDER / name)
    if isinstance(found, list):
        raise ContentError(found)
    return found


def _read(model: type[Model], path: Path) -> Model | list[Fault]:
    node = read(path)
    if isinstance(node, Fault):
        return [node]
    return list(repeats(node)) or validate(model, node)
