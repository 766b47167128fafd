"""`python -m tests.bench.growth`: does a turn cost more when more learners are stored?

Learners whose turns were really taken are copied row by row, each copy with an id of its own, to
a thousand stored learners, ten thousand and so on. At each size the tutor is started, and a fixed
number of turns is played by stored learners who stand anywhere among the others. Prints a
markdown row for each size.

A copy has all rows of its original; of what was said only the place in the conversation, since a
million whole histories would need more than a thousand gigabytes.
"""

import argparse
import sys
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    create_engine,
    func,
    insert,
    literal,
    select,
    text,
)
from sqlalchemy.engine import make_url

from bot.simulate.report import percentile
from bot.store import migrations, tables
from content.loader import load
from dialogs.tutor import Tutor
from tests.bench import servers, walks
from tests.bench.__main__ import Course
from tests.bench.load import learner_id

SEEDS = 4
SIZES = (1_000, 10_000, 100_000, 1_000_000)
PLAYED_TURNS = 4  # of each original
TURNS = 4  # of each learner who comes back
COMING = 500
SEATS = 8
CHUNK = 100_000  # learners that are copied in one transaction
HEAD = (
    "| database | stored learners | GB on disk | start to ready s | turns | p50 ms | p95 ms "
    "| p99 ms | CPU ms a turn: tutor | database | scans of a table |"
)

_own = MetaData()
# Whom to copy: the original's number, and what stands for its names in the copy.
copy = Table(
    "growth_copy",
    _own,
    Column("number", Integer, primary_key=True),
    Column("of", String(40)),
    Column("old_user", String(40)),
    Column("learner", String(40)),
    Column("user", String(40)),
    Column("place", String(40)),
    Column("old_place", String(40)),
)


