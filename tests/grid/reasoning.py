"""What the decision's reasoning claims, by the id of its string, and how a line is taken apart.

The conditions are worked out from each customer's answers and the losses; no judging code is used.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache

from content.strings import ModelStrings
from dialogs.simulations.persona.evaluation import ModelVariant
from tests.grid.claims import METRICS, shows
from tests.grid.figures import Known

Claim = Callable[[Known, Mapping[str, str]], bool]
GAIN = 0.3  # points of a scale that are worth something
FALL = 5  # percentage points of accuracy that nobody may lose
UNLEARNT = 0.9  # nats of training loss that leave something to be learnt
PROMISES = 0.02  # of replies that may promise what nothing backs
SCALES = ("politeness", "helpfulness")
SIDES: Mapping[str, ModelVariant] = {"With prompt": "prompted", "With examples": "few-shot"}


def lost(known: Known, side: ModelVariant) -> int:
    """The percentage points of accuracy that a model lost, as they are shown."""
    found = known.difference("accuracy", sides=("base", side))
    return round(100 * found.base) - round(100 * found.tuned)


def fell(known: Known, metric: str, side: ModelVariant = "tuned") -> bool:
    """Whether a metric's fall is proven."""
    found = known.difference(metric, sides=("base", side))
    return found.by < 0 and found.p <= 0.05


def harmed(known: Known, side: ModelVariant = "tuned") -> bool:
    """Whether something fell that must not."""
    return (
        (fell(known, "accuracy", side) and lost(known, side) >= FALL)
        or fell(known, "helpfulness", side)
        or fell(known, "honesty", side)
        or 1 - known.difference("honesty", sides=("base", side)).tuned > PROMISES
    )


def reaches(known: Known, side: ModelVariant = "tuned") -> bool:
    """Whether a model reaches the targets, as they are shown."""
    return all(
        round(known.difference(metric, sides=("base", side)).tuned, 2) >= wanted
        for metric, wanted in (known.targets or {}).items()
    )


def ahead(known: Known, one: ModelVariant, other: ModelVariant) -> list[str]:
    """The scales on which a model is ahead of another, proven and by what is worth something."""
    found = {scale: known.difference(scale, sides=(other, one)) for scale in SCALES}
    return [scale for scale, d in found.items() if d.p <= 0.05 and d.by >= GAIN]


def suffices(known: Known, side: ModelVariant) -> bool:
    """Whether a model does what is asked without training."""
    return reaches(known, side) and not harmed(known, side)


def gained(known: Known) -> bool:
    found = known.difference("politeness")
    return found.p <= 0.05 and found.by >= GAIN


def enough(known: Known) -> bool:
    """Whether the tuned model leaves nothing to be wished for."""
    return gained(known) and reaches(known) and not harmed(known)


def _losses(known: Known, said: Mapping[str, str]) -> bool:
    train, valid = known.until_chosen
    told = {
        "first": train[0],
        "train": train[-1],
        "lowest": min(train[1:]),
        "vfirst": valid[0],
        "valid": valid[-1],
        "vbest": min(valid[1:]),
        "best": 1.0 + valid[1:].index(min(valid[1:])),
    }
    return all(shows(said[name], value) for name, value in told.items() if name in said)


def _run(is_so: Callable[[list[float], list[float]], bool]) -> Claim:
    return lambda known, said: _losses(known, said) and is_so(*known.until_chosen)


def _went_wrong(known: Known) -> bool:
    """Whether the curves leave it open at most that a run went well."""
    train, valid = known.until_chosen
    return train[-1] > 0.7 * train[0] or valid[-1] > 1.05 * min(valid[1:]) or train[-1] > UNLEARNT


def _standing(known: Known, said: Mapping[str, str]) -> bool:
    side = SIDES[said["name"]]
    rival = known.difference("politeness", sides=("base", side)).tuned
    superfluous = (
        suffices(known, side)
        and not ahead(known, "tuned", side)
        and (side == "prompted" or bool(ahead(known, side, "tuned")))
    )
    return (
        shows(said["rival"], rival)
        and shows(said["tuned"], known.difference("politeness").tuned)
        and said["mark"] == ("☐" if superfluous else "☑")
    )


def _named(known: Known, said: Mapping[str, str], of: Callable[[ModelVariant], object]) -> bool:
    assert known.targets
    return all(of(SIDES[name]) for name in said["names"].split(" / "))


def _is_rivalled(known: Known) -> bool:
    """Whether some model does what is asked without training."""
    assert known.evaluation
    return any(suffices(known, side) for side in known.evaluation.rivals)


def _labels(scales: list[str]) -> str:
    return ", ".join(METRICS[scale] for scale in scales)


