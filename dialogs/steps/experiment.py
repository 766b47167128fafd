"""The experiment step: set something, try it, look at what was computed, and try again."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from pydantic import JsonValue

from content.conditions import Known, Value, condition
from content.frozen import Frozen
from content.lesson import ExperimentStep
from content.lesson.experimenting import PREDICTED, Foreseen, Goal, Setting, Shown, named
from content.strings import ExperimentStrings, NumberSigns
from dialogs.reading.typed import chosen, number, plain
from dialogs.simulations.computation import recipe_key
from dialogs.simulations.experiment import Bench, Case, Trial, TrialRecipe
from dialogs.values.actions import Answer
from dialogs.values.events import Computed, Pressed, Typed
from dialogs.values.facts import Picked
from dialogs.values.kept import Kept
from dialogs.values.replies import (
    Bars,
    Block,
    Bullets,
    Button,
    Chart,
    Details,
    Dialogue,
    Item,
    Notice,
    Number,
    Plain,
    Select,
    Series,
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
from dialogs.values.turn import Compute

SHOWN = 6  # trials that stand openly in the table
CASES = 6  # that can be opened; a card with more is larger than some clients take
MARKS = {True: "✔", False: "✖", None: "·"}  # of a case
GOOD, BAD = "✔ ", "✖ "  # before what lies behind an answer
BEFORE = "previous."

Values = Mapping[str, tuple[str, ...]]


class Made(Frozen):
    """A trial that was made: what was set, and its figures."""

    values: dict[str, tuple[str, ...]]
    figures: dict[str, float]


class Pending(Frozen):
    """A trial that a worker still has."""

    key: str
    values: dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class State(Kept):
    """All different trials, the newest last, the place of the one shown, and the one under way.

    `fruitless` counts trials since the last one that met a goal; `predicted` is what was foreseen,
    and `foreseen` whether it came true, once a trial could tell. `failed` are the settings of a
    trial that couldn't be computed: they stand there to be tried once more.
    """

    trials: tuple[Made, ...] = ()
    shown: int = -1
    pending: Pending | None = None
    fruitless: int = 0
    predicted: str = ""
    foreseen: bool | None = None
    failed: dict[str, tuple[str, ...]] | None = None


def trials(state: JsonValue) -> tuple[Made, ...]:
    """The trials that a record holds."""
    return State.of(state).trials


def _plan(step: ExperimentStep, scene: Scene) -> tuple[Block, ...]:
    """The map with what was put into its places, by this step's trials and by others'."""
    plan = step.plan
    if plan is None:
        return ()
    put: dict[str, dict[str, None]] = {}
    for one in scene.lesson.steps_of(ExperimentStep):
        if one.plan is None or one.plan.title != plan.title:
            continue
        made = trials(scene.progress.record(one.id).state)
        names = next(s for s in one.settings if s.id == one.plan.names)
        for at, trial in enumerate(made):
            if not any(_holds(one, goal.when, made, at) for goal in one.goals):
                continue
            chosen = trial.values.get(plan.setting) or filter(None, (plan.empty,))
            for place in chosen:
                put.setdefault(place, {})[set_to(names, trial.values[names.id], scene)] = None
    texts = {o.id: o.text for s in step.settings if s.id == plan.setting for o in s.options}
    rows = tuple(
        (texts[name], region.label, ", ".join(put.get(name, ())) or "·")
        for region in plan.regions
        for name in region.options
    )
    return (Text(plan.title, "strong"), Table(plan.columns, rows))


def latest(state: JsonValue) -> Made | None:
    """The trial that was made or repeated last, of those that a record holds."""
    held = State.of(state)
    return held.trials[held.shown] if held.trials else None


# --- put to the learner -------------------------------------------------------------


def present(step: ExperimentStep, scene: Scene) -> Ask:
    """What is to be reached, the trials so far, and what can be set."""
    words, state = scene.strings.experiment, State.of(scene.record.state)
    blocks: list[Block] = [] if state.trials else [Text(step.prompt)]
    blocks += [Text(_goals_title(step, words), "strong"), Bullets(_goals(step, state))]
    blocks += _plan(step, scene)
    blocks += _table(step, scene, state)
    if state.pending:
        blocks.append(Text(words.trying))
    held = _held(step, state)
    for one in step.settings:
        blocks += [*_about(one), _input(one, held, scene)]
    if _predicts(step, state) and step.predict:
        blocks.append(Select(PREDICTED, step.predict.prompt, _foreseeable(step)))
    run = Button(words.run, Answer(), words.run, primary=True)
    fresh = not (state.trials or state.pending)
    return Ask(tuple(blocks), (run,), typed=_how(step, scene, state), stays=fresh)


def _goals_title(step: ExperimentStep, words: ExperimentStrings) -> str:
    return words.goals_together if step.together and len(step.goals) > 1 else words.goals


def _goals(step: ExperimentStep, state: State) -> tuple[str, ...]:
    met = _met(step, state)
    return tuple(f"{'☑' if goal.id in met else '☐'} {goal.text}" for goal in step.goals)


def _how(step: ExperimentStep, scene: Scene, state: State) -> str:
    """How a trial is typed, by the step's own settings."""
    words = scene.strings.experiment
    labels = [one.label for one in step.settings]
    if _predicts(step, state):
        labels.append(words.prediction)
    first = step.settings[0]
    value = scene.strings.model.numbers.write(first.value or 0, "g")
    if first.options:
        value = first.options[-1].text
    if len(labels) == 1:
        return words.how_one.format(label=first.label, value=value)
    return words.how.format(labels="; ".join(labels), label=first.label, value=value)


