"""What is written for the bench that weighs techniques against what scenarios ask for."""

from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import Field

from content.frozen import Frozen
from content.lesson.base import Id, Words
from content.simulation import BenchContent, Choices, Declared
from content.strings import NumberSigns

Share = Annotated[float, Field(ge=0, le=1)]
ENOUGH, COST = "enough", "cost"  # reasons that no need stands for


class Need(Frozen):
    """Something that a model must be good at; `reason` is what one says who needs it."""

    label: Words
    reason: Id


class Material(Frozen):
    """Data that a technique takes: with less than `least` it does nothing, with `enough` all."""

    of: Id
    least: int = Field(ge=1)
    enough: int = Field(ge=1)


class Technique(Frozen):
    """How far it brings a model in each need, and what it takes.

    `reaches` are shares by need; one that isn't named it doesn't touch. `once` are dollars at the
    beginning, `monthly` those that go on, `tokens` are read more in each call, `seconds` pass more.
    `trained` models are hosted, whatever trained them; `smaller` multiplies what a call costs: a
    smaller model takes the base model's place, without its skills. `quicker` multiplies the time
    that the model itself takes. `looks_up`: facts are as fresh as their source.
    """

    label: Words
    reaches: Mapping[Id, Share]
    takes: Material | None = None
    once: Annotated[float, Field(ge=0)] = 0.0
    monthly: Annotated[float, Field(ge=0)] = 0.0
    tokens: Annotated[float, Field(ge=0)] = 0.0
    seconds: Annotated[float, Field(ge=0)] = 0.0
    trained: bool = False
    smaller: Annotated[float, Field(gt=0, le=1)] = 1.0
    quicker: Annotated[float, Field(gt=0, le=1)] = 1.0
    looks_up: bool = False


class Scenario(Frozen):
    """What somebody asks for: needs with the share that is wanted, data at hand, and limits.

    `calls` are those of a month, `budget` dollars of the first year, `seconds` the slowest answer,
    `fresh` the oldest that a fact may be, in days.
    """

    label: Words
    needs: Mapping[Id, Share] = Field(min_length=1)
    has: Mapping[Id, int] = {}
    calls: Annotated[float, Field(gt=0)]
    budget: Annotated[float, Field(gt=0)]
    seconds: Annotated[float, Field(gt=0)] = 30.0
    fresh: Annotated[float, Field(gt=0)] | None = None


class Calls(Frozen):
    """A call without any technique: what it costs in dollars by million tokens, and takes.

    `hosting` is a trained model's by the month; `age` the days after which its facts are old.
    """

    reads: float
    writes: float
    price_reads: float
    price_writes: float
    seconds: float
    hosting: float
    age: float


class WeighingWords(Frozen):
    """What is said of each thing that was weighed."""

    reached: Words
    without: Words
    full: Words
    partly: Words
    nothing: Words
    cost: Words
    costs: Words
    money: Words
    time: Words
    times: Words
    age: Words
    ages: Words
    material: Mapping[Id, Words]


class Techniques(Frozen):
    """`bench.yaml` of a lesson with `simulation: techniques`."""

    needs: Mapping[Id, Need]
    reasons: tuple[Id, ...]
    techniques: Mapping[Id, Technique]
    scenarios: Mapping[Id, Scenario]
    calls: Calls
    numbers: NumberSigns
    words: WeighingWords


class TechniquesContent(BenchContent):
    """Scenarios, and the techniques that may or may not answer them."""

    bench: Techniques

    def misfits(self) -> Iterator[tuple[str, str]]:
        """Names that nothing has."""
        bench = self.bench
        for name, technique in bench.techniques.items():
            for need in technique.reaches:
                if need not in bench.needs:
                    yield "bench", f'"{name}" reaches "{need}", which is no need'
            if technique.takes and technique.takes.of not in bench.words.material:
                yield "bench", f'"{technique.takes.of}" is no material that has words'
        for name, scenario in bench.scenarios.items():
            for need in scenario.needs:
                if need not in bench.needs:
                    yield "bench", f'"{name}" needs "{need}", which is no need'
            for material in scenario.has:
                if material not in bench.words.material:
                    yield "bench", f'"{material}" is no material that has words'
        for need, one in bench.needs.items():
            if one.reason not in bench.reasons:
                yield "bench", f'"{one.reason}" of "{need}" is no reason'

    @property
    def experiments(self) -> Mapping[str, Declared]:
        """One: a scenario, what is proposed for it, and why."""
        bench = self.bench
        return {
            "fit": Declared(
                settings={
                    "scenario": Choices(tuple(bench.scenarios)),
                    "technique": Choices(tuple(bench.techniques), many=True),
                    "because": Choices((*bench.reasons, ENOUGH, COST)),
                },
                figures=(
                    "met",
                    "cost",
                    "budget",
                    "seconds",
                    "age",
                    "fits",
                    "short",
                    "lacks-data",
                    "too-dear",
                    "too-slow",
                    "too-old",
                    "dearer",
                    "needless",
                    "best",
                    "reasoned",
                    "solved",
                ),
            )
        }
