"""The bench of costs: whether a tuned model pays, by the month and by the year.

Plain arithmetic on prices that the lesson dates or the learner sets. Nothing is rounded before it
is shown.
"""

from dataclasses import dataclass, replace

from content.costs import MOVED, Costs, CostsContent
from dialogs.simulations.experiment import Bench, Case, Line, Passage, Tried, Values, amount, one

MILLION = 1_000_000.0
MONTHS = 12
POINTS = 25  # of a line
TOKENS_PER_EXAMPLE, EPOCHS = 300.0, 3.0  # of a training file: a short conversation, three passes
REFRESHED = 0.25  # of the examples that a further round replaces
CENT = 0.01
NEVER = 120.0  # months from which nobody waits for the money to come back


@dataclass(frozen=True)
class Month:
    """Two models for the same conversations.

    `dropped` tokens of the prompt the tuned one needs no more; its hosting is paid whether anybody
    talks to it or not.
    """

    now: str
    tuned: str
    volume: float
    reads: float
    writes: float
    dropped: float
    hosting: float

    def each_now(self, costs: Costs) -> float:
        """Dollars for a conversation with the model in use."""
        price = costs.prices.models[self.now]
        return (self.reads * price.reads + self.writes * price.writes) / MILLION

    def each_tuned(self, costs: Costs) -> float:
        """The same with the tuned model, without hosting."""
        price = costs.prices.models[self.tuned]
        reads = max(0.0, self.reads - self.dropped)
        return (reads * price.reads + self.writes * price.writes) / MILLION


@dataclass(frozen=True)
class Year:
    """A tuned model's first year: the better answers that it gives, and what it takes.

    `gain` are percentage points of conversations that it solves and the model in use doesn't.
    """

    volume: float
    gain: float
    worth: float
    examples: float
    minutes: float
    rate: float
    rounds: float
    hosting: float
    training_price: float

    @property
    def benefit(self) -> float:
        """Dollars of a year that better answers are worth."""
        return MONTHS * self.volume * self.gain / 100 * self.worth

    @property
    def work(self) -> float:
        """What people cost who write and read the examples; a further round renews some."""
        return self._prepared * self.minutes / 60 * self.rate

    @property
    def training(self) -> float:
        """What the service charges for the trainings."""
        tokens = self.rounds * self.examples * TOKENS_PER_EXAMPLE * EPOCHS
        return tokens / MILLION * self.training_price

    @property
    def _prepared(self) -> float:
        return self.examples * (1 + REFRESHED * (self.rounds - 1))

    @property
    def cost(self) -> float:
        """All costs of the year."""
        return self.work + self.training + MONTHS * self.hosting

    @property
    def result(self) -> float:
        """What is left at the end of the year."""
        return self.benefit - self.cost

    @property
    def payback(self) -> float:
        """Months until the first round is paid back; `NEVER` where it isn't.

        What later rounds cost is spread over the year.
        """
        first = replace(self, rounds=1.0)
        upfront = first.work + first.training
        later = self.work + self.training - upfront
        monthly = (self.benefit - later) / MONTHS - self.hosting
        return min(NEVER, upfront / monthly) if monthly > 0 else NEVER

    @property
    def even_gain(self) -> float:
        """Percentage points of gain at which the year ends at nothing; 100 where none would do."""
        each = MONTHS * self.volume * self.worth / 100
        return min(100.0, self.cost / each) if each else 100.0

    def moved(self, name: str, factor: float) -> "Year":
        """The same with one assumption multiplied."""
        match name:
            case "work":
                return replace(self, minutes=self.minutes * factor)
            case "training":
                return replace(self, training_price=self.training_price * factor)
            case _:
                return replace(self, **{name: getattr(self, name) * factor})

    def swing(self, name: str, share: float) -> float:
        """By how much the result moves when an assumption is `share` lower or higher."""
        low, high = self.moved(name, 1 - share).result, self.moved(name, 1 + share).result
        return abs(high - low)


