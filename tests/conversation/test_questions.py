"""The storyboard's eight questions: in whatever words, each gets its answer and its exercise."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from cards.words import transcript
from content.lesson import ChatStep, TextStep
from content.reading import QuestionName
from dialogs.reading import questions
from dialogs.reading.questions import Asked
from dialogs.values.actions import Ask, Choose
from dialogs.values.events import Typed
from dialogs.values.facts import QuestionAsked
from dialogs.values.progress import Learner
from dialogs.values.replies import Message
from tests.conversation.classroom import Classroom
from tests.conversation.test_lessons import play_until
from tests.lessons import library, tutor

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
BLIND = yaml.safe_load((Path(__file__).parent / "questions_blind.yaml").read_text("utf-8"))
SECOND = yaml.safe_load((Path(__file__).parent / "questions_blind_second.yaml").read_text("utf-8"))
TILES = library().strings.questions.tiles
EXERCISES: dict[QuestionName, str] = {
    "value": "cost-benefit",
    "start": "choosing-a-technique",
    "technique": "choosing-a-technique",
    "process": "polite-chatbot",
    "evaluation": "evaluation-driven",
    "tone": "polite-chatbot",
    "costs": "distillation",
    "retrieval": "raft",
}


def room(lesson: str = "cost-benefit") -> Classroom:
    """A learner before a choice or an experiment, where a text is no answer by itself."""
    made = Classroom(tutor(), lesson)
    made.type("begin")
    made.type("next")
    return made


def found(text: str) -> Asked | None:
    return questions.asked(text)


def test_thirty_paraphrases_find_their_question_or_are_asked_back_with_it() -> None:
    asked = [(name, text) for name, texts in BLIND["asked"].items() for text in texts]
    assert len(asked) == 30
    lost = [
        (name, text, got and got.names)
        for name, text in asked
        if (got := found(text)) is None or name not in got.names
    ]
    assert len(lost) <= 3, lost


def test_what_asks_none_of_them_is_never_taken_for_one_for_sure() -> None:
    assert not [text for text in BLIND["beside"] if (got := found(text)) and got.is_sure]


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_storyboards_own_words_find_their_question(language: str) -> None:
    tiles = library().languages[language].strings.questions.tiles
    read = {name: found(tile.question) for name, tile in tiles.items()}
    assert {name: one.names[0] for name, one in read.items() if one} == {n: n for n in tiles}


def test_which_question_was_typed_is_a_fact_and_its_words_are_not() -> None:
    learner = room()
    learner.type("What does tuning cost me, and Ann Lee of 5 High Street?")
    learner.type("question How do I set the tone?")
    asked = [one for one in learner.facts if isinstance(one, QuestionAsked)]
    assert [one.question for one in asked][-1:] == ["tone"]
    assert {(one.lesson, one.run) for one in asked} == {("cost-benefit", 1)}
    assert "Ann" not in "".join(one.model_dump_json() for one in learner.facts)


@pytest.mark.parametrize("text", ["questions", "question 3", "question 3 b", "question banana"])
def test_what_was_picked_from_the_list_is_no_typed_question(text: str) -> None:
    learner = room()
    learner.type(text)
    assert not [one for one in learner.facts if isinstance(one, QuestionAsked)]


def test_who_has_not_begun_has_done_nothing_by_asking() -> None:
    turn = tutor().converse(
        Learner("ann", 7, greeted=True), Typed(text=TILES["costs"].question), NOW, {}
    )
    assert TILES["costs"].answer in transcript(turn.replies)
    assert turn.facts == ()


@pytest.mark.parametrize("name", sorted(TILES))
def test_a_question_is_answered_asked_back_and_practised(name: QuestionName) -> None:
    tile, learner = TILES[name], room()
    before = learner.progress.records
    told = learner.type(tile.question)
    said = transcript(told)
    assert tile.answer in said
    assert tile.check in said
    assert tile.exercise == EXERCISES[name]
    right = next(o for o in tile.options if o.right)
    wrong = next(o for o in tile.options if not o.right)
    number = list(TILES).index(name) + 1
    assert wrong.feedback in transcript(learner.type(f"question {number} {wrong.id}"))
    assert right.feedback in transcript(learner.type(f"Question {number} {right.id}"))
    assert learner.progress.records == before, "it is no answer to the step"
    if tile.exercise in library().lessons:
        assert learner.stamped
        leads = [b.do for b in learner.stamped.buttons if b.primary]
        assert leads == [Choose(tile.exercise)]


def test_questions_lists_all_and_a_press_asks_one() -> None:
    learner = room()
    (card,) = learner.type("questions")
    assert isinstance(card, Message)
    assert [b.do for b in card.buttons] == [Ask(name) for name in TILES]
    assert TILES["tone"].answer in transcript(learner.press("ask:tone:"))
    assert "Not yet" in transcript(learner.press("ask:tone:a"))


def test_what_isnt_sure_is_asked_back() -> None:
    said = transcript(room().type("question can I adapt the model cheaply?"))
    assert "Which of these do you mean?" in said or "And you?" in said
    assert "I know these eight" in transcript(room().type("question what is the capital of Peru"))


@pytest.mark.parametrize("text", ["hello there", "3", "I'm lost", "how long does this take?"])
def test_what_is_said_beside_them_is_answered_as_before(text: str) -> None:
    assert "Which of these" not in transcript(room().type(text))


def test_a_message_to_a_model_stays_one() -> None:
    learner = Classroom(tutor(), "plain-words")
    chat = library().lessons["plain-words"].steps_of(ChatStep)[0]
    play_until(learner, chat.id)
    assert "And you?" not in transcript(learner.type("How can I make my model more polite?"))
    assert "And you?" in transcript(learner.type("question how can I make my model more polite?"))


def test_a_clear_question_is_no_answer_where_one_answers_in_own_words() -> None:
    learner = Classroom(tutor(), "polite-chatbot")
    text = library().lessons["polite-chatbot"].steps_of(TextStep)[0]
    play_until(learner, text.id)
    before = learner.progress.records
    assert TILES["retrieval"].answer in transcript(learner.type("What is RAFT good for?"))
    assert TILES["costs"].answer in transcript(learner.type("What is distillation good for?"))
    assert learner.progress.records == before, "it is no attempt"
    for beside in SECOND["beside"]:
        assert "And you?" not in transcript(learner.type(beside)), beside
    # One of them is an answer that is put as a question.
    assert learner.progress.record(text.id).status == "passed"


def test_thirty_others_find_theirs_or_are_asked_back_with_it() -> None:
    asked = [(name, text, found(text)) for name, of in SECOND["asked"].items() for text in of]
    assert len(asked) == 30
    lost = [text for name, text, got in asked if got is None or name not in got.names]
    assert len(lost) <= 3, lost
    assert not [text for name, text, got in asked if got and got.is_sure and got.names != (name,)]
    assert not [text for text in SECOND["beside"] if found(text)]


def test_it_is_asked_in_german() -> None:
    learner = Learner(id="a", seed=1, locale="de", greeted=True, lesson="polite-chatbot")
    asked = Typed(text="Frage: Wie wird RAG präziser?")
    said = transcript(tutor().converse(learner, asked, NOW, {}).replies)
    assert "RAFT trainiert mit Fragen" in said
