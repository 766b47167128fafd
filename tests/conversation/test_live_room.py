"""A learner in a live session: what they type for it, and what they are told of it."""

from dataclasses import replace

import pytest

from dialogs.account import CODE_MINUTES, MOST_TRIES
from dialogs.attending import MOST_SHOWN
from dialogs.room.answers import LONGEST, LONGEST_QUESTION, MOST_QUESTIONS
from dialogs.room.events import Close, End, MoveTo, Open
from dialogs.tutor import Tutor
from dialogs.values.operator import Operator
from tests.conversation.visitors import Host, House, Visitor, opened

TONE = "try-first"  # a quiz question: its right answer is the first option
WISH = "expect"  # answered in words


@pytest.fixture
def host(house: House) -> Host:
    """Who has opened a room."""
    return Host(house)


@pytest.fixture
def ann(house: House) -> Visitor:
    """Somebody who has begun the lesson."""
    ann = house.visitor("ann")
    ann.type("hi")
    ann.type("begin")
    return ann


def test_a_learner_goes_in_answers_changes_the_answer_and_is_told_what_was_right(
    ann: Visitor, host: Host
) -> None:
    shown = ann.type(host.code.lower().replace("-", " "))
    assert "You are in the session: Fine-tuning" in shown
    assert "Nothing is open just now" in shown
    assert ann.is_told() == "", "nothing has happened since"
    host.do(Open(TONE))
    asked = ann.is_told()
    assert "in the wrong tone" in asked
    assert "[A better prompt] [Retrieval of documents] [Fine-tuning] [A bigger model]" in asked
    poll = ann.card
    assert "Your answer counts: Fine-tuning" in ann.press("Fine-tuning")
    assert ann.is_told() == "", "who has answered isn't asked again"
    assert "Your answer counts: A better prompt" in ann.press("A better prompt")
    assert host.answers(TONE) == {"prompt": 1}, "the last one counts, and once"
    host.do(Close(TONE))
    told = ann.is_told()
    assert "The answer: A better prompt. And that was yours." in told
    assert "A prompt costs minutes" in told
    late = ann.press("Fine-tuning", poll)
    assert "This one is closed. What you had answered before counts." in late
    assert host.answers(TONE) == {"prompt": 1}


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("3", "tune"),
        ("c", "tune"),
        ("Fine-tuning", "tune"),
        ("  fine-TUNING. ", "tune"),
        ("1", "prompt"),
    ],
)
def test_a_poll_is_answered_by_typing(ann: Visitor, host: Host, typed: str, answer: str) -> None:
    host.do(Open(TONE))
    ann.type(f"join {host.code}")
    assert "Your answer counts" in ann.type(typed)
    assert host.answers(TONE) == {answer: 1}


@pytest.mark.parametrize("typed", ["9", "0", "2.5", "a bit of everything", "help", "progress"])
def test_what_is_none_of_the_options_is_meant_for_the_lesson(
    ann: Visitor, host: Host, typed: str
) -> None:
    host.do(Open(TONE))
    ann.type(host.code)
    assert "Your answer counts" not in ann.type(typed)
    assert host.answers(TONE) == {}
    assert "in the wrong tone" in ann.type("room"), "the question still waits"


def test_the_lesson_goes_on_beside_it_and_a_number_answers_what_was_shown_last(
    ann: Visitor, host: Host
) -> None:
    host.do(Open(TONE))
    before = ann.learner.progress
    ann.type(host.code)
    ann.type("2")
    assert ann.learner.progress == before, "no answer in a room changes a lesson"
    ann.type("1")
    assert host.answers(TONE) == {"prompt": 1}, "the last one counts"
    assert ann.learner.progress == before
    there = ann.learner.progress["polite-chatbot"].cursor
    ann.press("Continue")
    assert ann.learner.progress["polite-chatbot"].cursor == there
    ann.type("2")
    assert host.answers(TONE) == {"prompt": 1}, "what is typed now is the lesson's"


def test_who_has_the_answer_wrong_or_none_is_told_what_was_right(house: House, host: Host) -> None:
    ann, ben = house.visitor("ann"), house.visitor("ben")
    for one in (ann, ben):
        assert "You are in the session" in one.type(host.code), "the first thing ever said"
    host.do(Open(TONE))
    for one in (ann, ben):
        one.is_told()
    ann.type("4")
    host.do(Close(TONE))
    for one in (ann, ben):
        told = one.is_told()
        assert "The answer: A better prompt." in told
        assert "And that was yours" not in told
    assert "Nothing is open just now" in ben.type("room")


