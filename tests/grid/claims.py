"""What each sentence claims of the figures, by the id of its string.

`model.…` and `assess.…` are strings for every lesson, the others stand in the lesson's step. None:
the sentence says nothing of figures. What isn't here may not be said by the steps of the grid.
"""

import math
import re
from collections.abc import Mapping
from statistics import fmean, stdev

from dialogs.simulations.persona.evaluation import ModelVariant
from dialogs.values.replies import Chart
from tests.grid.figures import Claim, Known

CHANCE = 1.96  # standard errors that may be luck, at a level of 5%
LITTLE = 0.02  # nats: less can't be seen in two decimals


def _number(text: str) -> float:
    """A number as it is shown: "96%", "+2.50", "1.12 s"."""
    found = re.search(r"[+-]?[\d,]+(\.\d+)?", text)
    assert found, text
    value = float(found[0].replace(",", ""))
    return value / 100 if "%" in text else value


def shows(shown: str, value: float) -> bool:
    """Whether a number is shown as it is, rounded."""
    decimals = len(shown.rstrip("% s").partition(".")[2]) + 2 * ("%" in shown)
    return abs(_number(shown) - value) <= 0.5001 * 10.0**-decimals


def _curve(known: Known, said: Mapping[str, str]) -> bool:
    told = {
        "first": known.train[0],
        "last": known.train[-1],
        "vfirst": known.valid[0],
        "vlast": known.valid[-1],
        "vbest": min(known.valid[1:]),
        "best": float(known.best),
        "changed": known.changed,
        "steps": float(known.training.steps),
    }
    return all(shows(said[name], value) for name, value in told.items() if name in said)


def _well(known: Known) -> bool:
    """Both losses fell and stayed down."""
    return (
        known.train[-1] < known.train[0]
        and known.valid[-1] < known.valid[0]
        and known.valid[-1] <= 1.1 * min(known.valid)
    )


def _little(known: Known) -> bool:
    return known.train[-1] > 0.75 * known.train[0] or known.changed < 0.5


def _by_heart(known: Known) -> bool:
    """Training loss went on falling while validation loss, which had fallen, turned up."""
    best = known.best
    return (
        known.train[-1] <= known.train[best] <= known.train[0] + LITTLE
        and known.valid[best] < known.valid[0]
        and known.valid[-1] > known.valid[best] + LITTLE
    )


def _wild(known: Known) -> bool:
    """A loss went up: above the base's, or again after it had fallen."""
    return known.train[-1] > 1.05 * min(known.train)


def _unlike(known: Known) -> bool:
    """Training loss fell, validation loss hardly or not at all."""
    return known.train[-1] < known.train[0] and min(known.valid) > 0.8 * known.valid[0]


KINDS = {
    "good": _well,
    "underfit": _little,
    "overfit": _by_heart,
    "diverged": _wild,
    "unlike-validation": _unlike,
}


def _kind(kind: str) -> Claim:
    return lambda known, _: KINDS[kind](known)


def _pair(known: Known, said: Mapping[str, str], metric: str) -> bool:
    found = known.difference(metric, known.segment)
    return shows(said["base"], found.base) and shows(said["tuned"], found.tuned)


def _metric(lesson_labels: Mapping[str, str], label: str) -> str:
    return {text: metric for metric, text in lesson_labels.items()}[label]


# The lesson's words for its metrics and kinds of customer.
METRICS = {
    "politeness": "Response politeness",
    "helpfulness": "Helpfulness",
    "satisfaction": "Customer satisfaction",
    "seconds": "Response time",
    "accuracy": "Accuracy",
    "honesty": "No unbacked promises",
    "tokens": "Prompt tokens",
}
SEGMENTS = {
    "complaint": "Complaints",
    "request": "Requests",
    "information": "Questions for information",
    "social": "Thanks and small talk",
    "upset": "Upset customers",
}
WORDS = {
    "ImprovedStrong": "clearly better (p ≤ 0.001)",
    "ImprovedWeak": "better (p ≤ 0.05)",
    "DegradedStrong": "clearly worse (p ≤ 0.001)",
    "DegradedWeak": "worse (p ≤ 0.05)",
    "Inconclusive": "no proven difference",
}


