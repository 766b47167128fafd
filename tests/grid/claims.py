"""What each sentence claims of the figures, by the id of its string.

`model.…` and `assess.…` are strings for every lesson, the others stand in the lesson's step. None:
the sentence says nothing of figures. What isn't here may not be said by the steps of the grid.
"""

import re
from collections.abc import Mapping
from statistics import fmean

from dialogs.values.replies import Chart
from tests.grid.figures import Claim, Known

LITTLE = 0.02  # nats: less can't be seen in two decimals


def _number(text: str) -> float:
    """A number as it is shown: "96%", "+2.50", "1.12 s"."""
    found = re.search(r"[+-]?[\d,]+(\.\d+)?", text)
    assert found, text
    value = float(found[0].replace(",", ""))
    return value / 100 if "%" in text else value


def _is(shown: str, value: float) -> bool:
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
    return all(_is(said[name], value) for name, value in told.items() if name in said)


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
    return _is(said["base"], found.base) and _is(said["tuned"], found.tuned)


def _metric(lesson_labels: Mapping[str, str], label: str) -> str:
    return next(m for m, text in lesson_labels.items() if text == label)


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
        _is(text, scale * value) for text, value in zip(numbers, values, strict=True)
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
    shown = _is(said["got"], got) and _is(said["wanted"], wanted)
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
        _is(said["base"], found.base)
        and _is(said["tuned"], found.tuned)
        and int(said["size"]) == found.size
        and _interval(known, said["interval"], "politeness", segment)
    )


def _unproven(known: Known, said: Mapping[str, str]) -> bool:
    return not known.word("politeness", _metric(SEGMENTS, said["label"])).startswith("Improved")


def _inadequate(known: Known, said: Mapping[str, str]) -> bool:
    base = known.difference("politeness", _metric(SEGMENTS, said["label"])).base
    return _is(said["base"], base) and _number(said["base"]) < _number(said["least"])


def _completed(known: Known, said: Mapping[str, str]) -> bool:
    return _pair(known, said, _metric(METRICS, said["metric"]))


def _rivals(known: Known, said: Mapping[str, str]) -> bool:
    assert known.evaluation
    means = [fmean(known.values(side, "politeness")) for side in known.evaluation.rivals]
    told = [one for one in said["rivals"].split(", ") if one]
    return said["label"].startswith(METRICS["politeness"]) and all(
        _is(text.rpartition(" ")[2], mean) for text, mean in zip(told, means, strict=True)
    )


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
        and _is(said["kept_valid_loss"], losses[epoch])
    )


CLAIMS: dict[str, Claim | None] = {
    # --- the lab
    "model.lab_words": _curve,
    "model.chart_alt": _curve,
    **{f"lab.outcomes.{kind}.explain": _kind(kind) for kind in KINDS},
    **{f"lab.outcomes.{kind}.advice": None for kind in KINDS},
    "model.lab_right": None,  # the kind's own sentence stands below it
    "model.lab_wrong": None,
    "model.lab_run_line": lambda known, said: _is(said["valid"], known.valid[-1]),
    "model.lab_training": None,
    "model.lab_todo": None,
    "model.lab_runs": None,
    "model.lab_how": None,
    # --- the job and its monitor
    "model.job_queued": None,
    "model.job_started": None,
    "model.job_finishing": None,
    "model.job_bar": None,
    "model.job_lines": None,
    "model.job_running": lambda known, said: (
        _is(said["train"], known.train[int(said["done"])])
        and _is(said["valid"], known.valid[int(said["done"])])
    ),
    "model.job_succeeded": None,
    "model.job_checkpoints": lambda known, said: int(said["kept"]) == min(3, len(known.valid) - 1),
    "screen-monitor.fields.1.value": None,
    "screen-monitor.fields.2.value": lambda known, said: (
        _is(said["first_loss"], known.train[0]) and _is(said["train_loss"], known.train[-1])
    ),
    "screen-monitor.fields.3.value": lambda known, said: (
        _is(said["valid_loss"], known.valid[-1])
        and _is(said["best_valid_loss"], known.valid[known.best])
        and int(said["best_epoch"]) == known.best
    ),
    "screen-monitor.decisions.checkpoint.options.best.text": _kept,
    "screen-monitor.decisions.checkpoint.options.last.text": lambda known, said: (
        int(said["n_epochs"]) == len(known.valid) - 1 and _is(said["valid_loss"], known.valid[-1])
    ),
    "assess.screen_how": None,
    "assess.screen_source": None,
    # --- what flawed lines did
    "model.effect_title": None,
    "model.effect_private": None,
    "model.effect_seen": lambda _, said: int(said["tuned"]) > int(said["base"]),
    "model.effect_unseen": lambda _, said: (
        int(said["tuned"]) - int(said["base"]) <= int(said["customers"]) / 10
    ),
    # --- side by side: the rubric's own words on single replies
    "model.compare_own": None,
    "model.compare_left": None,
    "model.compare_empty": None,
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
    "model.analysis_line": _of_segment,
    "model.analysis_state": None,
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
