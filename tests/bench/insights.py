"""How long each query behind `/insights` takes when a million facts were summed up.

Learners whose facts the rollup read as it does in a running tutor are copied row by row until
there are so many facts, each copy with an id of its own and later than the one before. All did
the same lesson, which is the dearest case: a page shows one. Each query runs some times on the
product's own store. The shortest time counts, since others may use the machine meanwhile; the
longest is shown beside it. CPU is that of the thread on SQLite, and on PostgreSQL that of the
thread and of all of the server's processes, whose ticks are a hundredth of a second.
"""

import asyncio
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Float,
    MetaData,
    String,
    Table,
    func,
    insert,
    literal_column,
    select,
    text,
)

from bot.records import report
from bot.store import journeys, tables
from bot.store.database import Store, open_store
from bot.store.journeys import Filter
from tests.bench import servers
from tests.bench.load import TICKS, learner_id
from tests.channel.test_insights import LESSON, START, Cohort, put
from tests.pace import slowness

FACTS = 1_000_000
ORIGINALS = 500
APART_S = 6 * 3600.0  # between a copy and the next one of the same learner
TRIES = 3
GOAL_S = 1.0

_own = MetaData()
# Whom to copy, under which name, and how much later.
copy = Table(
    "insights_copy",
    _own,
    Column("learner", String(40), primary_key=True),
    Column("of", String(40)),
    Column("later", Float),
)

Query = Callable[[Connection], object]
Clock = Callable[[], float]


def measure(kinds: Sequence[str]) -> None:
    """Fill a database of each kind and ask it; prints tables."""
    print(f"{os.cpu_count()} cores, {slowness():.1f} times slower than the reference", flush=True)
    for kind in kinds:
        with tempfile.TemporaryDirectory() as home:
            folder = Path(home)
            folder.chmod(0o755)  # as root PostgreSQL runs as another user
            with servers.database(kind, folder) as (url, processes):
                asyncio.run(_measured(kind, url, processes))


async def _measured(kind: str, url: str, processes: Sequence[int]) -> None:
    cohort = Cohort().stored(ORIGINALS)
    await put(url, cohort)
    copies = -(-FACTS // len(cohort)) - 1
    store = open_store(url)
    await store.run(partial(_copy, copies=copies))
    if kind == "postgresql":
        await store.run(lambda db: db.execute(text("ANALYZE")))  # as it does by itself, in a while
    sizes = await store.look(_sizes)
    print(f"\n{kind}: {', '.join(f'{n:,} {name}' for name, n in sizes.items())}\n")
    clock = partial(_server_time, processes)
    took, used = await _table(store, clock, _filters(copies))
    print(
        f"\nthe dearest of them: {took:.2f} s, of it {used:.2f} s CPU; wanted: {GOAL_S:g} s",
        flush=True,
    )
    store.close()


def _copy(db: Connection, copies: int) -> None:
    """Copy all that is kept of the originals, so many times."""
    _own.create_all(db)
    names = [
        {"learner": learner_id(n * ORIGINALS + k), "of": f"learner{k}", "later": n * APART_S}
        for n in range(1, copies + 1)
        for k in range(ORIGINALS)
    ]
    db.execute(insert(copy), names)
    for table in (tables.fact, tables.journey, tables.reached, tables.missed_with):
        columns = [one for one in table.columns if one.name != "seq"]
        changed: dict[str, Any] = {"learner": copy.c.learner}
        for name in ("at", "first", "last", "completed"):
            if name in table.c:
                changed[name] = table.c[name] + copy.c.later
        rows = select(*(changed.get(one.name, one) for one in columns)).join_from(
            copy, table, table.c.learner == copy.c.of
        )
        db.execute(insert(table).from_select(columns, rows))


def _sizes(db: Connection) -> dict[str, int]:
    found = {}
    for table in (tables.fact, tables.journey, tables.reached, tables.missed_with):
        query = select(func.count(literal_column("*"))).select_from(table)
        found[table.name] = int(db.execute(query).scalar_one())
    return found


def _filters(copies: int) -> Mapping[str, Filter]:
    """What can be chosen on the page: nothing, each alone, all together."""
    half = START.timestamp() + copies * APART_S / 2
    end = START.timestamp() + copies * APART_S * 0.9
    return {
        "no filter": Filter(LESSON.id),
        "a locale (all runs)": Filter(LESSON.id, locale="en"),
        "a channel (half)": Filter(LESSON.id, channel="msteams"),
        "an event (a tenth)": Filter(LESSON.id, event="build"),
        "since (half)": Filter(LESSON.id, since=half),
        "all four": Filter(LESSON.id, "en", channel="msteams", since=half, until=end),
    }


def _queries(only: Filter, most: int, now: float) -> Iterator[tuple[str, Query]]:
    yield "runs", partial(journeys.count, only=only)
    yield "figures", partial(journeys.summary, only=only, most=most, now=now)
    yield "scores", partial(journeys.scores, only=only, most=most)
    yield "steps", partial(journeys.steps, only=only, most=most)
    yield "misses", partial(journeys.misses, only=only, most=most)
    yield "the whole report", partial(report.make, lesson=LESSON, only=only, now=now, questions={})


async def _table(store: Store, clock: Clock, filters: Mapping[str, Filter]) -> tuple[float, float]:
    """Print how long each query takes; the seconds of the one with the most CPU, and these."""
    print("| query | filter | ms | slowest ms | CPU ms |\n|---|---|---|---|---|")
    every: list[tuple[str, str, Query]] = [
        ("lesson with most runs", "–", journeys.most_begun),
        ("what can be chosen", "–", partial(journeys.choices, lesson=LESSON.id)),
    ]
    for shown, only in filters.items():
        runs = await store.look(partial(journeys.count, only=only))
        every += [(name, shown, query) for name, query in _queries(only, runs, time.time())]
    dearest = (0.0, 0.0)
    for name, shown, query in every:
        times, used = await store.look(partial(_timed, query=query, clock=clock))
        cells = (min(times) * 1000, max(times) * 1000, used * 1000)
        told = " | ".join(f"{cell:,.0f}" for cell in cells)
        print(f"| {name} | {shown} | {told} |", flush=True)
        if name != "the whole report":
            dearest = max(dearest, (used, min(times)))
    return dearest[1], dearest[0]


def _timed(db: Connection, query: Query, clock: Clock) -> tuple[list[float], float]:
    """The seconds of each try, and the least CPU seconds of one."""
    times, used = [], []
    for _ in range(TRIES):
        began, before = time.perf_counter(), clock()
        query(db)
        times.append(time.perf_counter() - began)
        used.append(clock() - before)
    return times, min(used)


def _server_time(processes: Sequence[int]) -> float:
    """The CPU seconds of this thread and a database server, with its workers that have ended."""
    ended = 0
    for one in processes:
        fields = Path(f"/proc/{one}/stat").read_text("utf-8").rpartition(")")[2].split()
        ended += int(fields[13]) + int(fields[14])
    return time.thread_time() + servers.used(processes) + ended / TICKS
