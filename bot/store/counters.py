"""How often something happened, by lesson and day: the first reader of facts."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC
from typing import Any, assert_never
from zlib import crc32

from sqlalchemy import Connection, bindparam, func, select
from sqlalchemy.dialects import postgresql, sqlite

from bot.store.facts import StoredFact
from bot.store.statement import CompiledStatement
from bot.store.tables import counter
from dialogs.values.facts import (
    Fact,
    FollowUpAnswered,
    HintShown,
    LessonCompleted,
    LessonStarted,
    ModelMeasured,
    ModelTrained,
    PhaseCompleted,
    QuestionAsked,
    SessionJoined,
    StepAnswered,
    SurveyAnswered,
)

LONGEST_NAME = 40  # characters, as the table's column
SHARDS = 8  # rows that share one sum, so that turns on PostgreSQL seldom wait for each other

_KEY = ("day", "lesson", "name", "shard")
# Both databases have the same words for it, and SQLAlchemy a class for each.
_ROW: dict[str, Any] = {name: bindparam(name) for name in (*_KEY, "count")}
_SQLITE = sqlite.insert(counter).values(_ROW)
_POSTGRESQL = postgresql.insert(counter).values(_ROW)
COUNT = {
    "sqlite": CompiledStatement(
        _SQLITE.on_conflict_do_update(
            index_elements=_KEY, set_={"count": counter.c.count + _SQLITE.excluded.count}
        )
    ),
    "postgresql": CompiledStatement(
        _POSTGRESQL.on_conflict_do_update(
            index_elements=_KEY, set_={"count": counter.c.count + _POSTGRESQL.excluded.count}
        )
    ),
}


def count(db: Connection, facts: Sequence[StoredFact]) -> None:
    """Count what happened in a turn."""
    sums = Counter(
        (one.fact.at.astimezone(UTC).date().isoformat(), one.fact.lesson, name, _shard(one.learner))
        for one in facts
        for name in _names(one.fact)
    )
    # In one order in all turns, so that no two wait for each other.
    COUNT[db.dialect.name].run_each(
        db, [dict(zip((*_KEY, "count"), (*key, n), strict=True)) for key, n in sorted(sums.items())]
    )


def totals(db: Connection) -> list[tuple[str, str, str, int]]:
    """Day, lesson, what, and how often, in this order."""
    columns = (counter.c.day, counter.c.lesson, counter.c.name)
    query = select(*columns, func.sum(counter.c.count)).group_by(*columns).order_by(*columns)
    return [(day, lesson, name, int(n)) for day, lesson, name, n in db.execute(query)]


def _shard(learner: str) -> int:
    return crc32(learner.encode()) % SHARDS


def _names(fact: Fact) -> Iterator[str]:
    """What a fact counts as."""
    match fact:
        case LessonStarted():
            yield "lessons started"
        case StepAnswered(passed=passed):
            yield "steps answered"
            yield "steps passed" if passed else "steps missed"
        case SurveyAnswered(step=step, option=option):
            yield f"{step} = {option}"[:LONGEST_NAME]
        case FollowUpAnswered(right=right):
            yield "follow-ups answered"
            yield "follow-ups right" if right else "follow-ups wrong"
        case QuestionAsked():
            yield "questions asked"
        case HintShown():
            yield "hints shown"
        case PhaseCompleted():
            yield "phases completed"
        case ModelTrained():
            yield "models trained"
        case ModelMeasured():
            yield "models measured"
        case SessionJoined():
            yield "sessions joined"
        case LessonCompleted():
            yield "lessons completed"
        case _:
            assert_never(fact)