def _input(setting: Setting, held: Values, scene: Scene) -> Select | Number:
    signs, values = scene.strings.model.numbers, held.get(setting.id, ())
    if setting.options:
        known = tuple(one for one in values if one in {o.id for o in setting.options})
        return Select(setting.id, setting.label, _items(setting), setting.many, known)
    value = number(values[0]) if values else None
    return Number(
        setting.id,
        _ranged(scene.strings.experiment.ranged, setting, signs),
        setting.low or 0.0,
        setting.high or 0.0,
        setting.value or 0.0 if value is None else value,
    )


def _about(setting: Setting) -> tuple[Block, ...]:
    """What the options are about, where they say more than fits beside a button."""
    told = tuple(f"**{o.text}**: {o.about}" for o in setting.options if o.about)
    # Numbers beside them would be others than the options', where some have nothing to say.
    numbered = len(told) == len(setting.options)
    return (Details(setting.label, (Bullets(told, numbered=numbered),)),) if told else ()


def _ranged(text: str, setting: Setting, signs: NumberSigns) -> str:
    unit = f" {setting.unit}" if setting.unit else ""
    return text.format(
        label=setting.label,
        lowest=signs.write(setting.low or 0.0, _form(setting.low or 0.0)),
        highest=signs.write(setting.high or 0.0, _form(setting.high or 0.0)) + unit,
    )


def _form(value: float) -> str:
    return ",.0f" if value == int(value) else "g"


def _rounded(value: float) -> str:
    return ",.0f" if abs(value) >= 100 else ".3g"  # noqa: PLR2004, no decimals beside hundreds


def _items(setting: Setting) -> tuple[Item, ...]:
    return tuple(Item(option.id, option.text) for option in setting.options)


def _held(step: ExperimentStep, state: State) -> Values:
    """What was set last, whatever came of it."""
    if state.pending:
        return completed(step, state.pending.values)
    if state.failed is not None:
        return completed(step, state.failed)
    return completed(step, state.trials[state.shown].values) if state.trials else _usual(step)


def completed(step: ExperimentStep, values: Values) -> dict[str, tuple[str, ...]]:
    """What was set, as the step's settings are now: what is new or doesn't fit is as usual."""
    usual, found = _usual(step), dict[str, tuple[str, ...]]()
    for one in step.settings:
        held = values.get(one.id)
        if held is not None and one.is_number:
            text = _within(one, number(held[0]) if held else None)
            held = None if text is None else (text,)
        elif held is not None:
            known = tuple(name for name in held if name in {o.id for o in one.options})
            held = known if known or (one.many and not held) else None
        found[one.id] = usual[one.id] if held is None else held
    return found


