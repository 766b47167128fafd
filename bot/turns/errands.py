"""Does at once what `converse` asks for: codes, joining, a learner's data, signing out, rooms."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from secrets import choice, token_urlsafe
from typing import Literal, assert_never

from sqlalchemy import Connection, select

from bot.activity.address import Address
from bot.activity.conversation_key import OWN_PAGE
from bot.records.issuing import Issuer
from bot.store import codes, computations, credentials, joining, learners, own_data
from bot.store.credentials import Holder
from bot.store.learners import LockedLearner
from bot.store.tables import conversation
from bot.turns.attending import RoomErrands
from bot.turns.certifying import Certifying
from dialogs import joining as dialogs_joining
from dialogs.account import CODE_MINUTES
from dialogs.commands import CODE_LETTERS
from dialogs.tutor import Tutor
from dialogs.values.errands import (
    AskHost,
    BecomeHost,
    CastVote,
    CheckName,
    CorrectCertificate,
    EnterRoom,
    Erase,
    Errand,
    Export,
    FindClock,
    ForgetDevice,
    Issue,
    Join,
    LeaveRoom,
    MakeCode,
    NameInRoom,
    ReadCode,
    SeeCertificate,
    SeeQuestions,
    SeeRoom,
    SeeSeries,
    SignOut,
)
from dialogs.values.outcomes import (
    ClockFound,
    CodeMade,
    CodeRead,
    CodeRefused,
    DeviceForgotten,
    Erased,
    Exported,
    HostPage,
    Joined,
    NoDevice,
    OthersReadAlong,
    Outcome,
    SignedOut,
)
from dialogs.values.progress import Learner

CODE_LENGTH = 8  # letters of a code that is typed: 38 bits, for minutes and a few tries
OWN_DATA = "/my-data"  # where the own page serves a learner's data, by a code


@dataclass(frozen=True)
class Done:
    """What came of an errand, for whom: the row held, and the learner as the turn has them.

    `is_gone`: nothing of the learner is left, and nothing of the turn is kept of them either.
    """

    outcome: Outcome
    locked: LockedLearner
    learner: Learner
    is_gone: bool = False


@dataclass(frozen=True)
class Errands:
    """Does errands in one place: the conversation that the turn is in, and how it was come by."""

    tutor: Tutor
    issuer: Issuer
    outlet: Address
    session: str | None
    now: datetime
    hosts: frozenset[str] = frozenset()  # who may host by typing it, by their ids in Teams

    def run(self, db: Connection, errand: Errand, locked: LockedLearner, learner: Learner) -> Done:
        """Do an errand of the learner whose row is locked; `learner` is them since the turn."""
        match errand:
            case EnterRoom() | BecomeHost() if self.outlet.is_group:
                return Done(OthersReadAlong(), locked, learner)
            case (
                EnterRoom()
                | SeeRoom()
                | CastVote()
                | AskHost()
                | NameInRoom()
                | SeeQuestions()
                | LeaveRoom()
            ):
                attending = RoomErrands(
                    self.tutor.library.sessions, self.outlet.conversation, self.now
                )
                return Done(attending.run(db, errand, learner), locked, learner)
            case BecomeHost():
                return Done(self._host_page(db, learner), locked, learner)
            case MakeCode() | Export() if self.outlet.is_group:
                return Done(OthersReadAlong(), locked, learner)
            case SeeCertificate() | SeeSeries() | CorrectCertificate() | CheckName() | Issue():
                if self.outlet.is_group:
                    return Done(OthersReadAlong(), locked, learner)
                certifying = Certifying(self.tutor, self.issuer, self.outlet, self.now)
                return Done(certifying.run(db, errand, learner), locked, learner)
            case FindClock() if self.outlet.is_group:
                return Done(OthersReadAlong(), locked, learner)
            case FindClock(lesson=lesson):
                place: Literal["page", "chat"] = (
                    "page" if self.outlet.channel == OWN_PAGE else "chat"
                )
                found = ClockFound(lesson, place, self.outlet.surface.zone)
                return Done(found, locked, learner)
            case ReadCode(code=code) | Join(code=code) if self.outlet.is_group:
                codes.spend(db, "join", code)  # everybody there has read it
                return Done(OthersReadAlong(), locked, learner)
            case MakeCode():
                return Done(self._make_code(db, learner), locked, learner)
            case ReadCode(code=code):
                return Done(self._read_code(db, code, learner), locked, learner)
            case Join(code=code):
                return self._join(db, code, locked, learner)
            case Export():
                code = token_urlsafe(24)
                codes.put(db, learner.id, "export", code, self._soon)
                return Done(Exported(f"{OWN_DATA}/{code}"), locked, learner)
            case Erase():
                gone = own_data.erase(db, learner.id)
                return Done(_erased(gone), locked, learner, is_gone=True)
            case ForgetDevice():
                if self.session is None:
                    return Done(NoDevice(), locked, learner)
                credentials.revoke(db, learner.id, self.session)
                return Done(DeviceForgotten(), locked, learner)
            case SignOut():
                credentials.revoke(db, learner.id)
                return Done(SignedOut(), locked, learner)
            case _:
                assert_never(errand)

    @property
    def _soon(self) -> datetime:
        return self.now + timedelta(minutes=CODE_MINUTES)

    def _host_page(self, db: Connection, learner: Learner) -> HostPage:
        if self.outlet.teams_id not in self.hosts:
            return HostPage()
        code = token_urlsafe(24)
        codes.put(db, learner.id, "host", code, self._soon)
        return HostPage(f"/host/by-link/{code}")

    def _make_code(self, db: Connection, learner: Learner) -> CodeMade:
        letters = [choice(CODE_LETTERS) for _ in range(CODE_LENGTH)]
        code = f"{''.join(letters[:4])}-{''.join(letters[4:])}"
        codes.put(db, learner.id, "join", code, self._soon)
        if self.outlet.channel == OWN_PAGE:
            return CodeMade(code, "/", "page")
        link = credentials.make_link(db, Holder(learner.id, ""), 60 * CODE_MINUTES)
        return CodeMade(code, f"/?resume={link}", "chat")

    def _read_code(self, db: Connection, code: str, learner: Learner) -> CodeRead | CodeRefused:
        other = codes.whose(db, "join", code, self.now)
        if other is None:
            return CodeRefused("unknown")
        if other == learner.id:
            return CodeRefused("own")
        found = learners.find(db, other, self.tutor)
        return CodeRead(code, found) if found else CodeRefused("unknown")

    def _join(self, db: Connection, code: str, locked: LockedLearner, learner: Learner) -> Done:
        name = codes.whose(db, "join", code, self.now)
        if name is None or name == learner.id:
            return Done(CodeRefused("unknown"), locked, learner)
        codes.spend(db, "join", code)
        other = learners.lock(db, name, lessons=self.tutor)
        lessons = self.tutor.library.lessons
        remaining = self._remaining(db, learner.id, name)
        joined = dialogs_joining.joined(learner, other.learner, remaining, lessons)
        dropped = [
            (name if one.is_here else learner.id, one.lesson)
            for one in dialogs_joining.kept(learner, other.learner, lessons)
            if one.dropped is not None
        ]
        here = replace(locked, learner=learner)
        survivor, gone = (here, other) if remaining == learner.id else (other, here)
        now_locked = joining.join(db, survivor, gone, joined, dropped)
        needed = {key for progress in joined.progress.values() for key in progress.keys}
        computations.release(db, joined.id, needed, self.now.timestamp())
        return Done(Joined(), now_locked, joined)

    def _remaining(self, db: Connection, here: str, other: str) -> str:
        """Whose id remains: an open page's tokens name it, so the page's where there is one."""
        if self.outlet.channel == OWN_PAGE:
            return here
        pages = (conversation.c.learner == other, conversation.c.channel == OWN_PAGE)
        found = db.execute(select(conversation.c.id).where(*pages).limit(1)).first()
        return other if found else here


def _erased(gone: Mapping[str, int]) -> Erased:
    return Erased(gone["progress"], gone["fact"], gone["result"], gone["activity"])
