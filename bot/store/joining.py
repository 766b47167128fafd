"""Two learners' rows become one learner's."""

import json
from collections.abc import Collection
from contextlib import suppress

from sqlalchemy import Connection, Table, delete, func, insert, select, update

from bot.store.learners import LockedLearner
from bot.store.tables import computation, fact, later, learner, metadata, progress
from dialogs.values import versions
from dialogs.values.progress import Learner


def join(
    db: Connection,
    survivor: LockedLearner,
    gone: LockedLearner,
    joined: Learner,
    dropped: Collection[tuple[str, str]],
) -> LockedLearner:
    """Write the learner that two became, and move the other one's rows to them.

    Both are locked; `dropped` are the learners and lessons whose progress isn't kept. Raises
    NewerFormError where a newer version of the tutor alone can read what one of them did.
    """
    for newer in (*survivor.newer.values(), *gone.newer.values()):
        raise newer
    for who, lesson in dropped:
        other = gone if who == survivor.learner.id else survivor
        _put_before(db, who, other.learner.id, lesson)
        _let_go(db, who, lesson)
    both = (survivor.learner.id, gone.learner.id)
    for table in metadata.sorted_tables:
        if table.info["of"] == "learner" and table not in (learner, progress):
            _move(db, table, gone.learner.id, survivor)
    db.execute(delete(progress).where(progress.c.learner.in_(both)))
    for lesson, kept in joined.progress.items():
        doc, form = versions.PROGRESS.write(kept), versions.PROGRESS.form
        row = {"learner": joined.id, "lesson": lesson, "doc": doc, "form": form}
        db.execute(insert(progress).values(row))
    db.execute(delete(learner).where(learner.c.id == gone.learner.id))
    # Above both: what any instance remembers of either is older.
    version = survivor.version + gone.version + 1
    written = {"version": version, "doc": versions.LEARNER.write(joined)}
    db.execute(
        update(learner)
        .where(learner.c.id == joined.id)
        .values(**written, form=versions.LEARNER.form)
    )
    return LockedLearner(joined, version)


def _put_before(db: Connection, who: str, other: str, lesson: str) -> None:
    """Count the runs of dropped progress below those of the kept: what happens once in a run does.

    The kept runs keep their numbers, since exercises are shuffled by them.
    """
    of = (fact.c.lesson == lesson,)
    last = db.execute(select(func.max(fact.c.run)).where(*of, fact.c.learner == who)).scalar()
    first = db.execute(select(func.min(fact.c.run)).where(*of, fact.c.learner == other)).scalar()
    if last is None:
        return
    below = min(first or 1, 1) - 1 - int(last)
    rows = db.execute(select(fact.c.seq, fact.c.run, fact.c.doc).where(*of, fact.c.learner == who))
    for seq, run, doc in rows.all():
        written: dict[str, object] = {"run": run + below}
        with suppress(ValueError):  # one that can't be read is left as it is
            written["doc"] = json.dumps({**json.loads(doc), **written})
        db.execute(update(fact).where(fact.c.seq == seq).values(written))


def _let_go(db: Connection, who: str, lesson: str) -> None:
    """Drop what was still to come for progress that isn't kept."""
    mine = computation.c.learner == who
    db.execute(delete(computation).where(mine, computation.c.lesson == lesson))
    rows = db.execute(select(later.c.name, later.c.event).where(later.c.learner == who))
    for name, event in rows.all():
        with suppress(ValueError):
            if json.loads(event).get("lesson") == lesson:
                db.execute(delete(later).where(later.c.learner == who, later.c.name == name))


def _move(db: Connection, table: Table, gone: str, survivor: LockedLearner) -> None:
    """Make rows the survivor's; where they have the same, theirs stays."""
    who = survivor.learner.id
    keys = [column.name for column in table.primary_key if column.name != "learner"]
    if "learner" in table.primary_key.columns:
        theirs = table.alias()
        same = [theirs.c[name] == table.c[name] for name in keys]
        doubled = select(theirs.c.learner).where(theirs.c.learner == who, *same).exists()
        db.execute(delete(table).where(table.c.learner == gone, doubled))
    values: dict[str, object] = {"learner": who}
    if table is fact:  # so that no two facts have one name
        values["version"] = fact.c.version + survivor.version
    db.execute(update(table).where(table.c.learner == gone).values(values))