def _usual(step: ExperimentStep) -> Values:
    return {
        one.id: one.usual if one.options else (f"{one.value or 0:.10g}",) for one in step.settings
    }


def _predicts(step: ExperimentStep, state: State) -> bool:
    """Whether the learner is still to say how it will go."""
    return step.predict is not None and not state.predicted


def _foreseeable(step: ExperimentStep) -> tuple[Item, ...]:
    return tuple(Item(o.id, o.text) for o in step.predict.options) if step.predict else ()


# --- the trials so far --------------------------------------------------------------


def _known(step: ExperimentStep, made: Made) -> Known:
    """A trial as conditions see it."""
    numbers = {one.id for one in step.settings if one.is_number}
    known: dict[str, Value] = {}
    for name, values in made.values.items():
        value = number(values[0]) if name in numbers and values else None
        known[name] = values if value is None else value
    return {**known, **made.figures}


def _holds(step: ExperimentStep, when: str, made: Sequence[Made], at: int) -> bool:
    before = _known(step, made[at - 1]) if at else None
    return condition(when).holds(_known(step, made[at]), before)


def _met(step: ExperimentStep, state: State) -> frozenset[str]:
    """The goals that are met: by any of the trials, or together by the one shown."""
    made = state.trials
    if not made:
        return frozenset()
    if not step.together:
        places: Sequence[int] = range(len(made))
    else:
        whole = [n for n in range(len(made)) if _all(step, made, n)]
        places = whole[:1] or [state.shown % len(made)]
    return frozenset(
        goal.id for goal in step.goals if any(_holds(step, goal.when, made, at) for at in places)
    )


def _all(step: ExperimentStep, made: Sequence[Made], at: int) -> bool:
    return all(_holds(step, goal.when, made, at) for goal in step.goals)


def _table(step: ExperimentStep, scene: Scene, state: State) -> tuple[Block, ...]:
    """The trials with what differs in their settings, and their figures."""
    if len(state.trials) < 2:  # noqa: PLR2004, one is no comparison
        return ()
    words = scene.strings.experiment
    varied = [s for s in step.settings if len({m.values.get(s.id) for m in state.trials}) > 1]
    columns = [one for one in step.shows if one.column]
    header = (words.trial, *(s.label for s in varied), *(one.label for one in columns))
    rows = tuple(
        (
            str(at),
            *(set_to(s, made.values.get(s.id, ()), scene) for s in varied),
            *(write(one, made.figures.get(one.figure), scene) for one in columns),
        )
        for at, made in enumerate(state.trials, 1)
    )
    blocks: tuple[Block, ...] = (Text(words.trials, "strong"), Table(header, rows[-SHOWN:]))
    if len(rows) > SHOWN:
        blocks += (Details(words.trials_earlier, (Table(header, rows[:-SHOWN]),)),)
    return blocks


def holds(step: ExperimentStep, when: str, made: Made) -> bool:
    """Whether a condition holds of a trial by itself."""
    return _holds(step, when, (made,), 0)


def set_to(setting: Setting, values: Sequence[str], scene: Scene) -> str:
    """What a setting was set to, in words."""
    if setting.is_number:
        value = number(values[0]) if values else None
        told = "–" if value is None else scene.strings.model.numbers.write(value, _form(value))
        return f"{told} {setting.unit}".strip()
    texts = [option.text for option in setting.options if option.id in values]
    return ", ".join(texts) or scene.strings.experiment.nothing


def write(shown: Shown, value: float | None, scene: Scene) -> str:
    """A figure as the step shows it."""
    signs = scene.strings.model.numbers
    if value is None:
        return "–"
    if shown.format == "percent":
        return signs.write(value, f".{shown.decimals}%")
    told = signs.write(abs(value), f",.{shown.decimals}f")
    minus = "−" if value < 0 and any(c in "123456789" for c in told) else ""
    behind = f" {shown.unit}" if shown.unit else ""
    return f"{minus}{shown.before}{told}{behind}"


