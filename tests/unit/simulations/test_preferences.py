"""Preferences on the bench: ranks move a persona, beta holds it, a reward with a hole is hacked."""

from math import exp, log

import numpy as np
import pytest

from content.preferences import PreferencesContent
from dialogs.simulations.preferences.policy import Policy
from tests.lessons import library
from tests.unit.simulations.trials import LOCALES, Figures, Holds, Values, grid, met, said, tried

LESSON, RANK, GRADE = "preferences", "rank", "grade"
PAIRS = ("tone", "answer", "promise", "length", "show")
RANKS = tuple(
    grid(
        tone=("a", "b", "skip"),
        answer=("a", "b"),
        promise=("a", "b", "skip"),
        length=("b",),
        show=("a", "b"),
        beta=("small", "large"),
    )
) + tuple(grid(**dict.fromkeys(PAIRS, ("skip",)), beta=("small", "large")))
GRADERS = tuple(
    grid(
        rules=(
            "",
            "fact",
            "sorry",
            "once",
            "long",
            "brief",
            "fact+sorry",
            "fact+long",
            "sorry+once+brief",
            "fact+sorry+once",
            "fact+sorry+once+long",
            "fact+sorry+once+brief+honest",
        ),
        steps=("5", "20", "200"),
    )
)
TRUE_OF_RANKS: tuple[Holds, ...] = (
    lambda v, _: all(v[pair] == ("skip",) for pair in PAIRS),
    lambda _, f: f["quality"] >= 0.85 and f["promises"] <= 0.05,
    lambda _, f: f["promises"] >= 0.5,
    lambda v, _: v["tone"] == v["answer"] == ("a",),
    lambda v, f: v["promise"] == ("skip",) and v["tone"] == ("a",) and f["promises"] >= 0.2,
    lambda v, _: v["beta"] == ("large",) and any(v[pair] != ("skip",) for pair in PAIRS),
)
TRUE_OF_GRADERS: tuple[Holds, ...] = (
    lambda v, _: not v["rules"],
    lambda _, f: f["reward"] >= 0.8 and f["quality"] <= 0.45 and f["showy"] >= 0.5,
    lambda _, f: f["reward"] >= 0.8 and f["quality"] <= 0.45 and f["showy"] < 0.5,
    lambda _, f: f["quality-before"] - f["quality"] > 0.03,
    lambda v, f: "sorry" in v["rules"] and "once" not in v["rules"] and f["showy"] >= 0.5,
    lambda v, f: "long" in v["rules"] and f["words"] >= 40,
    lambda _, f: f["reward"] >= 0.9 and f["quality"] >= 0.65,
    lambda v, f: "honest" not in v["rules"] and f["promises"] >= 0.2 and f["reward"] >= 0.8,
    lambda v, f: (
        bool(v["rules"]) and "fact" not in v["rules"] and f["answers"] < 0.8 and f["reward"] >= 0.8
    ),
)


def ranked(locale: str, ranks: str, beta: str = "small") -> Figures:
    values = {pair: (rank,) for pair, rank in zip(PAIRS, ranks.split(), strict=True)}
    return tried(LESSON, RANK, {**values, "beta": (beta,)}, locale).figures


def graded(locale: str, rules: str, steps: str = "200") -> Figures:
    (values,) = grid(rules=[rules], steps=[steps])
    return tried(LESSON, GRADE, values, locale).figures


def policy() -> Policy:
    content = library().simulations[LESSON]
    assert isinstance(content, PreferencesContent)
    return Policy(content.bench)


def test_the_trained_policy_lowers_the_loss_of_direct_preference_optimisation() -> None:
    one, beta = policy(), 0.5
    pairs = [(one.place({"opening": "warm", "core": "full"}), one.place({"core": "curt"}))]

    def loss() -> float:
        ratios = one.log_chances() - one.reference
        ((better, worse),) = pairs
        return -log(1 / (1 + exp(-beta * (ratios[better] - ratios[worse]))))

    before = loss()
    assert before == pytest.approx(log(2))
    one.prefer(pairs, beta)
    assert loss() < 0.1
    assert one.chances().sum() == pytest.approx(1)