def test_who_answers_first_after_the_close_is_told_that_it_doesnt_count(
    ann: Visitor, host: Host
) -> None:
    host.do(Open(TONE))
    ann.type(host.code)
    poll = ann.card
    host.do(Close(TONE))
    assert "is closed already, so the answer doesn't count" in ann.press("A better prompt", poll)
    assert host.answers(TONE) == {}


def test_an_answer_in_words_is_said_in_one_line_and_may_be_given_anew(
    ann: Visitor, host: Host
) -> None:
    ann.type(host.code)
    host.do(Open(WISH))
    assert "Type it, in a few words." in ann.is_told()
    assert f"longer than {LONGEST} characters" in ann.type("cheaper " * 30)
    assert host.answers(WISH) == {}
    assert "Your answer counts; answer again to change it." in ann.type("lower\n cost")
    assert host.answers(WISH) == {"lower cost": 1}
    said = ann.press("Send", room_answer="fewer <b>errors</b>")
    assert "fewer <b>errors</b>" in said
    assert host.answers(WISH) == {"fewer <b>errors</b>": 1}
    assert "There are no words in that" in ann.press("Send", room_answer=" \u200b ")
    assert host.answers(WISH) == {"fewer <b>errors</b>": 1}


def test_training_and_demos_are_announced_and_ask_for_nothing(ann: Visitor, host: Host) -> None:
    ann.type(host.code)
    host.do(Open("basic-run"))
    assert "played back on the big screen" in ann.is_told()
    host.do(Open("best-model"))
    assert "Everybody trains" in ann.is_told()
    host.do(Close("best-model"))
    assert ann.is_told() == "", "no answer was right or wrong in it"


def test_questions_wait_for_afterwards_and_are_voted_up_once(house: House, host: Host) -> None:
    ann, ben = house.visitor("ann"), house.visitor("ben")
    for one in (ann, ben):
        one.type(host.code)
    assert "Nobody has asked anything yet" in ben.type("questions")
    assert "kept for after the talk" in ann.type("ask How much does it cost?")
    ann.type("Ask: How much does it cost?")
    ann.type("ask And how long?")
    listed = ben.type("questions")
    assert listed.index("How much") < listed.index("how long")
    assert listed.count("How much") == 1, "asked twice it is there once"
    card = ben.card
    voted = ben.press("I want to know it, too (2)")
    assert "1. 1 want to know:" in voted
    assert voted.index("how long") < voted.index("How much"), "the most wanted comes first"
    assert "You have said that you want to know it, too" in voted
    assert voted == ben.press("I want to know it, too (2)", card)
    assert f"longer than {LONGEST_QUESTION} characters" in ann.type("ask " + "why " * 150)
    assert "There are no words" in ann.type("ask \u200b")
    ann.type("ask how to kill myself")
    assert "kill" not in ben.type("all questions")


def test_who_asks_very_much_is_asked_to_vote_and_sees_the_most_wanted(
    ann: Visitor, host: Host
) -> None:
    ann.type(host.code)
    for number in range(MOST_QUESTIONS):
        assert "kept for after" in ann.type(f"ask What is number {number} for?")
    assert f"You have asked {MOST_QUESTIONS} questions" in ann.type("ask One more?")
    assert ann.type("questions").count("want to know:") == MOST_SHOWN


def test_a_mistyped_code_is_told_so_and_who_tries_many_has_to_wait(
    ann: Visitor, host: Host, house: House
) -> None:
    guesses = ["XXX-222", "join KTR-48", "room 1234", "xxx 333", "xxx444"]
    assert len(guesses) == MOST_TRIES
    for guess in guesses:
        assert "no session with this code" in ann.type(guess), guess
    told = ann.type(host.code)
    assert f"You have tried many codes. Please wait {CODE_MINUTES} minutes" in told
    assert ann.learner.attending is None
    house.wait(minutes=CODE_MINUTES)
    assert "You are in the session" in ann.type(host.code)


@pytest.mark.parametrize("text", ["join us", "room service", "KTR", "123-456", "the code KTR-482"])
def test_other_words_are_no_code(ann: Visitor, text: str) -> None:
    assert "no session with this code" not in ann.type(text)
    assert ann.learner.codes_tried == ()


def test_who_is_in_no_room_is_told_how_to_join(ann: Visitor) -> None:
    assert 'You are in no session. Type "join" and the code' in ann.type("room")


