"""Rooms as rows: who is in them, what they answered and asked.

A host's change locks the room's row. An answer only keeps it from changing meanwhile, so that
answers of many learners don't wait for each other, and none counts that came after the close.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from secrets import choice, token_hex
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    String,
    and_,
    bindparam,
    cast,
    delete,
    func,
    insert,
    literal,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from bot.store.statement import CompiledStatement
from bot.store.tables import attendance, fact, later, question, room, vote
from content.session import Session, Train
from content.stored import UnreadableError
from dialogs.room import advance
from dialogs.room.answers import MOST_QUESTIONS, NAME_GIVEN, QUESTION
from dialogs.room.codes import DIGITS, LETTERS
from dialogs.room.scores import Score
from dialogs.room.state import ROOM, Room
from dialogs.values import versions
from dialogs.values.events import Reminder
from dialogs.values.facts import ModelMeasured

TRIES = 20  # codes that are tried, should one be given already
NAME = "room"  # of what tells learners of a room, among what is due later
DAY_S = 24 * 3600

# What each answer takes. The learner's row is locked meanwhile, so nobody else writes theirs.
_MINE = (vote.c.learner == bindparam("who"), vote.c.room == bindparam("which"))
HELD = CompiledStatement(
    select(room.c.doc, room.c.form, room.c.host_seen)
    .where(room.c.id == bindparam("which"))
    .with_for_update(read=True)
)
MINE = CompiledStatement(select(vote.c.activity, vote.c.answer).where(*_MINE))
ANSWERED = CompiledStatement(insert(vote))
ANSWERED_AGAIN = CompiledStatement(
    update(vote)
    .where(*_MINE, vote.c.activity == bindparam("to"))
    .values(answer=bindparam("said"), at=bindparam("moment"))
)
FOLLOWED = CompiledStatement(
    update(attendance)
    .where(
        attendance.c.learner == bindparam("who"),
        attendance.c.room == bindparam("which"),
        attendance.c.conversation != bindparam("where_now"),
    )
    .values(conversation=bindparam("where_now"))
)
_VOTE_HERE = vote.c.room == bindparam("which")
_ASKED_HERE = question.c.room == bindparam("which")
_PRESENT = (attendance.c.room == bindparam("which"), attendance.c.gone.is_(False))
MARK = CompiledStatement(
    select(
        room.c.version,
        room.c.host_seen,
        select(func.count(vote.c.at)).where(_VOTE_HERE).scalar_subquery(),
        select(func.max(vote.c.at)).where(_VOTE_HERE).scalar_subquery(),
        select(func.count(attendance.c.at)).where(*_PRESENT).scalar_subquery(),
        select(func.count(question.c.at)).where(_ASKED_HERE).scalar_subquery(),
        select(func.max(fact.c.seq)).scalar_subquery(),  # a model may have been trained
    ).where(room.c.id == bindparam("which"))
)


@dataclass(frozen=True)
class StoredRoom:
    """A room as it is stored, at this version; `host_seen` is in Unix seconds."""

    room: Room
    version: int
    host_seen: float


@dataclass(frozen=True)
class Attended:
    """A room and a learner's answers there, by activity; `host_seen` is in Unix seconds."""

    room: Room
    host_seen: float
    mine: Mapping[str, str]


@dataclass(frozen=True)
class Question:
    """A question to the host; `votes` are those of others."""

    number: int
    text: str
    votes: int


def open_room(db: Connection, session: Session, locale: str, now: datetime) -> Room:
    """Open a room under a code of its own. Raises IntegrityError when there is none left."""
    for tried in range(TRIES):
        code = f"{_signs(LETTERS)}-{_signs(DIGITS)}"
        if tried + 1 < TRIES and db.execute(select(room.c.id).where(room.c.code == code)).first():
            continue
        made = advance.opened(token_hex(10), code, session, locale, now)
        seen = now.timestamp()
        row = {"id": made.id, "code": code, "opened": seen, "version": 1, "host_seen": seen}
        db.execute(insert(room).values(**row, doc=ROOM.write(made), form=ROOM.form))
        return made
    raise IntegrityError("no code is left", None, ValueError(TRIES))  # pragma: no cover


def _signs(among: str) -> str:
    return "".join(choice(among) for _ in range(3))


def by_code(db: Connection, code: str) -> StoredRoom | None:
    """The room with this code, open or over."""
    return _read(db.execute(select(room).where(room.c.code == code)).first())


def by_id(db: Connection, name: str) -> StoredRoom | None:
    """The room, as it is stored now."""
    return _read(db.execute(select(room).where(room.c.id == name)).first())