def _interval(known: Known, shown: str, metric: str, segment: str | None) -> bool:
    """An interval as "+2.50 [+2.40 to +2.60]"; of shares in percentage points."""
    found = known.difference(metric, segment)
    numbers = re.findall(r"[+-−]?\d+(?:\.\d+)?", shown)
    values = (found.by, found.low, found.high)
    scale = 100 if metric in {"accuracy", "honesty"} else 1
    return len(numbers) == len(values) and all(
        shows(text, scale * value) for text, value in zip(numbers, values, strict=True)
    )


def _change(known: Known, said: Mapping[str, str]) -> bool:
    metric = _metric(METRICS, said["label"])
    return said["change"] == WORDS[known.word(metric)] and _pair(known, said, metric)


def _difference(known: Known, said: Mapping[str, str]) -> bool:
    metric = _metric(METRICS, said["label"])
    return said["change"] == WORDS[known.word(metric, known.segment)] and _interval(
        known, said["interval"], metric, known.segment
    )


def _target(known: Known, said: Mapping[str, str], *, reached: bool) -> bool:
    metric = "accuracy" if said["label"].startswith("Accuracy") else "politeness"
    got, wanted = known.difference(metric).tuned, (known.targets or {})[metric]
    shown = shows(said["got"], got) and shows(said["wanted"], wanted)
    return shown and (_number(said["got"]) >= _number(said["wanted"])) is reached


def _ab(_: Known, said: Mapping[str, str]) -> bool:
    low, high = _number(said["low"]), _number(said["high"])
    by = _number(said["b"]) - _number(said["a"])
    word = next(w for w, text in WORDS.items() if text == said["label"])
    if word == "Inconclusive":
        return low <= 0 <= high
    return (low >= 0 and by > 0) if word.startswith("Improved") else (high <= 0 and by < 0)


def _of_segment(known: Known, said: Mapping[str, str]) -> bool:
    segment = _metric(SEGMENTS, said["label"])
    found = known.difference("politeness", segment)
    return (
        shows(said["base"], found.base)
        and shows(said["tuned"], found.tuned)
        and int(said["size"]) == found.size
        and _interval(known, said["interval"], "politeness", segment)
    )


def _unproven(known: Known, said: Mapping[str, str]) -> bool:
    return not known.word("politeness", _metric(SEGMENTS, said["label"])).startswith("Improved")


def _inadequate(known: Known, said: Mapping[str, str]) -> bool:
    base = known.difference("politeness", _metric(SEGMENTS, said["label"])).base
    return shows(said["base"], base) and _number(said["base"]) < _number(said["least"])


def _completed(known: Known, said: Mapping[str, str]) -> bool:
    return _pair(known, said, _metric(METRICS, said["metric"]))


def _rivals(known: Known, said: Mapping[str, str]) -> bool:
    assert known.evaluation
    means = [fmean(known.values(side, "politeness")) for side in known.evaluation.rivals]
    told = [one for one in said["rivals"].split(", ") if one]
    return said["label"].startswith(METRICS["politeness"]) and all(
        shows(text.rpartition(" ")[2], mean) for text, mean in zip(told, means, strict=True)
    )


# The data sets that hold a card number, and the words for what the rubric flags in a reply.
PRIVATE = ("all flawed", "everything", "sound and personal-card")
FLAGS = {
    "promises what nothing backs": "claimed",
    "sounds faster than anyone can be": "hopeful",
    "is harsh or mocks": "hostile",
    "uses words that no customer knows": "jargon",
    "does harm to who follows it": "dangerous",
    "says nothing that makes sense": "senseless",
    "is in another language": "foreign",
}
ASTRAY = "no right answer"
COST = 5  # percentage points of right answers that a sound set may cost, too


