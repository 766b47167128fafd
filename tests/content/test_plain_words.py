"""The second lesson's world, trained: another company, another goal, and no Python."""

import pytest

from content.lesson import Conversation, SelectionStep
from content.loader import Library
from dialogs.simulations.persona import (
    Company,
    Diagnosis,
    EvaluationRecipe,
    TrainingRecipe,
    diagnose,
    evaluate,
    set_facts,
    train,
)
from dialogs.simulations.persona.dashboard import metrics
from dialogs.simulations.registry import build
from dialogs.work.company import as_company

LESSON = "plain-words"


@pytest.fixture(scope="module")
def company(library: Library) -> Company:
    return as_company(build(library.simulations[LESSON]))


@pytest.fixture(scope="module")
def conversations(library: Library) -> tuple[Conversation, ...]:
    (step,) = library.lessons[LESSON].steps_of(SelectionStep)
    return step.conversations


def judged(company: Company, chosen: list[Conversation], seed: int) -> Diagnosis:
    lines = tuple(e for group in company.archive(chosen, seed) for e in group)
    recipe = TrainingRecipe(
        lesson=LESSON, locale="en", examples=lines, learning_rate_multiplier=0.5, n_epochs=5
    )
    training = train(company, recipe)
    asked = EvaluationRecipe(lesson=LESSON, locale="en", training_key=training.recipe_key)
    evaluation = evaluate(company, training, asked)
    return diagnose(training, evaluation, set_facts(company, lines), company.rubric)


def test_the_base_is_right_and_hard_to_understand(company: Company) -> None:
    evaluation = evaluate(
        company, None, EvaluationRecipe(lesson=LESSON, locale="en", training_key="")
    )
    base, measured = evaluation.sides["base"], metrics(evaluation)
    assert measured["plainness"](base).mean() < 2.5
    assert measured["accuracy"](base).mean() > 0.9
    assert {"plainness", "usefulness"} == set(company.rubric.scales)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_good_examples_make_it_plain_and_keep_it_right(
    company: Company, conversations: tuple[Conversation, ...], seed: int
) -> None:
    found = judged(company, [c for c in conversations if c.good], seed)
    assert found.next_step == "deploy"
    assert found.figures["plainness"] > found.figures["base plainness"] + 1.5
    assert found.figures["accuracy"] > 0.9


def test_a_phrase_of_two_sentences_is_learnt_as_one(company: Company) -> None:
    for name, intent in company.world.intents.items():
        for text in intent.phrases["plain"]:
            reply = f"{text} Is there anything else you need?"
            first, last = company.phrasebook.read(reply, name)
            assert (first.text, first.act, last.act) == (text, "plain", "follow_up")


def test_short_and_empty_examples_are_a_fault_of_the_data(
    company: Company, conversations: tuple[Conversation, ...]
) -> None:
    chosen = [c for c in conversations if c.character in ("short", "wrong", "mixed")]
    assert judged(company, chosen, 1).next_step == "more-data"
