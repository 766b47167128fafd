"""A learner's other places and their data, from the question to what came of it."""

import re
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from bot.activity.conversation_key import OWN_PAGE
from bot.store import tables
from bot.store.codes import whose
from dialogs.account import CODE_MINUTES
from dialogs.advance import begin
from dialogs.journey import COMPLETE
from dialogs.values.facts import LessonStarted
from dialogs.values.replies import OwnLink
from tests.conversation.visitors import House, Visitor

MAIN, SECOND = "polite-chatbot", "plain-words"


@pytest.fixture
def ann(house: House) -> Visitor:
    """Somebody who has begun."""
    ann = house.visitor("ann")
    ann.type("begin")
    return ann


def code_in(said: str) -> str:
    """What is to be typed in the other place."""
    found = re.search(r"link ([2-9B-Z]{4}-[2-9B-Z]{4})", said)
    assert found, said
    return found[0]


def test_two_places_become_one_by_a_code_that_works_once(ann: Visitor, house: House) -> None:
    lesson = house.tutor.library.lessons[MAIN]
    far = replace(ann.learner.progress[MAIN], frontier=lesson.phases[2].id, started=True)
    ann.keep(ann.learner.with_progress(far))
    said = ann.type("link")
    assert f"The code works once, for {CODE_MINUTES} minutes" in said
    assert "Or open the page at your place" in said
    home = house.visitor("home", channel=OWN_PAGE)
    home.type("begin")
    assert "That code doesn't work" in home.type("link BCDF-GHJK")
    offered = home.type(code_in(said))
    assert "you go on with what you did there, phase 3" in offered
    assert "Nothing was changed" in home.press("No")
    home.type(code_in(said))
    done = home.press("Yes, make one")
    assert "From now on you are the same here and there" in done
    assert home.learner.progress[MAIN].frontier == far.frontier
    assert home.learner.formerly == ("ann",)
    house.wait(seconds=1)
    assert "That code doesn't work" in home.type(code_in(said)), "it is spent"


def test_a_code_of_the_own_page_is_for_chats_and_browsers(house: House) -> None:
    home = house.visitor("home", channel=OWN_PAGE)
    said = home.type("link")
    assert "In Teams, or in another chat with me" in said
    assert "For another browser or device" in said
    assert "This is the code of the place where you are" in home.type(code_in(said))


def test_a_code_that_is_typed_late_doesnt_work(ann: Visitor, house: House) -> None:
    code = code_in(ann.type("link"))
    home = house.visitor("home")
    house.wait(minutes=CODE_MINUTES)
    assert f"is older than {CODE_MINUTES} minutes" in home.type(code)


def test_who_was_nowhere_yet_takes_on_what_was_done_there(ann: Visitor, house: House) -> None:
    done = begin(house.tutor.library.lessons[SECOND], 7)
    ann.keep(ann.learner.with_progress(replace(done, started=True, frontier=COMPLETE)))
    home = house.visitor("home")
    offered = home.type(code_in(ann.type("link")))
    assert "you go on at finished" in offered
    assert home.learner.progress == {}, "nothing is joined before the yes"
    home.type("yes")
    assert home.learner.progress[SECOND].frontier == COMPLETE


def test_data_are_had_by_a_link_that_ends(ann: Visitor, house: House) -> None:
    said = ann.type("export my data")
    assert "Everything that is kept about you" in said
    assert f"The link works for {CODE_MINUTES} minutes; show it to nobody" in said
    assert ann.card is not None
    (link,) = (one for one in ann.card.blocks if isinstance(one, OwnLink))
    code = link.path.removeprefix("/my-data/")
    assert whose(house.db, "export", code, house.now) == "ann"
    house.wait(minutes=CODE_MINUTES)
    assert whose(house.db, "export", code, house.now) is None


def test_everything_is_deleted_after_a_yes_alone(ann: Visitor, house: House) -> None:
    ann.did(LessonStarted(lesson=MAIN, run=1, at=house.now, version="v"))
    ben = house.visitor("ben")
    ben.type("begin")
    asked = ann.type("delete my data")
    assert "can't be undone" in asked
    assert "your place in every lesson" in asked
    assert "Nothing was changed" in ann.press("No")
    assert ann.learner.progress
    ann.type("delete my data")
    gone = ann.press("Yes, delete everything")
    assert "Everything is deleted" in gone
    assert "1 × a place in a lesson, 1 × something that you did" in gone
    left = house.db.execute(select(tables.learner.c.id)).scalars().all()
    assert left == ["ben"], "of others nothing is deleted"
    facts = select(func.count()).select_from(tables.fact)
    assert house.db.execute(facts).scalar_one() == 0


def test_a_device_is_forgotten_on_the_own_page_and_all_of_them_anywhere(
    ann: Visitor, house: House
) -> None:
    ann.type("forget this device")
    assert "Here your account knows you" in ann.type("yes")
    home = house.visitor("home", channel=OWN_PAGE)
    assert "Forget this device?" in home.type("forget this device")
    assert "This device is forgotten" in home.press("Yes, forget this device")
    assert "Sign out everywhere?" in home.type("sign out everywhere")
    assert "No browser, link or code brings you back" in home.press("Yes, sign out everywhere")


@pytest.mark.parametrize(
    "text", ["link", "export my data", "certificate", "link BCDF-GHJK", "join KTR-482"]
)
def test_where_others_read_along_nothing_private_is_done(ann: Visitor, text: str) -> None:
    ann.is_in_group = True
    assert "only where nobody else reads along" in ann.type(text)


def test_a_code_that_a_group_has_read_is_spent(ann: Visitor, house: House) -> None:
    code = code_in(ann.type("link"))
    home = house.visitor("home")
    home.is_in_group = True
    home.type(code)
    home.is_in_group = False
    assert "That code doesn't work" in home.type(code)


def test_privacy_says_what_is_kept_who_keeps_it_and_how_it_is_deleted(ann: Visitor) -> None:
    said = ann.type("privacy")
    for part in ("your place in each lesson", "run by Ada & Co", "help@ada.example"):
        assert part in said, part
    assert "can't be undone" in ann.press("Delete my data")
    assert "Nothing was changed" in ann.type("no")


def test_who_pauses_or_has_something_to_say_is_told_where(ann: Visitor) -> None:
    assert "help@ada.example" in ann.type("feedback")
    assert "Everything is kept" in ann.type("bye")


def test_in_german(house: House) -> None:
    udo = house.visitor("udo", "de-DE")
    udo.type("hallo")
    assert "lässt sich nicht rückgängig machen" in udo.type("meine daten löschen")
    assert "Es wurde nichts geändert" in udo.type("nein")
    udo.type("meine daten löschen")
    assert "gelöscht" in udo.type("ja")
