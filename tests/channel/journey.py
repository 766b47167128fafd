"""A learner who knows every answer, over the wire."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import create_engine, func, select
from sqlalchemy.engine import make_url

from bot.store import learners, tables
from bot.store.computations import Results
from content.lesson import Step
from dialogs.values.scene import Scene
from tests import oracle
from tests.channel.conftest import Talk, actions, card_of
from tests.lessons import tutor
from tests.waiting import until

LESSON = "polite-chatbot"
MOST_TURNS = 150


class Journey:
    """Goes through the lesson by cards' buttons and by typing, as a channel would send it.

    What is right is read from the stored progress.
    """

    def __init__(self, talk: Talk, database: str, lesson: str = LESSON) -> None:
        self.talk, self.lesson = talk, lesson
        url = make_url(database)
        if url.drivername == "postgresql":
            url = url.set(drivername="postgresql+psycopg")
        self.engine = create_engine(url)
        self.card: dict[str, Any] = {}

    def scene(self) -> Scene:
        """What the learner sees, as it is stored."""
        with self.engine.connect() as db:
            query = select(tables.conversation.c.learner)
            name = db.execute(
                query.where(
                    tables.conversation.c.id == f"{self.talk.channel}|talk-{self.talk.user}"
                )
            ).scalar_one()
            learner = learners.find(db, name)
            assert learner
            keys = {k for p in learner.progress.values() for k in p.keys}
            results = Results().of(db, keys).results
            db.rollback()
        self.engine.dispose()
        lesson = tutor().library.lessons[self.lesson]
        return tutor().scene(learner, lesson, datetime.now(UTC), results)

    @property
    def step(self) -> Step:
        """The step at the cursor."""
        scene = self.scene()
        found = scene.lesson.step(scene.progress.cursor)
        assert found
        return found

    def computing(self) -> int:
        """How many computations are still to be done."""
        with self.engine.connect() as db:
            return int(
                db.execute(select(func.count()).select_from(tables.computation)).scalar_one()
            )

    def body(self, do: str, values: Mapping[str, str]) -> dict[str, Any]:
        """The newest card's press that does `do`."""
        for action in actions(self.card):
            if action["data"]["tutor"]["do"] == do:
                return {"value": {**action["data"], **values}}
        pytest.fail(f"no button does {do!r}")

    async def give(self, **parts: Any) -> list[dict[str, Any]]:
        """Send one activity and look at the newest card."""
        status, told = await self.talk.send(
            self.talk.activity(deliveryMode="expectReplies", **parts)
        )
        assert status == 200, told
        replies: list[dict[str, Any]] = told["activities"]
        if not any(one.get("attachments") for one in replies):
            # What takes a worker longer than a reply may wait comes by itself.
            await until(lambda: not self.computing())
            return await self.give(text="hi")
        self.card = card_of(replies)
        return replies

    def right(self) -> dict[str, Any]:
        """The next right thing to send."""
        match oracle.right(self.step, self.scene()):
            case None:
                return {"text": "next"}
            case str(text):
                return {"text": text}
            case (do, values):
                return self.body(do, values)

    async def look(self) -> None:
        """Ask for the newest card."""
        await self.give(text="hi")

    async def until(self, step_id: str) -> None:
        """Answer right, and go on, until a step is put."""
        await self.look()
        for _ in range(MOST_TURNS):
            if self.step.id == step_id:
                return
            await self.give(**self.right())
        pytest.fail(f"still at {self.step.id}")
