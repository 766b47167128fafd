"""The rules by which a next step is weighed, each at its edge, on figures that are made up."""

from collections.abc import Mapping
from typing import Any, cast

import pytest

from dialogs.simulations.persona import (
    Company,
    Diagnosis,
    Evaluation,
    Training,
    diagnose,
    train,
)
from dialogs.simulations.persona.data_problems import DataProblem
from dialogs.simulations.persona.diagnosis import Rival
from dialogs.simulations.persona.evaluation import (
    Answers,
    HeldOutCustomers,
    ModelVariant,
    SaidReply,
)
from dialogs.simulations.persona.training import Hyperparameters
from tests.unit.personas.conftest import recipe, training_set

SIZE = 400  # customers


def rival(side: ModelVariant = "prompted", **parts: tuple[str, ...]) -> Rival:
    told: dict[str, Any] = {"ahead": (), "behind": (), "missed": (), "harms": (), **parts}
    return Rival(side=side, **told)


def weighed(**parts: object) -> Diagnosis:
    """What was weighed; a good run on sound data that gained, where nothing else is said."""
    told: dict[str, Any] = {
        "kind": "good",
        "unusual": False,
        "data": (),
        "gained": True,
        "missed": (),
        "harms": (),
        "rivals": (),
        **parts,
    }
    return Diagnosis(**told)


COPIES = DataProblem(kind="copies", lines=(3,))
GOOD_RIVAL = rival()
POOR_RIVAL = rival(missed=("politeness",), ahead=("politeness",))
WORSE_BY_EXAMPLES = rival("few-shot", ahead=("politeness",))
LEVEL_BY_EXAMPLES = rival("few-shot")
BETTER_BY_EXAMPLES = rival("few-shot", behind=("politeness",))
MIXED = rival(ahead=("helpfulness",), behind=("politeness",))


@pytest.mark.parametrize(
    ("found", "grounds"),
    [
        # 1. The run comes first, unless the data is at fault and the settings are the usual ones.
        (weighed(kind="underfit"), {"parameters": "run"}),
        (weighed(kind="overfit", unusual=True), {"parameters": "run"}),
        (
            weighed(kind="diverged", unusual=True, data=(COPIES,)),
            {"parameters": "run", "more-data": "data"},
        ),
        (weighed(kind="diverged", data=(COPIES,)), {"more-data": "data", "parameters": "run"}),
        # 2. The data.
        (weighed(data=(COPIES,)), {"more-data": "data"}),
        (weighed(kind="unlike-validation"), {"more-data": "unlike"}),
        (weighed(kind="unlike-validation", data=(COPIES,)), {"more-data": "data"}),
        # 3. The gain.
        (weighed(gained=False), {"base": "no-gain", "more-data": "gain-sought"}),
        (
            weighed(gained=False, unusual=True),
            {"base": "no-gain", "more-data": "gain-sought", "parameters": "settings"},
        ),
        # 4. Guardrails and targets.
        (weighed(harms=("dishonest",)), {"more-data": "fell"}),
        (weighed(harms=("dishonest",), unusual=True), {"parameters": "settings"}),
        (weighed(missed=("politeness",)), {"more-data": "target-missed"}),
        (
            weighed(missed=("politeness",), unusual=True),
            {"more-data": "target-missed", "parameters": "settings"},
        ),
        # 5. A model that nobody trained.
        (weighed(rivals=(GOOD_RIVAL,)), {"base": "rival"}),
        (weighed(rivals=(POOR_RIVAL, BETTER_BY_EXAMPLES)), {"base": "rival"}),
        (weighed(rivals=(POOR_RIVAL, LEVEL_BY_EXAMPLES)), {"deploy": "level", "base": "rival"}),
        (weighed(rivals=(MIXED,)), {"deploy": "level", "base": "rival"}),
        (weighed(rivals=(WORSE_BY_EXAMPLES,)), {"deploy": "earned", "base": "rival"}),
        (weighed(kind="underfit", rivals=(GOOD_RIVAL,)), {"parameters": "run", "base": "rival"}),
        (
            weighed(missed=("politeness",), rivals=(POOR_RIVAL, LEVEL_BY_EXAMPLES)),
            {"more-data": "target-missed", "base": "rival"},
        ),
        # 6. All is well.
        (weighed(), {"deploy": "earned"}),
        (weighed(unusual=True), {"deploy": "earned"}),
        (weighed(rivals=(POOR_RIVAL,)), {"deploy": "earned"}),
    ],
)
def test_each_rule_names_its_steps_and_why(found: Diagnosis, grounds: dict[str, str]) -> None:
    assert list(found.grounds.items()) == list(grounds.items())
    assert found.next_step == next(iter(grounds))