def test_who_leaves_is_told_nothing_more_and_comes_back_by_the_code(
    ann: Visitor, host: Host
) -> None:
    host.do(Open(TONE))
    ann.type(host.code)
    ann.type("1")
    assert "told nothing more of this session" in ann.type("leave the room")
    assert ann.learner.attending is None
    assert host.answers(TONE) == {"prompt": 1}, "what was answered counts"
    assert "Your answer counts: A better prompt" in ann.type(host.code)


def test_an_old_card_leads_back_to_its_room(ann: Visitor, house: House, host: Host) -> None:
    other = Host(house)
    host.do(Open(TONE))
    other.do(Open(WISH))
    ann.type(host.code)
    card = ann.card
    assert "what would you like" in ann.type(other.code)
    ann.type("2")
    assert other.answers(WISH) == {"2": 1}, "what is typed is meant for where one is"
    assert "Your answer counts: Fine-tuning" in ann.press("Fine-tuning", card)
    assert "in the wrong tone" in ann.type("room")


def test_somebody_elses_card_votes_for_nobody(ann: Visitor, house: House, host: Host) -> None:
    host.do(Open(TONE))
    ann.type(host.code)
    ben = house.visitor("ben")
    ben.type("hi")
    assert "belongs to another learner" in ben.press("Fine-tuning", ann.card)
    assert host.answers(TONE) == {}


def test_at_the_end_everybody_takes_something_home(tutor: Tutor) -> None:
    known = Operator(paper="https://paper.example", repository="https://code.example")
    with opened(tutor.run_by(known)) as house:
        host, ann = Host(house), house.visitor("ann")
        ann.type(host.code)
        host.do(MoveTo("wrap-up"))
        home = ann.is_told()
        for part in ("To take home", "Prompt first", "https://paper.example", "code.example"):
            assert part in home, part
        host.do(Open("takeaway"))
        assert ann.is_told()
        host.do(Close("takeaway"))
        assert "To take home" in ann.is_told()
        host.do(End())
        over = ann.is_told()
        assert "The session is over" in over
        assert "Prompt first" in over
        assert ann.learner.attending is None
        assert "is over" in ann.type(host.code)


def test_answers_after_the_end_dont_count(ann: Visitor, host: Host) -> None:
    host.do(Open(TONE))
    ann.type(host.code)
    poll = ann.card
    host.do(End())
    assert "is over" in ann.type("ask Why?")
    assert "is over" in ann.press("Fine-tuning", poll)
    assert host.answers(TONE) == {}


def test_a_host_who_is_away_is_told_of(ann: Visitor, house: House, host: Host) -> None:
    ann.type(host.code)
    host.do(Open(TONE))
    house.wait(minutes=1)
    assert "The host's page has lost its connection" in ann.is_told()
    host.do(Open(WISH))
    assert "lost its connection" not in ann.is_told()


def test_a_room_speaks_each_learners_language(house: House, host: Host) -> None:
    udo = house.visitor("udo", "de-DE")
    udo.type("hallo")
    assert "Mit diesem Code gibt es keine Veranstaltung" in udo.type("beitreten XXX-222")
    assert "Du bist in der Veranstaltung" in udo.type(f"beitreten {host.code}")
    host.do(Open(TONE))
    assert "[Ein größeres Modell]" in udo.is_told()
    assert "Deine Antwort zählt: Fine-Tuning" in udo.type("fine-tuning")
    host.do(Close(TONE))
    assert "Die Antwort: Einen besseren Prompt." in udo.is_told()
    assert "aufgehoben" in udo.type("frage Was kostet es?")
    udo.type("ask Was kostet es morgen?")  # English is understood as well
    listed = udo.type("fragen")
    assert "Was kostet es?" in listed
    assert "[Das will ich auch wissen (2)]" in listed
    assert "hörst von dieser Veranstaltung nichts mehr" in udo.type("veranstaltung verlassen")


def test_a_room_of_a_talk_that_is_gone_is_over(tutor: Tutor) -> None:
    with opened(tutor) as house:
        host, ann = Host(house), house.visitor("ann")
        host.do(Open(TONE))
        ann.type(host.code)
        poll = ann.card
        bare = {name: replace(one, sessions={}) for name, one in tutor.library.translations.items()}
        house.tutor = Tutor(replace(tutor.library, translations=bare, sessions={}))
        assert "You are in no session" in ann.type("room")
        assert ann.learner.attending is None
        assert "is over" in ann.press("Fine-tuning", poll)
        assert "no session with this code" in ann.type(host.code)
