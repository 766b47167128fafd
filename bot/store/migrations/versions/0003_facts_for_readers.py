"""Facts for readers, forms of every document, a message's slot in columns, whose a result is."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

TOGETHER = 1000  # rows that are written at once

Rows = list[dict[str, Any]]


def upgrade() -> None:
    """Add the columns and tables; fill them from what is there."""
    for table in ("activity", "later", "compute", "result"):
        op.add_column(table, _form())
    op.add_column("result", sa.Column("recipe", sa.Text()))
    op.add_column("result", _form("recipe_form"))
    op.add_column("activity", sa.Column("slot", sa.String(120)))
    op.add_column("activity", sa.Column("replaces", sa.String(200)))
    op.create_table(
        "computed_for",
        sa.Column("learner", sa.String(40), nullable=False),
        sa.Column("key", sa.String(80), nullable=False),
        sa.PrimaryKeyConstraint("learner", "key"),
    )
    op.create_index("ix_computed_for_key", "computed_for", ["key"])
    op.create_table(
        "set_aside",
        sa.Column("seq", _number(), primary_key=True, autoincrement=True),
        sa.Column("learner", sa.String(40), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("key", sa.String(500), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("doc", sa.Text(), nullable=False),
        _form(),
    )
    op.create_index("ix_set_aside_learner", "set_aside", ["learner"])
    op.create_table(
        "counter",
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("lesson", sa.String(40), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("shard", sa.Integer(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("day", "lesson", "name", "shard"),
    )
    db = op.get_bind()
    _number_facts(db)
    _take_slots_out(db)
    _say_whose_results_are(db)


def _form(name: str = "form") -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False, server_default="1")


def _number() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _number_facts(db: sa.Connection) -> None:
    """Give each fact a number, learner by learner, and columns for what its document says."""
    op.rename_table("fact", "fact_before")
    if db.dialect.name == "postgresql":
        db.execute(sa.text("ALTER TABLE fact_before DROP CONSTRAINT fact_pkey"))
    fact = op.create_table(
        "fact",
        sa.Column("seq", _number(), primary_key=True, autoincrement=True),
        sa.Column("learner", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("lesson", sa.String(40), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(40)),
        sa.Column("lesson_version", sa.String(80)),
        sa.Column("channel", sa.String(40)),
        sa.Column("event", sa.String(80)),
        sa.Column("locale", sa.String(20)),
        sa.Column("doc", sa.Text(), nullable=False),
        _form(),
        sa.UniqueConstraint("learner", "version", "place", name="fact_once"),
    )
    rows = (
        {
            "learner": learner,
            "version": version,
            "place": place,
            "kind": kind,
            "doc": doc,
            **_columns(_read(doc)),
        }
        for learner, version, place, kind, doc in _all(
            db, "fact_before", "learner, version, place, kind, doc"
        )
    )
    for some in _together(rows):
        db.execute(sa.insert(fact), some)
    op.drop_table("fact_before")


def _columns(fact: dict[str, Any]) -> dict[str, Any]:
    """What a fact says; zero and nothing where it can't be read."""
    try:
        at = datetime.fromisoformat(fact["at"]).timestamp()
    except (KeyError, TypeError, ValueError):
        at = 0.0
    return {
        "at": at,
        "lesson": fact.get("lesson", ""),
        "run": fact.get("run", 0),
        "step": fact.get("step"),
        "lesson_version": fact.get("version"),
    }


def _take_slots_out(db: sa.Connection) -> None:
    """Move a message's slot, and what it replaces, from its document into columns."""
    activity = sa.table(
        "activity", *map(sa.column, ("conversation", "seq", "doc", "slot", "replaces"))
    )
    # Without the learner's own: their page may have written there what it likes.
    query = (
        sa.select(activity.c.conversation, activity.c.seq, activity.c.doc)
        .where(activity.c.doc.contains('"channelData":{"tutor":{'))
        .where(activity.c.conversation.not_like("page|%"))
    )
    for conversation, seq, doc in db.execute(query).all():
        told = _read(doc)
        mark = told.get("channelData", {}).get("tutor")
        if isinstance(mark, dict):
            del told["channelData"]
            here = (activity.c.conversation == conversation, activity.c.seq == seq)
            db.execute(
                sa.update(activity)
                .where(*here)
                .values(
                    doc=json.dumps(told, ensure_ascii=False, separators=(",", ":")),
                    slot=mark.get("slot"),
                    replaces=mark.get("replaces"),
                )
            )


def _say_whose_results_are(db: sa.Connection) -> None:
    """Note for whom a result was computed, as far as progress still says."""
    computed_for = sa.table("computed_for", sa.column("learner"), sa.column("key"))

    def pairs() -> Iterator[tuple[str, str]]:
        for learner, doc in _all(db, "progress", "learner, doc"):
            progress = _read(doc)
            model = progress.get("model") or {}
            own = [model.get("training"), model.get("evaluation")]
            own += [progress.get("running_training"), progress.get("job")]
            own += [one.get("model") for one in progress.get("history", [])]
            yield from ((learner, key) for key in own if key)
        yield from _all(db, "compute", "learner, key")

    for some in _together({"learner": who, "key": key} for who, key in sorted(set(pairs()))):
        db.execute(sa.insert(computed_for), some)


def _all(db: sa.Connection, table: str, columns: str) -> Iterator[Any]:
    """All rows, in the order of the columns, never all at once."""
    query = sa.text(f"SELECT {columns} FROM {table} ORDER BY {columns.removesuffix(', doc')}")  # noqa: S608
    yield from db.execute(query.execution_options(yield_per=TOGETHER))


def _together(rows: Iterator[dict[str, Any]]) -> Iterator[Rows]:
    some: Rows = []
    for row in rows:
        some.append(row)
        if len(some) == TOGETHER:
            yield some
            some = []
    if some:
        yield some


def _read(doc: str) -> dict[str, Any]:
    """A document; nothing where it is none."""
    try:
        told = json.loads(doc)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}