# Of a rival's line the model that it is about is handed on as `name`.
REASONS: Mapping[str, Claim] = {
    "run.good": _run(lambda train, valid: train[-1] < train[0] and valid[-1] < valid[0]),
    "run.unlike-validation": _run(lambda _, valid: min(valid[1:]) > 0.8 * valid[0]),
    "run.underfit": _run(lambda train, _: train[-1] > 0.7 * train[0] or train[-1] > UNLEARNT),
    "run.overfit": _run(lambda train, valid: valid[-1] > min(valid[1:]) and train[-1] < train[0]),
    "run.diverged": _run(lambda train, _: train[-1] > 1.05 * min(train)),
    "unseen": lambda known, _: enough(known),
    "settings": lambda known, _: not known.is_usual,
    "data_sound": lambda known, _: not known.flawed,
    "data_flawed": lambda known, _: known.flawed,
    "rival": _standing,
    "ahead": lambda known, said: (
        said["scales"] == _labels(ahead(known, "tuned", SIDES[said["name"]]))
    ),
    "behind": lambda known, said: (
        said["scales"] == _labels(ahead(known, SIDES[said["name"]], "tuned"))
    ),
    "level": lambda known, said: (
        not ahead(known, "tuned", SIDES[said["name"]])
        and not ahead(known, SIDES[said["name"]], "tuned")
    ),
    "rival_reaches": lambda known, said: reaches(known, SIDES[said["name"]]),
    "rival_misses": lambda known, said: not reaches(known, SIDES[said["name"]]),
    "rival_fell": lambda known, said: harmed(known, SIDES[said["name"]]),
    "held": lambda known, _: not harmed(known) and not fell(known, "accuracy"),
    "fell_little": lambda known, _: (
        not harmed(known) and fell(known, "accuracy") and lost(known, "tuned") < FALL
    ),
    "fell": lambda known, _: harmed(known),
    "no_other_fell": lambda known, said: (
        not any(
            fell(known, metric)
            for metric, label in METRICS.items()
            if any(one.startswith(f"{label}:") for one in said["figures"].split("; "))
        )
    ),
    "price": lambda known, _: known.evaluation is not None,
    "grounds.run": lambda known, _: _went_wrong(known),
    "grounds.settings": lambda known, _: not known.is_usual and not enough(known),
    "grounds.data": lambda known, _: known.flawed,
    "grounds.unlike": lambda known, _: min(known.until_chosen[1][1:]) > 0.8 * known.valid[0],
    "grounds.gain-sought": lambda known, _: not gained(known) and not known.flawed,
    "grounds.no-gain": lambda known, _: not gained(known),
    "grounds.target-missed": lambda known, _: not known.flawed and not reaches(known),
    "grounds.fell": lambda known, _: not known.flawed and known.is_usual and harmed(known),
    "grounds.rival": lambda known, said: _named(known, said, lambda side: suffices(known, side)),
    "grounds.earned": lambda known, _: not known.flawed and enough(known),
    "grounds.level": lambda known, said: (
        not known.flawed
        and enough(known)
        and _named(
            known,
            said,
            lambda side: (
                suffices(known, side)
                and (not ahead(known, "tuned", side) or bool(ahead(known, side, "tuned")))
            ),
        )
    ),
}

OPTIONS: Mapping[str, Claim | None] = {
    "decision.options.deploy.right": lambda known, _: enough(known) and not known.flawed,
    "decision.options.deploy.otherwise": lambda known, _: (
        known.flawed or _went_wrong(known) or not enough(known) or _is_rivalled(known)
    ),
    "decision.options.more-data.right": lambda known, _: (
        known.flawed or not enough(known) or min(known.until_chosen[1][1:]) > 0.8 * known.valid[0]
    ),
    "decision.options.more-data.otherwise": lambda known, _: (
        not known.flawed and (enough(known) or not known.is_usual or _went_wrong(known))
    ),
    "decision.options.parameters.right": lambda known, _: (
        _went_wrong(known) or (not known.is_usual and not enough(known))
    ),
    "decision.options.parameters.otherwise": lambda known, _: (
        known.flawed or known.is_usual or enough(known)
    ),
    "decision.options.base.right": None,
    "decision.options.base.otherwise": lambda known, _: (
        not _is_rivalled(known) and (gained(known) or known.flawed or _went_wrong(known))
    ),
    "model.decide_how": None,
    "model.decide_order": None,
    "model.decide_found": None,
    "model.decide_speaks": None,
    "model.decide_weighed": None,
    "model.decide_also": None,
    "model.decide_retrain_how": None,
}


def untrue(line: str, known: Known, words: ModelStrings) -> str | None:
    """Which string of a line claims what isn't so: empty for none, None for another line."""
    patterns = {
        name: _pattern(getattr(words.weighing, at)[key] if key else getattr(words.weighing, at))
        for name in REASONS
        for at, _, key in [name.partition(".")]
    }
    rest, handed = re.sub(r"^\*\*.+?\*\* – ", "", line), {"name": ""}
    is_first = True
    while rest:
        found = [(name, m) for name, p in patterns.items() if (m := p.match(rest))]
        if not found:
            return None if is_first else f"unlisted: {rest}"
        name, match = max(found, key=lambda pair: pair[1].end() if pair[0] != "rival" else 0)
        handed |= match.groupdict()
        if not REASONS[name](known, handed):
            return name
        rest, is_first = rest[match.end() :].strip(), False
    return ""


@cache
def _pattern(text: str) -> re.Pattern[str]:
    filled = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+?)", re.escape(text))
    # The last words of a line may be filled in with whole sentences.
    end = r"(?=\s|$)" if not text.endswith(("}.", "}. A tuned")) else r"(?=\s[☑☐\w]|$)"
    return re.compile(filled + end, re.DOTALL)
