"""What is written for the bench that reckons whether a tuned model pays: prices, and its words."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from pydantic import Field

from content.frozen import Frozen
from content.lesson.base import Id, Words
from content.simulation import BenchContent, Choices, Declared, Span
from content.strings import NumberSigns

# The assumptions of a year whose weight is computed: each is moved by the same share.
MOVED = ("volume", "gain", "worth", "hosting", "work", "training")


class Price(Frozen):
    """Dollars for a million tokens that are read, and that are written."""

    reads: Annotated[float, Field(gt=0)]
    writes: Annotated[float, Field(gt=0)]


class Prices(Frozen):
    """What is charged by model; hosting and training are the learner's to set.

    `dated` is the day of the price list, `hours` are those of a month.
    """

    dated: date
    models: Mapping[Id, Price] = Field(min_length=2)
    hours: Annotated[float, Field(gt=0)] = 720.0


class Bill(Frozen):
    """The words of a bill: its items, and what a line of each says."""

    now: Words
    tuned: Words
    total: Words
    reads: Words
    writes: Words
    hosting: Words
    metered: Words
    hours: Words
    benefit: Words
    work: Words
    training: Words
    year: Words
    months: Words
    solved: Words
    worked: Words
    rounds: Words
    money: Words


class Costs(Frozen):
    """`bench.yaml` of a lesson with `simulation: costs`."""

    prices: Prices
    moved_by: Annotated[float, Field(gt=0, lt=1)]
    numbers: NumberSigns
    words: Bill


class CostsContent(BenchContent):
    """Costs and benefits of a tuned model, by the month and by the year."""

    bench: Costs

    @property
    def experiments(self) -> Mapping[str, Declared]:
        """A month by tokens alone, and a year with what better answers are worth."""
        models = Choices(tuple(self.bench.prices.models))
        return {
            "month": Declared(
                settings={
                    "now": models,
                    "tuned": models,
                    "volume": Span(lowest=0, highest=10_000_000),
                    "reads": Span(lowest=0, highest=100_000),
                    "writes": Span(lowest=0, highest=100_000),
                    "dropped": Span(lowest=0, highest=100_000),
                    "hosting-price": Span(lowest=0, highest=100),
                },
                figures=("now-cost", "tuned-cost", "hosting", "result", "saving", "even", "never"),
            ),
            "year": Declared(
                settings={
                    "volume": Span(lowest=0, highest=10_000_000),
                    "gain": Span(lowest=-50, highest=50),
                    "worth": Span(lowest=0, highest=1000),
                    "examples": Span(lowest=10, highest=100_000),
                    "minutes": Span(lowest=0, highest=240),
                    "rate": Span(lowest=0, highest=500),
                    "rounds": Span(lowest=1, highest=52),
                    "hosting-price": Span(lowest=0, highest=100),
                    "training-price": Span(lowest=0, highest=1000),
                },
                figures=(
                    "benefit",
                    "cost",
                    "result",
                    "training",
                    "training-share",
                    "work",
                    "hosting",
                    "payback",
                    "pays-back",
                    "even-gain",
                    *(f"swing-{name}" for name in MOVED),
                    *(f"top-{name}" for name in MOVED),
                ),
            ),
        }
