"""Kills of the real tutor while a room full of learners answers a poll."""

import asyncio
import random
import re
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientError, ClientSession

from tests.channel.conftest import actions, card_of
from tests.faults.trial import Tutor
from tests.waiting import until

TOKEN = "0123456789abcdef"
HOST = {"Authorization": f"Bearer {TOKEN}"}
LEARNERS, KILLS = 12, 3
COUNT = re.compile(r'<span class="count">(\d+)</span>')


class Room:
    """A host and learners at a tutor that is killed now and then."""

    def __init__(self, tutor: Tutor, session: ClientSession) -> None:
        self.tutor, self.session = tutor, session
        self.code = ""
        self.options: list[list[dict[str, Any]]] = []  # what each learner's buttons send

    async def do(self, path: str, **form: str) -> str:
        """What a host's form does; where it leads."""
        url = f"{self.tutor.url}{path}"
        async with self.session.post(url, data=form, headers=HOST, allow_redirects=False) as answer:
            assert answer.status == 303, await answer.text()
            return answer.headers["Location"]

    async def send(self, learner: int, name: str, **said: Any) -> dict[str, Any] | None:
        """One activity of a learner; what is replied, None where the tutor died meanwhile."""
        body: dict[str, Any] = {
            "type": "message",
            "id": f"{learner}-{name}",
            "channelId": "emulator",
            "serviceUrl": "http://127.0.0.1:9",  # what is told beside answers finds nobody
            "deliveryMode": "expectReplies",
            "from": {"id": f"u{learner}"},
            "recipient": {"id": "bot"},
            "conversation": {"id": f"c{learner}"},
            **said,
        }
        try:
            async with self.session.post(f"{self.tutor.url}/api/messages", json=body) as answer:
                replies: dict[str, Any] = await answer.json()
                return replies if answer.status == 200 else None
        except (ClientError, OSError):
            return None

    async def shown(self) -> list[int]:
        """The counts of the poll's options on the big screen."""
        async with self.session.get(f"{self.tutor.url}/screen/{self.code}") as answer:
            return [int(n) for n in COUNT.findall(await answer.text())]


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_answers_that_were_acknowledged_outlive_every_kill(
    request: pytest.FixtureRequest, tmp_path: Path, kind: str
) -> None:
    url = f"sqlite:///{tmp_path}/tutor.db"
    if kind == "postgresql":
        url = request.getfixturevalue("database")
    dice = random.Random(11)
    tutor = Tutor(url, tmp_path / "tutor.log", {"HOST_TOKEN": TOKEN})
    async with ClientSession() as session:
        room = Room(tutor, session)
        try:
            await tutor.start()
            await tutor.ready()
            place = await room.do("/host", session="fine-tuning", locale="en")
            room.code = place.rpartition("/")[2]
            await room.do(f"/host/{room.code}", do="open", value="try-first")
            for learner in range(LEARNERS):
                told = await room.send(learner, "join", text=room.code)
                assert told is not None
                room.options.append([one["data"] for one in actions(card_of(told["activities"]))])
            votes: dict[int, int] = {}
            for kill in range(KILLS):
                await _answered(room, kill, votes, dice)
            await room.do(f"/host/{room.code}", do="close", value="try-first")
            assert await room.shown() == _tally(votes)
        finally:
            await tutor.kill()


async def _answered(room: Room, kill: int, votes: dict[int, int], dice: random.Random) -> None:
    """All answer anew, the tutor is killed meanwhile; who heard nothing says it again."""
    given = {learner: dice.randrange(4) for learner in range(LEARNERS)}
    heard: set[int] = set()

    async def answer(learner: int) -> None:
        await asyncio.sleep(dice.uniform(0, 0.5))
        if await press(learner) is not None:
            heard.add(learner)

    async def press(learner: int) -> dict[str, Any] | None:
        pressed = room.options[learner][given[learner]]
        return await room.send(learner, f"answer-{kill}", value=pressed)

    enough = dice.randrange(2, LEARNERS - 2)
    answering = [asyncio.create_task(answer(learner)) for learner in given]
    await until(lambda: len(heard) >= enough, what="some answers")
    await room.tutor.kill()
    await asyncio.gather(*answering)
    acknowledged = set(heard)
    await room.tutor.start()
    await room.tutor.ready()
    # The poll is open as before; all that was acknowledged is there, nothing is there twice.
    shown = await room.shown()
    assert sum(shown) <= LEARNERS
    least = _tally({learner: given[learner] for learner in acknowledged})
    assert all(there >= known for there, known in zip(shown, least, strict=True))
    for learner in given.keys() - acknowledged:
        assert await press(learner) is not None
    votes.update(given)


def _tally(votes: dict[int, int]) -> list[int]:
    return [list(votes.values()).count(option) for option in range(4)]
