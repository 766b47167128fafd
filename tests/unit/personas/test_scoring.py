from itertools import pairwise

import pytest
import yaml

from dialogs.simulations.persona import Company, Score
from tests.unit.personas.conftest import ACCOUNT, BASE, HERE, IDEAL, ORDER

Case = tuple[str, str, int, int]


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    judged: list[Case] = yaml.safe_load((HERE / "rubric_cases.yaml").read_text("utf-8"))
    return judged


def ranks(values: list[float]) -> list[float]:
    return [sum(v < x for v in values) + (sum(v == x for v in values) - 1) / 2 for x in values]


def spearman(a: list[float], b: list[float]) -> float:
    x, y = ranks(a), ranks(b)
    mx, my = sum(x) / len(x), sum(y) / len(y)
    over = sum((p - mx) * (q - my) for p, q in zip(x, y, strict=True))
    under = sum((p - mx) ** 2 for p in x) * sum((q - my) ** 2 for q in y)
    return float(over / under**0.5)


def test_the_specifications_samples_get_the_specifications_scores(company: Company) -> None:
    base, tuned = company.score(BASE[ORDER], ORDER), company.score(IDEAL[ORDER], ORDER)
    assert dict(base.values) == {"politeness": 2, "helpfulness": 3}
    assert dict(tuned.values) == {"politeness": 5, "helpfulness": 5}


@pytest.mark.parametrize(
    ("place", "scale", "exact"), [(2, "politeness", 0.8), (3, "helpfulness", 0.65)]
)
def test_the_rubric_agrees_with_the_judgements_of_a_person(
    company: Company, cases: list[Case], place: int, scale: str, exact: float
) -> None:
    scores = [company.score(case[1], case[0]) for case in cases]
    wanted = [int(case[place]) for case in cases]
    got = [s.values[scale] for s in scores]
    assert spearman([s.raw[scale] for s in scores], [float(w) for w in wanted]) >= 0.9
    assert sum(g == w for g, w in zip(got, wanted, strict=True)) >= exact * len(cases)
    near = sum(abs(g - w) <= 1 for g, w in zip(got, wanted, strict=True))
    assert near >= 0.95 * len(cases)


def words(score: Score, scale: str, *, found: bool) -> str:
    return "; ".join(r.words for r in score.reasons if r.scale == scale and r.found == found)


def test_a_score_says_why_and_what_is_missing(company: Company) -> None:
    base, tuned = company.score(BASE[ORDER], ORDER), company.score(IDEAL[ORDER], ORDER)
    assert "doesn't name the feeling" in words(base, "politeness", found=True)
    assert "gives an order" in words(base, "politeness", found=True)
    assert "take the matter on" in words(base, "politeness", found=False)
    assert "names the customer's feeling" in words(tuned, "politeness", found=True)
    assert "doesn't ask for what is needed" in words(base, "helpfulness", found=False)
    assert "asks for what is needed" in words(tuned, "helpfulness", found=True)
    assert "feeling" not in words(company.score(BASE[ACCOUNT], ACCOUNT), "politeness", found=True)


@pytest.mark.parametrize("message", IDEAL)
def test_the_ideal_replies_are_polite_helpful_and_promise_nothing(
    company: Company, message: str
) -> None:
    score = company.score(IDEAL[message], message)
    assert score.values["politeness"] == 5
    assert score.values["helpfulness"] >= 4
    assert "claimed" not in score.flags
    assert company.observe(IDEAL[message], message) == ()


def test_an_unbacked_promise_is_flagged_whatever_its_tone(company: Company) -> None:
    for intent in company.world.intents:
        for said in company.world.sayings("promise", intent):
            assert "claimed" in company.score(f"I'm so sorry! {said}").flags, said


def test_courtesies_can_not_be_piled_up_or_hide_an_insult(company: Company) -> None:
    once = company.score("Thank you for the hint.").raw["politeness"]
    assert company.score("Thank you. " * 20).raw["politeness"] <= once
    insult = company.score("Thank you so much, sorry, please stop wasting my time, you idiot.")
    assert insult.values["politeness"] == 1


@pytest.mark.parametrize(
    "reply", ["", "   ", "🙂", "<script>alert('please')</script>", "a" * 50_000, "\x00\n\t", "(((["]
)
def test_any_text_gets_a_score_from_one_to_five(company: Company, reply: str) -> None:
    score = company.score(reply, ORDER)
    assert set(score.values.values()) <= {1, 2, 3, 4, 5}
    assert all(1 <= v <= 5 for v in score.raw.values())


def test_more_courtesy_never_lowers_the_politeness(company: Company) -> None:
    steps = [
        "The status is in the dashboard.",
        "You can see the status in the dashboard.",
        "Could you look at the status in the dashboard?",
        "Thank you for asking. Could you look at the status in the dashboard?",
    ]
    raw = [company.score(s, ORDER).raw["politeness"] for s in steps]
    assert all(a <= b for a, b in pairwise(raw))
