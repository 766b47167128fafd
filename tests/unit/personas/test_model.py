import pytest

from content.world import World
from dialogs.simulations.persona import Company
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


def test_the_base_model_answers_alike_queries_in_different_tones(company: Company) -> None:
    assert len(company.world.pairs) >= 2
    for pair in company.world.pairs:
        first, second = company.base.reply(pair.first), company.base.reply(pair.second)
        assert first.intent == second.intent is not None
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
    for name, intent in company.world.intents.items():
        message = intent.customers[0]
        base, prompted = (
            company.base.reply(message),
            company.prompted(company.usual_prompting).reply(message),
        )
        scores = [company.score(s.text, message).raw[goal] for s in (base, prompted)]
        assert scores[1] >= scores[0]
        answers = company.world.answering
        assert any(p.act in answers and p.intent == name for p in prompted.phrases), message
