"""Where several people read: what the tutor says of itself, and how each of them begins."""

from datetime import UTC, datetime, timedelta

import pytest

from cards.words import transcript
from dialogs.tutor import Tutor
from dialogs.values.actions import Command
from dialogs.values.events import Installed, Pressed, Typed
from dialogs.values.progress import Learner
from dialogs.values.replies import Message
from dialogs.values.turn import LearnerTurn

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
MAIN = "polite-chatbot"


def press_begin(card: LearnerTurn) -> Pressed:
    """What anybody does who presses the button that is for anybody."""
    (message,) = (one for one in card.replies if isinstance(one, Message))
    assert message.stamp is not None
    assert [str(one.do) for one in message.buttons] == ["begin"]
    return Pressed(**vars(message.stamp), do=Command("begin"))


@pytest.mark.parametrize(
    ("locale", "begin"), [("en", "[Begin]"), ("de-DE", "[Los geht’s]"), ("fr", "[Begin]")]
)
def test_a_group_is_told_what_the_tutor_is_called_and_how_to_begin(
    tutor: Tutor, locale: str, begin: str
) -> None:
    link = "https://teams.microsoft.com/l/chat/0/0?users=28:tutor"
    event = Installed(name="Coach", personal_chat=link)
    turn = tutor.converse(Learner("group", 1), event, NOW, {}, locale)
    said = transcript(turn.replies)
    assert "Coach" in said
    assert begin in said
    assert link in said
    assert not turn.learner.progress, "nobody has begun by that"


def test_each_begins_by_the_same_button_and_once(tutor: Tutor) -> None:
    welcome = tutor.converse(Learner("group", 1), Installed(name="Tutor"), NOW, {})
    pressed = press_begin(welcome)
    for name in ("ann", "ben"):
        first = tutor.converse(Learner(name, 7), pressed, NOW, {})
        assert first.learner.progress[MAIN].started
        again = tutor.converse(first.learner, pressed, NOW + timedelta(seconds=1), {})
        assert again.learner.progress == first.learner.progress, "a double click moves nobody"
        assert len(again.replies) == 1
        assert again.replies[0] == first.replies[0]


def test_who_has_begun_before_goes_on_where_they_are(tutor: Tutor) -> None:
    welcome = tutor.converse(Learner("group", 1), Installed(name="Tutor"), NOW, {})
    begun = tutor.converse(Learner("ann", 7), Typed(text="begin"), NOW, {}).learner
    there = begun.progress[MAIN].cursor
    turn = tutor.converse(begun, press_begin(welcome), NOW, {})
    step = tutor.library.lessons[MAIN].step(there)
    assert step is not None
    assert turn.learner.progress[MAIN].cursor == there
    assert step.title in transcript(turn.replies)