def main() -> int:
    """Grow a database, and measure at each size."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.growth", description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--most", type=int, default=SIZES[-1], help="stored learners at the end")
    told = parser.parse_args()
    sizes = [size for size in SIZES if size <= told.most]
    recorded, results = walks.record(Tutor(load()), SEEDS)
    sys.stdout.write(f"{HEAD}\n{'|---' * (HEAD.count('|') - 1)}|\n")
    with tempfile.TemporaryDirectory() as folder, ExitStack() as running:
        course = Course(Path(folder), recorded, results)
        url, processes = running.enter_context(servers.database(told.database, Path(folder)))
        engine = _engine(url)
        _originals(course, engine, url)
        stored = len(recorded)
        for size in sizes:
            _copy(engine, stored, size, len(recorded))
            before, stored = stored, size
            row = _measured(course, engine, url, processes, range(before, size))
            cells = (told.database, f"{size:,}", f"{_bytes(engine, url) / 1e9:.2f}", *row)
            sys.stdout.write(f"| {' | '.join(cells)} |\n")
            sys.stdout.flush()
        engine.dispose()
    return 0


def _engine(url: str) -> Engine:
    address = make_url(url)
    if address.drivername == "postgresql":
        address = address.set(drivername="postgresql+psycopg")
    return create_engine(address)


def _originals(course: Course, engine: Engine, url: str) -> None:
    """Learners whose first turns were really taken."""
    migrations.upgrade(engine)
    with engine.begin() as db:
        walks.settle(db, course.recorded, course.results, len(course.recorded))
        _own.create_all(db)
    with servers.tutor(url) as server:
        originals = {"learners": len(course.recorded), "turns_each": PLAYED_TURNS}
        course.drive(server, {"seats": 1}, warmup=0.0, seconds=120.0, **originals)


# --- copies -------------------------------------------------------------------------


def _copy(engine: Engine, first: int, end: int, originals: int) -> None:
    """Make the learners with these numbers."""
    for begin in range(first, end, CHUNK):
        with engine.begin() as db:
            numbers = range(begin, min(end, begin + CHUNK))
            db.execute(copy.delete())
            db.execute(insert(copy), [_names(number, originals) for number in numbers])
            for table in (
                tables.learner,
                tables.progress,
                tables.identity,
                tables.fact,
                tables.conversation,
                tables.activity,
                tables.claim,
            ):
                _copy_rows(db, table)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as db:
        db.execute(text("ANALYZE"))


def _names(number: int, originals: int) -> Mapping[str, object]:
    old = number % originals
    return {
        "number": number,
        "of": learner_id(old),
        "old_user": f"u{old}",
        "old_place": f"c{old}",
        "learner": learner_id(number),
        "user": f"u{number}",
        "place": f"c{number}",
    }


def _copy_rows(db: Connection, table: Table) -> None:
    """Copy a table's rows of each original, under the copy's names."""
    at = f"{walks.CHANNEL}|"
    old_place, place = literal(at) + copy.c.old_place, literal(at) + copy.c.place
    if table is tables.identity:
        here = table.c.external == copy.c.old_user
    elif "conversation" in table.c:
        here = table.c.conversation == old_place
    elif table is tables.conversation:
        here = table.c.id == old_place
    else:
        here = (table.c.learner if "learner" in table.c else table.c.id) == copy.c.of
    changed: dict[str, Any] = {
        "learner": copy.c.learner,
        "conversation": place,
        "external": copy.c.user,
        "id": place if table is tables.conversation else copy.c.learner,
        # A copy has sent nothing yet that it could send again.
        "activity": literal("of ") + getattr(table.c, "activity", literal("")),
        "reference": _renamed(getattr(table.c, "reference", literal(""))),
    }
    if table is tables.learner:
        changed["doc"] = func.replace(table.c.doc, copy.c.of, copy.c.learner)
    if table is tables.activity:
        changed["doc"] = literal("{}")
    # The database numbers facts itself.
    names = [n for n, _ in table.c.items() if not (table is tables.fact and n == "seq")]
    columns = [changed.get(name, table.c[name]).label(name) for name in names]
    rows = select(*columns).select_from(copy.join(table, here))
    db.execute(insert(table).from_select(names, rows))


def _renamed(reference: Any) -> Any:
    def quoted(name: Any) -> Any:
        return literal('"') + name + literal('"')

    users = func.replace(reference, quoted(copy.c.old_user), quoted(copy.c.user))
    return func.replace(users, quoted(copy.c.old_place), quoted(copy.c.place))


# --- measures -----------------------------------------------------------------------


def _measured(
    course: Course, engine: Engine, url: str, processes: list[int], numbers: range
) -> list[str]:
    """Let some of these learners come back, who stand all over; the row's last cells."""
    scans = _scans(engine)
    with servers.tutor(url) as server:
        course.gone = numbers.start
        task = {"seats": SEATS, "learners": COMING, "skip": PLAYED_TURNS, "turns_each": TURNS}
        task["stride"] = (len(numbers) // COMING - 1) | 1  # odd: with it all walks are met
        servers.rest(server)
        database = servers.used(processes)
        found = course.drive(server, task, warmup=0.0, seconds=300.0)
        spent = servers.used(processes) - database
        started = server.started_s
    turns = found["turns"]
    more = {name: count - scans.get(name, 0) for name, count in _scans(engine).items()}
    told = ", ".join(f"{name} {count}" for name, count in more.items() if count)
    return [
        f"{started:.1f}",
        f"{turns:,}",
        *(f"{percentile(found['times'], p):.1f}" for p in (50, 95, 99)),
        f"{found['cpu'] * 1000 / turns:.2f}",
        f"{spent * 1000 / turns:.2f}",
        told or "none",
    ]


def _scans(engine: Engine) -> Mapping[str, int]:
    """How often PostgreSQL has read whole tables that grow with learners."""
    if engine.dialect.name == "sqlite":
        return {}
    query = text("SELECT relname, seq_scan FROM pg_stat_user_tables")
    small = {t.name for t in (tables.secret, tables.later, tables.computation, tables.result)}
    with engine.connect() as db:
        return {
            row.relname: row.seq_scan
            for row in db.execute(query)
            if row.relname not in {*small, copy.name, migrations.STAMP}
        }


def _bytes(engine: Engine, url: str) -> int:
    if engine.dialect.name == "sqlite":
        return Path(url.removeprefix("sqlite:///")).stat().st_size
    with engine.connect() as db:
        return int(db.execute(text("SELECT pg_database_size(current_database())")).scalar_one())


if __name__ == "__main__":
    sys.exit(main())
