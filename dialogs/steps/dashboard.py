"""The dashboard step: figures of the models on held-out customers, to filter and to open."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from content.lesson import DashboardStep, Metric
from content.lesson.judging import EVERYBODY
from dialogs.reading.typed import after, number, plain
from dialogs.simulations.persona import Evaluation, Row, ab_test, dashboard
from dialogs.simulations.persona.measurements import by_change
from dialogs.values.actions import Own
from dialogs.values.events import Pressed, Typed
from dialogs.values.facts import Picked
from dialogs.values.kept import Kept
from dialogs.values.replies import (
    Bars,
    Block,
    Bullets,
    Button,
    Details,
    Dialogue,
    Item,
    Notice,
    Select,
    Side,
    Sides,
    Table,
    Text,
    Utterance,
)
from dialogs.values.scene import (
    Ask,
    Ignored,
    Judged,
    Noted,
    Outcome,
    Scene,
    StepEvent,
    Unclear,
    pick_of,
)
from dialogs.work import metrics
from dialogs.work.data_effects import data_effects
from dialogs.work.figures import rival_names, target_lines
from dialogs.work.models import is_older_than_data
from dialogs.work.needs import Missing, needs_evaluation

FILTER, OPEN, TEST = Own("filter"), Own("open"), Own("ab")
PAGE = 1  # customers whose replies are shown at a time


@dataclass(frozen=True)
class State(Kept):
    """What is being looked at: the kind of customer, the open figure and its page, the A/B test."""

    segment: str = EVERYBODY
    metric: str = ""
    page: int = 0
    used: bool = False
    size: int = 0  # of the A/B test; 0: none was run


def _state(step: DashboardStep, scene: Scene) -> State:
    """What is looked at, as far as the lesson still has it."""
    state = State.of(scene.record.state)
    if state.segment not in (EVERYBODY, *step.segments):
        state = replace(state, segment=EVERYBODY)
    if state.metric not in {metric.id for metric in step.metrics}:
        state = replace(state, metric="", page=0)
    return state


def present(step: DashboardStep, scene: Scene) -> Ask:
    """The figures for the chosen kind of customer, and three ways to look closer."""
    words = scene.strings.model
    found = needs_evaluation(scene)
    if isinstance(found, Missing):
        return found.ask
    state = _state(step, scene)
    blocks: list[Block] = [] if state.used else [Text(step.prompt)]
    if scene.record.status != "passed":
        blocks.append(Notice("info", words.dash_todo))
    if is_older_than_data(scene):
        blocks.append(Notice("info", words.stale))
    effects = data_effects(scene)
    if effects:
        blocks += [Notice("warning", words.effect_title), Bullets(effects)]
    chosen = (state.segment,)
    segments = _segments(step, scene)
    metric, tested = state.metric or step.metrics[0].id, state.size or step.sizes[-1]
    blocks += [
        Select("segment", words.dash_filter, segments, value=chosen, look="menu", does=FILTER),
        *_figures(step, scene, found, state),
        Select("metric", words.dash_open, _metrics(step), value=(metric,), look="menu", does=OPEN),
        *_replies(step, scene, found, state),
        Select("size", words.dash_ab, _sizes(step), value=(str(tested),), look="menu", does=TEST),
        *(_ab(scene, found, state.size) if state.size else ()),
    ]
    return Ask(tuple(blocks), buttons(step, scene), typed=words.dash_how, stays=True)


def todo(_: DashboardStep, scene: Scene) -> str:
    """One closer look, of whatever sort."""
    return scene.strings.model.dash_todo


def buttons(_: DashboardStep, scene: Scene) -> tuple[Button, ...]:
    """Three ways to look closer; while the figures are on their way, one that looks for them."""
    words, found = scene.strings.model, needs_evaluation(scene)
    if isinstance(found, Missing):
        return found.buttons
    looks = scene.record.status != "passed"
    return (
        Button(words.dash_open_button, OPEN, words.dash_open_button, primary=looks),
        Button(words.dash_filter_button, FILTER, words.dash_filter_button),
        Button(words.dash_ab_button, TEST, words.dash_ab_button),
    )


def _segments(step: DashboardStep, scene: Scene) -> tuple[Item, ...]:
    everybody = Item(EVERYBODY, scene.strings.model.dash_all)
    return (everybody, *(Item(name, label) for name, label in step.segments.items()))


def _metrics(step: DashboardStep) -> tuple[Item, ...]:
    return tuple(Item(m.id, m.label) for m in step.metrics)


def _sizes(step: DashboardStep) -> tuple[Item, ...]:
    return tuple(Item(str(n), str(n)) for n in step.sizes)


def _figures(
    step: DashboardStep, scene: Scene, evaluation: Evaluation, state: State
) -> tuple[Block, ...]:
    words = scene.strings.model
    segment = None if state.segment == EVERYBODY else state.segment
    rows = {r.metric: r for r in dashboard(evaluation, segment)}
    shown = [(m, rows[m.id]) for m in step.metrics if m.id in rows]
    size = len(evaluation.places(segment))
    label = {i.id: i.text for i in _segments(step, scene)}[state.segment]
    header = (
        words.dash_table_metric,
        words.dash_table_base,
        *(rival_names(scene)[side] for side in evaluation.rivals),
        words.dash_table_tuned,
        words.dash_table_change,
    )
    table = Table(
        header,
        tuple(
            (
                m.label,
                metrics.figure(scene, m.id, r.comparison.a),
                *(metrics.figure(scene, m.id, mean) for mean in r.rivals.values()),
                metrics.figure(scene, m.id, r.comparison.b),
                words.verdicts[r.comparison.label],
            )
            for m, r in shown
        ),
        tuple(_opens(scene, m) for m, _ in shown),
    )
    differences = tuple(
        words.dash_interval_line.format(
            label=m.label,
            interval=metrics.interval(scene, m.id, r.comparison),
            change=metrics.change(words, r.comparison),
        )
        for m, r in shown
    )
    whom = Text(words.dash_for.format(segment=label, size=size), "strong")
    simulated = Text(words.dash_simulated.format(size=len(evaluation.customers)), "small")
    if state.metric or state.size:  # its replies, or the test, are read now
        folded = (simulated, replace(table, opens=()), Bullets(differences))
        return (whom, Details(words.dash_all_figures, folded))
    notes = () if state.used else tuple(Text(note, "small") for note in step.notes)
    more = Details(words.dash_intervals, (simulated, Bullets(differences), *notes))
    if state.used:
        return (whom, table, more)
    return (whom, table, more, _bars(scene, evaluation, rows), *_targets(scene))


def _opens(scene: Scene, metric: Metric) -> Button:
    """A row of the figures, to be pressed."""
    words = scene.strings.model
    text = words.dash_row.format(metric=metric.label)
    return Button(text, OPEN, text, picks=(("metric", metric.id),))


def _bars(scene: Scene, evaluation: Evaluation, rows: dict[str, Row]) -> Bars:
    """The scores of 1 to 5 of all models."""
    words, lesson = scene.strings.model, scene.lesson
    names = [*evaluation.sides["base"].scales, "satisfaction"]
    found = [rows[n] for n in names]
    labels = [metrics.label(lesson, n) for n in names]
    sides = {
        words.dash_table_base: [r.comparison.a for r in found],
        **{
            name: [r.rivals[side] for r in found]
            for side, name in rival_names(scene).items()
            if side in evaluation.rivals
        },
        words.dash_table_tuned: [r.comparison.b for r in found],
    }
    values = (
        words.dash_chart_value.format(
            label=label,
            values="; ".join(words.numbers.write(means[at], ".1f") for means in sides.values()),
        )
        for at, label in enumerate(labels)
    )
    alt = words.dash_chart_alt.format(models=", ".join(sides), values=" ".join(values))
    series = tuple((name, tuple(round(m, 2) for m in means)) for name, means in sides.items())
    return Bars(words.dash_chart, tuple(labels), series, alt)


def _targets(scene: Scene) -> tuple[Block, ...]:
    """Whether the learner's own targets are reached."""
    lines = target_lines(scene)
    return (Details(scene.strings.model.targets, (Bullets(lines),)),) if lines else ()


