"""What a justification says about the figures, held against the figures."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from content.lesson import Claim, DashboardStep, Lesson
from content.strings import ModelStrings
from dialogs.reading.causes import Cause, causes
from dialogs.reading.claims import Number, Pair, Said, Size, said, speaks_beside
from dialogs.simulations.persona import Comparison, Diagnosis, Evaluation, dashboard
from dialogs.simulations.persona.measurements import LESS_IS_BETTER, is_reached, row
from dialogs.work import metrics

NEAR = 0.15  # points of a scale, or seconds, by which a named figure may be off
ROUNDED = 0.5  # the same where it is named without decimals
NEAR_SHARE = 0.03  # the same for a share
ROUGH_SHARE = 0.08  # the same where it is told in a word, as a half
NEAR_GROWTH = 0.1  # the same for a share of what it was: "rose by 130%"
TIMES = 1.25  # by which "doubled" may be off, either way
WHOLE = 0.985  # share from which it counts as all of them
CONFIDENCE = 95.0  # percent; an interval's, and no figure of anybody
STEM = 6  # letters by which a word is known in whichever form
HIGH, LOW = 3.5, 2.5  # points from which a mean is called high, and up to which it is called low
HIGH_SHARE, LOW_SHARE = 0.9, 0.75
# What nobody calls slight any more, and what nobody calls great: points, a share, times as long.
SLIGHT_MOST, SLIGHT_MOST_SHARE, SLIGHT_MOST_TIMES = 1.0, 0.1, 1.5
STRONG_LEAST, STRONG_LEAST_SHARE, STRONG_LEAST_TIMES = 0.3, 0.04, 1.15

# A scale of which a share is told, too, in the A/B test: "95% are satisfied".
COUNTED = {"satisfaction": "satisfied"}
MOVES = ("up", "down", "better", "worse")

Verdict = Literal["agrees", "denied", "open"]


@dataclass(frozen=True)
class Figures:
    """What a justification is held against."""

    lesson: Lesson
    evaluation: Evaluation
    targets: Mapping[str, float]
    found: Diagnosis | None = None
    segments: tuple[str, ...] = ()  # the kinds of customer that are spoken of, beside everybody


@dataclass(frozen=True)
class Held:
    """The metrics of which a text says what their figures bear, and what they deny, in order.

    `borne_out` and `untrue` are the same of what it says of the data and the run. `unclear` says
    that something is denied of a share, and not what ("no answer is right"), or that a metric is
    named beside the figures ("polite is better than rude").
    """

    agreeing: tuple[str, ...]
    denied: tuple[str, ...]
    borne_out: tuple[Cause, ...]
    untrue: tuple[Cause, ...]
    unclear: bool


def held(text: str, claims: Sequence[Claim], figures: Figures, words: ModelStrings) -> Held:
    """Hold every claim of a text against the figures.

    A claim that nothing bears out or denies, as of a rise by chance, is neither.
    """
    measured = [r.metric for r in dashboard(figures.evaluation)]
    figures = replace(figures, segments=_named(text, figures))
    made = said(text, claims, words.claims)
    named = {one.metric for one in made}
    agreeing, denied = set[str](), set[str]()
    for one in made:
        about = (
            [one.metric] if one.metric else _meant(one, claims, measured, named, figures.targets)
        )
        verdicts = {m: _verdict(one, m, figures) for m in about if m in measured}
        denied |= {m for m, verdict in verdicts.items() if verdict == "denied"}
        if verdicts and set(verdicts.values()) == {"agrees"}:
            agreeing |= verdicts.keys()
    told = {cause: _of_cause(cause, figures.found) for cause in causes(text, words.causes)}
    return Held(
        tuple(c.metric for c in claims if c.metric in agreeing - denied),
        tuple(c.metric for c in claims if c.metric in denied),
        borne_out=tuple(cause for cause, verdict in told.items() if verdict == "agrees"),
        untrue=tuple(cause for cause, verdict in told.items() if verdict == "denied"),
        unclear=any(
            one.way is None and one.denied and _is_share(one.metric, figures) for one in made
        )
        or speaks_beside(text, claims, words.claims),
    )


def _of_cause(cause: Cause, found: Diagnosis | None) -> Verdict:
    """Whether the data or the run is what it is said to be."""
    if found is None:
        return "open"
    match cause.matter:
        case "data":
            is_bad = bool(found.data) or found.kind == "unlike-validation"
            # Better examples may be called for where no fault is found in those that are there.
            is_open = not found.data and "more-data" in found.grounds
        case "run":
            is_bad = found.went_wrong or "parameters" in found.grounds
            is_open = not found.went_wrong and (
                "parameters" in found.grounds or found.kind == "unlike-validation"
            )
        case _:
            is_bad = found.kind == cause.matter
            # Either is learnt too hard.
            is_open = not is_bad and {found.kind, cause.matter} == {"overfit", "diverged"}
    if is_bad == cause.at_fault:
        return "agrees"
    return "open" if is_open else "denied"


def _named(text: str, figures: Figures) -> tuple[str, ...]:
    """The kinds of customer that a text names, by a word of their names on the dashboard."""
    low = text.casefold()
    labels = {
        segment: label
        for board in figures.lesson.steps_of(DashboardStep)
        for segment, label in board.segments.items()
    }
    return tuple(
        segment
        for segment in figures.evaluation.segments
        if any(
            w.casefold()[:STEM] in low for w in labels.get(segment, "").split() if len(w) >= STEM
        )
    )


def _meant(
    one: Said,
    claims: Sequence[Claim],
    measured: Sequence[str],
    named: set[str],
    targets: Collection[str],
) -> Iterator[str]:
    """The metrics that "all" or "all others" means; what had better fall is none that "fell"."""
    for claim in claims:
        if claim.metric not in measured or (one.others and claim.metric in named):
            continue
        if one.way in {"reached", "missed"} and claim.metric not in targets:
            continue
        if claim.metric in LESS_IS_BETTER and one.way in {"up", "down", "same", "high", "low"}:
            continue
        yield claim.metric


def _verdict(one: Said, metric: str, figures: Figures) -> Verdict:
    """What the figures of a metric say to a claim; any part of it that is denied counts."""
    if one.way in {"reached", "missed"}:
        return _of_target(one, metric, figures)
    change = _change(metric, figures)
    share = _is_share(metric, figures)
    found: list[Verdict] = []
    if one.times is not None:
        found.append(_of_times(one, one.times, change, share=share))
        if found[0] == "denied" and metric in COUNTED:
            counted = _change(COUNTED[metric], figures)
            found = [_of_times(one, one.times, counted, share=True)]
    if one.pair is not None:
        found.append(_of_pair(one.pair, one, metric, figures))
    if one.numbers:
        is_counted = all(n.percent for n in one.numbers)
        measured = COUNTED.get(metric, metric) if is_counted else metric
        found.append(_of_numbers(one, measured, figures))
    if one.way is not None and one.pair is None and not (one.times and one.denied):
        found.append(_of_way(one, metric, change, figures))
    if one.size is not None and one.way in MOVES and not one.denied:
        found.append(_of_size(one.size, change, metric, share=share))
    if "denied" in found:
        return "denied"
    return "agrees" if "agrees" in found else "open"


def _change(metric: str, figures: Figures) -> Comparison:
    return row(dashboard(figures.evaluation), metric).comparison


def _is_share(metric: str, figures: Figures) -> bool:
    return metric in COUNTED.values() or metrics.is_share(figures.lesson, metric)


def _of_target(one: Said, metric: str, figures: Figures) -> Verdict:
    wanted = figures.targets.get(metric)
    if wanted is None:
        return "open"
    change = _change(metric, figures)
    reached = is_reached(metric, change.b, wanted)
    claimed = (one.way == "reached") != one.denied
    if not one.metric and not claimed:
        # That the targets are missed is so when one of them is.
        every = all(
            is_reached(m, row(dashboard(figures.evaluation), m).comparison.b, value)
            for m, value in figures.targets.items()
        )
        return "denied" if every else "agrees"
    return "agrees" if reached == claimed else "denied"


def _of_way(one: Said, metric: str, change: Comparison, figures: Figures) -> Verdict:
    share = _is_share(metric, figures)
    moved = abs(change.difference) > (NEAR_SHARE if share else NEAR)
    if one.size is not None and (one.denied or one.way == "same"):
        # "Hardly rose", "didn't change a lot": a little is allowed.
        moved = not _is_slight(change, metric, share=share)
    match one.way:
        case "high" | "low":
            high = change.b >= (HIGH_SHARE if share else HIGH)
            low = change.b <= (LOW_SHARE if share else LOW)
            claimed_high = (one.way == "high") != one.denied
            if one.opposite or metric in LESS_IS_BETTER:
                return "open"
            if claimed_high:
                return "agrees" if high else "denied" if low else "open"
            return "agrees" if low else "denied" if high else "open"
        case "whole":
            return "agrees" if share and change.b >= WHOLE else "open"
        case "same":
            differs = (change.improved or change.degraded) and moved
            if one.denied:
                return "agrees" if change.improved or change.degraded else "denied"
            if not one.metric:
                # "All else stayed" bears that something got better.
                return "denied" if change.degraded and moved else "agrees"
            return "denied" if differs else "agrees"
        case _:
            pass
    claims_better = one.way == "better"
    if one.way in {"up", "down"}:
        claims_better = (one.way == "up") != one.opposite
        if metric in LESS_IS_BETTER:
            claims_better = not claims_better
    is_so, is_contrary = (
        (change.improved, change.degraded) if claims_better else (change.degraded, change.improved)
    )
    if one.denied:
        return "denied" if is_so and moved else "agrees"
    if is_so:
        return "agrees"
    less = metric in LESS_IS_BETTER
    went = (change.b < change.a) == less and round(change.a, 2) != round(change.b, 2)
    # By chance it may have gone that way: then it is no false claim, and no evidence.
    toward = went if claims_better else not went and round(change.a, 2) != round(change.b, 2)
    return "denied" if is_contrary or not toward else "open"


def _of_times(one: Said, times: Number, change: Comparison, *, share: bool) -> Verdict:
    """Whether a metric, or what is its opposite, was multiplied by about as much as is said."""
    a, b = change.a, change.b
    if one.opposite:
        a, b = (1 - a, 1 - b) if share else (b, a)
    if min(a, b) <= 0:
        return "open"
    off = b / a / times.value
    is_so = off >= 1 / TIMES and (off <= TIMES or times.limit == "above")
    return "agrees" if is_so != one.denied else "denied"


def _of_size(size: Size, change: Comparison, metric: str, *, share: bool) -> Verdict:
    """Whether a change may be called slight, or great; it agrees with nothing by itself."""
    if size == "slight":
        return "open" if _is_slight(change, metric, share=share) else "denied"
    if metric in LESS_IS_BETTER:
        is_so = _ratio(change) >= STRONG_LEAST_TIMES
    else:
        is_so = abs(change.difference) >= (STRONG_LEAST_SHARE if share else STRONG_LEAST)
    return "open" if is_so else "denied"


def _is_slight(change: Comparison, metric: str, *, share: bool) -> bool:
    if metric in LESS_IS_BETTER:
        return _ratio(change) < SLIGHT_MOST_TIMES
    return abs(change.difference) < (SLIGHT_MOST_SHARE if share else SLIGHT_MOST)


def _ratio(change: Comparison) -> float:
    """How many times the smaller one goes into the greater."""
    less, more = sorted((change.a, change.b))
    return more / less if less > 0 else 1.0


def _of_pair(pair: Pair, one: Said, metric: str, figures: Figures) -> Verdict:
    """Whether some model and kind of customer had the one value, and then the other."""
    first, second = (_value(n, metric, one, figures) for n in pair)
    near = _near(pair[0], metric, figures), _near(pair[1], metric, figures)
    for a, b in _ways_gone(figures, metric):
        if abs(first - a) <= near[0] and abs(second - b) <= near[1]:
            if (second > first and b < a) or (second < first and b > a):
                continue
            return "agrees"
    return "denied"


def _of_numbers(one: Said, metric: str, figures: Figures) -> Verdict:
    """Whether each number of a clause stands on the dashboard for the metric."""
    share = _is_share(metric, figures)
    tuned = _change(metric, figures).b
    known = tuple(_known(figures, metric))
    tuned_only = [
        row(dashboard(figures.evaluation, s), metric).comparison.b
        for s in (None, *figures.segments)
    ]
    stated = [n for n in one.numbers if _counts(n, share=share, metric=metric)]
    for number in stated:
        value, near = _value(number, metric, one, figures), _near(number, metric, figures)
        if number.percent and not share:
            if not _grew_by(number, _change(metric, figures)):
                return "denied"
        elif number.limit and not one.denied:
            is_above = (number.limit == "above") != (one.opposite and share)
            fits = tuned >= value - near if is_above else tuned <= value + near
            if not fits:
                return "denied"
        elif not any(abs(value - k) <= near for k in (tuned_only if one.now else known)):
            return "denied"
    return "agrees" if stated else "open"


def _grew_by(number: Number, change: Comparison) -> bool:
    """Whether a figure that is no share went up or down by so many percent of what it was."""
    if change.a <= 0:
        return False
    return abs(abs(change.difference) / change.a - number.value / 100) <= NEAR_GROWTH


def _counts(number: Number, *, share: bool, metric: str) -> bool:
    """Whether a number can be the metric's: other ones count lines, customers, points."""
    if share:
        named = number.percent and number.value != CONFIDENCE
        return named or number.limit != "" or number.change
    if number.percent:
        return number.change
    if metric in LESS_IS_BETTER:
        return True
    return (number.limit != "" or number.value != int(number.value)) and number.value <= 5  # noqa: PLR2004 (the scale's end)


