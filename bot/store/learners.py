"""Learners as rows: who they are to a channel, what they know."""

import json
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from secrets import randbelow, token_hex
from threading import Lock
from typing import Protocol
from zlib import crc32

from sqlalchemy import (
    Connection,
    Integer,
    bindparam,
    case,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from bot.activity.inbound import KnownLearner, Party
from bot.errors import SignedOutError
from bot.logs import pseudonym
from bot.store import set_aside
from bot.store.after_commit import after_commit
from bot.store.set_aside import Unread
from bot.store.statement import Asked, CompiledStatement
from bot.store.tables import fact, identity, learner, progress
from content.stored import NewerFormError, UnreadableError
from dialogs.values import versions
from dialogs.values.progress import Learner, Progress

CACHED = 1000  # learners in memory: a hall full of them; one is about 25 KiB

IDENTITY = CompiledStatement(
    select(identity.c.learner).where(
        identity.c.channel == bindparam("channel"),
        identity.c.tenant == bindparam("tenant"),
        identity.c.external == bindparam("external"),
    )
)
_LOCKED = select(learner.c.id, learner.c.version).with_for_update(of=learner)
VERSION = CompiledStatement(_LOCKED.where(learner.c.id == bindparam("who")))
VERSION_BY_IDENTITY = CompiledStatement(
    _LOCKED.join(identity, identity.c.learner == learner.c.id).where(
        identity.c.channel == bindparam("channel"),
        identity.c.tenant == bindparam("tenant"),
        identity.c.external == bindparam("external"),
    )
)
STORED = CompiledStatement(
    select(learner.c.doc, learner.c.form).where(learner.c.id == bindparam("who"))
)
PROGRESS_OF = CompiledStatement(
    select(progress.c.lesson, progress.c.doc, progress.c.form).where(
        progress.c.learner == bindparam("who")
    )
)
# Over another version than the one that was read there is none, and a version must not be null:
# on PostgreSQL, too, where a turn waits for its commit alone, a stale save undoes everything.
_SAVED = (
    update(learner)
    .where(learner.c.id == bindparam("who"))
    .values(version=case((learner.c.version == bindparam("old"), bindparam("new", type_=Integer))))
)
RAISED = CompiledStatement(_SAVED)
RENEWED = CompiledStatement(_SAVED.values(doc=bindparam("doc_now"), form=versions.LEARNER.form))
PROGRESSED = CompiledStatement(
    update(progress)
    .where(progress.c.learner == bindparam("who"), progress.c.lesson == bindparam("which"))
    .values(doc=bindparam("doc_now"), form=versions.PROGRESS.form)
)
BEGUN = CompiledStatement(insert(progress))


class StaleProgressError(versions.ProgressError):
    """A learner was saved by two turns at once: the gate failed, our fault."""


class Lessons(Protocol):
    """What the store asks of the lessons where something of a learner can't be read."""

    def unreadable(self, progress: Progress) -> Mapping[str, UnreadableError]:
        """The steps of which the record's state can't be read, and why."""
        ...

    def begin_anew(self, learner: Learner, lesson_id: str, run: int) -> Progress | None:
        """The next run of a lesson whose progress was lost; None where there is no such lesson."""
        ...


def enrol(db: Connection) -> str:
    """Make a new learner; their id."""
    fresh = Learner(id=token_hex(12), seed=randbelow(2**31))
    doc = versions.LEARNER.write(fresh)
    db.execute(insert(learner).values(id=fresh.id, version=0, doc=doc, form=versions.LEARNER.form))
    return fresh.id


def introduce(db: Connection, party: Party, learner_id: str) -> None:
    """Note that a channel's user is a learner whom we know."""
    if IDENTITY.row(db, **vars(party)) is None:
        db.execute(insert(identity).values(**vars(party), learner=learner_id))


def find(db: Connection, learner_id: str, lessons: Lessons | None = None) -> Learner | None:
    """A learner as far as they can be read; None when there is none of this id.

    Whoever looks at what steps keep gives the `lessons`, which know how that is read.
    """
    read = _read(db, learner_id, lessons)
    return read.learner if read else None


class LearnerCache:
    """Learners as they were saved last, the last used ones. Store threads share it.

    Whoever writes a learner's rows raises the version, so a version is always the same learner;
    what was rolled back never was one, so only what is committed is put in here.
    """

    def __init__(self) -> None:
        self._learners: OrderedDict[str, tuple[int, Learner]] = OrderedDict()
        self._lock = Lock()

    def get(self, learner_id: str, version: int) -> Learner | None:
        """The learner of this version."""
        with self._lock:
            cached = self._learners.get(learner_id)
            if cached is None or cached[0] != version:
                return None
            self._learners.move_to_end(learner_id)
            return cached[1]

    def drop(self, learner_id: str) -> None:
        """Forget somebody who was deleted."""
        with self._lock:
            self._learners.pop(learner_id, None)

    def put(self, saved: Learner, version: int) -> None:
        """Keep a learner whose version is committed."""
        with self._lock:
            cached = self._learners.get(saved.id)
            if cached is None or cached[0] < version:
                self._learners[saved.id] = (version, saved)
            while len(self._learners) > CACHED:
                self._learners.popitem(last=False)


@dataclass(frozen=True)
class LockedLearner:
    """A learner and their version, whose row is locked until the transaction's end.

    `lost` are the lessons whose progress couldn't be read and was set aside just now;
    `lost_states` the lessons and steps where that is so of what the step kept. Lessons of `newer`
    have progress that a newer version of the tutor alone can read: it stays.
    """

    learner: Learner
    version: int
    lost: tuple[str, ...] = ()
    lost_states: tuple[tuple[str, str], ...] = ()
    newer: Mapping[str, NewerFormError] = field(default_factory=dict)


def lock(
    db: Connection,
    learner_id: str,
    cache: LearnerCache | None = None,
    lessons: Lessons | None = None,
) -> LockedLearner:
    """Read a learner and lock their row. Raises NewerFormError and SignedOutError.

    This lock is the gate: a learner's turns run one after the other. What can't be read is set
    aside, so that the learner can go on: the `lessons` say with what.
    """
    who = KnownLearner(learner_id)
    return lock_asked(db, who, ask(db, who), cache, lessons)


def ask(db: Connection, who: Party | KnownLearner) -> Asked:
    """Ask for the id and version of who wrote, with their row locked."""
    if isinstance(who, KnownLearner):
        return VERSION.ask(db, who=who.learner)
    return VERSION_BY_IDENTITY.ask(db, **vars(who))


def lock_asked(
    db: Connection,
    who: Party | KnownLearner,
    asked: Asked,
    cache: LearnerCache | None = None,
    lessons: Lessons | None = None,
) -> LockedLearner:
    """Who wrote, as `ask` found them; a new learner for somebody new.

    Raises NewerFormError, and SignedOutError for a learner who was deleted meanwhile.
    """
    row = asked.row()
    if row is None and isinstance(who, KnownLearner):
        raise SignedOutError
    if row is None:
        made = enrol(db)
        db.execute(insert(identity).values(**vars(who), learner=made))
        return lock(db, made, cache, lessons)
    learner_id, version = str(row[0]), int(row[1])
    known = cache.get(learner_id, version) if cache else None
    if known:
        return LockedLearner(known, version)
    return _locked(db, learner_id, version, cache, lessons)


def _locked(
    db: Connection,
    learner_id: str,
    version: int,
    cache: LearnerCache | None,
    lessons: Lessons | None,
) -> LockedLearner:
    """Read a learner whose row is locked; set aside what can't be read."""
    read = _read(db, learner_id, lessons)
    assert read is not None  # noqa: S101 (nobody deletes a row that is locked)
    known = read.learner
    for unread, reason in read.faults:
        set_aside.keep(db, learner_id, unread, reason)
        if unread.table == learner.name:
            _write_learner(db, known)
    for lesson in read.lost:
        known = _begin_anew(db, known, lesson, lessons)
    for lesson in {lesson for lesson, _ in read.lost_states}:
        doc = versions.PROGRESS.write(known.progress[lesson])
        PROGRESSED.run(db, who=learner_id, which=lesson, doc_now=doc)
    if cache is not None and not read.newer:
        after_commit(db, partial(cache.put, known, version))
    return LockedLearner(known, version, read.lost, read.lost_states, read.newer)


def save(
    db: Connection, locked: LockedLearner, after: Learner, cache: LearnerCache | None = None
) -> int:
    """Write what a turn changed, over the version that it began with; the version since.

    Raises StaleProgressError, and NewerFormError for progress that only a newer tutor reads.
    """
    before, version = locked.learner, locked.version
    changed = RAISED if _is_same(before, after) else RENEWED
    values = {} if changed is RAISED else {"doc_now": versions.LEARNER.write(after)}
    try:
        changed.run(db, who=after.id, old=version, new=version + 1, **values)
    except IntegrityError as error:
        msg = f"learner {pseudonym(after.id)} was saved by two turns at once"
        raise StaleProgressError(msg) from error
    for lesson, now in after.progress.items():
        known = before.progress.get(lesson)
        if known is now:
            continue
        if lesson in locked.newer:
            raise locked.newer[lesson]
        doc = versions.PROGRESS.write(now)
        if known is not None:
            PROGRESSED.run(db, who=after.id, which=lesson, doc_now=doc)
        else:
            BEGUN.run(db, learner=after.id, lesson=lesson, doc=doc, form=versions.PROGRESS.form)
    if cache is not None and not locked.newer:
        after_commit(db, partial(cache.put, after, version + 1))
    return version + 1


def _is_same(before: Learner, after: Learner) -> bool:
    """Whether nothing changed but progress."""
    return replace(before, progress={}) == replace(after, progress={})


@dataclass(frozen=True)
class _Read:
    """A learner as far as they can be read, and what can't be."""

    learner: Learner
    faults: tuple[tuple[Unread, UnreadableError], ...]
    lost: tuple[str, ...]
    lost_states: tuple[tuple[str, str], ...]
    newer: Mapping[str, NewerFormError]


def _read(db: Connection, learner_id: str, lessons: Lessons | None) -> _Read | None:
    """Read a learner and all of their progress. Raises NewerFormError for the learner's own."""
    asked, asked_progress = STORED.ask(db, who=learner_id), PROGRESS_OF.ask(db, who=learner_id)
    row = asked.row()
    if row is None:
        return None
    own_doc, own_form = row
    faults: list[tuple[Unread, UnreadableError]] = []
    newer: dict[str, NewerFormError] = {}
    found: dict[str, Progress] = {}
    lost: list[str] = []
    lost_states: list[tuple[str, str]] = []
    for lesson, doc, form in asked_progress.rows():
        try:
            known_progress = versions.PROGRESS.read(doc, form)
        except NewerFormError as error:
            newer[lesson] = error
        except UnreadableError as error:
            faults.append((Unread(progress.name, lesson, doc, form), error))
            lost.append(lesson)
        else:
            unreadable = lessons.unreadable(known_progress) if lessons else {}
            for step, reason in unreadable.items():
                state = json.dumps(known_progress.record(step).state)
                key = f"{lesson} {step}"
                faults.append((Unread(progress.name, key, state, form), reason))
                known_progress = known_progress.without_state(step)
                lost_states.append((lesson, step))
            found[lesson] = known_progress
    try:
        known = versions.LEARNER.read(own_doc, own_form)
    except NewerFormError:
        raise
    except UnreadableError as error:
        faults.append((Unread(learner.name, "", own_doc, own_form), error))
        seed = crc32(learner_id.encode()) >> 1
        lesson = next(iter(found)) if len(found) == 1 else None
        known = Learner(id=learner_id, seed=seed, lesson=lesson, greeted=bool(found))
    known = replace(known, progress=found)
    return _Read(known, tuple(faults), tuple(lost), tuple(lost_states), newer)


def _write_learner(db: Connection, known: Learner) -> None:
    """Put what is known of a learner in place of a row that can't be read."""
    values = {"doc": versions.LEARNER.write(known), "form": versions.LEARNER.form}
    db.execute(update(learner).where(learner.c.id == known.id).values(values))


def _begin_anew(db: Connection, known: Learner, lesson: str, lessons: Lessons | None) -> Learner:
    """Put the next run of a lesson in place of progress that can't be read.

    Facts of the former run stay, so what happens once in a run doesn't happen twice in one.
    """
    here = (progress.c.learner == known.id, progress.c.lesson == lesson)
    db.execute(delete(progress).where(*here))
    mine = select(func.max(fact.c.run)).where(fact.c.learner == known.id, fact.c.lesson == lesson)
    last: int | None = db.execute(mine).scalar()
    fresh = lessons.begin_anew(known, lesson, (last or 0) + 1) if lessons else None
    if fresh is None:
        return known
    doc = versions.PROGRESS.write(fresh)
    BEGUN.run(db, learner=known.id, lesson=lesson, doc=doc, form=versions.PROGRESS.form)
    return known.with_progress(fresh)
