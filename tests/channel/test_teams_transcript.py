"""A whole lesson in Teams reads like a course, from the top of the chat to its end.

`REWRITE_CHATS=1` renews the chat; read the difference as a learner would.
"""

import os
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from bot.store import learners
from content.lesson import CompleteStep
from tests import oracle
from tests.channel.conftest import Clock, Connector, Start
from tests.channel.journey import MOST_TURNS, Journey
from tests.channel.screen import CARD, Json, Screen, filled, pressable
from tests.channel.test_teams import TeamsTalk
from tests.waiting import until

GOLDEN = Path(__file__).parent / "golden" / "teams.chat"


class TeamsLearner:
    """Goes through the lesson by what is on the screen, and writes only where nothing is asked."""

    def __init__(self, talk: TeamsTalk, connector: Connector, folder: Path, clock: Clock) -> None:
        self.talk, self.connector, self.clock = talk, connector, clock
        self.database = folder / "tutor.db"
        self.journey = Journey(talk, f"sqlite:///{self.database}")
        self.screen = Screen()
        self.seen = (0, 0)

    async def settle(self) -> None:
        """Wait until all is done, and take what the channel was sent."""
        query = (
            "SELECT (SELECT count(*) FROM compute) + (SELECT count(*) FROM later)"
            " + (SELECT count(*) FROM activity WHERE waiting)"
        )

        def is_settled() -> bool:
            with closing(sqlite3.connect(self.database)) as db:
                left = db.execute(query).fetchone()[0]
            if left:
                self.clock.ahead += timedelta(seconds=0.5)
            self.take()
            return not left

        await until(is_settled, every_s=0.01)

    def take(self) -> None:
        """Show what came."""
        sent, updated = self.seen
        for n, activity in enumerate(self.connector.sent[sent:], sent + 1):
            self.screen.sent(f"m{n}", activity)
        for message, activity in self.connector.updates[updated:]:
            self.screen.replaced(message, activity)
        self.seen = len(self.connector.sent), len(self.connector.updates)

    async def write(self, text: str) -> None:
        """Send a message."""
        self.screen.wrote(text)
        await self.talk.send(self.talk.activity(text=text))
        await self.settle()

    async def press(self, do: str, values: dict[str, str]) -> None:
        """Press a button of the newest card that has any: the answer's card is there at once."""
        message, card = self.screen.newest
        button = next(b for b in pressable(card) if b["data"]["tutor"]["do"] == do)
        held = filled(card, values)
        status, answer = await self.talk.send(self.talk.execute(button["data"], message, **held))
        assert (status, answer["statusCode"], answer["type"]) == (200, 200, CARD)
        shown: Json = {
            "type": "message",
            "attachments": [{"contentType": CARD, "content": answer["value"]}],
        }
        self.screen.replaced(message, shown)
        await self.settle()

    async def go_on(self) -> bool:
        """Do the next right thing; False at the end."""
        scene = self.journey.scene()
        step = scene.lesson.step(scene.progress.cursor)
        assert step
        if isinstance(step, CompleteStep):
            return False
        match oracle.right(step, scene):
            case None:
                await self.press("begin" if step == scene.lesson.start else "next", {})
            case str(text):
                await self.write(text)
            case (do, values):
                await self.press(do, dict(values))
        return True


async def test_the_whole_lesson_reads_like_a_course(
    start: Start,
    connector: Connector,
    clock: Clock,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(learners, "randbelow", lambda _: 7)  # the learner's dice
    learner = TeamsLearner(TeamsTalk(await start(), connector), connector, tmp_path, clock)
    await learner.talk.send(learner.talk.activity(type="installationUpdate", action="add"))
    await learner.settle()
    for _ in range(MOST_TURNS):
        if not await learner.go_on():
            break
    told = f"{learner.screen.text()}\n"
    if os.environ.get("REWRITE_CHATS"):
        GOLDEN.parent.mkdir(exist_ok=True)
        GOLDEN.write_text(told, "utf-8")
    assert told == GOLDEN.read_text("utf-8")