@dataclass(frozen=True)
class Filter:
    """Look at one kind of customer."""

    segment: str


@dataclass(frozen=True)
class Open:
    """Look at the replies behind a figure."""

    metric: str


@dataclass(frozen=True)
class Test:
    """Run the A/B test with so many customers."""

    size: int


Look = Filter | Open | Test


def answer(step: DashboardStep, scene: Scene, given: StepEvent) -> Outcome:
    """Filter, open or test; the first closer look passes the step."""
    evaluation = needs_evaluation(scene)
    if isinstance(evaluation, Missing):
        return Unclear(evaluation.text)
    if not isinstance(given, Pressed | Typed):
        return Ignored()
    look = _pressed(step, given) if isinstance(given, Pressed) else _typed(step, scene, given.text)
    if look is None or (isinstance(look, Test) and not _fits(look, evaluation)):
        return Unclear(scene.strings.model.dash_unclear)
    state = _looked(_state(step, scene), look)
    if scene.record.status == "passed":
        return Noted((), state)
    return Judged(
        passed=True,
        score=1.0,
        blocks=(Notice("good", step.praise),),
        state=state,
        depends=True,
        answered=_answered(step, scene, look),
    )


def _pressed(step: DashboardStep, pressed: Pressed) -> Look | None:
    """What a press asks for, with what was chosen for it."""
    match pressed.do:
        case do if do == FILTER:
            return _filter(step, pressed.picked("segment"))
        case do if do == OPEN:
            return _open(step, pressed.picked("metric"))
        case do if do == TEST:
            return _test(pressed.picked("size"))
        case _:
            return None


