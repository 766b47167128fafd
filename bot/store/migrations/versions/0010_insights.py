"""What came of each run of a lesson, for figures; it is summed up from the facts that are there."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def _keys(**more: int) -> list[sa.Column[Any]]:
    """The key of a run and what more belongs to it; it begins with whose the run is."""
    run: sa.Column[Any] = sa.Column("run", sa.Integer(), primary_key=True)
    return [_text("learner", 40), _text("lesson", 40), run, *(_text(n, s) for n, s in more.items())]


def _text(name: str, size: int) -> sa.Column[Any]:
    return sa.Column(name, sa.String(size), primary_key=True)


def upgrade() -> None:
    """Add the tables; the rollup begins with the first fact."""
    op.create_table(
        "reader",
        sa.Column("name", sa.String(40), primary_key=True),
        sa.Column("seq", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "journey",
        *_keys(),
        sa.Column("channel", sa.String(40)),
        sa.Column("event", sa.String(80)),
        sa.Column("locale", sa.String(20)),
        sa.Column("first", sa.Float(), nullable=False),
        sa.Column("last", sa.Float(), nullable=False),
        sa.Column("completed", sa.Float()),
        sa.Column("score", sa.Float()),
        sa.Column("quiz", sa.Integer()),
        sa.Column("optional", sa.Integer(), nullable=False),
        sa.Column("active", sa.Float(), nullable=False),
        sa.Column("before", sa.Integer()),
        sa.Column("after", sa.Integer()),
        sa.Column("satisfaction", sa.Integer()),
    )
    op.create_index("journey_of", "journey", ["lesson", "first"])
    op.create_table(
        "reached",
        *_keys(name=40),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("passed_on", sa.Integer()),
        sa.Column("hints", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
    )
    summed = ["passed_on", "attempts", "hints", "seconds"]
    op.create_index("reached_of", "reached", ["lesson", "name", *summed])
    op.create_table(
        "missed_with",
        *_keys(step=40, input=80, option=80),
    )
    op.create_index("missed_with_of", "missed_with", ["lesson", "step", "input", "option"])