# --- an answer ----------------------------------------------------------------------


def answer(step: ExperimentStep, scene: Scene, given: StepEvent) -> Outcome:
    """Order the trial; when it is back, show what came of it and which goals are met."""
    state = State.of(scene.record.state)
    match given:
        case Pressed():
            values = _pressed(step, scene, given)
            if isinstance(values, str):
                return Unclear(values)
            return _try(step, scene, state, values, given.picked(PREDICTED))
        case Typed(text=text):
            read = _typed(step, scene, state, text)
            if isinstance(read, str):
                return Unclear(read)
            return _try(step, scene, state, *read)
        case Computed(key=key, fault=fault) if state.pending and state.pending.key == key:
            return _came(step, scene, state, state.pending, fault)
        case _:
            return Ignored()


def _pressed(step: ExperimentStep, scene: Scene, given: Pressed) -> Values | str:
    """What the card's inputs hold, or in words what is wrong with it."""
    words, found = scene.strings.experiment, dict[str, tuple[str, ...]]()
    for setting in step.settings:
        if setting.options:
            picked = given.picks.get(setting.id, ())
            known = tuple(o.id for o in setting.options if o.id in picked)
            if len(known) != 1 and not setting.many:
                return words.choose.format(label=setting.label)
            found[setting.id] = known
            continue
        value = number(given.texts.get(setting.id, ""))
        text = _within(setting, value)
        if text is None:
            return _ranged(words.bad_number, setting, scene.strings.model.numbers)
        found[setting.id] = (text,)
    return found


def _within(setting: Setting, value: float | None) -> str | None:
    low, high = setting.low or 0.0, setting.high or 0.0
    return None if value is None or not low <= value <= high else f"{value:.10g}"


def _typed(step: ExperimentStep, scene: Scene, state: State, text: str) -> tuple[Values, str] | str:
    """What was typed: lines of "label: value", or a value for each setting in order.

    What no line names stays as it was set last.
    """
    words = scene.strings.experiment
    asks = _predicts(step, state)
    labels = [Item(one.id, one.label) for one in step.settings]
    labels += [Item(PREDICTED, words.prediction)] if asks else []
    named_parts = _named(text, labels, scene)
    held = dict(_held(step, state))
    if not named_parts:
        parts = [part for part in re.split(r"[;\n]", text) if part.strip()]
        if len(parts) == 1 and len(labels) > 1:
            # "1, 2 3": what commas join is of one setting, unless they split all of them.
            joined = re.split(r"(?<![\s,])\s+(?!,)", text.strip())
            parts = joined if len(joined) == len(labels) else text.split()
        if len(parts) != len(labels):
            return _how(step, scene, state)
        named_parts = [(label.id, part) for label, part in zip(labels, parts, strict=True)]
    predicted = ""
    for name, part in named_parts:
        setting = next((one for one in step.settings if one.id == name), None)
        if setting is None:
            picked = chosen(part, _foreseeable(step), scene.strings.tutor.typing) or ()
            predicted = picked[0] if len(picked) == 1 else ""
            continue
        value = _value(setting, part, scene)
        if isinstance(value, str):
            return value
        held[name] = value
    for setting in step.settings:
        if setting.options and not setting.many and len(held.get(setting.id, ())) != 1:
            return words.choose.format(label=setting.label)
    return held, predicted


def _named(text: str, labels: Sequence[Item], scene: Scene) -> list[tuple[str, str]]:
    """The settings that lines name, with what they say; empty where a line names none."""
    found: list[tuple[str, str]] = []
    for part in (one for one in re.split(r"[;\n]", text) if one.strip()):
        label, colon, value = part.partition(":")
        ids = chosen(label, labels, scene.strings.tutor.typing) if colon else None
        if ids is None or len(ids) != 1 or not value.strip():
            return []
        found.append((ids[0], value.strip()))
    return found


