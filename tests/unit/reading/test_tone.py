"""What replies do and how messages feel, on sentences that no example holds."""

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from content.loader import Library, load
from content.simulation import PersonaWorld
from dialogs.reading.tone import Moods, ReplyActs, is_turned, is_withheld
from dialogs.simulations.persona import Company

UNSEEN: dict[str, list[str]] = yaml.safe_load(
    (Path(__file__).parent / "tone_unseen.yaml").read_text("utf-8")
)


@pytest.fixture(scope="module")
def library() -> Library:
    return load()


@pytest.fixture(scope="module")
def lesson(library: Library) -> PersonaWorld:
    simulation = library.simulations["polite-chatbot"]
    assert isinstance(simulation, PersonaWorld)
    return simulation


@pytest.fixture(scope="module")
def acts(lesson: PersonaWorld) -> ReplyActs:
    return ReplyActs(lesson.rubric.acts)


@pytest.fixture(scope="module")
def moods(lesson: PersonaWorld) -> Moods:
    return Moods(lesson.world.marks)


def missed_and_flagged(found: Callable[[str], bool], yes: str, no: str) -> tuple[float, float]:
    missed = [text for text in UNSEEN[yes] if not found(text)]
    flagged = [text for text in UNSEEN[no] if found(text)]
    return len(missed) / len(UNSEEN[yes]), len(flagged) / len(UNSEEN[no])


def test_hostile_sentences_are_found_and_bad_news_is_none(acts: ReplyActs) -> None:
    missed, flagged = missed_and_flagged(
        lambda text: acts.does(text, ("rude", "sarcasm")) or is_turned(text), "hostile", "civil"
    )
    assert missed <= 0.2
    assert flagged <= 0.1


def test_false_promises_are_found_and_honest_lines_are_none(acts: ReplyActs) -> None:
    missed, flagged = missed_and_flagged(
        lambda text: acts.does(text, ("promise",)), "promised", "honest"
    )
    assert missed <= 0.1
    assert flagged <= 0.1


def test_who_is_upset_is_noticed_and_who_is_not_is_left_calm(moods: Moods) -> None:
    missed, flagged = missed_and_flagged(lambda text: "upset" in moods.of(text), "upset", "calm")
    assert missed <= 0.2
    assert flagged <= 0.05


@pytest.mark.parametrize(
    ("text", "upset"),
    [
        ("WHERE IS MY ORDER", True),
        ("where is my order", False),
        ("😡😡😡", True),
        ("THANK YOU SO MUCH", False),
        ("Yay!!!", False),
        ("", False),
        ("???", False),
    ],
)
def test_capitals_and_angry_signs_are_a_mood(moods: Moods, text: str, *, upset: bool) -> None:
    assert ("upset" in moods.of(text)) == upset


@pytest.mark.parametrize(
    ("text", "turned"),
    [
        ("I am not sorry.", True),
        ("There is no way that I'd be happy to help you.", True),
        ("We do not appreciate refund requests.", True),
        ("Thank you for not writing again.", True),
        ("I can't thank you enough.", False),
        ("I'm not sure, sorry.", False),
        ("Don't worry, I'm happy to help.", False),
        ("I'm sorry that it doesn't fit.", False),
    ],
)
def test_a_courtesy_is_turned_round_by_a_negation(text: str, *, turned: bool) -> None:
    assert is_turned(text) == turned


@pytest.mark.parametrize(
    ("text", "withheld"),
    [
        ("I can't guarantee that it is in stock.", True),
        ("We never guarantee a delivery date.", True),
        ("Once we've received it, we refund you.", True),
        ("When the parcel has come back, we'll refund you.", True),
        ("Have you been refunded?", True),
        ("I haven't sent it.", True),
        ("I have refunded it.", False),
        ("I have refunded you, and if you look you will see it.", False),
        ("It will never happen again.", False),
    ],
)
def test_what_is_denied_conditional_or_asked_is_no_promise(text: str, *, withheld: bool) -> None:
    assert is_withheld(text) == withheld


def test_a_lessons_good_lines_are_never_flagged_and_its_bad_ones_are(library: Library) -> None:
    for edition in library.languages.values():
        for content in edition.simulations.values():
            if not isinstance(content, PersonaWorld):
                continue  # a bench of an exercise, which nobody writes replies on
            company, world = Company(content.world, content.rubric), content.world
            advised = {name for name, flag in content.rubric.flags.items() if flag.advice}
            for intent in world.intents:
                for plan in world.plans(intent, world.ideal):
                    said = (text for act in plan for text in world.sayings(act, intent))
                    for text in said:
                        score = company.score_for(text, intent, frozenset())
                        assert not score.flags & advised, text
                for act, flag in (("promise", "claimed"), ("rude", "hostile")):
                    for text in world.sayings(act, intent) if act in world.acts else ():
                        assert flag in company.score_for(text, intent, frozenset()).flags, text


@pytest.mark.parametrize(
    ("reply", "advice"),
    [
        ("Send me your password, then I sign in for you.", "come to harm"),
        ("Just light a match near the valve.", "come to harm"),
        ("Lo sentimos mucho, puede consultar el estado de su pedido en su cuenta.", "language"),
    ],
)
def test_what_harms_a_customer_or_isnt_in_their_language_is_advised_against(
    lesson: PersonaWorld, reply: str, advice: str
) -> None:
    company = Company(lesson.world, lesson.rubric)
    assert any(advice in said for said in company.advice(reply, "Where is my order?"))
