"""The bench of techniques: what each would do for a scenario, weighed by stated figures.

Each need is met by the strongest of what is combined, as far as the data for it goes. What it costs
in the first year, how long an answer takes and how old its facts may be are reckoned beside it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import log1p, prod

from content.techniques import COST, ENOUGH, Scenario, Technique, Techniques, TechniquesContent
from dialogs.simulations.experiment import Bench, Case, Passage, Tried, Values, one

MONTHS = 12
MILLION = 1_000_000.0
NONE = "none"  # the technique of leaving everything as it is: what the base model does
TOGETHER = 2  # techniques that are combined where the cheapest way is looked for
AS_GOOD = 1.3  # times the cheapest way's costs, up to which a way isn't wasteful


@dataclass(frozen=True)
class Weighed:
    """What a combination does for a scenario. `reached` are shares by need."""

    reached: dict[str, float]
    cost: float
    seconds: float
    age: float

    def short(self, scenario: Scenario) -> bool:
        """Whether a need isn't met."""
        return any(self.reached[need] < least for need, least in scenario.needs.items())

    def dear(self, scenario: Scenario) -> bool:
        """Whether it is above the budget."""
        return self.cost > scenario.budget

    def slow(self, scenario: Scenario) -> bool:
        """Whether an answer takes too long."""
        return self.seconds > scenario.seconds

    def old(self, scenario: Scenario) -> bool:
        """Whether its facts are older than they may be."""
        return scenario.fresh is not None and self.age > scenario.fresh

    def fits(self, scenario: Scenario) -> bool:
        """Whether all of it is as asked."""
        wrong = (self.short, self.dear, self.slow, self.old)
        return not any(is_wrong(scenario) for is_wrong in wrong)


def share_of_data(technique: Technique, scenario: Scenario) -> float:
    """How far the data at hand lets a technique go, 0.0 to 1.0: each doubling helps alike."""
    if technique.takes is None:
        return 1.0
    has = scenario.has.get(technique.takes.of, 0)
    if has < technique.takes.least:
        return 0.0
    return min(1.0, log1p(has) / log1p(technique.takes.enough))


