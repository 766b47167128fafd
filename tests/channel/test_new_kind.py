"""A kind of step that was just added, over the wire."""

from pathlib import Path

from content.loader import load
from dialogs.steps.registry import Kind
from dialogs.tutor import Tutor
from tests import throw_away
from tests.channel.conftest import Connector, Start, Talk, card_of, texts


async def test_a_lesson_with_a_new_kind_is_played_to_its_end(
    start: Start, connector: Connector, tmp_path: Path
) -> None:
    folder = throw_away.lesson(tmp_path / "guessing")
    with throw_away.registered():
        talk = Talk(await start(taught=Tutor(load(folder))), connector)
        assert "Guessing" in texts(card_of(await talk.say("hi")))
        card = card_of(await talk.say("begin"))
        assert "How many epochs are usual?" in texts(card)
        card = card_of(await talk.press(card, "Check", guess="50"))
        assert "Far from it." in texts(card)
        card = card_of(await talk.press(card, "Check", guess="4"))
        assert "Near enough." in texts(card)
        assert "You guessed." in texts(card_of(await talk.press(card, "Next")))


async def test_a_step_that_fails_locks_nobody_in(
    start: Start, connector: Connector, tmp_path: Path
) -> None:
    folder = throw_away.lesson(tmp_path / "guessing")
    broken = Kind(throw_away.EstimateStep, throw_away.raises, throw_away.raises)
    with throw_away.registered(broken):
        talk = Talk(await start(taught=Tutor(load(folder))), connector)
        await talk.say("hi")
        for text in ("begin", "begin"):
            told = (await talk.say(text))[0]["text"]
            assert 'type "back", "lessons" or "restart"' in told
            for way in ("help", "progress", "lessons", "restart", "back"):
                assert "Something went wrong" not in str(await talk.say(way)), way