def attended(db: Connection, name: str, learner: str) -> Attended | None:
    """The room, which nobody changes until this transaction is over; others hold it as well.

    The learner's row is locked, so that neither do their answers change.
    """
    asked, asked_mine = HELD.ask(db, which=name), MINE.ask(db, who=learner, which=name)
    row = asked.row()
    if row is None:
        return None
    doc, form, host_seen = row
    return Attended(ROOM.read(doc, form), host_seen, dict(asked_mine.rows()))


def locked(db: Connection, code: str) -> StoredRoom | None:
    """The room with this code, for a change."""
    return _read(db.execute(select(room).where(room.c.code == code).with_for_update()).first())


def newest(db: Connection, most: int) -> list[StoredRoom]:
    """The rooms that were opened last, the newest first."""
    rows = db.execute(select(room).order_by(room.c.opened.desc()).limit(most))
    return [found for row in rows if (found := _read(row)) is not None]


def _read(row: Row[Any] | None) -> StoredRoom | None:
    if row is None:
        return None
    return StoredRoom(ROOM.read(row.doc, row.form), row.version, row.host_seen)


def save(db: Connection, changed: Room) -> None:
    """Write a room that is locked."""
    values = {"version": room.c.version + 1, "doc": ROOM.write(changed), "form": ROOM.form}
    db.execute(update(room).where(room.c.id == changed.id).values(values))


def see_host(db: Connection, name: str, now: datetime) -> None:
    """Note that a host's page is connected."""
    db.execute(update(room).where(room.c.id == name).values(host_seen=now.timestamp()))


def spend_calls(db: Connection, name: str, calls: int, most: int) -> bool:
    """Take calls to the staged endpoint out of a room's budget; False when it is used up."""
    left = (room.c.id == name, room.c.calls + calls <= most)
    spent = update(room).where(*left).values(calls=room.c.calls + calls)
    return bool(db.execute(spent).rowcount)


def announce(db: Connection, changed: Room, now: datetime) -> int:
    """Have all who are in a room told of it, each once; how many that are."""
    here = (attendance.c.room == changed.id, attendance.c.gone.is_(False))
    those = select(attendance.c.learner).where(*here)
    db.execute(delete(later).where(later.c.name == NAME, later.c.learner.in_(those)))
    rows = select(
        attendance.c.learner,
        literal(NAME),
        attendance.c.conversation,
        literal(now.timestamp()),
        literal(versions.TIMED.write(Reminder(name=NAME))),
        literal(versions.TIMED.form),
    ).where(*here)
    into = ["learner", "name", "conversation", "due", "event", "form"]
    return int(db.execute(insert(later).from_select(into, rows)).rowcount)


def enter(db: Connection, name: str, learner: str, conversation: str, now: datetime) -> None:
    """Let a learner into a room; they leave the one where they were."""
    mine = attendance.c.learner == learner
    db.execute(update(attendance).where(mine, attendance.c.room != name).values(gone=True))
    values = {"conversation": conversation, "gone": False}
    here = update(attendance).where(mine, attendance.c.room == name)
    if not db.execute(here.values(values)).rowcount:
        row = {"learner": learner, "room": name, "at": now.timestamp(), **values}
        db.execute(insert(attendance).values(row))


def follow(db: Connection, name: str, learner: str, conversation: str) -> None:
    """Tell a learner from now on where they answered last."""
    FOLLOWED.run(db, who=learner, which=name, where_now=conversation)


def leave(db: Connection, name: str, learner: str) -> None:
    """Tell a learner nothing more of a room; what they answered counts."""
    here = (attendance.c.learner == learner, attendance.c.room == name)
    db.execute(update(attendance).where(*here).values(gone=True))


def put_vote(  # noqa: PLR0913 (whose, where, what)
    db: Connection, here: Attended, learner: str, *, activity: str, answer: str, now: datetime
) -> Attended:
    """Keep an answer of a learner whose row is locked, in place of the one before."""
    at = now.timestamp()
    if activity in here.mine:
        where = {"who": learner, "which": here.room.id, "to": activity}
        ANSWERED_AGAIN.run(db, **where, said=answer, moment=at)
    else:
        key = {"learner": learner, "room": here.room.id, "activity": activity}
        ANSWERED.run(db, **key, answer=answer, at=at)
    return replace(here, mine={**here.mine, activity: answer})


def take_back(db: Connection, here: Attended, learner: str, *, activity: str) -> Attended:
    """Drop a learner's answer."""
    mine = (vote.c.learner == learner, vote.c.room == here.room.id, vote.c.activity == activity)
    db.execute(delete(vote).where(*mine))
    return replace(here, mine={to: said for to, said in here.mine.items() if to != activity})


