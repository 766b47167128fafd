"""Scores as a learner reads them: the points, and why."""

from content.strings import ModelStrings
from dialogs.simulations.persona import Company, Score
from dialogs.values import replies
from dialogs.values.replies import Bullets, Details, Notice, Plain, Text

HIGHEST = 5  # points on each scale


def points(company: Company, score: Score, words: ModelStrings) -> tuple[replies.Score, ...]:
    """Each scale: "Politeness 2/5", "Helpfulness 3/5"."""

    def shown(name: str, label: str) -> replies.Score:
        value = score.values.get(name)
        pattern = words.scale_unjudged if value is None else words.scale_score
        return replies.Score(pattern.format(label=label, value=value), value, HIGHEST)

    return tuple(shown(name, scale.label) for name, scale in company.rubric.scales.items())


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
    told = []
    for name, flag in company.rubric.flags.items():
        labels = ", ".join(label for label, score in scored if name in score.flags)
        if labels and flag.metric:
            text = words.compare_promise.format(label=labels, words=flag.label)
            told.append(Notice("warning", text))
        elif labels:
            told.append(Notice("info", words.compare_flag.format(label=labels, words=flag.label)))
    return tuple(told)
