"""What a justification says about the figures, held against the figures."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from content.lesson import Claim, Lesson
from content.strings import ModelStrings
from dialogs.simulations.persona import Comparison, Evaluation, dashboard
from dialogs.simulations.persona.measurements import row
from dialogs.work import metrics

NEAR = 0.15  # points of a scale by which a named figure may be off
NEAR_SHARE = 0.03  # the same for a share
CONFIDENCE = 95.0  # percent; an interval's, and no figure of anybody


@dataclass(frozen=True)
class Figures:
    """What a justification is held against."""

    lesson: Lesson
    evaluation: Evaluation
    targets: Mapping[str, float]


def contradicted(
    text: str, claims: Sequence[Claim], figures: Figures, words: ModelStrings
) -> tuple[str, ...]:
    """The metrics of which the text says what their figures deny, in the order of `claims`.

    Read clause by clause, and only where a clause speaks of one metric alone: that it rose or
    fell, or did not, against a significant change; or figures with decimals or in percent, none
    of which stands on the dashboard for it.
    """
    found: set[str] = set()
    measured = {r.metric for r in dashboard(figures.evaluation)}
    for clause in re.split(words.claims_apart, text, flags=re.IGNORECASE):
        named = [c.metric for c in claims if c.metric in measured and _says(clause, c.patterns)]
        if len(named) == 1 and _denied(clause, named[0], figures, words):
            found.add(named[0])
    return tuple(c.metric for c in claims if c.metric in found)


def _says(clause: str, patterns: Sequence[str]) -> bool:
    return any(re.search(p, clause, re.IGNORECASE) for p in patterns)


def _denied(clause: str, metric: str, figures: Figures, words: ModelStrings) -> bool:
    change = row(dashboard(figures.evaluation), metric).comparison
    rises, falls = _says(clause, words.claims_rise), _says(clause, words.claims_fall)
    if rises != falls:
        denied = _says(clause, words.claims_not)
        claims_better = rises != denied
        # That something did not rise is no claim that it fell, and the other way round.
        if change.degraded if claims_better else change.improved:
            return True
    share = metrics.is_share(figures.lesson, metric)
    stated = tuple(_stated(clause, share=share))
    known = tuple(_known(figures, metric))
    near = NEAR_SHARE if share else NEAR
    return bool(stated) and not any(abs(s - k) <= near for s in stated for k in known)


def _stated(clause: str, *, share: bool) -> Iterator[float]:
    """The figures that a clause gives for a metric; counts and other numbers are none."""
    if share:
        for found in re.findall(r"(\d+(?:[.,]\d+)?)\s*%", clause):
            percent = float(found.replace(",", "."))
            if percent != CONFIDENCE:
                yield percent / 100
        return
    yield from (float(f.replace(",", ".")) for f in re.findall(r"\b[1-5][.,]\d+\b", clause))


def _known(figures: Figures, metric: str) -> Iterator[float]:
    """All that the dashboard shows for a metric, for everybody and each kind of customer."""
    evaluation = figures.evaluation
    if metric in figures.targets:
        yield figures.targets[metric]
    for segment in (None, *evaluation.segments):
        found = row(dashboard(evaluation, segment), metric)
        yield from found.rivals.values()
        yield from _shown(found.comparison)


def _shown(comparison: Comparison) -> tuple[float, ...]:
    ends = (comparison.difference, comparison.low, comparison.high)
    return (comparison.a, comparison.b, *ends, *(-e for e in ends))
