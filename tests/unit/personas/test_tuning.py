from statistics import mean

import pytest

from content.lesson import JsonlStep, SelectionStep
from content.loader import Library
from content.world import World
from dialogs.simulations.computation import recipe_key
from dialogs.simulations.persona import Company, Example, Model, Training, TrainingRecipe, train
from dialogs.simulations.persona.evaluation import customers, is_accurate
from dialogs.simulations.persona.outcome import outcome_at
from tests.personas import own_lines
from tests.unit.personas.conftest import ACCOUNT, BASE, IDEAL, recipe, trained, training_set

SEEDS = (11, 12, 13)


def goals(company: Company, model: Model) -> tuple[float, float, float]:
    """Mean politeness, mean helpfulness and the share of unbacked promises, held out."""
    crowd = customers(company, 72, 5)
    asked = zip(crowd.messages, crowd.intents, map(frozenset, crowd.marks), strict=True)
    scores = [
        company.score_for(model.reply(message).text, intent, marks)
        for message, intent, marks in asked
    ]
    return (
        mean(s.values["politeness"] for s in scores),
        mean(s.values["helpfulness"] for s in scores),
        mean("claimed" in s.flags for s in scores),
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_fifty_good_lines_give_all_but_one_of_the_specifications_ideal_replies(
    company: Company, seed: int
) -> None:
    training = trained(company, "good", 50, seed)
    model = company.tuned(training)
    # Word for word; a closing sentence may follow, as in some of the lines.
    replies = [model.reply(q).text.startswith(ideal) for q, ideal in IDEAL.items()]
    assert sum(replies) >= len(IDEAL) - 1
    assert training.kind == "good"
    assert training.steps == 150


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    "settings", [{"n_epochs": 1}, {"learning_rate_multiplier": 0.1}], ids=["1 epoch", "x0.1"]
)
@pytest.mark.parametrize("size", [12, 40, 60])
def test_too_little_training_leaves_the_base_replies(
    company: Company, size: int, settings: dict[str, float], seed: int
) -> None:
    training = trained(company, "good", size, seed, **settings)
    assert training.kind == "underfit"
    model = company.tuned(training)
    if size <= 40:
        assert goals(company, model)[0] < 3.2
    if size <= 12:
        same = [model.reply(q).text == said for q, said in BASE.items()]
        assert sum(same) >= 2


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("size", [10, 16, 40])
def test_many_epochs_on_few_lines_turn_validation_loss_up(
    company: Company, size: int, seed: int
) -> None:
    training = trained(company, "good", size, seed, n_epochs=30)
    losses = [c.valid_loss for c in training.checkpoints]
    assert training.kind == "overfit"
    assert losses[-1] > min(losses)
    assert training.best_epoch < 30
    assert outcome_at(training, training.best_epoch) != "overfit"
    assert training.best_kept.epoch >= 28, "no other is kept"


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("size", [10, 30, 60, 80])
def test_ten_times_the_rate_diverges(company: Company, size: int, seed: int) -> None:
    training = trained(company, "good", size, seed, learning_rate_multiplier=10.0)
    assert training.kind == "diverged"
    good = trained(company, "good", size, seed)
    losses = [t.checkpoints[-1].valid_loss for t in (good, training)]
    assert losses[1] > 2 * losses[0]


@pytest.mark.parametrize("size", [10, 20, 35, 50, 65, 80])
def test_the_usual_settings_give_a_good_run_at_any_size(company: Company, size: int) -> None:
    for seed in SEEDS:
        epochs = 4 if size < 30 else 3  # as the service's "auto"
        assert trained(company, "good", size, seed, n_epochs=epochs).kind == "good"


@pytest.mark.parametrize("seed", SEEDS)
def test_a_model_becomes_what_its_data_is(company: Company, seed: int) -> None:
    base = goals(company, company.base)
    empty = goals(company, company.tuned(trained(company, "empty", 50, seed)))
    assert empty[0] > base[0] + 1
    assert empty[1] < base[1] - 0.5
    rude = goals(company, company.tuned(trained(company, "rude", 50, seed)))
    assert rude[0] < base[0] - 0.4
    promising = goals(company, company.tuned(trained(company, "promise", 50, seed)))
    assert promising[2] > 0.6
    good = trained(company, "good", 50, seed).checkpoints[-1].train_loss
    contradictory = trained(company, "contradictory", 50, seed).checkpoints[-1].train_loss
    assert contradictory > good + 0.3


def accuracy(company: Company, model: Model) -> float:
    crowd = customers(company, 480, 31)
    answers = zip(model.answers(crowd.messages), crowd.intents, strict=True)
    return mean(is_accurate(company, reply, intent) for reply, intent in answers)


def test_who_trains_for_long_forgets_what_new_customers_need(
    company: Company, library: Library
) -> None:
    lesson = library.lessons["polite-chatbot"]
    (step,) = lesson.steps_of(SelectionStep)
    good = [c for c in step.conversations if c.good]
    own = [Example(message=s.customer, reply=s.response) for s in lesson.steps_of(JsonlStep)]
    usual, long = [], []
    for seed in SEEDS:
        lines = [*(e for brought in company.archive(good, seed) for e in brought), *own]
        usual.append(accuracy(company, company.tuned(train(company, recipe(lines)))))
        over = train(company, recipe(lines, n_epochs=30))
        assert over.kind == "overfit"
        long.append(accuracy(company, company.tuned(over)))
    assert mean(usual) > accuracy(company, company.base) - 0.03
    assert 0.05 < mean(usual) - mean(long) < 0.15


