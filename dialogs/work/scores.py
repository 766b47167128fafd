"""Scores as a learner reads them: the points, and why."""

from content.strings import ModelStrings
from dialogs.simulations.persona import Company, Score
from dialogs.values.replies import Bullets, Details, Notice, Plain, Text


def points(company: Company, score: Score, words: ModelStrings) -> tuple[str, ...]:
    """Each scale: "Politeness 2/5", "Helpfulness 3/5"."""
    scales = company.rubric.scales
    return tuple(
        words.scale_score.format(label=scale.label, value=score.values[name])
        if name in score.values
        else words.scale_unjudged.format(label=scale.label)
        for name, scale in scales.items()
    )


def reasons(score: Score, words: ModelStrings) -> tuple[str, ...]:
    """Why: what was found for it and against it, then what is missing."""
    lines = []
    for reason in sorted(score.reasons, key=lambda r: -r.delta if r.found else 9.0):
        if reason.found and reason.delta:
            pattern = words.plus if reason.delta > 0 else words.minus
        else:
            pattern = words.missing
        if reason.words:
            lines.append(pattern.format(words=reason.words))
    return tuple(dict.fromkeys(lines))


def why(scored: tuple[tuple[str, Score], ...], words: ModelStrings) -> Details:
    """The reasons for several replies' scores, behind a button."""
    blocks: list[Plain] = []
    for label, score in scored:
        blocks += [Text(label, "strong"), Bullets(reasons(score, words))]
    return Details(words.why_scores, tuple(blocks))


def warnings(
    company: Company, scored: tuple[tuple[str, Score], ...], words: ModelStrings
) -> tuple[Notice, ...]:
    """What a reply says that it should not: a warning where that is counted, else a remark."""
    flags = company.rubric.flags
    return tuple(
        Notice("warning", words.compare_promise.format(label=label, words=flags[flag].label))
        if flags[flag].metric
        else Notice("info", words.compare_flag.format(label=label, words=flags[flag].label))
        for label, score in scored
        for flag in flags
        if flag in score.flags
    )
