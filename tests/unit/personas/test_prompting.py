"""The rivals of tuning: what instructions and examples do to the base model's replies."""

from collections.abc import Mapping

import pytest

from content.world import Prompt
from dialogs.simulations.computation import recipe_key
from dialogs.simulations.persona import Company, EvaluationRecipe, Prompting, dashboard, evaluate
from dialogs.simulations.persona.prompting import known, prompt_tokens, system_prompt

# Of a recipe of before prompts could be put together.
KEY_OF_BEFORE = "5887eb76a6c80a629870904dc9e1c2b4"
USUAL = EvaluationRecipe(lesson="l", locale="en", training_key="k")


def figures(company: Company, chosen: Prompting) -> Mapping[str, float]:
    """The dashboard's figures of the rival that has all of this in its prompt."""
    given = EvaluationRecipe(lesson="l", locale="en", training_key="", prompting=chosen)
    evaluation = evaluate(company, None, given)
    return {r.metric: r.comparison.b for r in dashboard(evaluation, side=evaluation.rivals[-1])}


def flawed(prompt: Prompt) -> Prompting:
    """All that does no good."""
    return Prompting(
        instructions=tuple(i.id for i in prompt.instructions if i.caution),
        examples=tuple(e.id for e in prompt.examples if e.caution),
    )


def test_an_empty_prompt_leaves_the_base_word_for_word(company: Company) -> None:
    empty = company.prompted(Prompting())
    for intent in company.world.intents.values():
        for message in intent.customers:
            assert empty.reply(message).text == company.base.reply(message).text


def test_the_usual_prompt_is_politer_than_the_base_and_as_right(company: Company) -> None:
    base, usual = (figures(company, p) for p in (Prompting(), company.usual_prompting))
    assert usual["politeness"] > base["politeness"] + 1
    assert usual["accuracy"] > base["accuracy"] - 0.1
    assert usual["honesty"] > 0.95


@pytest.mark.parametrize(
    ("instruction", "metric", "by"),
    [("greet", "politeness", 0.5), ("agree", "honesty", -0.2), ("length", "seconds", 0.2)],
)
def test_an_instruction_is_followed_for_good_or_bad(
    company: Company, instruction: str, metric: str, by: float
) -> None:
    base, told = (
        figures(company, Prompting(instructions=ids))[metric] for ids in ((), (instruction,))
    )
    assert (told - base) / by > 1


@pytest.mark.parametrize(
    ("example", "metric", "by"),
    [("hours", "politeness", 0.5), ("promise", "satisfaction", -0.1)],
)
def test_an_example_is_followed_for_good_or_bad(
    company: Company, example: str, metric: str, by: float
) -> None:
    base, told = (figures(company, Prompting(examples=ids))[metric] for ids in ((), (example,)))
    assert (told - base) / by > 1


def test_what_does_no_good_is_worse_than_what_is_usual(company: Company) -> None:
    bad, usual = flawed(company.world.prompted), company.usual_prompting
    assert bad.instructions
    assert bad.examples
    assert figures(company, bad)["satisfaction"] < figures(company, usual)["satisfaction"] - 0.5


def test_a_longer_prompt_costs_tokens_and_time(company: Company) -> None:
    clock, prompt = company.rubric.time, company.world.prompted
    told = Prompting(instructions=company.usual_prompting.instructions)
    prompts = (Prompting(), told, company.usual_prompting)
    tokens = [prompt_tokens(clock, prompt, p) for p in prompts]
    assert tokens == sorted(set(tokens))
    assert [figures(company, p)["tokens"] for p in prompts] == tokens


def test_a_prompt_is_its_opening_and_what_was_chosen_in_the_lessons_order(
    company: Company,
) -> None:
    prompt = company.world.prompted
    first, second, *_ = prompt.instructions
    chosen = known(prompt, Prompting(instructions=(second.id, "gone", first.id)))
    assert system_prompt(prompt, chosen) == f"{prompt.opening} {first.text} {second.text}"


def test_a_choice_of_ones_own_is_another_recipe_and_the_usual_one_is_that_of_before() -> None:
    own = USUAL.model_copy(update={"prompting": Prompting(instructions=("greet",))})
    assert recipe_key(USUAL) == KEY_OF_BEFORE
    assert recipe_key(own) != KEY_OF_BEFORE
    assert EvaluationRecipe.model_validate_json(own.model_dump_json()) == own
