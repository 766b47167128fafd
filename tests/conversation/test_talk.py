"""What is said beside an answer is answered in a sentence or two, and costs nothing."""

from collections.abc import Sequence
from pathlib import Path

import pytest
import yaml

from content.lesson import ChatStep, ChecklistStep
from content.reading import TalkName
from dialogs import talk
from dialogs.advance import COURTESIES
from dialogs.reading.talk import ANSWER, talk_in
from dialogs.tutor import Tutor
from dialogs.values.facts import HintShown
from dialogs.values.replies import Message, Text
from dialogs.work.persona_company import company_of
from tests.conversation import talked
from tests.conversation.classroom import Classroom
from tests.conversation.test_lessons import play_until

MAIN = "polite-chatbot"
SAID: dict[TalkName, list[str]] = yaml.safe_load(
    (Path(__file__).parent / "talk.yaml").read_text("utf-8")
)
SENTENCES = [(name, text) for name, texts in SAID.items() for text in texts]


def words(room: Classroom, text: str) -> str:
    """What the tutor says to a text, where it is a word and no card."""
    said = room.type(text)
    assert len(said) == 1
    assert isinstance(said[0], Message)
    assert said[0].stamp is None, "no other card takes the place of the one that is open"
    (only,) = said[0].blocks
    assert isinstance(only, Text)
    return only.text


def test_sentences_that_nobody_learnt_from_are_understood() -> None:
    heard = [(name, text, talk_in(text)) for name, text in SENTENCES]
    right = sum(name == got for name, _, got in heard)
    wrong = [(text, got) for name, text, got in heard if got not in (name, None)]
    assert right >= 0.85 * len(SENTENCES), [one for one in heard if one[0] != one[2]]
    assert len(wrong) <= 0.03 * len(SENTENCES), wrong


def at_step(tutor: Tutor, step_id: str) -> Classroom:
    room = Classroom(tutor, MAIN, seed=3)
    play_until(room, step_id)
    return room


@pytest.mark.parametrize(
    ("said", "part"),
    [
        ("how long does this take?", "minutes are left"),
        ("how many steps are left", "step 3 of 9 in phase 1 of 4"),
        ("can I skip this?", "Not this one"),
        ("what happens if I answer wrong", "another try"),
        ("do i get a certificate", "progress"),
        ("are you a bot?", "program"),
        ("is this real azure?", "simulated"),
        ("I don't understand overfitting", "memorises"),
        ("what does token mean", "pieces"),
        ("what is a neural network", "isn't among the words"),
        ("thanks", "welcome"),
        ("ok", "waits for you"),
        ("too much text", "In short"),
    ],
)
def test_a_question_is_answered_where_it_is_asked(tutor: Tutor, said: str, part: str) -> None:
    room = at_step(tutor, "requirements")
    assert part in words(room, said)


def test_a_side_question_leaves_the_card_as_it_is(tutor: Tutor) -> None:
    room = at_step(tutor, "requirements")
    before, card = room.progress, room.stamped
    words(room, "how long does this take?")
    words(room, "why?")
    assert room.progress.ticket == before.ticket
    assert room.progress.records == before.records
    assert room.stamped is card
    room.press("answer", {"picked": "politeness"})
    assert room.progress.record("requirements").attempts == 1


def test_a_yes_goes_on_where_nothing_is_asked(tutor: Tutor) -> None:
    room = at_step(tutor, "way-of-working")
    room.type("ok, got it")
    assert room.progress.cursor == "requirements"


def test_hints_are_given_and_the_answer_after_a_fair_try(tutor: Tutor) -> None:
    room = at_step(tutor, "requirements")
    step = tutor.library.lessons[MAIN].step("requirements")
    assert isinstance(step, ChecklistStep)
    hints = step.hints
    assert words(room, "give me a hint") == hints[0]
    assert hints[0] in words(room, "show me the answer")
    for _ in range(talk.FAIR):
        room.press("answer", {"picked": step.items[0].id})
    told = words(room, "show me the answer")
    for item in step.items:
        assert (item.text in told) == item.relevant
    shown = [fact for fact in room.facts if isinstance(fact, HintShown)]
    assert shown[-1].level == len(hints) + 1, "that the answer was shown is kept"


def groups(name: str) -> list[dict[str, list[str]]]:
    """A set that was written apart: what its sentences mean, and they themselves."""
    told: list[dict[str, list[str]]] = yaml.safe_load(
        (Path(__file__).parent / name).read_text("utf-8")
    )
    return told


def blind(name: str) -> list[tuple[Sequence[str], str]]:
    """Sentences of such a set that are said to the tutor, each with what it means."""
    told = (one for one in groups(name) if one["means"] != [ANSWER])
    return [(one["means"], text) for one in told for text in one["said"]]