def _typed(step: DashboardStep, scene: Scene, text: str) -> Look | None:
    """What a typed "filter 2", "open accuracy" or "ab 400" asks for."""
    forms = scene.strings.model.dash_forms
    if after(text, forms.test) is not None:
        found = re.findall(r"\d+", text)
        return _test(found[-1]) if found else None
    if after(text, forms.more) is not None:
        return _open(step, _state(step, scene).metric)
    if (about := after(text, forms.filter)) is not None:
        return _filter(step, _named(about, _segments(step, scene)))
    if (about := after(text, forms.open)) is not None:
        return _open(step, _named(about, _metrics(step)))
    return None


def _named(about: str, items: Sequence[Item]) -> str:
    """The item that a number or its first words name; empty where none does."""
    place = number(about)
    if place is not None and 1 <= place <= len(items):
        return items[int(place) - 1].id
    return next((i.id for i in items if about and plain(i.text).startswith(about)), "")


def _filter(step: DashboardStep, segment: str) -> Filter | None:
    return Filter(segment) if segment in (EVERYBODY, *step.segments) else None


def _open(step: DashboardStep, metric: str) -> Open | None:
    return Open(metric) if metric in [m.id for m in step.metrics] else None


def _test(size: str) -> Test | None:
    count = number(size)
    return None if count is None else Test(int(count))


def _fits(test: Test, evaluation: Evaluation) -> bool:
    """Whether there are customers for both models, and no more than were asked."""
    return 2 <= test.size <= len(evaluation.customers)  # noqa: PLR2004


def _answered(step: DashboardStep, scene: Scene, look: Look) -> tuple[Picked, ...]:
    match look:
        case Filter(segment=segment):
            return pick_of("segment", _segments(step, scene), (segment,))
        case Open(metric=metric):
            return pick_of("metric", _metrics(step), (metric,))
        case Test(size=size):
            return pick_of("size", _sizes(step), (str(size),))
        case _:
            assert_never(look)


def _looked(before: State, look: Look) -> State:
    """What is looked at from here on: replies or a test, not both at once."""
    match look:
        case Filter(segment=segment):
            return replace(before, segment=segment, page=0, used=True)
        case Open(metric=metric):
            page = before.page + 1 if metric == before.metric else 0
            return replace(before, metric=metric, page=page, size=0, used=True)
        case Test(size=size):
            return replace(before, size=size, metric="", page=0, used=True)
        case _:
            assert_never(look)


def _replies(
    step: DashboardStep, scene: Scene, evaluation: Evaluation, state: State
) -> tuple[Block, ...]:
    """The replies behind the open figure, those with the largest difference first."""
    if not state.metric:
        return ()
    words, metric = scene.strings.model, state.metric
    kind = None if state.segment == EVERYBODY else state.segment
    changed = by_change(evaluation, metric, kind)
    base, tuned = evaluation.sides["base"], evaluation.sides["tuned"]
    first = state.page * PAGE % max(1, -(-len(changed) // PAGE) * PAGE)
    shown = changed[first : first + PAGE]
    found = next(m for m in step.metrics if m.id == metric)
    title = words.dash_replies.format(
        metric=found.label, first=first + 1, last=first + len(shown), of=len(changed)
    )
    blocks: list[Block] = [Text(title, "strong"), Text(found.explain, "small")]
    for place, base_value, tuned_value in shown:
        a = metrics.figure(scene, metric, base_value)
        b = metrics.figure(scene, metric, tuned_value)
        said, told = base.reply(place).text, tuned.reply(place).text
        first_side = Side(words.dash_value.format(label=words.dash_table_base, value=a), said)
        second = Side(words.dash_value.format(label=words.dash_table_tuned, value=b), told)
        message = evaluation.customers.messages[place]
        blocks += [
            Dialogue((Utterance(words.dash_customer, message, "customer"),)),
            Sides((first_side, second)),
        ]
    return tuple(blocks)


def _ab(scene: Scene, evaluation: Evaluation, size: int) -> tuple[Block, ...]:
    words = scene.strings.model
    found = ab_test(evaluation, size, scene.seed)
    told = words.dash_ab_result.format(
        size=size,
        a=words.numbers.write(found.a, ".0%"),
        b=words.numbers.write(found.b, ".0%"),
        difference=words.numbers.write(found.difference * 100, "+.0f"),
        low=words.numbers.write(found.low * 100, "+.0f"),
        high=words.numbers.write(found.high * 100, "+.0f"),
        label=metrics.change(words, found),
    )
    more = words.dash_ab_wide if found.improved or found.degraded else words.dash_ab_zero
    return (Text(told), Text(more, "small"))