def _value(setting: Setting, text: str, scene: Scene) -> tuple[str, ...] | str:
    words, signs = scene.strings.experiment, scene.strings.model.numbers
    if setting.is_number:
        found = _within(setting, amount(text.replace(setting.unit, ""), signs))
        return _ranged(words.bad_number, setting, signs) if found is None else (found,)
    if setting.many and plain(text) in {plain(words.nothing), "0", ""}:
        return ()
    forms, items = scene.strings.tutor.typing, _items(setting)
    ids = chosen(text, items, forms) or chosen(text.replace(",", ";"), items, forms)
    if not ids or (len(ids) != 1 and not setting.many):
        return words.choose.format(label=setting.label)
    return tuple(o.id for o in setting.options if o.id in ids)


def amount(text: str, signs: NumberSigns) -> float | None:
    """A number as people of a language write it, "5,000" or "5.000"; None for something else."""
    bare = text.strip().lstrip("$€£").rstrip("%€$").strip()
    groups = re.fullmatch(rf"\d{{1,3}}(?:{re.escape(signs.thousands)}\d{{3}})+(?:\D\d+)?", bare)
    if groups:
        bare = bare.replace(signs.thousands, "").replace(signs.decimal, ".")
    return number(bare)


def _try(
    step: ExperimentStep, scene: Scene, state: State, values: Values, predicted: str
) -> Outcome:
    words, bench = scene.strings.experiment, scene.simulation
    if not isinstance(bench, Bench):
        return Unclear(words.fault)
    if _predicts(step, state) and step.predict:
        if predicted not in {option.id for option in step.predict.options}:
            return Unclear(words.predict_first)
        state = replace(state, predicted=predicted)
    recipe = TrialRecipe(
        lesson=scene.lesson.id,
        locale=scene.lesson.locale,
        experiment=step.experiment,
        values={one.id: values[one.id] for one in step.settings},
        made_of=bench.digest,
    )
    key = recipe_key(recipe)
    order = Compute(key, recipe, scene.lesson.id, scene.progress.run, scene.step_id)
    kept = replace(state, pending=Pending(key=key, values=recipe.values), failed=None)
    return Noted((Text(words.trying),), kept, later=(order,), quiet=True)


def _came(
    step: ExperimentStep, scene: Scene, state: State, pending: Pending, fault: str | None
) -> Outcome:
    words, trial = scene.strings.experiment, scene.results.get(pending.key)
    if fault is not None or not isinstance(trial, Trial):
        after = replace(state, pending=None, failed=pending.values)
        return Noted((Notice("warning", words.fault),), after)
    met = _met(step, state)
    made = Made(values=pending.values, figures=trial.figures)
    same = next((n for n, one in enumerate(state.trials) if one.values == made.values), None)
    if same is None:
        now = replace(state, trials=(*state.trials, made), shown=len(state.trials), pending=None)
    else:
        now = replace(state, shown=same, pending=None)
    foreseen, told = _prediction(step, scene, now)
    now = replace(now, foreseen=foreseen)
    is_new = bool(_met(step, now) - met) or not state.trials
    now = replace(now, fruitless=0 if is_new else state.fruitless + 1)
    blocks: list[Block] = [*told, *_result(step, scene, now, trial)]
    if same is not None:
        blocks.append(Text(words.repeat, "small"))
    if scene.record.status == "passed":
        return Noted(tuple(blocks), now)
    if _is_done(step, now):
        blocks.append(Notice("good", step.praise, scene.strings.tutor.right))
        answered = [p for s in step.settings if s.options for p in _picked(s, made)]
        return Judged(
            passed=True, score=1.0, blocks=tuple(blocks), state=now, answered=tuple(answered)
        )
    if now.fruitless and step.hints:
        hint = step.hints[min(now.fruitless, len(step.hints)) - 1]
        blocks.append(Notice("info", hint, scene.strings.tutor.hint))
    elif len(now.trials) < step.minimum and len(_met(step, now)) == len(step.goals):
        more = words.try_more.format(minimum=step.minimum, made=len(now.trials))
        blocks.append(Notice("info", more))
    return Noted(tuple(blocks), now)