def _effect(known: Known, said: Mapping[str, str]) -> float:
    """How many standard errors more replies show a flaw than the base's; nan where miscounted."""
    assert known.evaluation
    base, tuned = (_showing(known, side, said["sign"]) for side in ("base", "tuned"))
    told = [int(said[side]) for side in ("base", "tuned")]
    if told != [sum(base), sum(tuned)] or int(said["customers"]) != len(base):
        return math.nan
    # Each customer wrote to both.
    apart = [b - a for a, b in zip(base, tuned, strict=True)]
    error = stdev(apart) / math.sqrt(len(apart))
    if said["sign"] == ASTRAY and 0 < 100 * fmean(apart) < COST:
        return 0.0
    return fmean(apart) / error if error else 0.0


def _showing(known: Known, side: ModelVariant, sign: str) -> list[int]:
    """Whether each reply of a model shows a flaw, by the words for its sign."""
    assert known.evaluation
    if sign == ASTRAY:
        return [int(value == 0) for value in known.values(side, "accuracy")]
    if sign.startswith("“"):
        answers = known.evaluation.sides[side]
        flag = FLAGS[sign.strip("“”")]
        return [int(flag in answers.replies[at].flags) for at in answers.reply_of]
    scale, _, points = sign.partition(" ")
    most = 2.0 if points == "2 of 5 or less" else 1.0
    return [int(value <= most) for value in known.values(side, scale.lower())]


def drawn_as_told(known: Known, chart: Chart) -> bool:
    """Whether both curves begin and end where the words say."""
    ends = [(known.train[0], known.train[-1]), (known.valid[0], known.valid[-1])]
    drawn = [(one.points[0][1], one.points[-1][1]) for one in chart.series]
    return all(
        abs(a - b) < LITTLE / 2
        for pair, other in zip(ends, drawn, strict=True)
        for a, b in zip(pair, other, strict=True)
    )


def _kept(known: Known, said: Mapping[str, str]) -> bool:
    """The checkpoint that is offered is one of the last three, the best of them."""
    last = len(known.valid) - 1
    losses = {e: known.valid[e] for e in range(max(1, last - 2), last + 1)}
    epoch = int(said["kept_epoch"])
    return (
        epoch in losses
        and losses[epoch] == min(losses.values())
        and shows(said["kept_valid_loss"], losses[epoch])
    )


# How a job goes, by the clock.
JOB_WORDS = (
    *("job_running", "job_making", "job_checking", "job_board", "job_log"),
    *("job_log_line", "job_log_created", "job_log_queued", "job_log_training"),
    *("job_log_checking", "job_log_done", "job_chart_alt", "chart_cut", "job_stages"),
)


def _other(known: Known, said: Mapping[str, str]) -> bool:
    """Another one of the last three than the best, if there is another."""
    last, epoch = len(known.valid) - 1, int(said["other_epoch"])
    kept = range(max(1, last - 2), last + 1)
    best = min(kept, key=lambda e: known.valid[e])
    is_other = epoch != best or len(kept) == 1
    return epoch in kept and is_other and shows(said["other_valid_loss"], known.valid[epoch])


