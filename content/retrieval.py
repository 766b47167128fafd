"""What is written for the exercise on retrieval: pages, what is asked of them, how answers read.

`bench.yaml` of a lesson with `simulation: retrieval` loads into `Retrieval`;
`dialogs/simulations/retrieval/` searches the pages and trains a reader on them.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Self

from pydantic import Field, model_validator

from content.frozen import Frozen
from content.simulation import BenchContent, Choices, Declared
from content.world import Name, Words

Value = Annotated[str, Field(min_length=1, max_length=60)]
Question = Annotated[str, Field(pattern=r"\{title\}", max_length=160)]


class Subject(Frozen):
    """What may be asked of a page; `{title}` is where its title goes.

    The reader is trained on `asks` and judged by `held_out`, which are other words.
    """

    id: Name
    asks: Annotated[tuple[Question, ...], Field(min_length=2)]
    held_out: Annotated[tuple[Question, ...], Field(min_length=2)]


class Statement(Frozen):
    """A sentence of a page that answers what is asked about a subject.

    `value` is what a right answer names, in the words of the sentence; `was` is what it said
    when the training examples were written, where that has changed since.
    """

    about: Name
    text: Words
    value: Value
    was: Value | None = None

    @model_validator(mode="after")
    def _says_its_value(self) -> Self:
        if self.value not in self.text:
            msg = f"the sentence doesn't say {self.value!r}"
            raise ValueError(msg)
        return self

    @property
    def before(self) -> str:
        """The value that training examples were written with."""
        return self.value if self.was is None else self.was


class Page(Frozen):
    """A page of the shop. No training example is about one that is `new`."""

    id: Name
    title: Annotated[str, Field(min_length=1, max_length=60)]
    opening: Words
    facts: Annotated[tuple[Statement, ...], Field(min_length=1)]
    new: bool = False


class Sayings(Frozen):
    """How the reader answers: by the value alone, with a quotation, or that it isn't there.

    `remembered` is how it names a value that it has from no page, where it is to quote; `empty`
    what it says when it copied a sentence that answers nothing.
    """

    plain: Annotated[str, Field(pattern=r"\{value\}")]
    remembered: Annotated[str, Field(pattern=r"\{value\}")]
    empty: Annotated[str, Field(pattern=r"\{text\}")]
    quoted: Annotated[str, Field(pattern=r"\{title\}.*\{text\}.*\{value\}")]
    nowhere: Words


class Retrieval(Frozen):
    """The pages and everything around them.

    `taken_out` is the heading over a question whose page the reader wasn't given.
    """

    subjects: Annotated[tuple[Subject, ...], Field(min_length=2)]
    pages: Annotated[tuple[Page, ...], Field(min_length=6)]
    says: Sayings
    taken_out: Annotated[str, Field(pattern=r"\{question\}")]

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        subjects = [subject.id for subject in self.subjects]
        asked = [fact.about for page in self.pages for fact in page.facts]
        faults = [f"unknown subject {name!r}" for name in sorted(set(asked) - set(subjects))]
        faults += _twice("subject", subjects) + _twice("page", [page.id for page in self.pages])
        for page in self.pages:
            faults += _twice(f"fact of {page.id}", [fact.about for fact in page.facts])
        if len({page.new for page in self.pages}) == 1:
            faults.append("some pages have to be new, and some not")
        if faults:
            raise ValueError("; ".join(faults))
        return self


class RetrievalContent(BenchContent):
    """Pages that are searched, and a reader that is trained to answer from them."""

    bench: Retrieval

    @property
    def experiments(self) -> Mapping[str, Declared]:
        """One: how the examples of a RAFT training are made."""
        settings = {
            "oracle": Choices(options=("untrained", "0", "40", "60", "80", "100")),
            "distractors": Choices(options=("0", "1", "2", "4")),
            "answers": Choices(options=("quote", "value")),
            "without": Choices(options=("memory", "decline")),
        }
        figures = ("precision", "right", "given", "closed", "invented", "declined", "found")
        return {"raft": Declared(settings=settings, figures=(*figures, "backed"))}


def _twice(what: str, names: Sequence[str]) -> list[str]:
    twice = sorted({name for name in names if names.count(name) > 1})
    return [f"two {what}s are called {name!r}" for name in twice]