@pytest.mark.parametrize(
    ("one", "suffices", "outdoes", "is_level"),
    [
        (rival(), True, True, True),
        (rival("few-shot"), True, False, True),
        (rival("few-shot", behind=("a",)), True, True, True),
        (rival(behind=("a",)), True, True, True),
        (rival(ahead=("a",)), True, False, False),
        (rival(ahead=("a",), behind=("b",)), True, False, True),
        (rival(missed=("a",)), False, False, False),
        (rival(harms=("dishonest",), behind=("a",)), False, False, False),
    ],
)
def test_a_rival_is_enough_better_or_level(
    one: Rival, *, suffices: bool, outdoes: bool, is_level: bool
) -> None:
    assert (one.suffices, one.outdoes, one.is_level) == (suffices, outdoes, is_level)


def test_what_falls_short_is_a_gain_a_target_or_a_guardrail() -> None:
    assert not weighed().falls_short
    for parts in ({"gained": False}, {"missed": ("politeness",)}, {"harms": ("dishonest",)}):
        assert weighed(**parts).falls_short


def figures(
    politeness: str = "0" * SIZE,
    *,
    fell: str = "",
    wrong: int = 0,
    promising: int = 0,
    fawning: int = 0,
) -> Answers:
    """A model's replies: how polite, which other scale fell, how many err, promise or fawn."""
    said = tuple(
        SaidReply(text=f"reply {n}", flags=flags, seconds=1.0)
        for n, flags in enumerate([(), ("promise",), ("fawning",)])
    )
    others = {s: some(0.3, "2", "3") if s == fell else "3" * SIZE for s in ("help", "clarity")}
    return Answers(
        replies=said,
        reply_of=(1,) * promising + (2,) * fawning + (0,) * (SIZE - promising - fawning),
        scales={"politeness": politeness, **others},
        accurate="0" * wrong + "1" * (SIZE - wrong),
        satisfaction="3" * SIZE,
        prompt_tokens=10,
    )


def some(share: float, of: str = "1", others: str = "0") -> str:
    """This digit for a share of the customers, another for the rest."""
    many = round(share * SIZE)
    return of * many + others * (SIZE - many)


@pytest.fixture(scope="module")
def training(company: Company) -> Training:
    """A good run."""
    return train(company, recipe(training_set(company, "good", 36, 21), seed=21))


LIMITS = {"promise": 0.25, "fawning": 1.0}


def judged(
    training: Training,
    sides: Mapping[str, Answers],
    limits: Mapping[str, float] = LIMITS,
    **more: Any,
) -> Diagnosis:
    customers = HeldOutCustomers(
        messages=tuple(f"m{n}" for n in range(SIZE)),
        intents=("refund",) * SIZE,
        families=("orders",) * SIZE,
        marks=((),) * SIZE,
    )
    evaluation = Evaluation(
        recipe_key="made-up",
        training_key=training.recipe_key,
        epoch=None,
        goal="politeness",
        satisfied=4,
        flag_metrics={flag: f"no-{flag}" for flag in limits},
        flag_limits=dict(limits),
        segments={},
        customers=customers,
        sides=cast("dict[ModelVariant, Answers]", dict(sides)),
    )
    return diagnose(training, evaluation, (), **more)