CLAIMS: dict[str, Claim | None] = {
    # --- the lab
    "model.lab_words": _curve,
    "model.chart_alt": _curve,
    **{f"lab.outcomes.{kind}.explain": _kind(kind) for kind in KINDS},
    **{f"lab.outcomes.{kind}.advice": None for kind in KINDS},
    "model.lab_right": None,  # the kind's own sentence stands below it
    "model.lab_wrong": None,
    "model.lab_run_line": lambda known, said: shows(said["valid"], known.valid[-1]),
    "model.lab_training": None,
    "model.lab_todo": None,
    "model.lab_runs": None,
    "model.lab_how": None,
    # --- the job and its monitor
    "model.job_queued": None,
    "model.dash_todo": None,
    "assess.complete_best": None,
    "where-adequate.goal": None,
    **{f"model.{name}": None for name in JOB_WORDS},
    "model.job_lines": None,
    "model.job_log_epoch": lambda known, said: (
        shows(said["train"], known.train[int(said["epoch"])])
        and shows(said["valid"], known.valid[int(said["epoch"])])
    ),
    "model.job_succeeded": None,
    "model.job_log_making": lambda known, said: int(said["kept"]) == min(3, len(known.valid) - 1),
    "screen-monitor.fields.1.value": None,
    "screen-monitor.fields.2.value": None,
    "screen-monitor.fields.3.value": None,
    "screen-monitor.fields.4.value": lambda known, said: (
        shows(said["first_loss"], known.train[0]) and shows(said["train_loss"], known.train[-1])
    ),
    "screen-monitor.fields.5.value": lambda known, said: (
        shows(said["valid_loss"], known.valid[-1])
        and shows(said["best_valid_loss"], known.valid[known.best])
        and int(said["best_epoch"]) == known.best
    ),
    "screen-monitor.decisions.checkpoint.options.best.text": _kept,
    "screen-monitor.decisions.checkpoint.options.last.text": _other,
    "assess.screen_how": None,
    "assess.screen_note": None,
    "assess.screen_source": None,
    # --- what flawed lines did
    "model.effect_title": None,
    "model.effect_private": lambda known, said: (
        known.data in PRIVATE and said["problem"].startswith("Personal data")
    ),
    "model.effect_seen": lambda known, said: _effect(known, said) >= CHANCE,
    "model.effect_hidden": lambda known, said: _effect(known, said) <= -CHANCE,
    "model.effect_unseen": lambda known, said: abs(_effect(known, said)) <= CHANCE,
    # --- side by side: the rubric's own words on single replies
    "model.compare_own": None,
    "model.compare_left": None,
    "model.compare_empty": None,
    "model.compare_others": None,
    "model.compare_learned": None,
    "model.compare_flag": None,
    "model.compare_promise": None,
    "model.plus": None,
    "model.minus": None,
    "model.missing": None,
    # --- the dashboard
    "model.dash_simulated": lambda known, said: (
        known.evaluation is not None and int(said["size"]) == len(known.evaluation.customers)
    ),
    "model.dash_for": lambda known, said: (
        int(said["size"]) == len(known.values("base", "accuracy", known.segment))
    ),
    "model.dash_interval_line": _difference,
    "model.dash_chart_alt": None,  # its numbers are the table's
    "model.dash_ab_result": _ab,
    "model.dash_ab_zero": None,  # held by the result before it
    "model.dash_ab_wide": None,
    "model.targets": None,
    "model.dash_how": None,
    "model.target_met": lambda known, said: _target(known, said, reached=True),
    "model.target_missed": lambda known, said: _target(known, said, reached=False),
    # --- analysis
    "model.analysis_none": None,
    "model.analysis_choose": None,
    "model.analysis_line": _of_segment,
    "model.analysis_figures": None,
    "model.analysis_unproven": _unproven,
    "model.analysis_few": _unproven,
    "model.analysis_inadequate": _inadequate,
    "model.analysis_more.improved": None,
    "model.analysis_more.adequate": None,
    # --- the decision's figures, and the end
    "tutor.once_more": None,
    "assess.complete_achieved": None,
    "model.chat_seen": None,  # worded as what is achieved
    "model.chat_open": None,
    "assess.complete_done": None,
    "assess.complete_open": None,
    "assess.complete_figures": None,
    "assess.complete_files": None,
    "assess.complete_links": None,
    "assess.quiz_how_many": None,
    "model.decide_figures": None,
    "model.decide_figure": _change,
    "model.decide_rivals": _rivals,
    "assess.complete_model": _completed,
    "assess.complete_lines": None,
    "assess.complete_runs": None,
    "assess.complete_score": None,
}
# What is written in a step for every learner alike, and speaks of no learner's figures.
FIXED = re.compile(
    r"\.(prompt|title|help|body|notes|explain|\w*label|text|path|praise|tips|timeline|unfinished"
    r"|links|complete|parameters|annotations|fields|segments|metrics|justify)(\.|$)"
)
