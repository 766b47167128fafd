import pytest

from dialogs.simulations.computation import recipe_key
from dialogs.simulations.persona import (
    Company,
    Evaluation,
    EvaluationRecipe,
    Example,
    Training,
    ab_test,
    by_segment,
    dashboard,
    evaluate,
    train,
)
from dialogs.simulations.persona.evaluation import customers, response_time
from dialogs.simulations.persona.measurements import metrics
from tests.unit.personas.conftest import recipe, trained

GIVEN = EvaluationRecipe(lesson="polite-chatbot", locale="en", training_key="k")


@pytest.fixture(scope="module")
def training(company: Company) -> Training:
    return trained(company, "good", 50, 1)


@pytest.fixture(scope="module")
def evaluation(company: Company, training: Training) -> Evaluation:
    return evaluate(company, training, GIVEN)


def test_all_models_meet_the_same_held_out_customers(
    company: Company, evaluation: Evaluation
) -> None:
    told = [m for i in company.world.intents.values() for m in i.customers]
    assert len(told) == len(set(told)) >= 240
    assert {len(side.reply_of) for side in evaluation.sides.values()} == {len(told)}
    assert sorted(evaluation.customers.messages) == sorted(told)
    assert set(evaluation.sides) == {"base", "prompted", "few-shot", "tuned"}
    trained_on = {m for i in company.world.intents.values() for m in i.messages}
    assert trained_on.isdisjoint(evaluation.customers.messages)


def test_a_message_that_was_trained_on_is_not_evaluated(company: Company) -> None:
    crowd = customers(company, 60, 31)
    lines = [Example(message=m.upper(), reply="Thank you.") for m in crowd.messages[:20]]
    training = train(company, recipe(lines))
    seen = set(crowd.messages[:20])
    evaluation = evaluate(company, training, GIVEN)
    assert seen.isdisjoint(evaluation.customers.messages)


def test_an_evaluation_is_compact_and_survives_json(
    company: Company, training: Training, evaluation: Evaluation
) -> None:
    text = evaluation.model_dump_json()
    assert len(text) < 150_000
    assert Evaluation.model_validate_json(text) == evaluation
    fresh = Company(company.world, company.rubric)
    assert evaluate(fresh, training, GIVEN) == evaluation
    assert recipe_key(GIVEN) == evaluation.recipe_key


def test_without_a_training_there_is_no_tuned_side(company: Company) -> None:
    assert set(evaluate(company, None, GIVEN).sides) == {"base", "prompted", "few-shot"}


def test_the_prompted_model_stands_between_the_base_and_a_good_tuned_one(
    evaluation: Evaluation,
) -> None:
    politeness, helpfulness, accuracy = (
        {side: measure(answers).mean() for side, answers in evaluation.sides.items()}
        for measure in (metrics(evaluation)[m] for m in ("politeness", "helpfulness", "accuracy"))
    )
    assert politeness["base"] + 1 < politeness["prompted"] < politeness["tuned"] - 0.2
    assert helpfulness["base"] + 0.5 < helpfulness["prompted"] < helpfulness["tuned"] - 0.5
    assert accuracy["prompted"] >= accuracy["base"] - 0.02


def test_the_dashboard_shows_the_gain_and_its_price(evaluation: Evaluation) -> None:
    rows = {r.metric: r for r in dashboard(evaluation)}
    assert list(rows) == [
        "politeness", "helpfulness", "accuracy", "honesty", "satisfaction", "satisfied", "seconds",
        "tokens",
    ]  # fmt: skip
    assert rows["politeness"].comparison.label == "ImprovedStrong"
    assert abs(rows["accuracy"].comparison.difference) < 0.03
    assert rows["seconds"].comparison.label == "DegradedStrong"
    assert rows["seconds"].comparison.b > rows["seconds"].comparison.a
    upset = {r.metric: r for r in dashboard(evaluation, "upset")}
    assert 20 <= upset["politeness"].comparison.size < len(evaluation.customers)


def test_the_base_is_adequate_for_some_kinds_of_customer_only(evaluation: Evaluation) -> None:
    table = by_segment(evaluation)
    assert {r.segment for r in table} == set(evaluation.segments)
    assert 1 <= sum(r.adequate for r in table) < len(table)
    assert any(r.improved and not r.adequate for r in table)
    families = sum(r.size for r in table if evaluation.segments[r.segment].family)
    assert families == len(evaluation.customers)


def test_more_customers_make_a_narrower_interval(evaluation: Evaluation) -> None:
    tests = [ab_test(evaluation, size, 4) for size in (40, 160, 320)]
    widths = [t.high - t.low for t in tests]
    assert widths == sorted(widths, reverse=True)
    assert tests[-1].improved
    assert ab_test(evaluation, 320, 4) == tests[-1]
    everybody = len(evaluation.customers)
    assert ab_test(evaluation, 9999, 4) == ab_test(evaluation, everybody, 4)


def test_longer_replies_take_longer(company: Company) -> None:
    clock = company.rubric.time
    assert response_time(clock, "") == clock.wait_s
    assert response_time(clock, "x" * 240) == pytest.approx(clock.wait_s + 1.0)
