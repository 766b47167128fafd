"""What a fact says of an attempt: nothing of it could be found out later."""

from content.lesson import TextStep
from dialogs.steps import text
from dialogs.values import versions
from dialogs.values.facts import StepAnswered, SurveyAnswered
from dialogs.values.scene import Judged
from tests.given import said
from tests.unit.conftest import At
from tests.unit.steps.practice import Seen

OPTIONS = {"tone", "facts", "speed"}


def answered(seen: Seen) -> StepAnswered:
    (fact,) = [fact for fact in seen.facts if isinstance(fact, StepAnswered)]
    return fact


def test_an_attempt_says_what_was_shown_and_picked_and_what_helped(at: At) -> None:
    learner = at("pick")
    first = answered(learner.press(picked=("facts",)))
    (pick,) = first.picks
    assert (pick.input, set(pick.shown), pick.chosen) == ("picked", OPTIONS, ("facts",))
    assert pick.shown == tuple(item.id for item in learner.items)
    assert (first.attempt, first.hints, first.passed) == (1, 0, False)
    second = answered(learner.press(picked=("tone",)))
    assert (second.attempt, second.hints, second.passed) == (2, 1, True)
    assert second.picks[0].chosen == ("tone",)
    assert second.seconds == 1.0, "since the step was put anew"


def test_what_was_typed_is_noted_as_it_was_understood(at: At) -> None:
    learner = at("pick")
    place = learner.numbers("speed")
    assert answered(learner.type(place)).picks[0].chosen == ("speed",)


def test_a_learners_own_words_are_in_no_fact_but_where_the_lesson_says_so(at: At) -> None:
    words = "Use plain words. My grandmother would like that."
    seen = at("say").type(words)
    assert "grandmother" not in "".join(fact.model_dump_json() for fact in seen.facts)
    learner = at("say")
    step = learner.step
    assert isinstance(step, TextStep)
    recorded = step.model_copy(update={"recorded": True})
    outcome = text.answer(recorded, learner.scene, said(words))
    assert isinstance(outcome, Judged)
    assert outcome.text == words


def test_a_surveys_answer_is_a_fact(at: At) -> None:
    seen = at("mood").press(picked=("3",))
    assert [f.option for f in seen.facts if isinstance(f, SurveyAnswered)] == [3]


def test_facts_of_before_say_nothing_of_what_was_not_noted() -> None:
    doc = (
        '{"lesson":"l","run":1,"at":"2026-11-24T09:00:00Z","kind":"step-answered",'
        '"step":"s","attempt":1,"score":0.5,"passed":false}'
    )
    fact = versions.FACT.read(doc, 1)
    assert isinstance(fact, StepAnswered)
    assert (fact.picks, fact.hints, fact.seconds) == ((), None, None)


def test_a_quiz_says_what_was_shown_and_picked_of_every_question(at: At) -> None:
    learner = at("exam")
    learner.press("begin-quiz")
    drawn = tuple(learner.look().kept["drawn"])
    picked = []
    while learner.inputs:
        items = tuple(item.id for item in learner.items)
        picked.append((items, items[:1]))
        seen = learner.press(picked=items[:1])
    fact = answered(seen)
    assert tuple(p.input for p in fact.picks) == drawn
    assert [(p.shown, p.chosen) for p in fact.picks] == picked


def test_a_screen_says_what_was_decided(at: At) -> None:
    learner = at("form")
    refused = answered(learner.press(base=("numbers",)))
    assert [(p.input, p.chosen) for p in refused.picks] == [("base", ("numbers",))]
    learner.press(base=("large",))
    fact = answered(learner.press(data=("split",)))
    assert [p.chosen for p in fact.picks] == [("large",), ("split",)]
    assert fact.picks[0].shown == ("small", "large", "numbers")


def test_an_order_is_told_as_it_was_given(at: At) -> None:
    learner = at("order")
    given = tuple(item.id for item in learner.items)
    (pick,) = answered(learner.press(order=given)).picks
    assert (pick.input, pick.shown, pick.chosen) == ("order", given, given)
