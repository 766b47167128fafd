"""A learner's language: their client's or their choice, switched without losing a thing."""

from datetime import UTC, datetime

import pytest

from content.loader import Library
from dialogs.tutor import Tutor
from dialogs.values.actions import Answer
from dialogs.values.events import Arrived, Typed
from dialogs.values.progress import Learner
from dialogs.values.replies import Message, Notice, Reply
from tests.conversation.classroom import Classroom, pressed
from tests.conversation.test_lessons import play_until

LESSON = "plain-words"
NOW = datetime(2026, 11, 29, 9, 0, tzinfo=UTC)


def words(replies: tuple[Reply, ...]) -> str:
    return "\n".join(repr(reply) for reply in replies)


def notices(replies: tuple[Reply, ...]) -> list[str]:
    messages = [reply for reply in replies if isinstance(reply, Message)]
    return [b.text for m in messages for b in m.blocks if isinstance(b, Notice)]


@pytest.mark.parametrize(
    ("client", "language"),
    [("de", "de"), ("de-AT", "de"), ("de-DE", "de"), ("en-US", "en"), ("fr-FR", "en")],
)
def test_the_clients_language_counts_at_the_first_contact(
    tutor: Tutor, client: str, language: str
) -> None:
    new = Learner(id="a", seed=1, lesson=LESSON)
    turn = tutor.converse(new, Arrived(), NOW, {}, client)
    assert (turn.learner.locale, turn.locale) == (language, language)
    title = tutor.library.languages[language].lessons[LESSON].start.title
    assert title in words(turn.replies) or language == "en"
    later = tutor.converse(turn.learner, Typed(text="hello"), NOW, {}, "en-GB")
    assert later.locale == language


def test_a_lesson_without_an_edition_is_shown_in_english_and_says_so(tutor: Tutor) -> None:
    turn = tutor.converse(Learner(id="a", seed=1), Arrived(), NOW, {}, "de-DE")
    german = tutor.library.languages["de"].strings.tutor
    assert turn.learner.locale == "de"
    assert turn.locale == "en"
    assert notices(turn.replies)[0] == german.language_missing
    menu = tutor.converse(turn.learner, Typed(text="Lektionen"), NOW, {})
    assert menu.locale == "de"
    assert german.lessons_title in words(menu.replies)


@pytest.mark.parametrize(
    "text",
    ["language de", "Sprache Deutsch", "idioma alemán", "language German", "Deutsch", "German?"],
)
def test_a_language_is_asked_for_by_any_of_its_names(tutor: Tutor, text: str) -> None:
    room = Classroom(tutor, LESSON)
    replies = room.type(text)
    german = tutor.library.languages["de"]
    assert room.learner.locale == "de"
    assert german.strings.tutor.language_changed in notices(replies)
    assert german.lessons[LESSON].start.objective in words(replies)
    room.type("Sprache Englisch")
    assert room.learner.locale == "en"


def test_without_a_name_the_languages_are_shown_to_press(tutor: Tutor) -> None:
    room = Classroom(tutor, LESSON)
    room.type("language")
    assert room.stamped
    assert [b.text for b in room.stamped.buttons] == ["English", "Deutsch"]
    room.press("language:de")
    assert room.learner.locale == "de"


def test_a_language_that_nobody_speaks_is_answered_kindly(tutor: Tutor) -> None:
    room = Classroom(tutor, LESSON)
    replies = room.type("language Klingon")
    assert "English, Deutsch" in words(replies)
    assert room.learner.locale == "en"


def test_commands_are_understood_in_both_languages(tutor: Tutor) -> None:
    room = Classroom(tutor, LESSON)
    room.type("language de")
    room.type("los")
    assert room.progress.cursor == "listen-intro"
    room.type("weiter")
    assert room.progress.cursor == "needs"
    room.type("back")
    assert room.progress.cursor == "listen-intro"
    room.type("next")
    assert room.progress.cursor == "needs"


def test_a_button_pressed_on_the_card_in_the_other_language_counts(tutor: Tutor) -> None:
    room = Classroom(tutor, LESSON)
    play_until(room, "needs")
    assert room.stamped
    assert room.stamped.stamp
    stamp = room.stamped.stamp
    (check,) = (b for b in room.stamped.buttons if b.do == Answer())
    room.type("language de")
    replies = room.send(pressed(stamp, check, {"picked": "facts,words,step"}, ["picked"]))
    assert room.progress.record("needs").status == "passed"
    german = tutor.library.languages["de"].lessons[LESSON].step("needs")
    assert german is not None
    assert german.model_dump()["praise"] in words(replies)


def test_switching_in_the_middle_loses_nothing(library: Library, tutor: Tutor) -> None:
    room = Classroom(tutor, LESSON)
    play_until(room, "decision")
    before = room.progress
    assert before.model
    replies = room.type("language de")
    assert room.progress == before
    german = library.languages["de"]
    shown = words(replies)
    decision = german.lessons[LESSON].step("decision")
    assert decision is not None
    assert decision.title in shown
    assert german.strings.model.stale not in shown
    room.type("zurück")
    room.type("zurück")
    room.type("Wie kann ich zwei Filme länger behalten?")
    assert "Du kannst es länger behalten" in words(
        tuple(r for r in room.transcript if isinstance(r, Message))
    )
    room.type("sprache englisch")
    assert room.progress.records.keys() == before.records.keys()
    assert room.progress.model == before.model