def tally(db: Connection, name: str, activity: str) -> dict[str, int]:
    """How often each answer was given, those given first before others."""
    query = select(vote.c.answer, func.count(), func.min(vote.c.at))
    rows = db.execute(
        query.where(vote.c.room == name, vote.c.activity == activity)
        .group_by(vote.c.answer)
        .order_by(func.min(vote.c.at))
    )
    return {answer: n for answer, n, _ in rows}


def present(db: Connection, name: str) -> int:
    """How many are in a room."""
    here = (attendance.c.room == name, attendance.c.gone.is_(False))
    return int(db.execute(select(func.count()).select_from(attendance).where(*here)).scalar() or 0)


def joined(db: Connection, name: str) -> int:
    """How many ever were in a room."""
    query = select(func.count()).select_from(attendance).where(attendance.c.room == name)
    return int(db.execute(query).scalar() or 0)


def scores(db: Connection, here: Room, train: Train) -> list[Score]:
    """The best figure of everybody in a room who has trained since it was opened."""
    named = and_(
        vote.c.learner == fact.c.learner,
        vote.c.room == here.id,
        vote.c.activity == NAME_GIVEN,
    )
    query = (
        select(fact.c.learner, fact.c.doc, fact.c.form, vote.c.answer)
        .join_from(fact, attendance, attendance.c.learner == fact.c.learner)
        .outerjoin(vote, named)
        .where(attendance.c.room == here.id, fact.c.kind == "model-measured")
        .where(fact.c.lesson == train.lesson, fact.c.at >= here.opened.timestamp())
    )
    best: dict[str, Score] = {}
    for learner, doc, form, name in db.execute(query):
        with suppress(UnreadableError):
            happened = versions.FACT.read(doc, form)
            if isinstance(happened, ModelMeasured) and train.figure in happened.figures:
                figure = happened.figures[train.figure]
                if learner not in best or figure > best[learner].figure:
                    best[learner] = Score(figure, name or "")
    return list(best.values())


def answered(db: Connection, name: str) -> dict[str, int]:
    """How many answered each activity."""
    query = select(vote.c.activity, func.count()).where(vote.c.room == name)
    return {row.activity: row[1] for row in db.execute(query.group_by(vote.c.activity))}


def who_answered(db: Connection, name: str) -> int:
    """How many answered anything that the host opened."""
    own = and_(~vote.c.activity.startswith(QUESTION), vote.c.activity != NAME_GIVEN)
    query = select(func.count(func.distinct(vote.c.learner))).where(vote.c.room == name, own)
    return int(db.execute(query).scalar() or 0)


def ask(db: Connection, name: str, learner: str, text: str, now: datetime) -> int | None:
    """Keep a question; None when the learner has asked enough. The same one is kept once."""
    mine = (question.c.learner == learner, question.c.room == name)
    found = {
        row.text: int(row.number)
        for row in db.execute(select(question.c.text, question.c.number).where(*mine))
    }
    if text in found:
        return found[text]
    if len(found) >= MOST_QUESTIONS:
        return None
    row = {"learner": learner, "room": name, "text": text, "at": now.timestamp()}
    key = db.execute(insert(question).values(row)).inserted_primary_key
    return int(key[0]) if key else None


def questions(db: Connection, name: str) -> list[Question]:
    """The questions in a room with their votes, in the order in which they were asked."""
    of = func.count(vote.c.learner)
    joins = and_(
        vote.c.room == question.c.room,
        vote.c.activity == literal(QUESTION) + cast(question.c.number, String),
        vote.c.learner != question.c.learner,
    )
    query = (
        select(question.c.number, question.c.text, of)
        .outerjoin_from(question, vote, joins)
        .where(question.c.room == name)
        .group_by(question.c.number, question.c.text)
        .order_by(question.c.number)
    )
    return [Question(int(number), text, votes) for number, text, votes in db.execute(query)]


def mark(db: Connection, name: str) -> tuple[object, ...]:
    """What changes whenever something in a room does: cheap to ask several times a second."""
    return MARK.row(db, which=name) or ()


def prune(db: Connection, before: float) -> int:
    """Delete rooms that were opened before a time (Unix seconds), with all that was said there."""
    old = select(room.c.id).where(room.c.opened < before)
    rows = 0
    for table in (vote, question, attendance):
        rows += db.execute(delete(table).where(table.c.room.in_(old))).rowcount
    return rows + db.execute(delete(room).where(room.c.opened < before)).rowcount