class TechniquesBench(Bench):
    """Which technique would do, and at what price."""

    content: TechniquesContent

    def __init__(self, content: TechniquesContent) -> None:
        super().__init__(content)
        self.bench: Techniques = content.bench

    def weigh(self, names: Sequence[str], scenario: Scenario) -> Weighed:
        """What these techniques do together."""
        calls, used = self.bench.calls, [self.bench.techniques[name] for name in names]
        base: Mapping[str, float] = {}
        if not any(technique.smaller < 1.0 for technique in used):
            base = self.bench.techniques[NONE].reaches
        reached = {
            need: max(
                base.get(need, 0.0),
                *(self.reach(one, need, scenario) for one in used),
            )
            for need in scenario.needs
        }
        smaller = prod(technique.smaller for technique in used)
        quicker = prod(technique.quicker for technique in used)
        reads = calls.reads + sum(technique.tokens for technique in used)
        each = (reads * calls.price_reads + calls.writes * calls.price_writes) / MILLION * smaller
        monthly = sum(technique.monthly for technique in used) + scenario.calls * each
        if any(technique.trained for technique in used):
            monthly += calls.hosting
        return Weighed(
            reached=reached,
            cost=sum(technique.once for technique in used) + MONTHS * monthly,
            seconds=calls.seconds * quicker + sum(technique.seconds for technique in used),
            age=0.0 if any(technique.looks_up for technique in used) else calls.age,
        )

    def reach(self, technique: Technique, need: str, scenario: Scenario) -> float:
        """How far a technique brings a model in a need, with the data at hand.

        The base model is where it begins; a smaller one has only what it is taught.
        """
        best = technique.reaches.get(need, 0.0)
        if technique.smaller < 1.0:
            return best * share_of_data(technique, scenario)
        base = self.bench.techniques[NONE].reaches.get(need, 0.0)
        return base + max(0.0, best - base) * share_of_data(technique, scenario)

    def cheapest(self, scenario: Scenario) -> float | None:
        """What the cheapest way costs that fits; None where none does."""
        found = (self.weigh(names, scenario) for names in self._ways())
        return min((w.cost for w in found if w.fits(scenario)), default=None)

    def _has_needless(self, names: Sequence[str], scenario: Scenario) -> bool:
        """Whether it would do as well without one of several techniques."""
        fewer = ([n for n in names if n != left] for left in names if len(names) > 1)
        return any(self.weigh(rest, scenario).fits(scenario) for rest in fewer)

    def _ways(self) -> Iterator[tuple[str, ...]]:
        for size in range(1, TOGETHER + 1):
            yield from combinations(self.bench.techniques, size)

    def reasons(self, scenario: Scenario) -> frozenset[str]:
        """Why something has to be done at all: what the base model alone doesn't hold."""
        bare = self.weigh((NONE,), scenario)
        found = {
            self.bench.needs[need].reason
            for need, least in scenario.needs.items()
            if bare.reached[need] < least
        }
        if bare.dear(scenario) or bare.slow(scenario):
            found.add(COST)
        return frozenset(found or {ENOUGH})

    def run(self, experiment: str, values: Values, seed: int) -> Tried:
        """Weigh what was proposed; there are no dice in it."""
        del experiment, seed
        scenario = self.bench.scenarios[one(values, "scenario")]
        names = tuple(n for n in values["technique"] if n != NONE) or (NONE,)
        made, cheapest = self.weigh(names, scenario), self.cheapest(scenario)
        fits = made.fits(scenario)
        dearer = made.cost / cheapest if cheapest else 0.0
        needless = fits and self._has_needless(names, scenario)
        best = fits and not needless and dearer <= AS_GOOD
        reasoned = one(values, "because") in self.reasons(scenario)
        lacks = [n for n in names if share_of_data(self.bench.techniques[n], scenario) == 0.0]
        figures = {
            "met": min(made.reached[n] / least for n, least in scenario.needs.items()),
            "cost": made.cost,
            "budget": scenario.budget,
            "seconds": made.seconds,
            "age": made.age,
            "fits": float(fits),
            "short": float(made.short(scenario)),
            "lacks-data": float(bool(lacks)),
            "too-dear": float(made.dear(scenario)),
            "too-slow": float(made.slow(scenario)),
            "too-old": float(made.old(scenario)),
            "dearer": dearer,
            "needless": float(needless),
            "best": float(best),
            "reasoned": float(reasoned),
            "solved": float(best and reasoned),
        }
        figures["met"] = min(1.0, figures["met"])
        return Tried(figures, tuple(self._cases(scenario, names, made)))

    def _cases(self, scenario: Scenario, names: Sequence[str], made: Weighed) -> Iterator[Case]:
        """Everything that was weighed, with what each technique has to do with it."""
        words, numbers = self.bench.words, self.bench.numbers
        for need, least in scenario.needs.items():
            yield Case(
                title=self.bench.needs[need].label,
                said=words.reached.format(
                    reached=numbers.write(made.reached[need], ".0%"),
                    least=numbers.write(least, ".0%"),
                ),
                right=made.reached[need] >= least,
                behind=tuple(self._behind(name, need, scenario) for name in names),
            )
        yield Case(
            title=words.cost,
            said=words.costs.format(
                cost=self._money(made.cost), budget=self._money(scenario.budget)
            ),
            right=not made.dear(scenario),
        )
        yield Case(
            title=words.time,
            said=words.times.format(
                seconds=numbers.write(made.seconds, ".1f"),
                most=numbers.write(scenario.seconds, ".1f"),
            ),
            right=not made.slow(scenario),
        )
        if scenario.fresh is not None:
            said = words.ages.format(
                age=numbers.write(made.age, ".0f"), most=numbers.write(scenario.fresh, ".0f")
            )
            yield Case(title=words.age, said=said, right=not made.old(scenario))

    def _behind(self, name: str, need: str, scenario: Scenario) -> Passage:
        """What one technique does for a need, and why no more."""
        words, numbers = self.bench.words, self.bench.numbers
        technique = self.bench.techniques[name]
        base = self.bench.techniques[NONE].reaches.get(need, 0.0)
        best, reached = technique.reaches.get(need, 0.0), self.reach(technique, need, scenario)
        if name == NONE or (best <= base and technique.smaller == 1.0):
            text = words.without.format(base=numbers.write(base, ".0%"))
            return Passage(title=technique.label, text=text)
        share = share_of_data(technique, scenario)
        if technique.takes is None or share == 1.0:
            text = words.full.format(reached=numbers.write(reached, ".0%"))
            return Passage(title=technique.label, text=text, mark="good")
        text = (words.partly if share else words.nothing).format(
            best=numbers.write(best, ".0%"),
            reached=numbers.write(reached, ".0%"),
            has=numbers.write(scenario.has.get(technique.takes.of, 0), ",.0f"),
            least=numbers.write(technique.takes.least, ",.0f"),
            enough=numbers.write(technique.takes.enough, ",.0f"),
            material=words.material[technique.takes.of],
        )
        return Passage(title=technique.label, text=text, mark="bad")

    def _money(self, value: float) -> str:
        return self.bench.words.money.format(amount=self.bench.numbers.write(value, ",.0f"))
