"""A certificate asked for in the chat: for which name, for what, and how it is had again."""

from datetime import UTC, datetime

import pytest

from dialogs.values.errands import Issue
from dialogs.values.facts import Fact, LessonCompleted, StepAnswered
from tests.conversation.visitors import House, Visitor

MAIN = "polite-chatbot"
DONE = datetime(2026, 7, 4, 22, 30, tzinfo=UTC)  # half past midnight in Berlin


def completed(lesson: str = MAIN, score: float = 0.9) -> tuple[Fact, ...]:
    """What has happened to who has completed a lesson."""
    of = {"lesson": lesson, "run": 1, "at": DONE}
    return (
        StepAnswered(**of, step="assessment", attempt=2, score=score, passed=True),
        LessonCompleted(**of, version="v", score=0.95, first_attempts=0.8),
    )


@pytest.fixture
def ann(house: House) -> Visitor:
    """Somebody who has completed the lesson."""
    ann = house.visitor("ann")
    ann.type("hi")
    ann.did(*completed())
    return ann


def test_before_the_end_there_is_none_and_it_is_said_what_is_left(house: House) -> None:
    ben = house.visitor("ben")
    ben.type("begin")
    said = ben.type("certificate")
    assert "when every phase of a lesson is complete" in said
    assert '"progress"' in said
    assert "every phase" in ben.type("correct my name")
    assert ben.learner.naming is None


def test_the_name_is_shown_before_anything_is_issued(ann: Visitor) -> None:
    asked = ann.type("certificate")
    assert "You have completed Fine-Tuning AI Models" in asked
    shown = ann.type("My name is Ada <b>Lovelace</b>")
    assert "Is this right?" in shown
    assert "Ada <b>Lovelace</b>" in shown
    assert "My name is" not in shown
    assert "Whoever has the certificate's link or QR code sees this name" in shown
    question = ann.card
    held = ann.press("Yes, issue it")
    assert "The certificate of Ada <b>Lovelace</b>: Fine-Tuning AI Models" in held
    assert "completed on 5 July 2026. Final check: 90 %, at attempt 2" in held
    for way in ("Download it (PDF)", "Its page", "Add it to LinkedIn", "As an Open Badge"):
        assert way in held, way
    assert ann.press("Yes, issue it", question) == held, "pressed twice it is the same"
    assert ann.type("certificate") == held
    assert ann.learner.progress[MAIN].cursor == "start", "it moves nobody in the lesson"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (" \u200b ", "That was empty"),
        ("", "That was empty"),
        ("A" * 300, "longer than the 100 characters"),
        ("12345", "at least one letter"),
        ("Ann \U000103a0\U000103a1", "The sign \U000103a0 can't be printed"),
    ],
)
def test_what_is_no_name_is_told_why_and_asked_again(ann: Visitor, given: str, told: str) -> None:
    ann.type("certificate")
    assert told in ann.press("Show me first", certificate_name=given)
    assert ann.learner.confirming is None
    assert ann.learner.naming == MAIN, "another one is waited for"
    assert "Is this right?" in ann.type("李小龍 <script>alert(1)</script>")
    assert ann.learner.confirming == Issue(MAIN, "李小龍 <script>alert(1)</script>")


def test_not_now_issues_nothing_and_another_spelling_asks_again(ann: Visitor) -> None:
    ann.type("certificate")
    ann.type("Ada Lovelaec")
    assert "Whose name shall stand" in ann.press("Another spelling")
    assert "Ada Lovelace" in ann.type("Ada Lovelace")
    assert "Nothing was changed" in ann.press("Not now")
    assert (ann.learner.confirming, ann.learner.naming) == (None, None)
    assert "Nothing was changed" not in ann.type("no"), "there is nothing to be declined any more"
    assert "Whose name" in ann.type("certificate"), "none was issued"


def test_who_goes_on_with_the_lesson_isnt_taken_at_their_word(ann: Visitor) -> None:
    ann.type("certificate")
    card = ann.card
    ann.type("next")
    assert ann.learner.naming is None
    assert "Is this right?" not in ann.type("Ann Lee")
    # The card still stands there. Without a question that waits, it is put again.
    assert "Whose name shall stand" in ann.press("Show me first", card, certificate_name="Ann Lee")


def test_a_wrong_name_is_corrected_and_nothing_else_changes(ann: Visitor) -> None:
    for text in ("certificate", "Ada Lovelaec", "yes"):
        wrong = ann.type(text)
    asked = ann.press("Correct the name")
    assert "Ada Lovelaec" in asked, "it stands in the field"
    ann.type("Ada Lovelace")
    right = ann.type("yes")
    assert "The certificate of Ada Lovelace: Fine-Tuning" in right
    assert "5 July 2026. Final check: 90 %, at attempt 2" in right
    assert right != wrong
    assert ann.type("certificate") == right


def test_who_writes_of_being_in_danger_gets_help_and_no_certificate(ann: Visitor) -> None:
    ann.type("certificate")
    said = ann.type("I want to kill myself")
    assert "Is this right?" not in said
    assert "findahelpline.com" in said


def test_the_series_is_for_who_finished_every_exercise(ann: Visitor, house: House) -> None:
    said = ann.type("series certificate")
    assert "These are left:" in said
    assert "Fine-Tuning AI Models" not in said.partition("These are left:")[2].partition("[")[0]
    left = [name for name in house.tutor.library.lessons if name != MAIN]
    ann.did(*(LessonCompleted(lesson=one, run=1, at=DONE, version="v", score=0.9) for one in left))
    assert "Whose name shall stand" in ann.type("series certificate")
    for text in ("Ada Lovelace", "yes"):
        held = ann.type(text)
    assert "the whole series" in held
    assert "the whole series" in ann.type("correct my name"), "it is the newest one"


def test_in_german_it_has_german_words_and_day(house: House) -> None:
    udo = house.visitor("udo", "de-DE")
    udo.type("hallo")
    assert "sobald alle Phasen einer Lektion abgeschlossen sind" in udo.type("zertifikat")
    udo.did(*completed())
    assert "Welcher Name soll auf dem Zertifikat stehen?" in udo.type("zertifikat")
    assert "länger als die 100 Zeichen" in udo.type("Groß" * 75)
    assert "Stimmt das so?" in udo.type("Mein Name ist Udo Groß")
    held = udo.type("ja")
    assert "Udo Groß" in held
    assert "5. Juli 2026" in held
