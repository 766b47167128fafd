"""Does for a learner what concerns the room of a live session: going in, answering, asking."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, assert_never

from sqlalchemy import Connection

from bot.store import rooms
from bot.store.rooms import Attended
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
        if isinstance(errand, EnterRoom):
            return self._enter(db, errand.code, learner)
        name = learner.attending.room if learner.attending else None
        if isinstance(errand, CastVote):
            name = errand.room
        here = rooms.attended(db, name, learner.id) if name else None
        if here is None or here.room.session not in self.sessions:
            return NoRoom("over" if isinstance(errand, CastVote) else "none")
        match errand:
            case CastVote():
                return self._vote(db, errand, here, learner)
            case SeeRoom(is_told=is_told):
                return self._seen(here, "told" if is_told else "looked")
            case AskHost(text=text):
                return self._ask(db, text, here, learner)
            case NameInRoom(name=given):
                return self._name(db, given, here, learner)
            case SeeQuestions():
                return self._questions(db, here)
            case BecomeHost():
                return HostPage()
            case LeaveRoom():
                rooms.leave(db, here.room.id, learner.id)
                return self._seen(here, "left")
            case _:
                assert_never(errand)

    def _enter(self, db: Connection, code: str, learner: Learner) -> RoomOutcome:
        found = rooms.by_code(db, code)
        here = rooms.attended(db, found.room.id, learner.id) if found else None
        if here is None or here.room.session not in self.sessions:
            return NoRoom("unknown")
        if here.room.is_over:
            return NoRoom("over")
        rooms.enter(db, here.room.id, learner.id, self.conversation, self.now)
        return self._seen(here, "entered")

    def _vote(
        self, db: Connection, errand: CastVote, here: Attended, learner: Learner
    ) -> RoomOutcome:
        """Count an answer; who answers is in the room, wherever they answer."""
        room, activity = here.room, errand.activity
        if activity.startswith(QUESTION):
            voted = rooms.put_vote(
                db, here, learner.id, activity=activity, answer="yes", now=self.now
            )
            return self._questions(db, voted)
        judged = answers.judge(self.sessions[room.session], room, activity, errand.text)
        if isinstance(judged, Refused):
            return self._seen(here, "refused", activity=activity, refused=judged.why)
        if learner.attending is None or learner.attending.room != room.id:
            rooms.enter(db, room.id, learner.id, self.conversation, self.now)
        else:
            rooms.follow(db, room.id, learner.id, self.conversation)
        voted = rooms.put_vote(
            db, here, learner.id, activity=activity, answer=judged.answer, now=self.now
        )
        return self._seen(voted, "voted", activity=activity)

    def _ask(self, db: Connection, text: str, here: Attended, learner: Learner) -> RoomOutcome:
        words = answers.question(here.room, text)
        if isinstance(words, Refused):
            return self._seen(here, "asked", refused=words.why)
        number = rooms.ask(db, here.room.id, learner.id, words, self.now)
        return self._seen(here, "asked", refused="many" if number is None else None)

    def _name(self, db: Connection, given: str, here: Attended, learner: Learner) -> RoomSeen:
        named = answers.name(given)
        if isinstance(named, Refused):
            return self._seen(here, "named", refused=named.why)
        if named:
            here = rooms.put_vote(
                db, here, learner.id, activity=NAME_GIVEN, answer=named, now=self.now
            )
        else:
            here = rooms.take_back(db, here, learner.id, activity=NAME_GIVEN)
        return self._seen(here, "named")

    def _questions(self, db: Connection, here: Attended) -> QuestionsSeen:
        """The questions that may be shown, the most wanted first."""
        shown = sorted(rooms.questions(db, here.room.id), key=lambda one: -one.votes)
        asked = tuple(
            AskedInRoom(one.number, one.text, one.votes, f"{QUESTION}{one.number}" in here.mine)
            for one in shown
            if harm_of(one.text) is None
        )
        return QuestionsSeen(here.room, asked)

    def _seen(
        self,
        here: Attended,
        came: Came,
        *,
        activity: str | None = None,
        refused: Why | Literal["many"] | None = None,
    ) -> RoomSeen:
        return RoomSeen(came, here.room, here.mine, activity, refused, self._is_away(here))

    def _is_away(self, here: Attended) -> bool:
        """Whether no host's page is connected."""
        return self.now.timestamp() - here.host_seen > AWAY_S