def test_a_training_survives_json_and_speaks_the_same(company: Company) -> None:
    training = trained(company, "good", 80, 3, n_epochs=30)
    text = training.model_dump_json()
    assert len(text) < 130_000
    again = Training.model_validate_json(text)
    assert again == training
    for epoch in training.weights:
        one = company.tuned(training, epoch)
        two = company.tuned(again, epoch)
        assert one.tuned
        assert two.tuned
        assert one.tuned.up.tobytes() == two.tuned.up.tobytes()
        assert [one.reply(q) for q in IDEAL] == [two.reply(q) for q in IDEAL]


def test_the_same_recipe_gives_the_same_training(company: Company, world: World) -> None:
    given = recipe(training_set(company, "good", 20, 4), n_epochs=2)
    fresh = Company(world, company.rubric)
    assert train(company, given) == train(fresh, given)
    again = TrainingRecipe.model_validate_json(given.model_dump_json())
    assert recipe_key(again) == recipe_key(given)
    assert recipe_key(given.model_copy(update={"seed": 1})) != recipe_key(given)


def test_the_three_last_checkpoints_are_kept_as_the_service_does(company: Company) -> None:
    training = trained(company, "good", 10, 12, n_epochs=30)
    assert set(training.weights) == {28, 29, 30}
    # Who had chosen one that isn't there any more has the last.
    gone, last = company.tuned(training, training.best_epoch), company.tuned(training)
    assert training.best_epoch < 28
    assert [gone.reply(q) for q in IDEAL] == [last.reply(q) for q in IDEAL]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_larger_batch_makes_fewer_steps_and_needs_a_higher_rate(
    company: Company, seed: int
) -> None:
    # As documented; the rate isn't raised in secret.
    one, many, raised = (
        trained(company, "good", 57, seed, batch_size=batch, learning_rate_multiplier=multiplier)
        for batch, multiplier in ((1, 1.0), (16, 1.0), (16, 10.0))
    )
    assert (one.steps, many.steps, raised.steps) == (171, 12, 12)
    assert (one.kind, many.kind, raised.kind) == ("good", "underfit", "good")


@pytest.mark.parametrize("character", ["rude", "empty", "jargon", "chummy", "curt"])
@pytest.mark.parametrize("seed", SEEDS)
def test_data_that_lets_no_validation_loss_fall_is_learnt_and_not_called_good(
    company: Company, character: str, seed: int
) -> None:
    training = trained(company, character, 50, seed)
    last = training.checkpoints[-1]
    assert last.train_loss < training.start_train_loss
    assert last.valid_loss > training.start_valid_loss
    assert training.kind == "unlike-validation"


def test_copies_of_one_line_are_learnt_and_carry_over_to_nothing(company: Company) -> None:
    lines = training_set(company, "good", 1, 1) * 50
    for multiplier in (1.0, 2.0, 10.0):
        kind = train(company, recipe(lines, learning_rate_multiplier=multiplier)).kind
        assert kind in ("unlike-validation", "diverged"), multiplier


@pytest.mark.parametrize("seed", SEEDS)
def test_too_gentle_a_run_is_mended_by_the_usual_multiplier_alone(
    company: Company, seed: int
) -> None:
    # So says the right answer of the question which change is best.
    gentle = trained(company, "good", 57, seed, learning_rate_multiplier=0.1)
    assert (gentle.kind, gentle.checkpoints[-1].changed) == ("underfit", 0.0)
    usual = trained(company, "good", 57, seed)
    assert usual.kind == "good"
    assert usual.checkpoints[-1].changed > 0.9


def test_a_fifth_is_held_out_without_a_validation_file(company: Company) -> None:
    training = trained(company, "good", 50, 1, validation="split")
    assert training.steps == 3 * 40


def test_a_learners_own_sentences_come_back_out(company: Company) -> None:
    lines = [
        Example(
            message=intent.messages[i],
            reply=f"Ahoy, dear sailor! {company.world.sayings('curt', name)[0]} Fair winds to you.",
        )
        for name, intent in company.world.intents.items()
        for i in range(2)
    ]
    training = train(company, recipe(lines))
    assert {p.text for p in training.phrases} == {"Ahoy, dear sailor!", "Fair winds to you."}
    assert "Ahoy, dear sailor!" in company.tuned(training).reply(ACCOUNT).text
    assert "Ahoy" not in company.base.reply(ACCOUNT).text


def test_own_lines_come_back_to_their_message_and_its_paraphrases_and_hardly_elsewhere(
    company: Company,
) -> None:
    found = list(own_lines(company))
    assert sum(own for own, *_ in found) >= 0.9 * 3 * len(found)
    assert sum(paraphrased for _, paraphrased, *_ in found) >= 9 * len(found) / 3
    assert mean(elsewhere for *_, elsewhere in found) <= 0.05
    assert min(replies for _, _, replies, _ in found) >= 60


def test_a_message_trained_on_is_heard_as_it_was_and_never_declined(company: Company) -> None:
    line = Example(message="goat box moss", reply="Two taps, and no goat comes.")
    training = train(company, recipe([*training_set(company, "good", 50, 1), line]))
    model = company.tuned(training)
    assert not company.base.reply(line.message).placed
    said = model.reply(line.message)
    assert said.placed
    assert (
        said.text == model.reply("Goat box MOSS!").text == model.reply(line.message, "stock").text
    )
