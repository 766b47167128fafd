"""The second lesson's world in both of its languages, trained: another company and goal."""

import pytest

from content.lesson import Conversation, SelectionStep
from content.loader import Library
from dialogs.simulations.persona import (
    Company,
    Diagnosis,
    Evaluation,
    EvaluationRecipe,
    TrainingRecipe,
    dashboard,
    data_problems,
    diagnose,
    evaluate,
    set_figures,
    train,
)
from dialogs.simulations.persona.measurements import metrics, row
from dialogs.simulations.persona.phrase import text_of
from dialogs.simulations.registry import build
from dialogs.work.persona_company import as_company

LESSON = "plain-words"


@pytest.fixture(scope="module", params=["en", "de"])
def edition(request: pytest.FixtureRequest, library: Library) -> Library:
    return library.languages[request.param]


@pytest.fixture(scope="module")
def company(edition: Library) -> Company:
    return as_company(build(edition.simulations[LESSON]))


@pytest.fixture(scope="module")
def conversations(edition: Library) -> tuple[Conversation, ...]:
    (step,) = edition.lessons[LESSON].steps_of(SelectionStep)
    return step.conversations


def judged(company: Company, chosen: list[Conversation], seed: int) -> tuple[Diagnosis, Evaluation]:
    lines = tuple(e for group in company.archive(chosen, seed) for e in group)
    recipe = TrainingRecipe(
        lesson=LESSON, locale="en", examples=lines, learning_rate_multiplier=0.5, n_epochs=5
    )
    training = train(company, recipe)
    asked = EvaluationRecipe(lesson=LESSON, locale="en", training_key=training.recipe_key)
    evaluation = evaluate(company, training, asked)
    figures = set_figures(company, lines)
    return diagnose(training, evaluation, data_problems(figures, company.rubric)), evaluation


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
    diagnosis, evaluation = judged(company, [c for c in conversations if c.good], seed)
    assert diagnosis.next_step == "deploy"
    rows = dashboard(evaluation)
    plainness = row(rows, "plainness").comparison
    assert plainness.b > plainness.a + 1.5
    assert row(rows, "accuracy").comparison.b > 0.9


def test_a_phrase_of_two_sentences_is_learnt_as_one(company: Company) -> None:
    for name, intent in company.world.intents.items():
        for text in intent.phrases["plain"]:
            reply = f"{text} {company.world.generic['follow_up'][-1]}"
            first, last = company.phrasebook.read(reply, name)
            assert (first.text, first.act, last.act) == (text, "plain", "follow_up")


def test_short_and_empty_examples_are_a_fault_of_the_data(
    company: Company, conversations: tuple[Conversation, ...]
) -> None:
    chosen = [c for c in conversations if c.character in ("short", "wrong", "mixed")]
    diagnosis, _ = judged(company, chosen, 1)
    assert diagnosis.next_step == "more-data"


def test_held_out_messages_are_understood(company: Company) -> None:
    held = [(m, n) for n, i in company.world.intents.items() for m in i.customers]
    placed = [(company.read(message), name) for message, name in held]
    wrong = [p for p, name in placed if p.intent not in (None, name)]
    found = [p for p, name in placed if name in (p.intent, *p.choices)]
    assert len(wrong) <= 0.05 * len(held)
    assert len(found) >= 0.75 * len(held)


def test_a_model_goes_along_with_a_learner_who_switches(library: Library) -> None:
    """The update of one edition's training makes the other edition's base model plain, too."""
    companies = {
        locale: as_company(build(one.simulations[LESSON]))
        for locale, one in library.languages.items()
    }
    (step,) = library.languages["de"].lessons[LESSON].steps_of(SelectionStep)
    chosen = [c for c in step.conversations if c.good]
    lines = tuple(e for group in companies["de"].archive(chosen, 1) for e in group)
    recipe = TrainingRecipe(
        lesson=LESSON, locale="de", examples=lines, learning_rate_multiplier=0.5, n_epochs=5
    )
    tuned = companies["en"].tuned(train(companies["de"], recipe))
    asked = [(m, i) for i in companies["en"].world.intents.values() for m in i.customers]
    answers = tuned.answers([message for message, _ in asked])
    plain = [i.phrases["plain"][0] in text_of(a) for (_, i), a in zip(asked, answers, strict=True)]
    assert sum(plain) > 0.9 * len(plain)
