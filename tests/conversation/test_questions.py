"""The storyboard's eight questions: in whatever words, each gets its answer and its exercise."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from pydantic import BaseModel

from cards.words import transcript
from content.lesson import ChatStep, TextStep
from content.reading import QuestionName
from dialogs.reading import questions
from dialogs.reading.questions import Asked
from dialogs.values.actions import Ask, Choose
from dialogs.values.events import Typed
from dialogs.values.facts import QuestionAsked
from dialogs.values.progress import Learner
from dialogs.values.replies import Message, Reply
from tests.conversation.classroom import Classroom
from tests.conversation.test_lessons import play_until
from tests.lessons import library, tutor

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
SETS = [f"questions_blind{which}" for which in ("", "_second", "_third", "_fourth", "_fifth")]


class Blind(BaseModel):
    """Texts that were written apart from the examples: by their question, and beside all eight."""

    asked: dict[str, list[str]]
    beside: list[str]


def read_set(name: str) -> Blind:
    path = Path(__file__).parent / f"{name}.yaml"
    return Blind.model_validate(yaml.safe_load(path.read_text("utf-8")))


BLIND, SECOND = read_set("questions_blind"), read_set("questions_blind_second")
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


def offered(told: Sequence[Reply]) -> tuple[list[str], bool]:
    """Which questions somebody is given, and whether the answer is there at once."""
    said = transcript(told)
    answered = [str(name) for name, tile in TILES.items() if tile.answer in said]
    buttons = [button.do for one in told if isinstance(one, Message) for button in one.buttons]
    return answered or [do.question for do in buttons if isinstance(do, Ask)], bool(answered)


def outcomes(blind: Blind, before: str = "") -> Counter[str]:
    """What comes of each paraphrase of a set where it is typed in a lesson."""
    counted: Counter[str] = Counter()
    for name, texts in blind.asked.items():
        for text in texts:
            names, at_once = offered(room().type(before + text))
            among = "with it" if name in names else "without it"
            counted[f"{'answered' if at_once else 'asked'} {among}" if names else "lost"] += 1
    return counted


# By set: how many are answered or asked back with their question among the choices, and how many
# get the answer to another one. All sets but the fifth were in sight when limits were chosen; how
# they came out unseen is in docs/understanding.md.
@pytest.mark.parametrize(
    ("name", "count", "found", "wrong"),
    [
        ("questions_blind", 30, 29, 0),
        ("questions_blind_second", 30, 30, 0),
        ("questions_blind_third", 40, 36, 0),
        ("questions_blind_fourth", 24, 21, 1),
        ("questions_blind_fifth", 40, 39, 0),
    ],
)
def test_paraphrases_typed_in_a_lesson_find_their_question_or_are_asked_back_with_it(
    name: str, count: int, found: int, wrong: int
) -> None:
    came = outcomes(read_set(name))
    assert came.total() == count
    assert came["answered with it"] + came["asked with it"] >= found, came
    assert came["asked without it"] == 0, came
    assert came["answered without it"] <= wrong, came


@pytest.mark.parametrize("name", SETS)
def test_after_the_word_for_it_no_paraphrase_is_lost(name: str) -> None:
    came = outcomes(read_set(name), "question ")
    assert came["lost"] == came["asked without it"] == 0, came
    assert came["answered without it"] <= 1, came


@pytest.mark.parametrize("name", SETS)
def test_what_has_nothing_to_do_with_them_is_not_forced_into_them(name: str) -> None:
    forced = [text for text in read_set(name).beside if offered(room().type(text))[0]]
    assert len(forced) <= 1, forced


def test_what_the_tutor_cannot_answer_is_said_so_with_all_it_can() -> None:
    (told,) = room().type("question which film should we watch tonight")
    assert "no answer to that one" in transcript([told])
    assert offered([told]) == (list(TILES), False)


def test_what_the_step_can_read_is_its_answer_though_it_may_ask_one_of_them() -> None:
    here = Classroom(tutor(), "choosing-a-technique")
    play_until(here, "first")
    said = "Connect the documents, so that it finds better wording"
    assert found(said), "by itself it is taken for one of them"
    assert offered(here.type(said))[0] == []
    assert here.progress.record("first").attempts == 1


def test_a_number_with_other_words_behind_it_is_no_question_of_that_number() -> None:
    assert not offered(room().type("question 3 epochs"))[1]


def test_what_asks_none_of_them_is_never_taken_for_one_for_sure() -> None:
    assert not [text for text in BLIND.beside if (got := found(text)) and got.is_sure]


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
    assert "These eight I know" in transcript(room().type("question what is the capital of Peru"))


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
    for beside in SECOND.beside:
        assert "And you?" not in transcript(learner.type(beside)), beside
    # One of them is an answer that is put as a question.
    assert learner.progress.record(text.id).status == "passed"


def test_it_is_asked_in_german() -> None:
    learner = Learner(id="a", seed=1, locale="de", greeted=True, lesson="polite-chatbot")
    asked = Typed(text="Frage: Wie wird RAG präziser?")
    said = transcript(tutor().converse(learner, asked, NOW, {}).replies)
    assert "RAFT trainiert mit Fragen" in said
