"""What is written for the exercise on preferences and graders: replies in pieces, pairs, rules.

`bench.yaml` of a lesson with `simulation: preferences` loads into `Preferences`;
`dialogs/simulations/preferences/` puts replies together, and trains a policy over them.
"""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from content.frozen import Frozen
from content.simulation import BenchContent, Choices, Declared
from content.world import Name, Share, Words

Slot = Literal["opening", "core", "promise", "filler", "closing"]
SLOTS: tuple[Slot, ...] = ("opening", "core", "promise", "filler", "closing")  # as they are said
NONE = "none"  # the piece of a slot that a pair doesn't name
OWN = ("full", "curt")  # pieces of the core that each customer has words of their own for
BETAS = {"small": 0.1, "middle": 0.5, "large": 2.0}
STEPS = ("5", "20", "60", "200")
RULES = ("fact", "sorry", "once", "long", "brief", "honest")


class Piece(Frozen):
    """A way to fill a slot; no `text` leaves it empty, or is the customer's own (`OWN`).

    `usual` is how probable the model makes it before training; `worth` what a careful person gives
    for it, in points of 100.
    """

    id: Name
    text: str = ""
    usual: Share
    worth: int


class Customer(Frozen):
    """A message with its answer, in full and curt, and the `fact` that a right one names."""

    message: Words
    full: Words
    curt: Words
    fact: Words

    @model_validator(mode="after")
    def _named(self) -> Self:
        for text in (self.full, self.curt):
            if self.fact not in text:
                msg = f"{text!r} doesn't name {self.fact!r}"
                raise ValueError(msg)
        return self


class Pair(Frozen):
    """Two replies to the same customer, by their pieces; slots that aren't named have `NONE`."""

    id: Name
    a: Mapping[Slot, Name]
    b: Mapping[Slot, Name]


class RuleWords(Frozen):
    """What the grader looks for in a reply's words, and how its rules are called."""

    sorry: Annotated[tuple[Words, ...], Field(min_length=1)]
    promises: Annotated[tuple[Words, ...], Field(min_length=1)]
    names: Mapping[Name, Words]
    points: Annotated[str, Field(pattern=r"\{rule\}.*\{points\}")]
    before: Words
    grader: Words
    person: Words
    of_hundred: Annotated[str, Field(pattern=r"\{points\}")]
    reward: Words
    quality: Words


class Preferences(Frozen):
    """Pieces by slot, customers for training and held out, pairs to rank, the grader's words."""

    pieces: Mapping[Slot, Annotated[tuple[Piece, ...], Field(min_length=2)]]
    customers: Annotated[tuple[Customer, ...], Field(min_length=3)]
    held_out: Annotated[tuple[Customer, ...], Field(min_length=2)]
    pairs: Annotated[tuple[Pair, ...], Field(min_length=2)]
    words: RuleWords

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        faults = [f"no pieces for {slot!r}" for slot in SLOTS if slot not in self.pieces]
        known = {(slot, piece.id) for slot in self.pieces for piece in self.pieces[slot]}
        for pair in self.pairs:
            for side in (pair.a, pair.b):
                named = {(slot, side.get(slot, NONE)) for slot in SLOTS}
                missing = sorted(" ".join(one) for one in named - known)
                faults += [f"{pair.id}: there is no {name!r}" for name in missing]
        nameless = set(RULES) - set(self.words.names)
        faults += [f"the rule {rule!r} has no name" for rule in sorted(nameless)]
        if faults:
            raise ValueError("; ".join(faults))
        return self


class PreferencesContent(BenchContent):
    """A persona that is trained by ranked pairs, and by a grader's reward."""

    bench: Preferences

    @property
    def experiments(self) -> Mapping[str, Declared]:
        """Preference training on the learner's own ranks, and training on a grader's reward."""
        ranked = Choices(options=("a", "b", "skip"))
        persona = ("answers", "warm", "promises", "showy", "words", "quality", "drift")
        return {
            "pairs": Declared(
                settings={pair.id: ranked for pair in self.bench.pairs}
                | {"beta": Choices(options=tuple(BETAS))},
                figures=persona,
            ),
            "grader": Declared(
                settings={
                    "rules": Choices(options=RULES, many=True),
                    "steps": Choices(options=STEPS),
                },
                figures=(*persona, "reward", "reward-before", "quality-before"),
            ),
        }
