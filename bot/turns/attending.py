"""Does for a learner what concerns the room of a live session: going in, answering, asking."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, assert_never

from sqlalchemy import Connection

from bot.store import rooms
from bot.store.rooms import StoredRoom
from content.session import Session
from dialogs.reading.harm import harm_of
from dialogs.room import answers
from dialogs.room.answers import NAME_GIVEN, QUESTION, Refused, Why
from dialogs.values.errands import (
    AskHost,
    BecomeHost,
    CastVote,
    EnterRoom,
    LeaveRoom,
    NameInRoom,
    RoomErrand,
    SeeQuestions,
    SeeRoom,
)
from dialogs.values.outcomes import (
    AskedInRoom,
    Came,
    HostPage,
    NoRoom,
    QuestionsSeen,
    RoomOutcome,
    RoomSeen,
)
from dialogs.values.progress import Learner

AWAY_S = 25.0  # without a host's page, until the host counts as away


@dataclass(frozen=True)
class RoomErrands:
    """Does them in one conversation; `sessions` are the run sheets, in any language."""

    sessions: Mapping[str, Session]
    conversation: str
    now: datetime

    def run(self, db: Connection, errand: RoomErrand, learner: Learner) -> RoomOutcome:
        """Do one for the learner, whose row is locked."""
        here = learner.attending.room if learner.attending else None
        match errand:
            case EnterRoom(code=code):
                return self._enter(db, code, learner)
            case CastVote(room=name):
                found = rooms.held(db, name)
                if found is None or found.room.session not in self.sessions:
                    return NoRoom("over")
                return self._vote(db, errand, found, learner)
        found = rooms.held(db, here) if here else None
        if found is None or found.room.session not in self.sessions:
            return NoRoom("none")
        match errand:
            case SeeRoom(is_told=is_told):
                return self._seen(db, found, learner, "told" if is_told else "looked")
            case AskHost(text=text):
                return self._ask(db, text, found, learner)
            case NameInRoom(name=given):
                return self._name(db, given, found, learner)
            case SeeQuestions():
                return self._questions(db, found, learner)
            case BecomeHost():
                return HostPage()
            case LeaveRoom():
                rooms.leave(db, found.room.id, learner.id)
                return self._seen(db, found, learner, "left")
            case _:
                assert_never(errand)

    def _enter(self, db: Connection, code: str, learner: Learner) -> RoomOutcome:
        found = rooms.by_code(db, code)
        if found is None or found.room.session not in self.sessions:
            return NoRoom("unknown")
        if found.room.is_over:
            return NoRoom("over")
        rooms.enter(db, found.room.id, learner.id, self.conversation, self.now)
        return self._seen(db, found, learner, "entered")

    def _vote(
        self, db: Connection, errand: CastVote, found: StoredRoom, learner: Learner
    ) -> RoomOutcome:
        """Count an answer; who answers is in the room, wherever they answer."""
        room, activity = found.room, errand.activity
        if activity.startswith(QUESTION):
            key = (room.id, learner.id)
            rooms.put_vote(db, *key, activity=activity, answer="yes", now=self.now)
            return self._questions(db, found, learner)
        judged = answers.judge(self.sessions[room.session], room, activity, errand.text)
        if isinstance(judged, Refused):
            return self._seen(db, found, learner, "refused", activity=activity, refused=judged.why)
        if learner.attending is None or learner.attending.room != room.id:
            rooms.enter(db, room.id, learner.id, self.conversation, self.now)
        else:
            rooms.follow(db, room.id, learner.id, self.conversation)
        key = (room.id, learner.id)
        votes = rooms.put_vote(db, *key, activity=activity, answer=judged.answer, now=self.now)
        return RoomSeen("voted", room, votes, activity, None, self._is_away(found))

    def _ask(self, db: Connection, text: str, found: StoredRoom, learner: Learner) -> RoomOutcome:
        words = answers.question(found.room, text)
        if isinstance(words, Refused):
            return self._seen(db, found, learner, "asked", refused=words.why)
        number = rooms.ask(db, found.room.id, learner.id, words, self.now)
        refused: Literal["many"] | None = "many" if number is None else None
        return self._seen(db, found, learner, "asked", refused=refused)

    def _name(self, db: Connection, given: str, found: StoredRoom, learner: Learner) -> RoomSeen:
        named, key = answers.name(given), (found.room.id, learner.id)
        if isinstance(named, Refused):
            return self._seen(db, found, learner, "named", refused=named.why)
        if named:
            rooms.put_vote(db, *key, activity=NAME_GIVEN, answer=named, now=self.now)
        else:
            rooms.take_back(db, *key, activity=NAME_GIVEN)
        return self._seen(db, found, learner, "named")

    def _questions(self, db: Connection, found: StoredRoom, learner: Learner) -> QuestionsSeen:
        """The questions that may be shown, the most wanted first."""
        mine = rooms.votes_of(db, found.room.id, learner.id)
        shown = sorted(rooms.questions(db, found.room.id), key=lambda one: -one.votes)
        asked = tuple(
            AskedInRoom(one.number, one.text, one.votes, f"{QUESTION}{one.number}" in mine)
            for one in shown
            if harm_of(one.text) is None
        )
        return QuestionsSeen(found.room, asked)

    def _seen(  # noqa: PLR0913 (what came of what)
        self,
        db: Connection,
        found: StoredRoom,
        learner: Learner,
        came: Came,
        *,
        activity: str | None = None,
        refused: Why | Literal["many"] | None = None,
    ) -> RoomSeen:
        votes = rooms.votes_of(db, found.room.id, learner.id)
        return RoomSeen(came, found.room, votes, activity, refused, self._is_away(found))

    def _is_away(self, found: StoredRoom) -> bool:
        """Whether no host's page is connected."""
        return self.now.timestamp() - found.host_seen > AWAY_S