def _value(number: Number, metric: str, one: Said, figures: Figures) -> float:
    if not _is_share(metric, figures):
        return number.value
    value = number.value / 100 if number.percent or number.value > 1 else number.value
    return 1 - value if one.opposite and not number.change else value


def _near(number: Number, metric: str, figures: Figures) -> float:
    if _is_share(metric, figures):
        return ROUGH_SHARE if number.rough else NEAR_SHARE
    return ROUNDED if number.value == int(number.value) else NEAR


def _known(figures: Figures, metric: str) -> Iterator[float]:
    """All that the dashboard shows for a metric: for everybody, and kinds that the text names."""
    evaluation = figures.evaluation
    if metric in figures.targets:
        yield figures.targets[metric]
    for segment in (None, *figures.segments):
        found = row(dashboard(evaluation, segment), metric)
        yield from found.rivals.values()
        yield from _shown(found.comparison)


def _ways_gone(figures: Figures, metric: str) -> Iterator[tuple[float, float]]:
    """From which value to which a metric went: between base, rivals and tuned."""
    evaluation = figures.evaluation
    for segment in (None, *figures.segments):
        found = row(dashboard(evaluation, segment), metric)
        a, b = found.comparison.a, found.comparison.b
        yield a, b
        for rival in found.rivals.values():
            yield from ((a, rival), (rival, b))


def _shown(comparison: Comparison) -> tuple[float, ...]:
    ends = (comparison.difference, comparison.low, comparison.high)
    return (comparison.a, comparison.b, *ends, *(-e for e in ends))
