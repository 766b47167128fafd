"""Commands about one's own place and data: answered everywhere, and no answer is taken for one."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from cards.words import transcript
from dialogs import commands, joining
from dialogs.account import CODE_MINUTES, MOST_TRIES, NAMES
from dialogs.advance import begin
from dialogs.tutor import Tutor
from dialogs.values.actions import Command
from dialogs.values.errands import Erase, Join, MakeCode, ReadCode
from dialogs.values.events import Arrived, Pressed, Typed
from dialogs.values.operator import Operator
from dialogs.values.outcomes import CodeRead
from dialogs.values.progress import Learner, Record
from dialogs.values.replies import Message
from tests.conversation.test_forms import read

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
MAIN, SECOND = "polite-chatbot", "plain-words"
NEW = Learner(id="ada", seed=7)


def states(tutor: Tutor, locale: str) -> list[Learner]:
    """A learner before anything, and at each step of each lesson, done or not."""
    found = [NEW, replace(NEW, greeted=True, choosing=True)]
    halfway = replace(
        read(3, "halfway").progress[MAIN], version=tutor.library.lessons[MAIN].version
    )
    for lesson in tutor.library.lessons.values():
        for step in lesson.steps:
            progress = replace(begin(lesson, 7), cursor=step.id, started=True, ticket=9)
            passed = progress.with_record(step.id, Record("passed", 1))
            found += [replace(NEW, lesson=lesson.id, progress={lesson.id: progress})]
            found += [replace(NEW, lesson=lesson.id, progress={lesson.id: passed})]
    for step in tutor.library.lessons[MAIN].steps:
        there = replace(halfway, cursor=step.id)
        found.append(replace(NEW, lesson=MAIN, greeted=True, progress={MAIN: there}))
    return [replace(one, locale=locale) for one in found]


@pytest.mark.parametrize("locale", ["en", "de"])
def test_any_command_in_any_state_answers_and_changes_no_progress(
    tutor: Tutor, locale: str
) -> None:
    forms = tutor.library.languages[locale].strings.tutor.commands
    for name in NAMES:
        told = forms[NAMES[name]][0]
        for learner in states(tutor, locale):
            turn = tutor.converse(learner, Typed(text=told.title()), NOW, {})
            assert turn.learner.progress == learner.progress, told
            assert turn.facts == ()
            assert turn.errand or transcript(turn.replies).strip()


@pytest.mark.parametrize(
    "text", ["help me", "I need help!", "help, please", "What can you do?", "commands"]
)
def test_help_is_asked_for_in_many_ways(text: str, tutor: Tutor) -> None:
    assert commands.read(text, tutor.library.strings.tutor) == Command("help")


@pytest.mark.parametrize(
    "text",
    [
        "I would link the angry customers to an agent",
        "link your data",
        "link real time data",
        "delete my data from the training set, please",
        "The privacy of customers must be kept",
        "we stop training when the loss goes up",
        "quit shouting",
        "Ask for feedback first",
        "export the lines",
        "2345-6789",
        "Contact us under 5555-2222",
        "Your certificate is on its way",
    ],
)
def test_an_answer_that_has_such_words_stays_an_answer(text: str, tutor: Tutor) -> None:
    for library in tutor.library.languages.values():
        assert commands.read(text, library.strings.tutor, tutor.library.strings.tutor) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("link BCDF-GHJK", "BCDF-GHJK"),
        ("Link bcdf ghjk", "BCDF-GHJK"),
        ("LINK  bcdfghjk ", "BCDF-GHJK"),
        ("bcdf-2345", "BCDF-2345"),
        ("link ABCD-EFGH", "ABCD-EFGH"),
    ],
)
def test_a_code_is_read_in_any_case_with_or_without_its_hyphen(
    tutor: Tutor, text: str, code: str
) -> None:
    turn = tutor.converse(NEW, Typed(text=text), NOW, {})
    assert turn.errand == ReadCode(code)


def test_codes_can_be_tried_again_after_some_minutes(tutor: Tutor) -> None:
    learner = NEW
    for _ in range(MOST_TRIES):
        turn = tutor.converse(learner, Typed(text="link 2345-BCDF"), NOW, {})
        assert turn.errand
        learner = turn.learner
    assert tutor.converse(learner, Typed(text="link 2345-BCDF"), NOW, {}).errand is None
    later = NOW + timedelta(minutes=CODE_MINUTES, seconds=1)
    assert tutor.converse(learner, Typed(text="link 2345-BCDF"), later, {}).errand


def test_joining_says_what_is_kept_and_what_is_dropped(tutor: Tutor) -> None:
    main, second = tutor.library.lessons[MAIN], tutor.library.lessons[SECOND]
    far = replace(begin(main, 1), started=True, frontier=main.phases[2].id, ticket=4)
    near = replace(begin(main, 2), started=True, ticket=30)
    alone = replace(begin(second, 2), started=True)
    here = replace(NEW, lesson=MAIN, greeted=True, locale="en", progress={MAIN: near})
    there = Learner("bob", 2, lesson=MAIN, progress={MAIN: far, SECOND: alone}, formerly=("eve",))
    turn = tutor.conclude(here, CodeRead("BCDF-GHJK", there), NOW, {})
    said = transcript(turn.replies)
    assert "you go on with what you did there, phase 3" in said
    assert "What was begun here, phase 1, is dropped" in said
    assert "Plain Words" in said
    assert turn.learner.confirming == Join("BCDF-GHJK")
    assert tutor.converse(turn.learner, Typed(text="yes"), NOW, {}).errand == Join("BCDF-GHJK")
    later = replace(begin(main, 3), started=True, cursor=main.steps[3].id)
    (kept,) = joining.kept(here, replace(there, progress={MAIN: later}), tutor.library.lessons)
    assert not kept.is_here, "a later step is further where nothing was to be answered"
    one = joining.joined(here, there, "bob", tutor.library.lessons)
    assert (one.id, one.lesson, one.locale, one.greeted) == ("bob", MAIN, "en", True)
    assert one.progress[MAIN].seed == 1
    assert one.progress[SECOND] == alone
    assert one.formerly == ("eve", "ada")
    assert one.progress[MAIN].ticket > near.ticket, "a button of what was dropped acts on nothing"
    # A card from before the joining is still the learner's own.
    start = tutor.converse(here, Typed(text="hello"), NOW, {})
    (message,) = (r for r in start.replies if isinstance(r, Message))
    assert message.stamp
    pressed = Pressed(**vars(message.stamp), do=Command("next"))
    assert pressed.learner == "ada"
    assert "another learner" not in transcript(tutor.converse(one, pressed, NOW, {}).replies)


@pytest.mark.parametrize(
    ("operator", "told"),
    [
        (Operator(), "no name and no address"),
        (Operator("Ada & Co"), "is run by Ada & Co"),
        (Operator(contact="https://help.example"), "https://help.example"),
    ],
)
def test_contact_says_what_is_known(tutor: Tutor, operator: Operator, told: str) -> None:
    one = tutor.run_by(operator)
    assert told in transcript(one.converse(NEW, Typed(text="contact"), NOW, {}).replies)


def test_what_waits_for_a_yes_is_done_by_yes_alone(tutor: Tutor) -> None:
    asked = tutor.converse(NEW, Typed(text="delete my data"), NOW, {}).learner
    assert tutor.converse(asked, Typed(text="Yes!"), NOW, {}).errand == Erase()
    for other in ("no", "what?", "next", "link"):
        after = tutor.converse(asked, Typed(text=other), NOW, {})
        assert after.errand in (None, MakeCode())
        assert after.learner.confirming is None
    assert tutor.converse(asked, Arrived(), NOW, {}).learner.confirming == Erase()