def _picked(setting: Setting, made: Made) -> tuple[Picked, ...]:
    return pick_of(setting.id, _items(setting), made.values.get(setting.id, ()))


def _is_done(step: ExperimentStep, state: State) -> bool:
    return len(state.trials) >= step.minimum and len(_met(step, state)) == len(step.goals)


# --- what came of it ----------------------------------------------------------------


def _prediction(
    step: ExperimentStep, scene: Scene, state: State
) -> tuple[bool | None, tuple[Block, ...]]:
    """Whether it went as foreseen, said once: at the first trial that can tell."""
    if step.predict is None or state.foreseen is not None or not state.predicted:
        return state.foreseen, ()
    words, tutor = scene.strings.experiment, scene.strings.tutor
    options = step.predict.options
    came = [o for o in options if _holds(step, o.when, state.trials, state.shown)]
    if len(came) != 1:
        return None, ()
    predicted = next((o for o in options if o.id == state.predicted), came[0])
    if came[0].id == predicted.id:
        return True, (Notice("good", _said(words.foreseen, predicted, came[0]), tutor.right),)
    return False, (Notice("info", _said(words.otherwise, predicted, came[0]), tutor.noted),)


def _said(text: str, predicted: Foreseen, came: Foreseen) -> str:
    return text.format(predicted=predicted.text, happened=came.text)


def _result(step: ExperimentStep, scene: Scene, state: State, trial: Trial) -> tuple[Block, ...]:
    words = scene.strings.experiment
    blocks: list[Block] = [*_bars(step, scene, state)]
    if trial.lines and step.curves:
        blocks.append(_chart(step, trial, scene))
    blocks += [Text(one) for one in remarks(step, scene, state.trials, state.shown)]
    if trial.cases:
        judged = [case.right for case in trial.cases if case.right is not None]
        title = words.cases
        cases = telling(trial.cases)
        if judged:
            text = words.cases_right if len(cases) == len(trial.cases) else words.cases_some
            counts = {"count": len(judged), "right": sum(judged), "shown": len(cases)}
            title = text.format(**counts)
        blocks.append(Details(title, tuple(b for case in cases for b in _case(case, words))))
    return tuple(blocks)


