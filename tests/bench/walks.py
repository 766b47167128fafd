"""Learners' ways through the main lesson, recorded once, so that they can be replayed fast.

The tutor is pure: a learner of the same seed and progress who sends the same gets the same. So
a walk is recorded without any server, and holds for every learner who begins where it begins.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from sqlalchemy import Connection, insert

from bot.activity.links import Signer
from bot.store import learners
from bot.store.tables import identity, learner, result
from cards import Surface, press, render
from content.lesson import JobStep, StartStep, Step
from dialogs.simulations import registry
from dialogs.simulations.computation import Result
from dialogs.tutor import Tutor
from dialogs.values import versions
from dialogs.values.progress import Learner
from dialogs.values.replies import Reply
from dialogs.values.scene import Scene
from tests import oracle
from tests.bench.load import learner_id
from tests.conversation.classroom import Classroom

LESSON = "polite-chatbot"
CHANNEL = "emulator"
SURFACE = Surface()
# Now and then a learner does something else than answering right.
ASIDES = ("help", "progress", "what is fine-tuning", "hmm", "back", "next", "9, 9")
ASIDE_EVERY = 6
MOST_TURNS = 200
# What stands for the learner in a recorded request; as long as a learner's own id.
WHO = "learner-of-the-recording"


@dataclass(frozen=True)
class Sent:
    """What a learner sends at a step, and how many activities they get for it."""

    step: str
    parts: Mapping[str, Any]
    replies: int


@dataclass(frozen=True)
class Walk:
    """A way through a part of the lesson, from `begins` on."""

    begins: Learner
    turns: tuple[Sent, ...]


class Recording:
    """One seed's walks, and the results that they need."""

    def __init__(self, tutor: Tutor, seed: int) -> None:
        self._room = Classroom(tutor, LESSON, seed, WHO)
        self._random = Random(seed)
        self._since_aside = 0
        self.walks = (self._to_the_job(), self._after_the_job())
        self.results: Mapping[str, Result] = self._room.results

    def _to_the_job(self) -> Walk:
        """From the first step to where the own training would begin."""
        while isinstance(self._step, StartStep):
            self._room.press("begin")
        return Walk(self._room.learner, tuple(self._walk(JobStep)))

    def _after_the_job(self) -> Walk:
        """From the finished training to the lesson's end."""
        while self._room.progress.model is None:
            self._do()
            self._room.wait(minutes=10)
        return Walk(self._room.learner, tuple(self._walk(None)))

    @property
    def _step(self) -> Step:
        found = self._scene.lesson.step(self._room.progress.cursor)
        assert found
        return found

    @property
    def _scene(self) -> Scene:
        room = self._room
        lesson = room.tutor.library.lessons[LESSON]
        return room.tutor.scene(room.learner, lesson, room.now, room.results)

    def _walk(self, end: type[Step] | None) -> Iterator[Sent]:
        for _ in range(MOST_TURNS):
            step = self._step
            if (end is not None and isinstance(step, end)) or self._room.progress.completed_at:
                return
            parts, replies = self._do()
            yield Sent(step.id, parts, len(render(replies, SURFACE, LINKS)))
        raise AssertionError(f"a walk of seed {self._room.learner.seed} has no end")

    def _do(self) -> tuple[Mapping[str, Any], tuple[Reply, ...]]:
        """The next right thing, or an aside: what is sent, and what comes back."""
        self._since_aside += 1
        if self._since_aside >= ASIDE_EVERY and not isinstance(self._step, JobStep):
            self._since_aside = self._random.randrange(ASIDE_EVERY)
            text = self._random.choice(ASIDES)
            return {"text": text}, self._room.type(text)
        match oracle.right(self._step, self._scene):
            case None:
                return {"text": "next"}, self._room.type("next")
            case str(text):
                return {"text": text}, self._room.type(text)
            case (do, values):
                shown = self._room.stamped
                assert shown
                assert shown.stamp
                button = next((b for b in shown.buttons if str(b.do) == do), None)
                if button is None:
                    return {"text": "hi"}, self._room.type("hi")
                value = {**press.data(shown.stamp, button), **values}
                return {"value": value}, self._room.press(do, values)


LINKS = Signer("http://127.0.0.1:3978", b"key").links(WHO)


def record(tutor: Tutor, seeds: int) -> tuple[list[Walk], dict[str, Result]]:
    """The walks of so many seeds, all first parts before all second parts, and their results."""
    recordings = [Recording(tutor, seed) for seed in range(1, seeds + 1)]
    walks = [walk for part in zip(*(r.walks for r in recordings), strict=True) for walk in part]
    return walks, {key: one for r in recordings for key, one in r.results.items()}


def request(sent: Sent, **parts: str) -> str:
    """A request's body as a template: `%(…)s` for the learner, the channel's user, and a count."""
    body = {
        "type": "message",
        "id": "%(user)s-%(count)s",
        "timestamp": "2026-11-24T09:00:00.000Z",
        "channelId": CHANNEL,
        "serviceUrl": "%(service)s",
        "from": {"id": "%(user)s", "name": "User", "role": "user"},
        "recipient": {"id": "bot1", "name": "Bot", "role": "bot"},
        "conversation": {"id": "%(conversation)s"},
        "locale": "en-US",
        **parts,
        **sent.parts,
    }
    text = json.dumps(body).replace("%", "%%").replace("%%(", "%(")
    return text.replace(WHO, "%(learner)s")


def settle(db: Connection, walks: list[Walk], results: Mapping[str, Result], count: int) -> None:
    """Let `count` learners be known, each where a walk begins, with what was cooked for them."""
    kinds = [
        {"key": key, "kind": registry.kind_of(one), "doc": one.model_dump_json()}
        for key, one in results.items()
    ]
    db.execute(insert(result), kinds)
    for number in range(count):
        begins = walks[number % len(walks)].begins
        mine = replace(begins, id=learner_id(number))
        bare = replace(mine, progress={})
        doc = versions.LEARNER.write(bare)
        db.execute(
            insert(learner).values(id=mine.id, version=0, doc=doc, form=versions.LEARNER.form)
        )
        learners.save(db, learners.LockedLearner(bare, 0), mine)
        who = {"channel": CHANNEL, "tenant": "", "external": f"u{number}"}
        db.execute(insert(identity).values(**who, learner=mine.id))
