"""Trials of shipped experiments, and what is said of them, for tests."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from itertools import product

from content.conditions import Known, condition
from content.lesson import ExperimentStep
from content.simulation import BenchContent
from dialogs.simulations.experiment import Bench, Tried
from tests.lessons import library, tutor

Values = dict[str, tuple[str, ...]]
Figures = Mapping[str, float]
Holds = Callable[[Values, Figures], bool]
LOCALES = ("en", "de")
SEED = 105


def bench(lesson: str, locale: str = "en") -> Bench:
    """A lesson's bench."""
    found = tutor().simulation(lesson, locale)
    assert isinstance(found, Bench)
    return found


def step_of(lesson: str, step: str, locale: str = "en") -> ExperimentStep:
    """One of a lesson's experiments."""
    found = library().edition(lesson, locale).lessons[lesson].step(step)
    assert isinstance(found, ExperimentStep)
    return found


@cache
def _tried(lesson: str, locale: str, experiment: str, key: tuple[tuple[str, ...], ...]) -> Tried:
    values = {name: rest for name, *rest in key}
    return bench(lesson, locale).run(experiment, {n: tuple(v) for n, v in values.items()}, SEED)


def tried(lesson: str, step: str, values: Values, locale: str = "en") -> Tried:
    """A trial, computed once."""
    experiment = step_of(lesson, step, locale).experiment
    return _tried(lesson, locale, experiment, tuple((n, *v) for n, v in values.items()))


def known(step: ExperimentStep, values: Values, figures: Figures) -> Known:
    """A trial as conditions see it."""
    numbers = {one.id for one in step.settings if one.is_number}
    return {n: float(v[0]) if n in numbers else v for n, v in values.items()} | dict(figures)


def said(
    lesson: str, step: str, values: Values, locale: str = "en", before: Values | None = None
) -> list[bool]:
    """Of each remark, in order, whether it is said of a trial, after the one before."""
    found = step_of(lesson, step, locale)
    trial = known(found, values, tried(lesson, step, values, locale).figures)
    previous = before and known(found, before, tried(lesson, step, before, locale).figures)
    return [condition(remark.when).holds(trial, previous) for remark in found.remarks]


def met(lesson: str, step: str, values: Values, locale: str = "en") -> set[str]:
    """The goals that a trial meets by itself."""
    found = step_of(lesson, step, locale)
    trial = known(found, values, tried(lesson, step, values, locale).figures)
    return {goal.id for goal in found.goals if condition(goal.when).holds(trial)}


def grid(**axes: Iterable[str]) -> Iterator[Values]:
    """All settings of some axes; options that hold together are joined by a plus, "" is none."""
    for combination in product(*axes.values()):
        yield {
            name: tuple(one for one in text.split("+") if one)
            for name, text in zip(axes, combination, strict=True)
        }


def declared(lesson: str, step: str) -> Mapping[str, object]:
    """What an experiment says can be set in it."""
    content = library().simulations[lesson]
    assert isinstance(content, BenchContent)
    return content.experiments[step_of(lesson, step).experiment].settings
