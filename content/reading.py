"""How any text of a learner is read, whatever the lesson: `content/reading/`.

`harm.yaml` tells by examples what must not be answered as if it were nothing; `rules.yaml` holds
the words that turn a sentence's meaning where its vector is blind.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from content.faults import ContentError, Fault
from content.frozen import Frozen
from content.validation import Model, validate
from content.yaml_nodes import read, repeats

FOLDER = Path(__file__).parent / "reading"

HarmKind = Literal["self-harm", "threat", "hate", "sexual"]
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


def faults(folder: Path = FOLDER) -> list[Fault]:
    """Everything that an author must mend in the folder's files."""
    found = (_read(Harm, folder / "harm.yaml"), _read(Rules, folder / "rules.yaml"))
    return [fault for each in found if isinstance(each, list) for fault in each]


@cache
def harm() -> Harm:
    """The product's own examples of harm. Raises ContentError."""
    return _whole(Harm, "harm.yaml")


@cache
def rules() -> Rules:
    """The product's own words for what vectors are blind to. Raises ContentError."""
    return _whole(Rules, "rules.yaml")


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
