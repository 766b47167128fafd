"""Learners who share what the shell keeps: their errands are done by it, in a database in memory.

No channel and no server: a text goes to the tutor, its errand to `bot.turns.errands`, and what
came of that back to the tutor, in one go as in the transaction of a turn.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

from sqlalchemy import Connection, create_engine, insert

from bot.activity.address import Address
from bot.activity.conversation_key import OWN_PAGE
from bot.records.issuing import Issuer
from bot.store import facts, learners, rooms, tables
from bot.store.facts import StoredFact
from bot.turns.errands import Errands
from cards import Surface
from cards.words import transcript
from dialogs.room.advance import advance_room
from dialogs.room.events import HostEvent
from dialogs.tutor import Tutor
from dialogs.values import versions
from dialogs.values.errands import SeeRoom
from dialogs.values.events import Event, Typed
from dialogs.values.facts import Fact
from dialogs.values.progress import Learner
from dialogs.values.replies import Message
from dialogs.values.turn import LearnerTurn
from tests.conversation.classroom import pressed

SEED = bytes(range(32))  # signs certificates that nobody checks


@dataclass
class House:
    """A tutor with its database, and the clock on its wall, which is moved by hand."""

    tutor: Tutor
    db: Connection
    now: datetime = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    issuer: Issuer = field(default_factory=lambda: Issuer("https://tutor.example", "Ada", SEED))
    happened: Iterator[int] = field(default_factory=count)

    def visitor(self, name: str, locale: str = "en", channel: str = "msteams") -> "Visitor":
        """Somebody who comes for the first time."""
        row = {"version": 0, "form": versions.LEARNER.form}
        one = Learner(id=name, seed=7)
        doc = versions.LEARNER.write(one)
        self.db.execute(insert(tables.learner).values(id=name, doc=doc, **row))
        return Visitor(self, name, locale, channel)

    def wait(self, **duration: float) -> None:
        """Let time pass."""
        self.now += timedelta(**duration)


@contextmanager
def opened(tutor: Tutor) -> Iterator[House]:
    """A house where nobody has been yet."""
    engine = create_engine("sqlite://")
    tables.metadata.create_all(engine)
    with engine.connect() as db:
        yield House(tutor, db)
    engine.dispose()


@dataclass
class Visitor:
    """A learner in a chat of their own, and the newest card there."""

    house: House
    name: str
    locale: str
    channel: str
    is_in_group: bool = False
    card: Message | None = None

    @property
    def learner(self) -> Learner:
        """What is kept of them."""
        return learners.lock(self.house.db, self.name, lessons=self.house.tutor).learner

    def keep(self, after: Learner) -> None:
        """Keep something else of them."""
        locked = learners.lock(self.house.db, self.name, lessons=self.house.tutor)
        learners.save(self.house.db, locked, after)

    def did(self, *happened: Fact) -> None:
        """Let things have happened to them, as they are stored."""
        told = {"channel": self.channel, "event": None, "lesson_version": "v"}
        stored = [
            StoredFact(one, self.name, 9000, next(self.house.happened), locale=self.locale, **told)
            for one in happened
        ]
        facts.append(self.house.db, stored)

    def type(self, text: str) -> str:
        """Write; what is said to it."""
        return self._send(Typed(text=text))

    def press(self, text: str, card: Message | None = None, **values: str) -> str:
        """Press a button that has this text, on the newest card or an older one."""
        shown = card or self.card
        assert shown is not None
        assert shown.stamp is not None
        button = next((one for one in shown.buttons if one.text == text), None)
        assert button, f"no button {text!r}: {[one.text for one in shown.buttons]}"
        named = {name.replace("_", "-"): value for name, value in values.items()}
        return self._send(pressed(shown.stamp, button, named))

    def is_told(self) -> str:
        """What the learner hears because their room has changed; nothing where nothing is new."""
        turn = LearnerTurn(self.learner, (), errand=SeeRoom(is_told=True))
        return self._concluded(turn)

    def _send(self, event: Event) -> str:
        self.house.wait(seconds=1)
        house = self.house
        return self._concluded(
            house.tutor.converse(self.learner, event, house.now, {}, self.locale)
        )

    def _concluded(self, turn: LearnerTurn) -> str:
        house, is_gone = self.house, False
        locked = learners.lock(house.db, self.name, lessons=house.tutor)
        if turn.errand is not None:
            reference = {"conversation": {"isGroup": self.is_in_group}}
            surface = Surface(zone="Europe/Berlin")
            outlet = Address(f"{self.channel}|{self.name}", reference, surface)
            session = "session" if self.channel == OWN_PAGE else None
            errands = Errands(house.tutor, house.issuer, outlet, session, house.now)
            done = errands.run(house.db, turn.errand, locked, turn.learner)
            locked, is_gone = done.locked, done.is_gone
            turn = house.tutor.conclude(done.learner, done.outcome, house.now, {})
        if turn.puts_step:
            turn = turn.shown_in(self.channel)
        self.name = turn.learner.id
        if not is_gone:
            learners.save(house.db, locked, turn.learner)
        cards = [one for one in turn.replies if isinstance(one, Message) and one.stamp]
        self.card = cards[-1] if cards else self.card
        return transcript(turn.replies)


@dataclass
class Host:
    """Who leads a live session in the house."""

    house: House
    locale: str = "en"
    code: str = ""

    def __post_init__(self) -> None:
        """Open the room."""
        session = self.house.tutor.library.sessions["fine-tuning"]
        self.code = rooms.open_room(self.house.db, session, self.locale, self.house.now).code

    def do(self, event: HostEvent) -> None:
        """Do what a button of the host's page does."""
        found = rooms.by_code(self.house.db, self.code)
        assert found is not None
        session = self.house.tutor.library.sessions[found.room.session]
        turn = advance_room(session, found.room, event, self.house.now)
        assert turn.refused is None
        rooms.save(self.house.db, turn.room)
        rooms.see_host(self.house.db, turn.room.id, self.house.now)

    def answers(self, activity: str) -> dict[str, int]:
        """How often each answer counts."""
        found = rooms.by_code(self.house.db, self.code)
        assert found is not None
        return rooms.tally(self.house.db, found.room.id, activity)