class CostBench(Bench):
    """Whether a tuned model pays."""

    version = 2
    content: CostsContent

    def __init__(self, content: CostsContent) -> None:
        super().__init__(content)
        self.costs = content.bench

    def run(self, experiment: str, values: Values, seed: int) -> Tried:
        """Reckon a month or a year; there are no dice in it."""
        del seed
        if experiment == "month":
            return self._month(values)
        return self._year(values)

    def _hosting(self, values: Values) -> float:
        """Dollars for a month of hosting."""
        return amount(values, "hosting-price") * self.costs.prices.hours

    def _month(self, values: Values) -> Tried:
        month = Month(
            now=one(values, "now"),
            tuned=one(values, "tuned"),
            **{name: amount(values, name) for name in ("volume", "reads", "writes", "dropped")},
            hosting=self._hosting(values),
        )
        now, tuned = month.each_now(self.costs), month.each_tuned(self.costs)
        saving = now - tuned
        even = month.hosting / saving if saving > 0 else 0.0
        furthest = max(month.volume, min(even, 50 * max(1.0, month.volume))) * 1.5 or 1.0
        at = [furthest * n / (POINTS - 1) for n in range(POINTS)]
        words = self.costs.words
        lines = (
            Line(name=words.now, points=tuple((n, n * now) for n in at)),
            Line(name=words.tuned, points=tuple((n, n * tuned + month.hosting) for n in at)),
        )
        figures = {
            "now-cost": month.volume * now,
            "tuned-cost": month.volume * tuned + month.hosting,
            "hosting": month.hosting,
            "result": month.volume * saving - month.hosting,
            "saving": 1000 * saving,
            "even": even,
            "never": float(saving <= 0),
        }
        return Tried(figures, self._month_bills(month), lines)

    def _month_bills(self, month: Month) -> tuple[Case, ...]:
        words, prices = self.costs.words, self.costs.prices
        cases = []
        for title, model, each, reads in (
            (words.now, month.now, month.each_now, month.reads),
            (words.tuned, month.tuned, month.each_tuned, max(0.0, month.reads - month.dropped)),
        ):
            price, is_tuned = prices.models[model], title == words.tuned
            items = [
                (words.reads, month.volume * reads, price.reads),
                (words.writes, month.volume * month.writes, price.writes),
            ]
            # With cents where an item has some, so that what is shown adds up.
            hosting = month.hosting if is_tuned else 0.0
            form = _form(hosting, *(tokens / MILLION * charge for _, tokens, charge in items))
            behind = [
                Passage(
                    title=name,
                    text=words.metered.format(
                        millions=self._number(tokens / MILLION, ",.1f"),
                        price=self._money(per_million, ",.2f"),
                        sum=self._money(tokens / MILLION * per_million, form),
                    ),
                )
                for name, tokens, per_million in items
            ]
            if is_tuned:
                text = words.hours.format(
                    hours=self._number(prices.hours, ",.0f"),
                    price=self._money(month.hosting / prices.hours, ",.2f"),
                    sum=self._money(month.hosting, form),
                )
                behind.append(Passage(title=words.hosting, text=text))
            total = month.volume * each(self.costs) + hosting
            said = words.total.format(sum=self._money(total, form))
            cases.append(Case(title=title, said=said, behind=tuple(behind)))
        return tuple(cases)

    def _year(self, values: Values) -> Tried:
        names = ("volume", "gain", "worth", "examples", "minutes", "rate", "rounds")
        year = Year(
            **{name: amount(values, name) for name in names},
            hosting=self._hosting(values),
            training_price=amount(values, "training-price"),
        )
        swings = {name: year.swing(name, self.costs.moved_by) for name in MOVED}
        # Of assumptions that move it alike, as factors of a product do, each is the largest.
        most = max(swings.values())
        top = {
            name: float(most > 0 and swing >= most * (1 - 1e-9)) for name, swing in swings.items()
        }
        figures = {
            "benefit": year.benefit,
            "cost": year.cost,
            "result": year.result,
            "training": year.training,
            "training-share": year.training / year.cost if year.cost else 0.0,
            "work": year.work,
            "hosting": MONTHS * year.hosting,
            "payback": year.payback,
            "pays-back": float(year.payback < NEVER),
            "even-gain": year.even_gain,
            **{f"swing-{name}": swing for name, swing in swings.items()},
            **{f"top-{name}": found for name, found in top.items()},
        }
        return Tried(figures, (self._year_bill(year),), (self._balance(year),))

    def _balance(self, year: Year) -> Line:
        """What is won or lost by the end of each month, beginning with the first round's cost."""
        first = replace(year, rounds=1.0)
        upfront = first.work + first.training
        later = year.work + year.training - upfront
        monthly = (year.benefit - later) / MONTHS - year.hosting
        points = tuple((float(n), n * monthly - upfront) for n in range(MONTHS + 1))
        return Line(name=self.costs.words.year, points=points)

    def _year_bill(self, year: Year) -> Case:
        words = self.costs.words
        behind = (
            Passage(
                title=words.benefit,
                text=words.solved.format(
                    volume=self._number(MONTHS * year.volume, ",.0f"),
                    gain=self._number(year.gain, "g"),
                    worth=self._money(year.worth, ",.2f"),
                    sum=self._money(year.benefit),
                ),
            ),
            Passage(
                title=words.hosting,
                text=words.months.format(
                    price=self._money(year.hosting), sum=self._money(MONTHS * year.hosting)
                ),
            ),
            Passage(
                title=words.work,
                text=words.worked.format(
                    rounds=self._number(year.rounds, "g"), sum=self._money(year.work)
                ),
            ),
            Passage(
                title=words.training,
                text=words.rounds.format(
                    rounds=self._number(year.rounds, "g"),
                    price=self._money(year.training_price, ",.2f"),
                    sum=self._money(year.training, ",.2f"),
                ),
            ),
        )
        said = words.total.format(sum=self._money(year.result))
        return Case(title=words.year, said=said, behind=behind)

    def _number(self, value: float, form: str) -> str:
        return self.costs.numbers.write(value, form)

    def _money(self, value: float, form: str = ",.0f") -> str:
        told = self.costs.words.money.format(amount=self._number(abs(value), form))
        return f"−{told}" if value < 0 and any(c in "123456789" for c in told) else told


def _form(*amounts: float) -> str:
    """How the items of a bill are written: in whole dollars where all of them are."""
    return ",.0f" if all(abs(one - round(one)) < CENT / 2 for one in amounts) else ",.2f"