def telling(cases: Sequence[Case]) -> tuple[Case, ...]:
    """The cases to look at, in their order: own ones, unjudged ones, as many wrong as right.

    Of each they are spread over the whole list, since neighbours are much alike.
    """
    if len(cases) <= CASES:
        return tuple(cases)
    own = [at for at, case in enumerate(cases) if case.own]
    unjudged, wrong, right = (
        [at for at, case in enumerate(cases) if case.right is verdict and not case.own]
        for verdict in (None, False, True)
    )
    places = [*own, *unjudged][:CASES]
    left = CASES - len(places)
    few = min(len(wrong), max(left // 2, left - len(right)))
    places += _spread(wrong, few) + _spread(right, left - few)
    return tuple(cases[at] for at in sorted(places))


def _spread(places: Sequence[int], count: int) -> list[int]:
    """So many of the places, evenly."""
    count = min(count, len(places))
    return [places[n * len(places) // count] for n in range(count)]


def _case(case: Case, words: ExperimentStrings) -> tuple[Plain, ...]:
    """A question, what was said to it, and what lies behind that."""
    mark = MARKS[case.right]
    blocks: list[Plain] = [
        Text(f"{mark} {case.title}", "strong"),
        Dialogue((Utterance(words.said, case.said),)),
    ]
    if case.behind:
        lines = []
        for one in case.behind:
            sign = {"good": GOOD, "bad": BAD, "": ""}[one.mark]
            lines.append(f"{sign}**{one.title}**: {one.text}" if one.title else f"{sign}{one.text}")
        blocks += [Text(words.behind, "small"), Bullets(tuple(lines))]
    return tuple(blocks)


def _bars(step: ExperimentStep, scene: Scene, state: State) -> tuple[Block, ...]:
    """The trial's figures, those of a kind side by side, with the trial before it.

    Figures that aren't drawn are written below each other.
    """
    words, made, at = scene.strings.experiment, state.trials, state.shown
    plain_title = words.title.format(number=at + 1)
    before = [n for n in (at - 1,) if n >= 0]
    drawn = [one for one in step.shows if one.highest is not None]
    blocks: list[Block] = []
    kinds = groupby(
        drawn, key=lambda one: (one.bars, one.format, one.unit, one.before, one.highest)
    )
    for (named_as, *_), group in kinds:
        shown = list(group)
        title = words.titled.format(number=at + 1, title=named_as) if named_as else plain_title
        factor = 100.0 if shown[0].format == "percent" else 1.0
        series = tuple(
            (
                words.title.format(number=n + 1),
                tuple(made[n].figures.get(one.figure, 0.0) * factor for one in shown),
            )
            for n in (*before, at)
        )
        unit = "%" if shown[0].format == "percent" else (shown[0].unit or shown[0].before)
        labels = tuple(f"{one.label} ({unit})" if unit else one.label for one in shown)
        alt = "; ".join(
            f"{one.label}: {write(one, made[at].figures.get(one.figure), scene)}" for one in shown
        )
        blocks.append(Bars(title, labels, series, f"{title}. {alt}"))
    told = [one for one in step.shows if one.highest is None and one.column]
    lines = tuple(
        f"{one.label}: **{write(one, made[at].figures.get(one.figure), scene)}**" for one in told
    )
    if lines and not blocks:
        blocks.append(Text(plain_title, "strong"))
    return (*blocks, *((Bullets(lines),) if lines else ()))


def _chart(step: ExperimentStep, trial: Trial, scene: Scene) -> Chart:
    look, signs = step.curves, scene.strings.model.numbers
    title, x, y = (look.title, look.x, look.y) if look else ("", "", "")
    series = tuple(Series(line.name, line.points) for line in trial.lines)
    ends = (
        f"{line.name}: "
        + " → ".join(signs.write(line.points[n][1], _rounded(line.points[n][1])) for n in (0, -1))
        for line in trial.lines
        if line.points
    )
    return Chart(title, x, y, series, f"{title}. {'; '.join(ends)}")


def remarks(step: ExperimentStep, scene: Scene, made: Sequence[Made], at: int) -> tuple[str, ...]:
    """What is said of a trial: every remark whose condition holds of it."""
    said = [one.text for one in step.remarks if _holds(step, one.when, made, at)]
    return tuple(_filled(step, text, scene, made, at) for text in said)


def _filled(step: ExperimentStep, text: str, scene: Scene, made: Sequence[Made], at: int) -> str:
    shown = {one.figure: one for one in step.shows}
    settings = {one.id: one for one in step.settings}
    for name in named(text):
        bare = name.removeprefix(BEFORE)
        trial = made[at] if bare == name or not at else made[at - 1]
        if bare in shown:
            value = write(shown[bare], trial.figures.get(bare), scene)
        elif bare in settings:
            value = set_to(settings[bare], trial.values.get(bare, ()), scene)
        else:
            continue
        text = text.replace(f"{{{name}}}", value)
    return text


def open_goals(step: ExperimentStep, scene: Scene) -> tuple[Goal, ...]:
    """The goals that are still to be met."""
    met = _met(step, State.of(scene.record.state))
    return tuple(goal for goal in step.goals if goal.id not in met)


def todo(step: ExperimentStep, scene: Scene) -> str:
    """What is still to be done before one may go on."""
    left = "; ".join(goal.text for goal in open_goals(step, scene))
    words, state = scene.strings.experiment, State.of(scene.record.state)
    if not left:
        return words.try_more.format(minimum=step.minimum, made=len(state.trials))
    return words.todo.format(goals=left)
