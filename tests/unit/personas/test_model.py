import pytest

from content.world import World
from dialogs.simulations.persona import Company
from dialogs.simulations.persona.evaluation import is_accurate
from dialogs.simulations.persona.phrase import text_of
from tests.unit.personas.conftest import BASE


@pytest.mark.parametrize("message", BASE)
def test_the_base_model_says_what_the_specification_shows(company: Company, message: str) -> None:
    spoken = company.base.reply(message)
    assert spoken.text == BASE[message]
    assert spoken.placed


def test_a_message_about_nothing_we_know_gets_honest_words(company: Company, world: World) -> None:
    for message in ("", "🙂🙂", "asdf qwer", "What is the capital of France?"):
        for model in (company.base, company.prompted(company.usual_prompting)):
            spoken = model.reply(message)
            assert (spoken.text, spoken.intent, spoken.placed) == (world.unplaced, None, False)


@pytest.mark.parametrize(
    "message",
    ["password reset doesn't work", "Do you close for lunch?", "Me parcel ain't come yet, innit."],
)
def test_a_message_between_matters_may_be_answered_by_the_likeliest(
    company: Company, world: World, message: str
) -> None:
    read = company.read(message)
    assert read.band == "ask"
    assert company.meant(message) == read.choices[0]
    spoken = company.base.reply(message, company.meant(message))
    assert spoken.placed
    assert spoken.text not in {"", world.unplaced}


def test_the_base_model_answers_alike_queries_in_different_tones(company: Company) -> None:
    assert len(company.world.pairs) >= 2
    for pair in company.world.pairs:
        first, second = company.base.reply(pair.first), company.base.reply(pair.second)
        groups = [company.world.intents[s.intent or ""].group for s in (first, second)]
        assert groups[0] == groups[1]
        signs = [
            {n for n in company.score(s.text, q).signs if n.startswith(company.rubric.goal)}
            for s, q in ((first, pair.first), (second, pair.second))
        ]
        assert len(signs[0] ^ signs[1]) >= 2, pair.id


def test_the_base_model_shows_the_faults_that_a_learner_shall_find(company: Company) -> None:
    seen = {
        fault
        for message in BASE
        for fault in company.observe(company.base.reply(message).text, message)
    }
    assert {"impersonal", "missed_opportunity"} <= seen


def test_a_system_prompt_makes_the_base_politer_but_leaves_its_answers(
    company: Company,
) -> None:
    goal = company.rubric.goal
    asked = [(i.customers[0], name) for name, i in company.world.intents.items()]
    messages = [message for message, _ in asked]
    prompted = company.prompted(company.usual_prompting)
    told = zip(asked, company.base.answers(messages), prompted.answers(messages), strict=True)
    for (message, name), *replies in told:
        base, nudged = (company.score(text_of(r), message).raw[goal] for r in replies)
        assert nudged >= base, message
        base_right, still_right = (is_accurate(company, r, name) for r in replies)
        assert still_right >= base_right, message
