"""Facts summed up by run of a lesson, a little at a time, and what is asked of the sums."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    Subquery,
    Table,
    and_,
    bindparam,
    case,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from bot.store import facts
from bot.store.facts import StoredFact
from bot.store.tables import journey, missed_with, reached, reader
from content.lesson import Lesson
from dialogs.records import journeys
from dialogs.records.figures import StepSums, Sums
from dialogs.records.journeys import Journey, Reached

NAME = "journeys"
TOGETHER = 100  # facts in one transaction
ALONE = text("SELECT pg_try_advisory_xact_lock(hashtextextended('tutor journeys', 0))")
RUN = ("learner", "lesson", "run")
DAY_S = 24 * 3600.0
RETAINED = 0.8  # share of right answers some days later from which the lesson has stayed

Lessons = Callable[[str], Lesson | None]
Key = tuple[str, str, int]


def roll(db: Connection, lessons: Lessons) -> int:
    """Sum up the next facts; how many these were. 0 while another instance does it."""
    if db.dialect.name == "postgresql" and not db.execute(ALONE).scalar():
        return 0
    seen = db.execute(select(reader.c.seq).where(reader.c.name == NAME)).scalar()
    if not facts.are_there(db, seen or 0):
        return 0
    batch = facts.after(db, seen or 0, TOGETHER)
    _sum(db, [one for _, one in batch], lessons)
    last = batch[-1][0] if batch else facts.last(db, seen or 0, TOGETHER)
    if seen is None:
        db.execute(insert(reader).values(name=NAME, seq=last))
    else:
        db.execute(update(reader).where(reader.c.name == NAME).values(seq=last))
    return TOGETHER if not batch else len(batch)


def _sum(db: Connection, batch: Sequence[StoredFact], lessons: Lessons) -> None:
    runs: dict[Key, Journey] = {}
    there: dict[tuple[str, str, int, str], Reached] = {}
    keys = {(one.learner, one.fact.lesson, one.fact.run) for one in batch}
    for row in db.execute(_of(journey, keys)).mappings():
        key = (row["learner"], row["lesson"], row["run"])
        if key in keys:
            runs[key] = Journey(**_rest(row, RUN))
    names = {(*_key(one), name) for one in batch if (name := journeys.name_of(one.fact))}
    for row in db.execute(_of(reached, keys)).mappings():
        place = (row["learner"], row["lesson"], row["run"], row["name"])
        if place in names:
            there[place] = Reached(**_rest(row, (*RUN, "name")))
    missed: set[tuple[str, str, int, str, str, str]] = set()
    for one in batch:
        key, fact = _key(one), one.fact
        begun = journeys.begun(fact.at.timestamp(), one.channel, one.event, one.locale)
        runs[key] = journeys.gone_on(runs.get(key, begun), fact, lessons(fact.lesson))
        name = journeys.name_of(fact)
        if name is not None:
            found = journeys.reached(there.get((*key, name)), fact)
            assert found is not None  # noqa: S101 (it has a name)
            there[(*key, name)] = found[1]
        missed |= {(*key, *miss) for miss in journeys.misses(fact)}
    _put(db, journey, RUN, [(key, asdict(run)) for key, run in sorted(runs.items())])
    _put(db, reached, (*RUN, "name"), [(key, asdict(one)) for key, one in sorted(there.items())])
    columns = (*RUN, "step", "input", "option")
    _put(db, missed_with, columns, [(one, {}) for one in sorted(missed)])


def _names(table: Table) -> list[str]:
    return [column.name for column in table.columns]


def _key(one: StoredFact) -> Key:
    return one.learner, one.fact.lesson, one.fact.run


def _of(table: Table, keys: Iterable[Key]) -> Select[Any]:
    """All rows of these learners: the key begins with whose they are."""
    return select(table).where(table.c.learner.in_({learner for learner, _, _ in keys}))


def _rest(row: RowMapping, keys: Sequence[str]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in keys}


def _put(
    db: Connection,
    table: Table,
    columns: Sequence[str],
    rows: Sequence[tuple[tuple[Any, ...], dict[str, Any]]],
) -> None:
    """Write rows, new ones or in place of those with the same key."""
    if not rows:
        return
    make = sqlite.insert if db.dialect.name == "sqlite" else postgresql.insert
    put: Any = make(table).values({name: bindparam(name) for name in _names(table)})
    rest = [name for name in _names(table) if name not in columns]
    if rest:
        new = {name: put.excluded[name] for name in rest}
        put = put.on_conflict_do_update(index_elements=columns, set_=new)
    else:
        put = put.on_conflict_do_nothing()
    db.execute(put, [{**dict(zip(columns, key, strict=True)), **values} for key, values in rows])


# --- what is asked --------------------------------------------------------------------


@dataclass(frozen=True)
class Filter:
    """Which runs count: all of a lesson, or those of a locale, event or channel, or begun between.

    `since` and `until` are Unix seconds, `until` not included.
    """

    lesson: str
    locale: str | None = None
    event: str | None = None
    channel: str | None = None
    since: float | None = None
    until: float | None = None

    @property
    def is_set(self) -> bool:
        """Whether it leaves any run of the lesson out."""
        given = (self.locale, self.event, self.channel, self.since, self.until)
        return any(one is not None for one in given)

    def clauses(self) -> list[ColumnElement[bool]]:
        """The same for a query."""
        found = [journey.c.lesson == self.lesson]
        for column, value in (
            (journey.c.locale, self.locale),
            (journey.c.event, self.event),
            (journey.c.channel, self.channel),
        ):
            if value is not None:
                found.append(column == value)
        if self.since is not None:
            found.append(journey.c.first >= self.since)
        if self.until is not None:
            found.append(journey.c.first < self.until)
        return found


def most_begun(db: Connection) -> str | None:
    """The lesson that most runs are of."""
    query = select(journey.c.lesson).group_by(journey.c.lesson)
    return db.execute(query.order_by(func.count().desc()).limit(1)).scalar()


def count(db: Connection, only: Filter) -> int:
    """How many runs there are."""
    return db.execute(select(func.count()).where(*only.clauses())).scalar() or 0


def _counted(only: Filter, most: int) -> Subquery:
    """The runs that count: with a filter the first `most` of them."""
    query = select(journey).where(*only.clauses())
    if only.is_set:
        query = query.order_by(journey.c.first, journey.c.learner, journey.c.run).limit(most)
    return query.subquery()


def _moments(value: ColumnElement[Any]) -> tuple[ColumnElement[Any], ...]:
    return func.count(value), func.sum(value), func.sum(value * value)


def summary(db: Connection, only: Filter, most: int, now: float) -> dict[str, Sums]:
    """What the runs gave, by name; shares are means of 0 and 1."""
    one = _counted(only, most).c
    asked: dict[str, ColumnElement[Any]] = {
        "started": case((one.first.is_not(None), 1)),
        "completed": case((one.completed.is_not(None), 1), else_=0),
        "quiz": one.quiz,
        "score": one.score,
        "minutes": case((one.completed.is_not(None), one.active / 60)),
        "optional": case((one.optional > 0, 1), else_=0),
        "returned": case(
            (and_(one.completed < now - DAY_S, one.last >= one.completed + DAY_S), 1),
            (one.completed < now - DAY_S, 0),
        ),
        "confidence": case(
            (and_(one.before.is_not(None), one.after > one.before), 1),
            (and_(one.before.is_not(None), one.after.is_not(None)), 0),
        ),
        "satisfaction": one.satisfaction,
        "follow_up": one.applied,
        "retention": case(
            (and_(one.recalls > 0, one.recalled >= RETAINED * one.recalls), 1), (one.recalls > 0, 0)
        ),
        "now": case((one.last >= now - 15 * 60, 1)),
    }
    columns = [part for value in asked.values() for part in _moments(value)]
    row = db.execute(select(*columns)).one()
    return {
        name: Sums(int(row[3 * n]), float(row[3 * n + 1] or 0), float(row[3 * n + 2] or 0))
        for n, name in enumerate(asked)
    }


def scores(db: Connection, only: Filter, most: int) -> dict[int, int]:
    """How many completed runs have a score from 10 n % on; 100 % counts with 90."""
    one = _counted(only, most).c
    tens = case((one.score >= 1, 9), else_=func.floor(one.score * 10))
    query = select(tens, func.count()).where(one.score.is_not(None)).group_by(tens)
    return {int(n): count for n, count in db.execute(query)}


def steps(db: Connection, only: Filter, most: int) -> dict[str, StepSums]:
    """The sums of each step that was answered, phase that was completed, question asked."""
    there: Any = reached
    if only.is_set:
        runs = _counted(only, most)
        there = reached.join(runs, and_(*(reached.c[name] == runs.c[name] for name in RUN)))
    query = (
        select(
            reached.c.name,
            func.count(),
            func.count(reached.c.passed_on),
            func.sum(case((reached.c.passed_on == 1, 1), else_=0)),
            func.sum(reached.c.attempts),
            func.sum(reached.c.hints),
            func.sum(reached.c.seconds),
        )
        .select_from(there)
        .where(reached.c.lesson == only.lesson)
        .group_by(reached.c.name)
    )
    return {name: StepSums(*map(_number, rest)) for name, *rest in db.execute(query)}


def _number(value: Any) -> Any:  # noqa: ANN401 (Decimal on PostgreSQL)
    return value if isinstance(value, int | float) else float(value or 0)


def misses(db: Connection, only: Filter, most: int) -> dict[tuple[str, str, str], int]:
    """How many missed at first with a step's, an input's option among what they picked."""
    there: Any = missed_with
    if only.is_set:
        runs = _counted(only, most)
        there = missed_with.join(runs, and_(*(missed_with.c[n] == runs.c[n] for n in RUN)))
    keys = (missed_with.c.step, missed_with.c.input, missed_with.c.option)
    query = (
        select(*keys, func.count())
        .select_from(there)
        .where(missed_with.c.lesson == only.lesson)
        .group_by(*keys)
    )
    return {(step, name, option): n for step, name, option, n in db.execute(query)}


def choices(db: Connection, lesson: str) -> dict[str, list[tuple[str, int]]]:
    """The locales, events and channels that runs of a lesson have, with how many of each."""
    found = {}
    for name in ("locale", "event", "channel"):
        column = journey.c[name]
        query = select(column, func.count()).where(journey.c.lesson == lesson)
        rows = db.execute(query.where(column.is_not(None)).group_by(column).order_by(column))
        found[name] = [(value, n) for value, n in rows]
    return found