EVERYTHING = [
    *(((name,), text) for name, text in SENTENCES),
    *blind("talk_blind.yaml"),
    *blind("talk_blind_second.yaml"),
    *blind("talk_blind_third.yaml"),
    *blind("talk_blind_fourth.yaml"),
    *blind("talk_blind_fifth.yaml"),
]


def test_at_steps_of_every_kind_what_is_said_is_answered_and_hardly_ever_costs_an_attempt(
    tutor: Tutor,
) -> None:
    heard = list(talked.at_every_kind(tutor, MAIN, EVERYTHING, every=4))
    told, cost = sum(one.right for one in heard), sum(one.attempts for one in heard)
    wrong = [(one.kind, one.text, one.got) for one in heard if not one.right]
    assert told >= 0.92 * len(heard), f"{told} of {len(heard)}: {wrong}"
    assert cost <= 0.003 * len(heard), f"{cost} of {len(heard)}"
    assert {one.kind for one in heard if one.attempts} <= {"text"}
    assert sum(one.lost for one in heard) <= 0.005 * len(heard)


def test_what_is_said_to_an_exercise_or_a_model_is_no_talk() -> None:
    sets = (groups("talk_blind_fourth.yaml"), groups("talk_blind_fifth.yaml"))
    texts = [t for told in sets for one in told if one["means"] == [ANSWER] for t in one["said"]]
    assert len(texts) == 80
    taken = [text for text in texts if talk_in(text)]
    assert len(taken) <= 0.04 * len(texts), taken


@pytest.mark.parametrize(
    ("said", "part"),
    [
        ("Könnten Sie mir den Begriff Lernrate erklären?", "size of each correction"),
        ("You keep saying 'token', what do you mean by that?", "pieces"),
        ("what on earth does JSONL stand for?", "one complete JSON object"),
        ("Was versteht man unter einem Validierungsdatensatz?", "kept aside"),
    ],
)
def test_a_term_is_found_among_other_words_before_the_sessions_questions(
    tutor: Tutor, said: str, part: str
) -> None:
    assert part in words(at_step(tutor, "requirements"), said)


def test_a_long_question_after_whats_asks_for_no_term(tutor: Tutor) -> None:
    said = "what's the point of doing this by hand when a script could"
    assert "belongs to" in words(at_step(tutor, "requirements"), said)


def test_at_the_very_beginning_it_says_what_is_to_come(tutor: Tutor) -> None:
    room = at_step(tutor, tutor.library.lessons[MAIN].start.id)
    assert "The lesson begins here" in words(room, "how many steps are left")


@pytest.mark.parametrize("said", ["got anything else?", "ta", "gotta go", "undo", "nervt"])
def test_nobody_is_taken_further_by_a_guess(tutor: Tutor, said: str) -> None:
    room = at_step(tutor, "way-of-working")
    room.type(said)
    assert room.progress.cursor == "way-of-working"


@pytest.mark.parametrize("said", ["overfiting?", "what is overfittng"])
def test_a_term_is_known_with_a_slip_in_it(tutor: Tutor, said: str) -> None:
    assert "memorises" in words(at_step(tutor, "requirements"), said)


@pytest.mark.parametrize(
    ("said", "part"), [("can i start from scratch", "restart"), ("pass", "Not this one")]
)
def test_what_is_said_to_the_tutor_is_no_question_of_the_session(
    tutor: Tutor, said: str, part: str
) -> None:
    assert part in words(at_step(tutor, "requirements"), said)


@pytest.mark.parametrize(
    "said",
    [
        "how many steps are left",
        "too easy",
        "can I skip this?",
        "how long does this take",
        "does it cost anything",
        "if I close the window, is everything gone?",
        "what does overfitting mean",
        "epoch?",
    ],
)
@pytest.mark.parametrize("step", ["meet-base", "side-by-side"])
def test_to_a_model_nothing_is_said_that_is_asked_of_the_tutor(
    tutor: Tutor, said: str, step: str
) -> None:
    words(at_step(tutor, step), said)


def test_what_customers_ask_goes_to_the_model(tutor: Tutor) -> None:
    room = at_step(tutor, "meet-base")
    company = company_of(tutor.scene(room.learner, tutor.library.lessons[MAIN], room.now, {}))
    lesson = tutor.library.lessons[MAIN]
    chats = [s for s in lesson.steps if isinstance(s, ChatStep)]
    asked = {sample.query for step in chats for sample in step.samples}
    asked |= {query for pair in company.world.pairs for query in (pair.first, pair.second)}
    asked |= {intent.label for intent in company.world.intents.values()}
    taken = [text for text in asked if talk_in(text, "answer") not in (None, *COURTESIES)]
    assert not taken