def test_the_gradient_is_that_of_the_expected_reward() -> None:
    one = policy()
    rewards = np.linspace(0, 1, len(one.replies))
    moved = policy()
    list(moved.pursue(rewards, 1))
    step = moved.weights - one.weights
    for at in range(len(step)):
        nudged = policy()
        nudged.weights = nudged.weights.copy()
        nudged.weights[at] += 1e-6
        slope = (nudged.chances() @ rewards - one.chances() @ rewards) / 1e-6
        assert slope == pytest.approx(step[at], abs=1e-4)


@pytest.mark.parametrize("locale", LOCALES)
def test_ranks_move_the_persona_the_way_they_say(locale: str) -> None:
    base = ranked(locale, "skip skip skip skip skip")
    careful = ranked(locale, "a b b b b")
    careless = ranked(locale, "a a a a a")
    assert base["drift"] == pytest.approx(0, abs=1e-9)
    assert careless["quality"] < base["quality"] < careful["quality"] - 0.4
    assert careful["promises"] < 0.05 < base["promises"] < careless["promises"]
    # What nobody ranked stays as it was.
    tone = ranked(locale, "a skip skip skip skip")
    assert tone["warm"] > 0.9 > base["warm"]
    assert tone["promises"] == pytest.approx(base["promises"])
    assert tone["answers"] == pytest.approx(base["answers"])


@pytest.mark.parametrize("locale", LOCALES)
def test_the_larger_beta_the_nearer_it_stays(locale: str) -> None:
    drifts = [ranked(locale, "a b b b b", beta)["drift"] for beta in ("small", "middle", "large")]
    assert drifts == sorted(drifts, reverse=True)
    assert drifts[0] > 2 * drifts[2]


@pytest.mark.parametrize("locale", LOCALES)
def test_a_hole_in_the_rules_is_found_and_the_careful_persons_points_fall(locale: str) -> None:
    course = [graded(locale, "fact+long", steps) for steps in ("5", "20", "200")]
    rewards = [one["reward"] for one in course]
    assert rewards == sorted(rewards)
    assert rewards[-1] > 0.9
    assert course[-1]["quality"] < course[-1]["quality-before"] < course[0]["quality"] + 0.01
    heaped = graded(locale, "fact+sorry")
    assert heaped["showy"] > 0.9
    sound = graded(locale, "fact+sorry+once+brief+honest")
    assert sound["reward"] > 0.9
    assert sound["quality"] > sound["quality-before"] + 0.3


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("values", RANKS, ids=str)
def test_a_remark_on_ranks_is_said_just_where_it_is_so(locale: str, values: Values) -> None:
    found = tried(LESSON, RANK, values, locale).figures
    assert said(LESSON, RANK, values, locale) == [so(values, found) for so in TRUE_OF_RANKS]


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("values", GRADERS, ids=str)
def test_a_remark_on_a_grader_is_said_just_where_it_is_so(locale: str, values: Values) -> None:
    found = tried(LESSON, GRADE, values, locale).figures
    assert said(LESSON, GRADE, values, locale) == [so(values, found) for so in TRUE_OF_GRADERS]


@pytest.mark.parametrize("locale", LOCALES)
def test_no_grader_is_hacked_and_sound_at_once(locale: str) -> None:
    for values in GRADERS:
        goals = met(LESSON, GRADE, values, locale)
        assert not {"hacked", "sound"} <= goals
        if "sound" in goals:
            assert {"fact", "sorry", "once"} <= set(values["rules"])


def test_behind_a_reply_stand_the_graders_points_and_the_careful_persons() -> None:
    (values,) = grid(rules=["fact+sorry"], steps=["200"])
    for case in tried(LESSON, GRADE, values).cases:
        before, grader, person = case.behind
        assert "Sorry, sorry!" in case.said
        assert "sorry" not in before.text.lower()
        assert "names the fact: +3" in grader.text
        assert person.mark == "bad"
        assert not case.right