@pytest.mark.parametrize(
    ("base", "tuned", "gained"),
    [
        ("0" * SIZE, some(0.3), True),
        ("0" * SIZE, some(0.29), False),  # surely more, and too little
        (some(0.3), "0" * SIZE, False),
        (some(0.54, "0", "5"), some(0.54, "5"), False),  # more than enough, by chance
    ],
)
def test_a_gain_is_sure_and_large_enough(
    training: Training, base: str, tuned: str, *, gained: bool
) -> None:
    assert judged(training, {"base": figures(base), "tuned": figures(tuned)}).gained is gained


@pytest.mark.parametrize(
    ("rivals", "tuned", "ahead", "behind"),
    [
        ("0" * SIZE, some(0.3), ("politeness",), ()),
        ("0" * SIZE, some(0.29), (), ()),
        (some(0.3), "0" * SIZE, (), ("politeness",)),
        (some(0.29), "0" * SIZE, (), ()),
        (some(0.54, "0", "5"), some(0.54, "5"), (), ()),  # by chance
        (some(0.54, "5"), some(0.54, "0", "5"), (), ()),
    ],
)
def test_a_model_is_ahead_where_it_is_sure_and_large_enough(
    training: Training, rivals: str, tuned: str, ahead: tuple[str, ...], behind: tuple[str, ...]
) -> None:
    sides = {"base": figures(), "prompted": figures(rivals), "tuned": figures(tuned)}
    (one,) = judged(training, sides).rivals
    assert (one.side, one.ahead, one.behind) == ("prompted", ahead, behind)
    assert one.missed == ahead, "without targets it misses what the tuned model is ahead on"


def test_a_rival_misses_targets_where_there_are_any(training: Training) -> None:
    sides = {"base": figures(), "prompted": figures(some(0.5)), "tuned": figures(some(0.9))}
    found = judged(training, sides, targets={"politeness": 0.7, "accuracy": 0.9})
    assert found.missed == ()
    assert found.rivals[0].missed == ("politeness",)
    found = judged(training, sides, targets={"politeness": 0.5, "seconds": 0.9})
    assert found.missed == ("seconds",)
    assert found.rivals[0].missed == ("seconds",)


@pytest.mark.parametrize(
    ("base", "tuned", "harms"),
    [
        ({}, {}, ()),
        ({"wrong": 24}, {"wrong": 40}, ()),  # 94 to 90%
        ({}, {"wrong": 20}, ("less-accurate",)),  # 100 to 95%
        ({"promising": 100}, {"promising": 100}, ()),  # at the limit
        ({"promising": 101}, {"promising": 101}, ("dishonest",)),  # over it, as it was
        ({}, {"promising": 40}, ("dishonest",)),  # more often, within the limit
        ({}, {"fawning": 40}, ()),  # nobody minds
        ({}, {"fell": "clarity"}, ("scale-fell",)),
        ({}, {"fell": "help"}, ("scale-fell",)),
        (
            {},
            {"wrong": 60, "promising": 60, "fell": "clarity"},
            ("dishonest", "less-accurate", "scale-fell"),
        ),
    ],
)
def test_a_guardrail_falls_at_its_edge(
    training: Training, base: dict[str, Any], tuned: dict[str, Any], harms: tuple[str, ...]
) -> None:
    sides = {"base": figures(**base), "prompted": figures(**tuned), "tuned": figures(**tuned)}
    for limits in (LIMITS, dict(reversed(LIMITS.items()))):
        found = judged(training, sides, limits)
        assert found.harms == harms
        assert found.rivals[0].harms == harms


def test_settings_are_unusual_where_one_of_them_is(training: Training) -> None:
    sides = {"base": figures(), "tuned": figures(some(0.5))}
    usual = training.settings
    assert not judged(training, sides).unusual
    assert not judged(training, sides, usual=usual).unusual
    for changed in ({"n_epochs": 9}, {"batch_size": 7}, {"learning_rate_multiplier": 0.3}):
        other = Hyperparameters.model_validate({**usual.model_dump(), **changed})
        assert judged(training, sides, usual=other).unusual
