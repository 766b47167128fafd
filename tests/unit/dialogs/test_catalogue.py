"""The catalogue and the profile: what is done, what is next, what was strong."""

from dataclasses import replace
from datetime import UTC, datetime

from cards.words import transcript
from dialogs import catalogue
from dialogs.advance import begin
from dialogs.journey import COMPLETE
from dialogs.tutor import Tutor
from dialogs.values.actions import Choose, Command
from dialogs.values.events import Typed
from dialogs.values.progress import Learner, Record
from dialogs.values.replies import Button, Message, Offer
from tests.lessons import tutor

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
TUTOR = tutor()
MAIN = "polite-chatbot"
NEW = Learner(id="learner-1", seed=7, greeted=True, lesson=MAIN, locale="en")


def done(learner: Learner, *lessons: str) -> Learner:
    for name in lessons:
        progress = begin(TUTOR.library.lessons[name], 7)
        finished = replace(progress, started=True, frontier=COMPLETE, completed_at=NOW)
        learner = learner.with_progress(finished)
    return learner


def said(learner: Learner, text: str, by: Tutor = TUTOR) -> Message:
    (message,) = by.converse(learner, Typed(text=text), NOW, {}).replies
    assert isinstance(message, Message)
    return message


def test_the_catalogue_offers_every_lesson_with_its_picture_and_minutes() -> None:
    rows = [b for b in said(NEW, "menu").blocks if isinstance(b, Offer)]
    assert [row.opens.do for row in rows] == [Choose(one.id) for one in TUTOR.lessons]
    assert rows[0].opens.do == Choose(MAIN), "the main lesson comes first"
    for lesson, row in zip(TUTOR.lessons, rows, strict=True):
        assert row.picture.source == lesson.start.icon.source
        assert f"about {catalogue.takes(lesson)} min" in row.note
        assert "new" in row.note


def test_it_says_what_is_done_and_what_was_begun() -> None:
    learner = done(NEW, "cost-benefit")
    begun = replace(begin(TUTOR.library.lessons[MAIN], 7), started=True)
    learner = learner.with_progress(begun)
    rows = {b.picture.lesson: b.note for b in said(learner, "menu").blocks if isinstance(b, Offer)}
    assert "✔ done" in rows["cost-benefit"]
    assert "▶ begun, 0% done" in rows[MAIN]
    assert "best after" in rows["choosing-a-technique"]
    later = done(learner, MAIN)
    rows = {b.picture.lesson: b.note for b in said(later, "menu").blocks if isinstance(b, Offer)}
    assert "best after" not in rows["choosing-a-technique"], "what was recommended is done"


def test_nothing_is_locked() -> None:
    row = next(
        b for b in said(NEW, "menu").blocks if isinstance(b, Offer) and "best after" in b.note
    )
    chosen = TUTOR.converse(replace(NEW, choosing=True), Typed(text=row.opens.typed), NOW, {})
    assert chosen.learner.lesson == row.picture.lesson


def test_the_profile_of_who_is_new_leads_to_the_main_lesson() -> None:
    card = said(NEW, "profile")
    assert f"0 of {len(TUTOR.lessons)} exercises are done." in transcript([card])
    assert primary(card).do == Choose(MAIN)


def test_what_was_begun_comes_before_what_is_new() -> None:
    begun = replace(begin(TUTOR.library.lessons["plain-words"], 7), started=True)
    assert primary(said(NEW.with_progress(begun), "profile")).do == Choose("plain-words")


def test_strong_and_weak_phases_are_told_by_first_attempts() -> None:
    lesson = TUTOR.library.lessons[MAIN]
    progress = replace(begin(lesson, 7), started=True)
    for phase, misses in ((lesson.phases[0], 0), (lesson.phases[1], 2)):
        for step in phase.steps:
            if step.assessed:
                record = Record(status="passed", attempts=1 + misses, misses=misses, score=1.0)
                progress = progress.with_record(step.id, record)
    told = transcript([said(NEW.with_progress(progress), "my profile")])
    strong, weak = told.index("What was strong"), told.index("What is worth another look")
    assert strong < told.index(lesson.phases[0].title, strong) < weak
    assert told.index(lesson.phases[1].title, weak) > weak


def test_who_finished_all_is_offered_the_certificate_of_the_series() -> None:
    card = said(done(NEW, *TUTOR.library.lessons), "profile")
    assert primary(card).do == Command("series")
    most = [one.id for one in TUTOR.lessons][1:]
    assert primary(said(done(NEW, *most), "profile")).do == Choose(MAIN)


def test_a_german_profile_is_german() -> None:
    assert "Übungen sind geschafft" in transcript([said(replace(NEW, locale="de"), "Mein Profil")])


def primary(card: Message) -> Button:
    return next(b for b in card.buttons if b.primary)
