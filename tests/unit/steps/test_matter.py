"""A message that isn't surely about one matter: the learner is asked, or told what is known."""

from collections.abc import Callable

import pytest

from content.world import PlacingLimits, Recognition
from dialogs.simulations.persona import Company
from dialogs.tutor import Tutor
from dialogs.values.replies import Sides
from dialogs.work.persona_company import as_company
from tests.unit.conftest import WithModel
from tests.unit.steps.practice import Practice

UNSURE = PlacingLimits(ours=-99, lead=99)
NEVER = PlacingLimits(ours=99, lead=99)
LOOSE = PlacingLimits(ours=0, lead=0.3)
QUERY = "What about the book that I took?"
ELSEWHERE = {
    "knowledge": ("What is the capital of France?", "How high is Mont Blanc?", "Who was Goethe?"),
    "talk": ("I like turtles.", "Tell me a joke.", "How are you?", "What's your name?"),
}

Learner = Callable[[PlacingLimits], Practice]


@pytest.fixture(scope="module")
def learner(tutor: Tutor) -> Learner:
    """A learner whose model is as sure as these limits let it be."""
    shipped = as_company(tutor.simulation("plain-words", "en"))

    def begin(limits: PlacingLimits) -> Practice:
        known = Recognition(elsewhere=ELSEWHERE, joints=("and",), limits=limits)
        world = shipped.world.model_copy(update={"recognition": known})
        return Practice(Company(world, shipped.rubric), tutor.library.strings)

    return begin


def test_an_unsure_model_asks_and_any_choice_is_one_tap_away(learner: Learner) -> None:
    asked = learner(UNSURE).go("talk")
    seen = asked.type(QUERY)
    assert (seen.outcome, seen.counts, seen.kept["count"]) == ("noted", (0, 0), 0)
    assert "isn't sure" in seen.said
    assert "/5" not in seen.said
    assert asked.card
    choices = seen.kept["open"]["intents"]
    labels = [asked.company.world.intents[name].label for name in choices]
    assert 2 <= len(choices) <= 4
    assert [*asked.card.suggestions[: len(labels)]] == labels
    assert all(label in seen.said for label in labels)


@pytest.mark.parametrize("how", ["2", "b", "label"])
def test_a_choice_is_answered_to_the_first_message(learner: Learner, how: str) -> None:
    asked = learner(UNSURE).go("talk")
    name = asked.type(QUERY).kept["open"]["intents"][1]
    seen = asked.type(asked.company.world.intents[name].label if how == "label" else how)
    assert QUERY in seen.said
    assert asked.company.base.reply(QUERY, name).text in seen.said
    assert "/5" in seen.said
    assert (seen.kept["asked"], seen.kept["count"], seen.kept["open"]) == ([QUERY], 1, None)


def test_who_writes_something_else_instead_is_read_anew(learner: Learner) -> None:
    asked = learner(UNSURE).go("talk")
    asked.type(QUERY)
    seen = asked.type("And on which days may I come by?")
    assert seen.kept["open"]["message"] == "And on which days may I come by?"
    assert (seen.kept["asked"], seen.kept["count"]) == ([], 0)


def test_nobody_is_asked_about_what_the_lesson_itself_offers(learner: Learner) -> None:
    seen = learner(UNSURE).go("talk").type("How do I renew a book?")
    assert seen.kept["asked"] == ["How do I renew a book?"]
    assert "endless-sentence" in seen.kept["seen"]


def test_what_is_no_answer_gets_no_points_and_names_what_is_known(learner: Learner) -> None:
    asked = learner(NEVER).go("talk")
    seen = asked.type("My tent is wet.")
    world = asked.company.world
    assert world.unplaced in seen.said
    assert "isn't judged" in seen.said
    assert "/5" not in seen.said
    named = seen.said.partition("for example:")[2].partition(".")[0].split("; ")
    labels = {intent.label for intent in world.intents.values()}
    assert len(named) == 3
    assert {name.strip() for name in named} <= labels


def test_of_two_matters_one_is_answered_and_the_other_offered(learner: Learner) -> None:
    both = "I want to renew my books. And I lost my library card."
    asked = learner(LOOSE).go("talk")
    seen = asked.type(both)
    (second,) = seen.kept["open"]["intents"]
    assert "two matters" in seen.said
    assert asked.card
    label = asked.company.world.intents[second].label
    assert asked.card.suggestions[0] == label
    assert asked.company.base.reply(both, second).text in asked.type(label).said


def test_side_by_side_asks_too_and_then_all_models_answer(
    learner: Learner, with_model: WithModel
) -> None:
    asked = with_model("side", "sound")
    asked.company = learner(UNSURE).company
    seen = asked.type(QUERY)
    assert (seen.outcome, seen.kept["seen"]) == ("noted", 0)
    assert not [b for m in seen.messages for b in m.blocks if isinstance(b, Sides)]
    name = seen.kept["open"]["intents"][0]
    seen = asked.type("1")
    (sides,) = (b for m in seen.messages for b in m.blocks if isinstance(b, Sides))
    assert sides.sides[0].text == asked.company.base.reply(QUERY, name).text
    assert seen.kept == {"seen": 0, "open": None}


def test_another_language_is_named_and_read_all_the_same(learner: Learner) -> None:
    asked = learner(UNSURE).go("talk")
    seen = asked.type("Wann hat die Bücherei am Samstag geöffnet?")
    assert "I read German, but this lesson's model answers in English." in seen.said
    assert "hours" in seen.kept["open"]["intents"]
    assert "answers in English" not in asked.type("When does the library open on Saturday?").said


def test_an_intents_own_words_are_taken_at_their_word(learner: Learner) -> None:
    asked = learner(UNSURE).go("talk")
    name, intent = next(iter(asked.company.world.intents.items()))
    seen = asked.type(f"{intent.label}?".upper())
    assert seen.kept["open"] is None
    assert asked.company.base.reply(intent.label, name).text in seen.said


def test_a_number_that_no_choice_has_is_told_and_the_question_stays(learner: Learner) -> None:
    asked = learner(UNSURE).go("talk")
    before = asked.type(QUERY).kept["open"]
    seen = asked.type("7")
    assert (seen.outcome, seen.kept["open"]) == ("unclear", before)
    assert "There is no 7 here" in seen.said
