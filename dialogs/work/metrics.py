"""A lesson's metrics: their words, and their figures as a learner reads them."""

from content.cached import cached_by_identity
from content.lesson import DashboardStep, Lesson, Metric
from content.strings import ModelStrings
from dialogs.simulations.persona import Comparison
from dialogs.values.scene import Scene


@cached_by_identity(64)
def metrics(lesson: Lesson) -> dict[str, Metric]:
    """The metrics that the lesson's dashboards explain, by id."""
    return {m.id: m for step in lesson.steps_of(DashboardStep) for m in step.metrics}


def label(lesson: Lesson, metric: str) -> str:
    """What a metric is called; its id where no dashboard explains it."""
    found = metrics(lesson).get(metric)
    return found.label if found else metric


def is_share(lesson: Lesson, metric: str) -> bool:
    """Whether a metric is a share, told in percent."""
    found = metrics(lesson).get(metric)
    return found is not None and found.unit == "%"


def figure(scene: Scene, metric: str, value: float) -> str:
    """A value with its unit; shares as percent where the unit is "%"."""
    numbers = scene.strings.model.numbers
    if is_share(scene.lesson, metric):
        return numbers.write(value, ".0%")
    found = metrics(scene.lesson).get(metric)
    unit = found.unit if found else ""
    return f"{numbers.write(value, f'.{_decimals(found)}f')} {unit}".strip()


def _decimals(metric: Metric | None) -> int:
    return 2 if metric is None else metric.decimals


def difference(scene: Scene, metric: str, value: float) -> str:
    """A difference with its sign; of shares in percentage points. Nothing small reads as none."""
    numbers = scene.strings.model.numbers
    if is_share(scene.lesson, metric):
        points = value * 100
        return numbers.write(points, "+.1f" if round(points, 1) or not points else "+.2f")
    return numbers.write(value, f"+.{_decimals(metrics(scene.lesson).get(metric))}f")


def interval(scene: Scene, metric: str, comparison: Comparison) -> str:
    """A difference with its 95% interval."""
    told = (
        difference(scene, metric, value)
        for value in (comparison.difference, comparison.low, comparison.high)
    )
    middle, low, high = told
    return scene.strings.model.dash_interval.format(difference=middle, low=low, high=high)


def change(words: ModelStrings, comparison: Comparison) -> str:
    """The verdict in words: better, worse, or nothing proven."""
    return words.labels[comparison.label]
